//! What a backup file holds, once its passphrase has opened it: read back to the last byte, or refused.
//!
//! An input is the CBOR, then the private keys; what stands before them is put there.

#![no_main]

use authenticator_core::Backup;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const BEFORE: &[u8] = b"jpki-authenticator backup 1\n";

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jpki_fuzz::mutate::after_header(data, size, max_size, seed, 0, jpki_fuzz::mutate::cbor)
});

fuzz_target!(|input: &[u8]| {
    check(input);
    check(&[BEFORE, input].concat());
    let mut keys = input;
    if ciborium::from_reader::<ciborium::Value, _>(&mut keys).is_ok() {
        let length = u32::try_from(input.len() - keys.len()).unwrap();
        check(&[BEFORE, &length.to_be_bytes(), input].concat());
    }
});

fn check(content: &[u8]) {
    if let Ok(backup) = Backup::parse(content) {
        assert_eq!(*backup.to_bytes().unwrap(), content);
        for credential in &backup.credentials {
            assert!((1..=64).contains(&credential.user_handle.len()));
        }
    }
}
