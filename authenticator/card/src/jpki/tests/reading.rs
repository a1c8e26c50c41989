//! SELECT and READ BINARY.

use super::*;
use crate::fixture;

#[test]
fn select_is_sent_again_when_the_first_command_after_power_up_is_answered_6f00() {
    let mut script = Script::new(&[&[0x6F, 0x00], &[0x90, 0x00]]);
    assert!(Applet::select(&mut script).is_ok());
    assert_eq!(script.sent, [SELECT, SELECT]);
}

/// Which card it is nobody knows then: it lies badly, or is worn out.
#[test]
fn a_card_that_answers_6f00_twice_does_not_respond_and_is_not_called_foreign() {
    let mut script = Script::new(&[&[0x6F, 0x00], &[0x6F, 0x00]]);
    let result = Applet::select(&mut script).map(drop);
    assert_eq!(card_error(result), CardError::Mute);
    assert_eq!(script.sent, [SELECT, SELECT]);
}

#[test]
fn foreign_cards_have_no_application_whatever_they_answer() {
    for answers in [
        &[[0x6A, 0x82]].map(|a| a.to_vec())[..],
        &[[0x6D, 0x00]].map(|a| a.to_vec()),
        &[[0x6E, 0x00]].map(|a| a.to_vec()),
        &[[0x69, 0x99]].map(|a| a.to_vec()),
        &[[0x63, 0xC3]].map(|a| a.to_vec()),
    ] {
        let mut script = Script {
            answers: answers.to_vec().into(),
            ..Script::default()
        };
        let result = Applet::select(&mut script).map(drop);
        assert_eq!(
            card_error(result),
            CardError::NoApplication,
            "{answers:02X?}"
        );
        assert!(script.answers.is_empty());
    }
}

#[test]
fn the_certificate_is_read_in_chunks_up_to_its_own_length() {
    let der = fixture::certificate(600);
    let mut padded = der.clone();
    padded.resize(1400, 0xFF);
    let chunks: Vec<Vec<u8>> = padded
        .chunks(256)
        .map(|chunk| [chunk, &[0x90, 0x00]].concat())
        .collect();
    let mut script = Script {
        answers: chunks.into(),
        ..Script::default()
    };
    let certificate = Applet::already_selected(&mut script)
        .read_certificate()
        .unwrap();
    assert_eq!(certificate.der(), der);
    let last = u8::try_from(der.len() % 256).unwrap();
    let mut expected = vec![vec![0x00, 0xB0, 0x8A, 0x00, 0x00]];
    for high in 1..=u8::try_from(der.len() / 256).unwrap() {
        expected.push(vec![0x00, 0xB0, high, 0x00, 0x00]);
    }
    *expected.last_mut().unwrap().last_mut().unwrap() = last;
    assert_eq!(script.sent, expected);
}

#[test]
fn a_known_certificate_is_told_by_its_first_and_last_block() {
    let der = fixture::certificate(600);
    let known = Certificate::from_der(&der).unwrap();
    let start = der.len() - 256;
    let ok = |data: &[u8]| [data, &[0x90, 0x00]].concat();
    let (first, last) = (ok(&der[..256]), ok(&der[start..]));
    let [high, low] = u16::try_from(start).unwrap().to_be_bytes();
    let blocks = [
        vec![0x00, 0xB0, 0x8A, 0x00, 0x00],
        vec![0x00, 0xB0, high, low, 0x00],
    ];
    let asked = |answers: &[&[u8]]| {
        let mut script = Script::new(answers);
        let outcome = Applet::already_selected(&mut script).has_certificate(&known);
        (outcome, script.sent)
    };

    let (same, sent) = asked(&[&first, &last]);
    assert!(same.unwrap());
    assert_eq!(sent, blocks);

    // Where a block is another, the whole is read, and decides.
    let other = fixture::certificate(601);
    assert_ne!(other[..256], der[..256]);
    let chunks: Vec<Vec<u8>> = other.chunks(256).map(ok).collect();
    let mut answers: Vec<&[u8]> = vec![&chunks[0]];
    answers.extend(chunks.iter().map(Vec::as_slice));
    assert!(!asked(&answers).0.unwrap());
    let mut forged = last.clone();
    forged[255] ^= 1;
    let mut changed = der.clone();
    *changed.last_mut().unwrap() ^= 1;
    let chunks: Vec<Vec<u8>> = changed.chunks(256).map(ok).collect();
    let mut answers: Vec<&[u8]> = vec![&first, &forged];
    answers.extend(chunks.iter().map(Vec::as_slice));
    assert!(!asked(&answers).0.unwrap());
    // A card may answer in shorter pieces than were asked for.
    let chunks: Vec<Vec<u8>> = der.chunks(100).map(ok).collect();
    let mut answers: Vec<&[u8]> = vec![&chunks[0]];
    answers.extend(chunks.iter().map(Vec::as_slice));
    assert!(asked(&answers).0.unwrap());

    let refused = asked(&[&[0x6A, 0x82]]).0;
    assert_eq!(card_error(refused), CardError::NoCertificate);
}

#[test]
fn certificates_that_are_not_there_or_not_to_be_read_are_named() {
    let read = |answers: &[&[u8]]| {
        let mut script = Script::new(answers);
        card_error(Applet::already_selected(&mut script).read_certificate())
    };
    assert_eq!(read(&[&[0x69, 0x82]]), CardError::CertificateNeedsPin);
    assert_eq!(read(&[&[0x6A, 0x82]]), CardError::NoCertificate);
    assert_eq!(
        read(&[&[&[0xFF; 256][..], &[0x90, 0x00]].concat()]),
        CardError::NoCertificate
    );
    assert_eq!(
        read(&[&[&[0x00; 256][..], &[0x90, 0x00]].concat()]),
        CardError::NoCertificate
    );
    assert_eq!(read(&[&[0x90, 0x00]]), CardError::NoCertificate);
    let operation = Operation::ReadCertificate;
    assert_eq!(
        read(&[&[0x69, 0x81]]),
        CardError::Refused {
            operation,
            status: 0x6981
        }
    );
}

#[test]
fn a_hostile_card_cannot_make_the_certificate_long_or_endless() {
    let read = |mut script: Script| {
        let error = card_error(Applet::already_selected(&mut script).read_certificate());
        (error, script.sent.len())
    };
    let garbled = CardError::Garbled(Operation::ReadCertificate);
    // A length beyond any real certificate.
    let (error, sent) = read(Script::new(&[&[0x30, 0x82, 0xFF, 0xFF, 0x90, 0x00]]));
    assert_eq!(
        (error, sent),
        (CardError::Certificate(CertificateError::TooLong(65539)), 1)
    );
    // A length and then nothing.
    let (error, _) = read(Script::new(&[
        &[0x30, 0x82, 0x06, 0x00, 0x90, 0x00],
        &[0x90, 0x00],
    ]));
    assert_eq!(error, garbled);
    // One byte at a time.
    let mut script = Script::forever(&[0x00, 0x90, 0x00]);
    script
        .answers
        .push_back(vec![0x30, 0x82, 0x06, 0x00, 0x90, 0x00]);
    let (error, sent) = read(script);
    assert_eq!(
        (error, sent),
        (garbled.clone(), usize::from(MOST_EXCHANGES))
    );
    // More data, for ever.
    let (error, sent) = read(Script::forever(&[0x61, 0x10]));
    assert_eq!(
        (error, sent),
        (garbled.clone(), usize::from(MOST_EXCHANGES))
    );
    // An answer longer than an answer can be, and one shorter.
    assert_eq!(read(Script::new(&[&[0x90; 300]])).0, garbled);
    assert_eq!(read(Script::new(&[&[0x90]])).0, garbled);
    assert_eq!(read(Script::new(&[&[]])).0, garbled);
    // A certificate that is none.
    let mut nonsense = vec![0x30, 0x82, 0x00, 0x10];
    nonsense.extend([0x05; 16]);
    nonsense.extend([0x90, 0x00]);
    assert_eq!(
        read(Script::new(&[&nonsense])).0,
        CardError::Certificate(CertificateError::Malformed)
    );
}

#[test]
fn the_kind_is_read_from_the_token_information() {
    let mut script =
        Script::new(&[&[&b"JPKIAPGPSETOKEN                 "[..], &[0x90, 0x00]].concat()]);
    assert_eq!(
        Applet::already_selected(&mut script).read_kind().unwrap(),
        TokenKind::AndroidPhone
    );
    assert_eq!(script.sent, [[0x00, 0xB0, 0x86, 0x00, 0x20]]);
}
