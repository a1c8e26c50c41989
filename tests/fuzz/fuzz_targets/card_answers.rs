//! A hostile card: whatever it answers, nothing is sent that must not be, the PIN at most once, and not for ever.
//!
//! An input is a plan (one byte), then answers: two bytes of length, little-endian, and as many bytes.

#![no_main]

use eid_card::fuzzing::Answering;
use eid_card::{Certificate, LastTry, Pin, VerifyError};
use libfuzzer_sys::fuzz_target;

const PIN: &[u8; 4] = b"8642";
/// Commands that one operation may send.
const MOST_EXCHANGES: usize = 32;

const SELECT: u8 = 0xA4;
const READ_BINARY: u8 = 0xB0;
const VERIFY: u8 = 0x20;
const GET_RESPONSE: u8 = 0xC0;
const COMPUTE_SIGNATURE: u8 = 0x2A;

fuzz_target!(|input: &[u8]| {
    let Some((plan, mut answers)) = input.split_first() else {
        return;
    };
    let planned = |bit: u8| plan >> bit & 1 == 1;
    let mut last: Option<Vec<u8>> = None;
    let mut sent: Vec<Vec<u8>> = Vec::new();
    let mut counters = Vec::new();
    let sent_cell = std::cell::RefCell::new((&mut sent, &mut counters));
    let answer = |command: &[u8]| {
        let next = take(&mut answers).or_else(|| last.clone().filter(|_| planned(7)));
        last.clone_from(&next);
        let (sent, counters) = &mut *sent_cell.borrow_mut();
        if command == [0x00, VERIFY, 0x00, 0x98] {
            counters.push(next.clone().unwrap_or_default());
        }
        sent.push(command.to_vec());
        next
    };
    let Ok(mut card) = Answering::select(answer) else {
        return;
    };
    let operation = |before: usize| {
        let sent = sent_cell.borrow().0.len();
        assert!(sent - before <= 2 * MOST_EXCHANGES, "a card keeps us busy");
        sent
    };
    let mut count = operation(0);
    if planned(0) {
        let _ = card.read_kind();
        count = operation(count);
    }
    if planned(1) {
        if let Ok(certificate) = card.read_certificate() {
            assert!(certificate.der().len() <= Certificate::MAX_LENGTH);
            count = operation(count);
            let _ = card.has_certificate(&certificate);
        }
        count = operation(count);
    }
    if planned(2) {
        let _ = card.tries();
        count = operation(count);
    }
    let permission = planned(4);
    if planned(3) {
        let pin = Pin::parse(str::from_utf8(PIN).unwrap()).unwrap();
        let verified = card.verify(&pin, permission.then(LastTry::confirmed_by_person));
        let pins = pins(sent_cell.borrow().0);
        match verified {
            Ok(()) | Err(Some(VerifyError::WrongPin { .. })) => assert_eq!(pins, 1),
            Err(Some(VerifyError::LastTryNeedsPermission)) => assert!(pins == 0 && !permission),
            Err(_) => assert!(pins <= 1),
        }
        if pins == 1 {
            let counter = sent_cell.borrow().1.last().cloned();
            let least = if permission { 0xC1 } else { 0xC2 };
            assert!(
                matches!(counter.as_deref(), Some([0x63, left @ 0xC1..=0xCF]) if *left >= least),
                "a PIN was sent after the counter {counter:02X?}"
            );
        }
        count = operation(count);
    }
    if planned(5) {
        let _ = card.sign_sha256(&[1; 32]);
        count = operation(count);
    }
    if planned(6) {
        let _ = card.sign_sha512(&[2; 64]);
        operation(count);
    }
    for command in &sent {
        check(command);
    }
    assert!(pins(&sent) <= usize::from(planned(3)));
});

/// VERIFYs that carry something.
fn pins(sent: &[Vec<u8>]) -> usize {
    let carries = |command: &&Vec<u8>| command.get(1) == Some(&VERIFY) && command.len() > 4;
    sent.iter().filter(carries).count()
}

/// A command is one of the few that there are, whole.
fn check(command: &[u8]) {
    match command {
        // With a length to expect, if the card asked for one (6Cxx).
        [0x00, SELECT, 0x04, 0x0C, 10, name @ ..] => assert!((10..=11).contains(&name.len())),
        [0x00, READ_BINARY, _, _, _] | [0x00, GET_RESPONSE, 0, 0, _] => {}
        [0x00, VERIFY, 0x00, 0x98] => {}
        [0x00, VERIFY, 0x00, 0x98, 4, pin @ ..] => assert_eq!(pin, PIN),
        [0x80, COMPUTE_SIGNATURE, 0x02, _, 32, digest @ .., 0] => assert_eq!(digest, [1; 32]),
        [0x80, COMPUTE_SIGNATURE, 0x00, _, 83, info @ .., 0] => {
            assert!(info.len() == 83 && info.ends_with(&[2; 64]));
        }
        other => panic!("nobody may send {other:02X?}"),
    }
}

fn take(answers: &mut &[u8]) -> Option<Vec<u8>> {
    let (length, rest) = answers.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_le_bytes(*length)).min(rest.len());
    let (answer, rest) = rest.split_at(length);
    *answers = rest;
    Some(answer.to_vec())
}
