//! The backup file as it comes from disk, and the right passphrase: only what was encrypted under it opens, to the last byte.
//!
//! An input is a file. Besides, its header is given the right authentication code, as if whoever altered it had the file's key: it may
//! then be written in another way (the library takes a work factor of "1)" for 1), but what is encrypted behind it may not. And
//! it is the plaintext of chunks that are well encrypted, but not all well cut.

#![no_main]

use std::sync::LazyLock;

use authenticator_core::Backup;
use jpki_authenticator::fuzzing::open_backup;
use jpki_fuzz_seeds::age::{self, PASSPHRASE, WORK};
use libfuzzer_sys::fuzz_target;

/// What is encrypted under the passphrase, and what is in it.
static KNOWN: LazyLock<Vec<(Vec<u8>, Vec<u8>)>> = LazyLock::new(|| {
    let known: Vec<_> = age::plaintexts()
        .into_iter()
        .map(|plaintext| (age::file(&plaintext), plaintext))
        .collect();
    // Else the rest would hold for anything.
    for (file, plaintext) in &known {
        assert_eq!(opened(file).as_ref(), Some(plaintext));
    }
    known
});

fuzz_target!(|input: &[u8]| {
    only_what_is_known_opens(input);
    if let Some(header) = input.windows(4).position(|bytes| bytes == b"\n---") {
        let (header, rest) = input.split_at(header + 4);
        let rest = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map(|end| &rest[end + 1..]);
        only_its_own_payload_opens(header, rest.unwrap_or_default());
    }
    if let [cut, place, plaintext @ ..] = input {
        own_chunks(*cut, *place, plaintext);
    }
});

fn opened(file: &[u8]) -> Option<Vec<u8>> {
    let backup = open_backup(file, PASSPHRASE, WORK)?;
    Some(backup.to_bytes().unwrap().to_vec())
}

fn only_what_is_known_opens(file: &[u8]) {
    let known = KNOWN.iter().find(|(known, _)| known == file);
    assert_eq!(opened(file).as_ref(), known.map(|(_, plaintext)| plaintext));
}

fn only_its_own_payload_opens(header: &[u8], payload: &[u8]) {
    let begins = age::authenticated(&age::header()).len();
    let known = KNOWN.iter().find(|(known, _)| &known[begins..] == payload);
    let opened = opened(&[age::authenticated(header).as_slice(), payload].concat());
    assert!(opened.is_none() || opened.as_ref() == known.map(|(_, plaintext)| plaintext));
}

fn own_chunks(cut: u8, place: u8, plaintext: &[u8]) {
    let (first, second) = plaintext.split_at(plaintext.len() * usize::from(place) / 256);
    let file = |chunks: &[(&[u8], bool)]| {
        [age::authenticated(&age::header()), age::payload(chunks)].concat()
    };
    match cut % 3 {
        0 => {
            let held = Backup::parse(plaintext).map(|_| plaintext.to_vec());
            assert_eq!(opened(&file(&[(plaintext, true)])), held.ok());
        }
        // Cut off after a chunk.
        1 => assert_eq!(opened(&file(&[(plaintext, false)])), None),
        // A chunk before the last is always full.
        _ => assert_eq!(opened(&file(&[(first, false), (second, true)])), None),
    }
}
