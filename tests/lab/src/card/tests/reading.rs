//! Reading files.

use super::*;

#[test]
fn certificates_are_read_in_chunks_from_padded_files() {
    let expected = personalisation();
    for (file, certificate) in [
        (0x0A, &expected.authentication.certificate),
        (0x0B, &expected.authentication.ca_certificate),
        (0x02, &expected.signature.as_ref().unwrap().ca_certificate),
    ] {
        let mut card = card();
        assert_eq!(select(&mut card, file), 0x9000);
        let mut content = Vec::new();
        let end = loop {
            match read(&mut card, content.len() as u16, 0) {
                (chunk, 0x9000) => content.extend(chunk),
                (_, status) => break status,
            }
        };
        assert_eq!(end, 0x6B00, "reading from the end of the file");
        assert_eq!(content.len(), 2048);
        let length = 4 + usize::from(u16::from_be_bytes([content[2], content[3]]));
        assert_eq!(&content[..length], certificate.as_slice());
        assert!(content[length..].iter().all(|filler| *filler == 0xFF));
    }
}

#[test]
fn the_last_chunk_is_as_short_as_the_file_demands() {
    let mut card = card();
    select(&mut card, 0x0A);
    assert_eq!(read(&mut card, 2040, 0), (vec![0xFF; 8], 0x9000));
    assert_eq!(read(&mut card, 2040, 4).0.len(), 4);
    assert_eq!(read(&mut card, 2047, 1).1, 0x9000);
    assert_eq!(read(&mut card, 2048, 1).1, 0x6B00);
    assert_eq!(read(&mut card, 0x7FFF, 0).1, 0x6B00);
}

#[test]
fn short_file_identifiers_select_and_read_at_once() {
    let mut card = card();
    let (head, sw) = send(&mut card, &[0x00, 0xB0, 0x8A, 0x00, 0x04]);
    assert_eq!(sw, 0x9000);
    assert_eq!(head, personalisation().authentication.certificate[..4]);
    // The file stays selected.
    assert_eq!(read(&mut card, 0, 4).0, head);
    assert_eq!(status(&mut card, &[0x00, 0xB0, 0x9E, 0x00, 0x00]), 0x6A82);
    assert_eq!(status(&mut card, &[0x00, 0xB0, 0xAA, 0x00, 0x00]), 0x6A86);
}

#[test]
fn extended_lengths_are_refused() {
    let mut card = card();
    select(&mut card, 0x0A);
    assert_eq!(status(&mut card, &[0x00, 0xB0, 0, 0, 0, 0, 0]), 0x6700);
    assert_eq!(status(&mut card, &[0x00, 0xB0, 0, 0]), 0x6700);
    assert_eq!(status(&mut card, &[0x00, 0xB0, 0]), 0x6700);
}

#[test]
fn token_information_says_card_or_phone() {
    for (token, label) in [
        (Token::Card, "JPKIAPICCTOKEN2"),
        (Token::Android, "JPKIAPGPSETOKEN"),
        (Token::IPhone, "JPKIAPIOSTOKEN"),
    ] {
        let mut card = ready(VirtualCard::new(Personalisation {
            token,
            ..personalisation()
        }));
        let (info, sw) = send(&mut card, &[0x00, 0xB0, 0x86, 0x00, 0x00]);
        assert_eq!((info.len(), sw), (160, 0x9000));
        assert_eq!(info[..32], *format!("{label:32}").as_bytes());
    }
}

#[test]
fn a_phone_wants_the_pin_before_it_shows_the_certificate() {
    let phone = Personalisation {
        token: Token::Android,
        ..personalisation()
    };
    let mut card = ready(VirtualCard::new(phone));
    assert_eq!(status(&mut card, &[0x00, 0xB0, 0x8A, 0x00, 0x00]), 0x6982);
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(status(&mut card, &[0x00, 0xB0, 0x8A, 0x00, 0x00]), 0x9000);
}

#[test]
fn a_child_has_no_signing_certificate() {
    let child = Personalisation {
        signature: None,
        ..personalisation()
    };
    let mut card = ready(VirtualCard::new(child));
    assert_eq!(
        send(&mut card, &[0x00, 0xB0, 0x88, 0, 0]),
        (vec![0x00, 0x8F, 0x00], 0x9000)
    );
    for file in [0x01, 0x02, 0x1A, 0x1B] {
        assert_eq!(select(&mut card, file), 0x6A82);
    }
    assert_eq!(status(&mut card, SIGN_TRIES), 0x6A88);
}

#[test]
fn the_signing_certificate_needs_the_signing_pin() {
    let mut card = card();
    assert_eq!(
        send(&mut card, &[0x00, 0xB0, 0x88, 0, 0]),
        (vec![0x8F, 0x8F, 0x00], 0x9000)
    );
    assert_eq!(select(&mut card, 0x01), 0x9000);
    assert_eq!(read(&mut card, 0, 4).1, 0x6982);
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(
        read(&mut card, 0, 4).1,
        0x6982,
        "the other PIN does not help"
    );
    assert_eq!(verify_sign(&mut card, "LAB001SIGN"), 0x9000);
    select(&mut card, 0x01);
    assert_eq!(read(&mut card, 0, 4).1, 0x9000);
}

#[test]
fn keys_and_pins_are_not_readable() {
    let mut card = card();
    for file in [0x17, 0x18, 0x1A, 0x1B] {
        assert_eq!(select(&mut card, file), 0x9000);
        assert_eq!(read(&mut card, 0, 0).1, 0x6981);
    }
}
