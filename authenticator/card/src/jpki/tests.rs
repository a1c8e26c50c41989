//! The applet against a scripted card: what is sent, byte for byte, and what is made of the answers.

use super::*;
use crate::fixture;

/// Answers from a list and remembers what was sent; then it is as if the card had gone.
#[derive(Default)]
struct Script {
    answers: std::collections::VecDeque<Vec<u8>>,
    sent: Vec<Vec<u8>>,
    /// Answer given for ever once the list is empty.
    forever: Option<Vec<u8>>,
}

impl Script {
    fn new(answers: &[&[u8]]) -> Script {
        Script {
            answers: answers.iter().map(|answer| answer.to_vec()).collect(),
            ..Script::default()
        }
    }

    fn forever(answer: &[u8]) -> Script {
        Script {
            forever: Some(answer.to_vec()),
            ..Script::default()
        }
    }
}

impl Wire for &mut Script {
    fn exchange(
        &mut self,
        command: &[u8],
        answer: &mut [u8; LONGEST_ANSWER],
    ) -> Result<usize, pcsc::Error> {
        self.sent.push(command.to_vec());
        let next = self
            .answers
            .pop_front()
            .or(self.forever.clone())
            .ok_or(pcsc::Error::RemovedCard)?;
        let room = answer
            .get_mut(..next.len())
            .ok_or(pcsc::Error::InsufficientBuffer)?;
        room.copy_from_slice(&next);
        Ok(next.len())
    }
}

const SELECT: [u8; 15] = [
    0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01,
];
const TRIES: [u8; 4] = [0x00, 0x20, 0x00, 0x98];
const VERIFY_1234: [u8; 9] = [0x00, 0x20, 0x00, 0x98, 0x04, b'1', b'2', b'3', b'4'];

fn pin() -> Pin {
    Pin::parse("1234").unwrap()
}

fn card_error<T: std::fmt::Debug>(result: Result<T, Failure>) -> CardError {
    match result.unwrap_err() {
        Failure::Card(error) => error,
        Failure::Pcsc(error) => panic!("the link failed: {error}"),
    }
}

fn verdict(result: Result<(), PinFailure>) -> VerifyError {
    match result.unwrap_err() {
        PinFailure::Verdict(error) => error,
        PinFailure::Other(Failure::Card(error)) => error.into(),
        PinFailure::Other(Failure::Pcsc(error)) => panic!("the link failed: {error}"),
    }
}

#[test]
fn select_is_sent_again_when_the_first_command_after_power_up_is_answered_6f00() {
    let mut script = Script::new(&[&[0x6F, 0x00], &[0x90, 0x00]]);
    assert!(Applet::select(&mut script).is_ok());
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
        &[[0x6F, 0x00], [0x6F, 0x00]].map(|a| a.to_vec()),
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

#[test]
fn the_counter_is_read_by_an_empty_verify() {
    for (answer, tries) in [
        ([0x63, 0xC3], Tries::Left(3)),
        ([0x63, 0xC1], Tries::Left(1)),
        ([0x63, 0xC0], Tries::Locked),
        ([0x69, 0x83], Tries::Locked),
        ([0x69, 0x84], Tries::Locked),
    ] {
        let mut script = Script::new(&[&answer]);
        assert_eq!(
            Applet::already_selected(&mut script).tries().unwrap(),
            tries,
            "{answer:02X?}"
        );
        assert_eq!(script.sent, [TRIES]);
    }
}

/// `9000` is what some cards answer when a program has verified the PIN already: it tells nothing
/// about the tries left, so such a card is not sent a PIN.
#[test]
fn without_a_counter_no_pin_is_sent() {
    for answer in [
        [0x90, 0x00],
        [0x63, 0x00],
        [0x69, 0x82],
        [0x6A, 0x88],
        [0x6C, 0x04],
        [0x61, 0x02],
    ] {
        let mut script = Script::new(&[&answer, &[0x90, 0x00], &[0x90, 0x00]]);
        let verified = Applet::already_selected(&mut script)
            .verify(&pin(), Some(LastTry::confirmed_by_person()));
        assert_eq!(
            verdict(verified),
            VerifyError::Card(CardError::TriesUnknown),
            "{answer:02X?}"
        );
        assert_eq!(script.sent, [TRIES], "{answer:02X?}");
    }
}

#[test]
fn the_right_pin_is_sent_once_after_the_counter() {
    let mut script = Script::new(&[&[0x63, 0xC3], &[0x90, 0x00]]);
    assert!(
        Applet::already_selected(&mut script)
            .verify(&pin(), None)
            .is_ok()
    );
    assert_eq!(script.sent, [&TRIES[..], &VERIFY_1234[..]]);
}

#[test]
fn a_wrong_pin_tells_what_is_left_and_is_not_sent_again() {
    for (answer, left) in [
        ([0x63, 0xC2], Tries::Left(2)),
        ([0x63, 0xC1], Tries::Left(1)),
    ] {
        let mut script = Script::new(&[&[0x63, 0xC3], &answer]);
        let verified = Applet::already_selected(&mut script).verify(&pin(), None);
        assert_eq!(verdict(verified), VerifyError::WrongPin { left });
        assert_eq!(script.sent.len(), 2);
    }
}

#[test]
fn a_locked_pin_is_not_tried() {
    for answer in [[0x63, 0xC0], [0x69, 0x83], [0x69, 0x84]] {
        let mut script = Script::new(&[&answer]);
        let verified = Applet::already_selected(&mut script)
            .verify(&pin(), Some(LastTry::confirmed_by_person()));
        assert_eq!(verdict(verified), VerifyError::Locked);
        assert_eq!(script.sent, [TRIES]);
    }
}

#[test]
fn the_last_try_is_spent_only_with_permission() {
    let mut script = Script::new(&[&[0x63, 0xC1]]);
    let verified = Applet::already_selected(&mut script).verify(&pin(), None);
    assert_eq!(verdict(verified), VerifyError::LastTryNeedsPermission);
    assert_eq!(script.sent, [TRIES]);

    let mut script = Script::new(&[&[0x63, 0xC1], &[0x63, 0xC0]]);
    let verified =
        Applet::already_selected(&mut script).verify(&pin(), Some(LastTry::confirmed_by_person()));
    assert_eq!(
        verdict(verified),
        VerifyError::WrongPin {
            left: Tries::Locked
        }
    );
    assert_eq!(script.sent, [&TRIES[..], &VERIFY_1234[..]]);
}

/// `myna_card::Card::call` would send the PIN again after `6Cxx`: two tries for one.
#[test]
fn verify_is_never_sent_twice_whatever_the_status() {
    for answer in [
        [0x6C, 0x00],
        [0x6C, 0x04],
        [0x61, 0x10],
        [0x6F, 0x00],
        [0x69, 0x82],
        [0x67, 0x00],
    ] {
        let mut script = Script::forever(&[0x90, 0x00]);
        script.answers = [vec![0x63, 0xC3], answer.to_vec()].into();
        let verified = Applet::already_selected(&mut script).verify(&pin(), None);
        let refused = CardError::Refused {
            operation: Operation::VerifyPin,
            status: u16::from_be_bytes(answer),
        };
        assert_eq!(verdict(verified), VerifyError::Card(refused));
        assert_eq!(script.sent, [&TRIES[..], &VERIFY_1234[..]], "{answer:02X?}");
    }
    let mut script = Script::forever(&[0x90, 0x00]);
    script.answers = [vec![0x63, 0xC3], vec![0x01, 0x90, 0x00]].into();
    let verified = Applet::already_selected(&mut script).verify(&pin(), None);
    assert_eq!(
        verdict(verified),
        VerifyError::Card(CardError::Garbled(Operation::VerifyPin))
    );
    assert_eq!(script.sent.len(), 2);
}

#[test]
fn a_card_taken_away_at_verify_is_not_asked_again() {
    let mut script = Script::new(&[&[0x63, 0xC3]]);
    let verified = Applet::already_selected(&mut script).verify(&pin(), None);
    assert!(matches!(
        verified,
        Err(PinFailure::Other(Failure::Pcsc(pcsc::Error::RemovedCard)))
    ));
    assert_eq!(script.sent.len(), 2);
}

#[test]
fn no_error_text_or_debug_output_holds_the_pin() {
    for answers in [
        &[[0x63, 0xC3], [0x63, 0xC2]],
        &[[0x63, 0xC3], [0x6F, 0x12]],
        &[[0x63, 0xC1], [0x63, 0xC0]],
    ] {
        let mut script = Script::new(&answers.iter().map(<[u8; 2]>::as_slice).collect::<Vec<_>>());
        let pin = Pin::parse("7777").unwrap();
        let last = Some(LastTry::confirmed_by_person());
        let error = verdict(Applet::already_selected(&mut script).verify(&pin, last));
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("7777") && !shown.contains("37"), "{shown}");
    }
}

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
