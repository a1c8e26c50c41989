//! The counter and VERIFY.

use super::*;

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

const SELECT_PIN: [u8; 7] = [0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x18];
const CHANGE_TO_5678: [u8; 9] = [0x00, 0x24, 0x01, 0x80, 0x04, b'5', b'6', b'7', b'8'];

#[test]
fn the_new_pin_is_sent_once_alone() {
    let mut script = Script::new(&[&[0x90, 0x00], &[0x90, 0x00]]);
    let new = Pin::parse("5678").unwrap();
    assert!(
        Applet::already_selected(&mut script)
            .change_pin(&new)
            .is_ok()
    );
    assert_eq!(script.sent, [&SELECT_PIN[..], &CHANGE_TO_5678[..]]);
}

#[test]
fn a_pin_that_is_not_changed_is_not_sent_again() {
    let operation = Operation::ChangePin;
    for (status, expected) in [
        (0x6982, CardError::PinForgotten),
        (
            0x6A80,
            CardError::Refused {
                operation,
                status: 0x6A80,
            },
        ),
        (
            0x6C04,
            CardError::Refused {
                operation,
                status: 0x6C04,
            },
        ),
    ] {
        let status: u16 = status;
        let mut script = Script::new(&[&[0x90, 0x00], &status.to_be_bytes()]);
        let changed =
            Applet::already_selected(&mut script).change_pin(&Pin::parse("5678").unwrap());
        assert_eq!(card_error(changed), expected);
        assert_eq!(script.sent.len(), 2);
    }
}
