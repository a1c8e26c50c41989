//! The signing command.

use super::*;

#[test]
fn digests_are_signed_in_one_command() {
    let signature: Vec<u8> = (0..=255).collect();
    let answer = [signature.as_slice(), &[0x90, 0x00]].concat();

    let mut script = Script::new(&[&answer]);
    let signed = Applet::already_selected(&mut script)
        .sign_sha256(&[0xAB; 32])
        .unwrap();
    assert_eq!(signed.as_bytes().as_slice(), signature);
    assert_eq!(
        script.sent,
        [[&[0x80, 0x2A, 0x02, 0x97, 0x20][..], &[0xAB; 32], &[0x00]].concat()]
    );

    let mut script = Script::new(&[&answer]);
    let signed = Applet::already_selected(&mut script)
        .sign_sha512(&[0xCD; 64])
        .unwrap();
    assert_eq!(signed.as_bytes().as_slice(), signature);
    let [command] = script.sent.try_into().unwrap();
    assert_eq!(command[..5], [0x80, 0x2A, 0x00, 0x97, 83]);
    assert_eq!(
        command[5..24],
        [
            0x30, 0x51, 0x30, 0x0D, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40
        ]
    );
    assert_eq!(command[24..], [[0xCD; 64].as_slice(), &[0x00]].concat());
}

#[test]
fn a_signature_handed_out_in_parts_is_put_together() {
    let signature: Vec<u8> = (0..=255).rev().collect();
    let last = [&signature[200..], &[0x90, 0x00]].concat();
    let first = [&signature[..200], &[0x61, 56]].concat();
    let mut script = Script::new(&[&[0x61, 0x00], &first, &last]);
    let signed = Applet::already_selected(&mut script)
        .sign_sha256(&[1; 32])
        .unwrap();
    assert_eq!(signed.as_bytes().as_slice(), signature);
    assert_eq!(
        script.sent[1..],
        [[0x00, 0xC0, 0x00, 0x00, 0x00], [0x00, 0xC0, 0x00, 0x00, 56]]
    );
}

#[test]
fn signatures_of_another_size_and_refusals_are_errors() {
    let sign = |mut script: Script| {
        card_error(Applet::already_selected(&mut script).sign_sha512(&[2; 64]))
    };
    let garbled = CardError::Garbled(Operation::SignSha512);
    assert_eq!(sign(Script::new(&[&[0x69, 0x82]])), CardError::PinForgotten);
    let operation = Operation::SignSha512;
    assert_eq!(
        sign(Script::new(&[&[0x6A, 0x80]])),
        CardError::Refused {
            operation,
            status: 0x6A80
        }
    );
    assert_eq!(
        sign(Script::new(&[&[&[7; 128][..], &[0x90, 0x00]].concat()])),
        garbled
    );
    assert_eq!(sign(Script::new(&[&[0x90, 0x00]])), garbled);
    assert_eq!(sign(Script::new(&[&[7; 300]])), garbled);
    let mut flood = Script::forever(&[&[7; 256][..], &[0x61, 0x00]].concat());
    let error = card_error(Applet::already_selected(&mut flood).sign_sha512(&[2; 64]));
    assert_eq!((error, flood.sent.len()), (garbled.clone(), 2));
    assert_eq!(sign(Script::forever(&[0x61, 0x00])), garbled);
}
