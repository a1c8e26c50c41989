//! From the card that is found to the signature, with the real pcscd: the PIN's rules and the card's state at every way out.

mod table;

use eid_card::{CardError, LastTry, NotVerified, Operation, Pin, TokenKind, Tries, VerifyError};
use jpki_lab::card::{PinId, Token};
use table::*;

/// What a signature costs at least: contactless cards take 15 ms for each.
#[test]
fn with_the_certificate_known_a_signature_takes_four_commands() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    let before = asked(&card).len();
    let mut verified = shown.verify(&pin_of("p01"), None).unwrap();
    let signature = verified.sign_sha256(&[0x11; 32]).unwrap();
    assert!(
        verified
            .certificate()
            .verifies_sha256(&[0x11; 32], signature.as_bytes())
    );
    assert_eq!(
        asked_since(&card, before),
        ["SELECT", "GET TRIES", "VERIFY", "SIGN"]
    );
    drop(verified);
    assert_unpowered(&card);
}

#[test]
fn a_changed_pin_is_the_cards_pin() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    let new = Pin::parse("9753").unwrap();
    let mut verified = shown.verify(&pin_of("p01"), None).unwrap();
    verified.change_pin(&new).unwrap();
    verified.sign_sha256(&[0x11; 32]).unwrap();
    drop(verified);
    assert_unpowered(&card);

    let old = found().open().unwrap().verify(&pin_of("p01"), None);
    let NotVerified { error, card } = old.unwrap_err();
    let left = Tries::Left(2);
    assert_eq!(error, VerifyError::WrongPin { left });
    assert!(card.unwrap().verify(&new, None).is_ok());
}

#[test]
fn the_card_shows_its_certificate_and_its_tries() {
    let table = Table::new();
    let (card, mut shown) = table.shown("p01");
    assert_eq!(shown.certificate().der(), certificate_of("p01"));
    assert_eq!(shown.tries(), Ok(Tries::Left(3)));
    assert_eq!(pin_tries(&card), 0);
    let reads = asked(&card)
        .iter()
        .filter(|name| *name == "READ BINARY")
        .count();
    assert_eq!(reads, shown.certificate().der().len().div_ceil(256));
}

#[test]
fn a_card_found_with_its_connection_is_opened_on_it_with_its_tries() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let found = found_and_connected();
    // Another program cannot have the card alone: the connection is there.
    let alone = OtherProgram::connect(0, pcsc::ShareMode::Exclusive).map(drop);
    assert_eq!(alone, Err(pcsc::Error::SharingViolation));
    // A copy has none, and ends with nothing of the original's.
    drop(found.clone());
    let alone = OtherProgram::connect(0, pcsc::ShareMode::Exclusive).map(drop);
    assert_eq!(alone, Err(pcsc::Error::SharingViolation));

    let before = asked(&card).len();
    let (shown, tries) = found.open_with_tries().unwrap();
    assert_eq!(shown.certificate().der(), certificate_of("p01"));
    assert_eq!(tries, Ok(Tries::Left(3)));
    let asked = asked_since(&card, before);
    assert_eq!(
        (asked.first(), asked.last()),
        (Some(&"SELECT".into()), Some(&"GET TRIES".into()))
    );
    assert_eq!(asked.iter().filter(|name| *name == "SELECT").count(), 1);
    assert_eq!(pin_tries(&card), 0);

    drop(shown);
    let alone = OtherProgram::connect(0, pcsc::ShareMode::Exclusive).map(drop);
    assert_eq!(alone, Ok(()), "the one connection has ended");
}

#[test]
fn a_card_that_is_known_is_opened_by_comparing_two_blocks_of_its_certificate() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let known = found().open().unwrap().certificate().clone();
    let before = asked(&card).len();
    let (shown, tries) = found().open_known(&known).unwrap();
    assert_eq!(shown.certificate(), &known);
    assert_eq!(tries, Ok(Tries::Left(3)));
    // The first SELECT is the search's.
    let asked = asked_since(&card, before);
    assert_eq!(
        asked[asked.len() - 4..],
        ["SELECT", "READ BINARY", "READ BINARY", "GET TRIES"]
    );
    drop(shown);

    drop(card);
    wait_until_empty();
    let _other = table.insert(0, card_of("p04"));
    let changed = found().open_known(&known).map(drop);
    assert_eq!(changed, Err(CardError::Changed));
}

#[test]
fn a_card_describes_itself_without_a_pin() {
    let table = Table::new();
    let card = table.insert(0, card_of("p04"));
    let description = found().describe().unwrap();
    assert_eq!(description.kind, TokenKind::Card);
    assert_eq!(description.tries, Ok(Tries::Left(3)));
    assert_eq!(
        description.certificate.unwrap().der(),
        certificate_of("p04")
    );
    assert_eq!(pin_tries(&card), 0);
}

#[test]
fn a_phone_is_recognised_and_not_asked_for_more() {
    let table = Table::new();
    for (token, kind) in [
        (Token::Android, TokenKind::AndroidPhone),
        (Token::IPhone, TokenKind::IPhone),
    ] {
        let phone = table.insert(0, phone_of("p01", token));
        assert_eq!(found().open().unwrap_err(), CardError::CertificateNeedsPin);
        let description = found().describe().unwrap();
        assert_eq!(description.kind, kind);
        assert_eq!(description.tries, Ok(Tries::Left(3)));
        assert_eq!(description.certificate, Err(CardError::CertificateNeedsPin));
        drop(phone);
        wait_until_empty();
    }
}

#[test]
fn both_digests_are_signed_and_the_card_is_unpowered_at_the_end() {
    let table = Table::new();
    let (card, shown) = table.shown("p02");
    let mut verified = shown.verify(&pin_of("p02"), None).unwrap();
    let first = verified.sign_sha512(&[0x22; 64]).unwrap();
    let second = verified.sign_sha512(&[0x22; 64]).unwrap();
    assert_eq!(
        first.as_bytes(),
        second.as_bytes(),
        "the sealing needs equal signatures"
    );
    assert!(
        verified
            .certificate()
            .verifies_sha512(&[0x22; 64], first.as_bytes())
    );
    assert!(verified.sign_sha256(&[0x33; 32]).is_ok());
    drop(verified);
    assert_unpowered(&card);
    assert_nobody_can_sign();
}

#[test]
fn nobody_else_gets_at_the_card_while_the_pin_is_verified() {
    let table = Table::new();
    let (_card, shown) = table.shown("p01");
    let verified = shown.verify(&pin_of("p01"), None).unwrap();
    for mode in [pcsc::ShareMode::Shared, pcsc::ShareMode::Exclusive] {
        let refused = OtherProgram::connect(0, mode).map(drop);
        assert_eq!(refused, Err(pcsc::Error::SharingViolation));
    }
    drop(verified);
    assert!(OtherProgram::connect(0, pcsc::ShareMode::Shared).is_ok());
}

#[test]
fn a_wrong_pin_costs_one_try_and_the_card_can_be_asked_again() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    let NotVerified { error, card: again } = shown.verify(&wrong_pin_of("p01"), None).unwrap_err();
    assert_eq!(
        error,
        VerifyError::WrongPin {
            left: Tries::Left(2)
        }
    );
    assert_eq!(pin_tries(&card), 1);
    let mut again = again.unwrap();
    assert_eq!(again.tries(), Ok(Tries::Left(2)));
    let mut verified = again.verify(&pin_of("p01"), None).unwrap();
    assert!(verified.sign_sha256(&[0x44; 32]).is_ok());
    assert_eq!(pin_tries(&card), 2);
    assert_eq!(card.with_card(|card| card.tries(PinId::Authentication)), 3);
}

#[test]
fn the_last_try_wants_permission_and_then_locks() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    card.with_card(|card| card.set_tries(PinId::Authentication, 1))
        .unwrap();

    let refused = shown.verify(&wrong_pin_of("p01"), None).unwrap_err();
    assert_eq!(refused.error, VerifyError::LastTryNeedsPermission);
    assert_eq!(pin_tries(&card), 0);

    let risked = refused
        .card
        .unwrap()
        .verify(&wrong_pin_of("p01"), Some(LastTry::confirmed_by_person()));
    let risked = risked.unwrap_err();
    assert_eq!(
        risked.error,
        VerifyError::WrongPin {
            left: Tries::Locked
        }
    );
    assert_eq!(pin_tries(&card), 1);

    let mut shown = risked.card.unwrap();
    assert_eq!(shown.tries(), Ok(Tries::Locked));
    let locked = shown
        .verify(&pin_of("p01"), Some(LastTry::confirmed_by_person()))
        .unwrap_err();
    assert_eq!(locked.error, VerifyError::Locked);
    assert_eq!(pin_tries(&card), 1);
}

#[test]
fn a_card_that_hides_its_counter_is_sent_no_pin() {
    let table = Table::new();
    let (card, mut shown) = table.shown("p01");
    // Some cards answer so when another program has verified the PIN.
    card.with_card(|card| card.add_fault("answer 9000 2".parse().unwrap()));
    assert_eq!(shown.tries(), Err(CardError::TriesUnknown));
    card.with_card(|card| card.add_fault("answer 9000 2".parse().unwrap()));
    let refused = shown
        .verify(&pin_of("p01"), Some(LastTry::confirmed_by_person()))
        .unwrap_err();
    assert_eq!(refused.error, VerifyError::Card(CardError::TriesUnknown));
    assert_eq!(pin_tries(&card), 0);
    assert!(refused.card.unwrap().verify(&pin_of("p01"), None).is_ok());
}

/// VERIFY survives the program that did it. That must help nobody to a signature here.
#[test]
fn a_pin_verified_by_another_program_is_worth_nothing_here() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    other.select();
    assert_eq!(other.verify(&pin_of("p01")), 0x9000);
    assert_eq!(other.sign(), 0x9000);
    let _ = other.0.disconnect(pcsc::Disposition::LeaveCard);

    let shown = found().open().unwrap();
    let refused = shown.verify(&wrong_pin_of("p01"), None).unwrap_err();
    assert_eq!(
        refused.error,
        VerifyError::WrongPin {
            left: Tries::Left(2)
        }
    );
    assert_eq!(
        asked(&card).iter().filter(|name| *name == "SIGN").count(),
        1,
        "only the other program's"
    );
    drop(refused);
    assert_nobody_can_sign();
}

#[test]
fn a_panic_unpowers_the_card() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    panics(move || {
        let _verified = shown.verify(&pin_of("p01"), None).unwrap();
        panic!("a defect while the PIN is verified");
    });
    assert_unpowered(&card);
    assert_nobody_can_sign();
}

#[test]
fn a_refusal_while_the_pin_is_verified_unpowers_the_card() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    let mut verified = shown.verify(&pin_of("p01"), None).unwrap();
    card.with_card(|card| card.add_fault("answer 6A80 1".parse().unwrap()));
    let operation = Operation::SignSha512;
    assert_eq!(
        verified.sign_sha512(&[5; 64]).unwrap_err(),
        CardError::Refused {
            operation,
            status: 0x6A80
        }
    );
    card.with_card(|card| card.add_fault("answer 6982 1".parse().unwrap()));
    assert_eq!(
        verified.sign_sha512(&[5; 64]).unwrap_err(),
        CardError::PinForgotten
    );
    drop(verified);
    assert_unpowered(&card);
}

#[test]
fn a_faulty_signature_is_thrown_away() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    let mut verified = shown.verify(&pin_of("p01"), None).unwrap();
    card.with_card(|card| card.add_fault("corrupt 1".parse().unwrap()));
    assert_eq!(
        verified.sign_sha512(&[6; 64]).unwrap_err(),
        CardError::SignatureMismatch
    );
    assert!(verified.sign_sha512(&[6; 64]).is_ok());
}
