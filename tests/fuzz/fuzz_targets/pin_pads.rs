//! A hostile reader: whatever its driver lists and answers, there is a PIN pad only where one is listed properly, and a PIN is
//! verified only by the one answer that says so.
//!
//! An input is a list of features and, as far as two bytes go, an answer.

#![no_main]

use eid_card::fuzzing::{has_pin_pad, pad_verdict};
use eid_card::{CardError, Operation, Tries, VerifyError};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // Read in another way: entry by entry, from the front.
    let mut rest = input;
    let (mut count, mut pads, mut proper) = (0, 0, true);
    while let Some((feature, after)) = rest.split_first_chunk::<6>() {
        count += 1;
        proper &= feature[1] == 4;
        if feature[0] == 6 {
            pads += 1;
            proper &= feature[2..] != [0; 4];
        }
        rest = after;
    }
    let expected = proper && rest.is_empty() && pads == 1 && count <= 64;
    assert_eq!(has_pin_pad(input), expected);

    match (pad_verdict(input), input) {
        (Ok(()), answer) => assert_eq!(answer, [0x90, 0x00]),
        (Err(Some(VerifyError::WrongPin { left })), [0x63, counter @ 0xC0..=0xCF]) => {
            assert_eq!(left, Tries::from_counter(counter & 0x0F));
        }
        (Err(Some(VerifyError::WrongPin { .. })), other) => panic!("a counter in {other:02X?}"),
        (Err(Some(error)), [_, _]) => assert_ne!(error, garbled()),
        (Err(error), _) => assert_eq!(error, Some(garbled())),
    }
});

fn garbled() -> VerifyError {
    CardError::Garbled(Operation::VerifyPin).into()
}
