//! The PIN entered on the reader's PIN pad (PC/SC part 10), with the real pcscd and a driver that has one: the digits go from the
//! driver to the card, and this process never has them.

#![allow(clippy::unwrap_used, clippy::panic)] // The functions that tests share.

mod table;

use std::thread;
use std::time::Duration;

use eid_card::{
    CardError, LastTry, NotVerified, Operation, PadEntry, ShownCard, Tries, VerifiedCard,
    VerifyError,
};
use jpki_lab::card::PinId;
use jpki_lab::pcscd::PinPad;
use jpki_lab::pki;
use jpki_lab::vpcd::Attachment;
use table::*;

/// What comes of it in the end.
fn outcome(mut entry: PadEntry) -> Result<VerifiedCard, NotVerified> {
    for _ in 0..300 {
        match entry.wait(Duration::from_millis(100)) {
            Ok(outcome) => return outcome,
            Err(waiting) => entry = waiting,
        }
    }
    panic!("the pad still waits");
}

/// A card that was shown, and what comes of pressing these keys.
fn pressed(
    table: &Table,
    shown: ShownCard,
    press: impl FnOnce(&PinPad),
) -> Result<VerifiedCard, NotVerified> {
    let entry = shown.verify_on_pad(None).unwrap();
    table.pad().wait_until_it_asks(PATIENCE).unwrap();
    press(table.pad());
    outcome(entry)
}

fn digits_of(person: &str) -> &'static str {
    &pki::shared().unwrap().person(person).unwrap().pin
}

fn tries_left(card: &Attachment) -> u8 {
    card.with_card(|card| card.tries(PinId::Authentication))
}

#[test]
fn the_pin_goes_from_the_pad_to_the_card_alone() {
    let table = Table::with_pin_pad();
    let (card, shown) = table.shown("p01");
    assert!(shown.has_pin_pad());
    let before = asked(&card).len();
    let entry = shown.verify_on_pad(None).unwrap();

    let structure = table.pad().wait_until_it_asks(PATIENCE).unwrap();
    // The command holds no digits; what this process gives away is the same for everybody.
    assert!(structure.ends_with(&[0x00, 0x20, 0x00, 0x98, 4, 0xFF, 0xFF, 0xFF, 0xFF]));
    assert_eq!(asked_since(&card, before), ["SELECT", "GET TRIES"]);
    // Nobody else gets at the card while the pad waits.
    let other = OtherProgram::connect(0, pcsc::ShareMode::Shared).map(drop);
    assert_eq!(other, Err(pcsc::Error::SharingViolation));

    let entry = entry.wait(Duration::from_millis(20)).unwrap_err();
    table.pad().type_in(digits_of("p01")).unwrap();
    let mut verified = outcome(entry).unwrap();
    verified.sign_sha256(&[0x11; 32]).unwrap();
    assert_eq!(
        asked_since(&card, before),
        ["SELECT", "GET TRIES", "VERIFY", "SIGN"]
    );
    drop(verified);
    assert_unpowered(&card);
    assert_nobody_can_sign();
}

#[test]
fn a_wrong_pin_on_the_pad_costs_one_try_and_is_not_sent_again() {
    let table = Table::with_pin_pad();
    let (card, shown) = table.shown("p01");
    let NotVerified { error, card: again } = pressed(&table, shown, |pad| {
        let wrong = wrong_pin_of("p01");
        let digits = std::str::from_utf8(wrong.digits()).unwrap();
        pad.type_in(digits).unwrap();
    })
    .unwrap_err();
    let left = Tries::Left(2);
    assert_eq!(error, VerifyError::WrongPin { left });
    assert!(
        table
            .pad()
            .wait_until_it_asks(Duration::from_millis(200))
            .is_none()
    );
    assert_eq!((pin_tries(&card), tries_left(&card)), (1, 2));

    let again = again.unwrap();
    assert!(again.has_pin_pad());
    drop(pressed(&table, again, |pad| pad.type_in(digits_of("p01")).unwrap()).unwrap());
    assert_eq!((pin_tries(&card), tries_left(&card)), (2, 3));
}

#[test]
fn what_ends_on_the_pad_costs_no_try() {
    let table = Table::with_pin_pad();
    let (card, mut shown) = table.shown("p01");
    type Press = fn(&PinPad);
    let cases: [(Press, VerifyError); 5] = [
        (|pad| pad.cancel().unwrap(), VerifyError::PadCancelled),
        (|pad| pad.let_time_pass().unwrap(), VerifyError::PadTimedOut),
        (
            |pad| pad.type_in("123").unwrap(),
            VerifyError::PadWrongLength,
        ),
        (|pad| pad.type_in("").unwrap(), VerifyError::PadWrongLength),
        (
            |pad| pad.type_in("12345").unwrap(),
            VerifyError::PadWrongLength,
        ),
    ];
    for (press, expected) in cases {
        let refused = pressed(&table, shown, press).unwrap_err();
        assert_eq!(refused.error, expected);
        shown = refused.card.unwrap();
        assert_eq!(shown.tries(), Ok(Tries::Left(3)));
    }
    assert_eq!(pin_tries(&card), 0);
}

#[test]
fn the_last_try_is_not_offered_on_the_pad_without_permission() {
    let table = Table::with_pin_pad();
    let (card, shown) = table.shown("p01");
    card.with_card(|card| card.set_tries(PinId::Authentication, 1))
        .unwrap();
    let refused = shown.verify_on_pad(None).unwrap_err();
    assert_eq!(refused.error, VerifyError::LastTryNeedsPermission);
    assert_eq!(table.pad().asks(), None);

    let entry = refused
        .card
        .unwrap()
        .verify_on_pad(Some(LastTry::confirmed_by_person()))
        .unwrap();
    table.pad().wait_until_it_asks(PATIENCE).unwrap();
    table
        .pad()
        .type_in(if digits_of("p01") == "0000" {
            "9999"
        } else {
            "0000"
        })
        .unwrap();
    let risked = outcome(entry).unwrap_err();
    let left = Tries::Locked;
    assert_eq!(risked.error, VerifyError::WrongPin { left });

    let permission = Some(LastTry::confirmed_by_person());
    let locked = risked.card.unwrap().verify_on_pad(permission).unwrap_err();
    assert_eq!(locked.error, VerifyError::Locked);
    assert_eq!(table.pad().asks(), None);
    assert_eq!(pin_tries(&card), 1);
}

/// It cannot be ended from outside. So what comes late must be worth nothing.
#[test]
fn what_is_entered_after_the_entry_was_given_up_is_used_for_nothing() {
    let table = Table::with_pin_pad();
    let (card, shown) = table.shown("p01");
    let again = found();
    let entry = shown.verify_on_pad(None).unwrap();
    table.pad().wait_until_it_asks(PATIENCE).unwrap();
    drop(entry);
    // The pad still waits, so the card is still held.
    assert!(table.pad().asks().is_some());
    assert_eq!(again.open().unwrap_err(), CardError::Busy);

    table.pad().type_in(digits_of("p01")).unwrap();
    assert!(table.pad().wait_until_it_is_quiet(PATIENCE));
    assert_unpowered(&card);
    while OtherProgram::connect(0, pcsc::ShareMode::Shared).is_err() {
        thread::sleep(Duration::from_millis(10));
    }
    assert_nobody_can_sign();
    let signed = asked(&card).iter().filter(|name| *name == "SIGN").count();
    assert_eq!(
        (pin_tries(&card), signed),
        (1, 1),
        "SIGN: the other program's"
    );
}

/// What another process does for one that has ended: the PIN is forgotten even where a program keeps the card powered.
#[test]
fn a_card_is_unpowered_as_soon_as_nobody_holds_it_alone() {
    let table = Table::with_pin_pad();
    let (card, shown) = table.shown("p01");
    let reader = std::ffi::CString::new(shown.reader_name()).unwrap();
    assert!(eid_card::pin_entries_under_way().is_empty());
    let entry = shown.verify_on_pad(None).unwrap();
    table.pad().wait_until_it_asks(PATIENCE).unwrap();
    assert_eq!(
        eid_card::pin_entries_under_way(),
        std::slice::from_ref(&reader)
    );
    let after = thread::spawn(move || eid_card::unpower_when_free(&reader, PATIENCE));
    table.pad().cancel().unwrap();
    drop(outcome(entry));
    after.join().unwrap();
    assert_unpowered(&card);
    assert!(eid_card::pin_entries_under_way().is_empty());

    let other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    other.select();
    assert_eq!(other.verify(&pin_of("p01")), 0x9000);
    let reader = std::ffi::CString::new(found().reader_name()).unwrap();
    eid_card::unpower_when_free(&reader, PATIENCE);
    drop(other);
    assert_nobody_can_sign();
}

#[test]
fn a_card_that_leaves_while_the_pad_waits_is_removed() {
    let table = Table::with_pin_pad();
    let (card, shown) = table.shown("p01");
    let entry = shown.verify_on_pad(None).unwrap();
    table.pad().wait_until_it_asks(PATIENCE).unwrap();
    drop(card);
    let refused = outcome(entry).unwrap_err();
    assert_eq!(refused.error, CardError::Removed.into());
    assert!(refused.card.is_none());
}

#[test]
fn a_reader_whose_list_of_features_is_malformed_has_no_pad() {
    let table = Table::with_pin_pad();
    let card = table.insert(0, card_of("p01"));
    let verify = [0x06, 4, 0x42, 0x33, 0, 0x06];
    for list in [
        vec![],
        vec![0xFF; 4096],
        vec![0x06; 600],
        verify[..5].to_vec(),
        [verify, verify].concat(),
        [verify.as_slice(), &[0]].concat(),
    ] {
        table.pad().list_features(Some(&list)).unwrap();
        let shown = found().open().unwrap();
        assert!(!shown.has_pin_pad(), "{list:02X?}");
        let refused = shown.verify_on_pad(None).unwrap_err();
        assert_eq!(refused.error, VerifyError::PadRefused);
        // The PIN can be typed.
        drop(refused.card.unwrap().verify(&pin_of("p01"), None).unwrap());
    }
    table.pad().list_features(None).unwrap();
    assert!(found().open().unwrap().has_pin_pad());
    assert!(found().describe().unwrap().pin_pad);
    drop(card);
}

#[test]
fn a_reader_that_lies_gains_no_signature() {
    let table = Table::with_pin_pad();
    let (card, shown) = table.shown("p01");
    // "Verified", but the card has seen no PIN.
    let mut verified = pressed(&table, shown, |pad| pad.lie(&[0x90, 0x00]).unwrap()).unwrap();
    let refused = verified.sign_sha256(&[0x22; 32]).unwrap_err();
    assert_eq!(refused, CardError::PinForgotten);
    drop(verified);

    for lie in [
        vec![],
        vec![0x90],
        vec![0x90, 0x00, 0x90, 0x00],
        vec![0x90; 500],
    ] {
        let shown = found().open().unwrap();
        let refused = pressed(&table, shown, |pad| pad.lie(&lie).unwrap()).unwrap_err();
        let garbled = CardError::Garbled(Operation::VerifyPin);
        assert_eq!(refused.error, garbled.into(), "{lie:02X?}");
    }
    assert_eq!(pin_tries(&card), 0);
}

#[test]
fn a_pad_that_does_not_take_such_a_pin_is_told_apart_from_a_wrong_pin() {
    let table = Table::with_pin_pad();
    let (card, shown) = table.shown("p01");
    let refused = pressed(&table, shown, |pad| pad.lie(&[0x6B, 0x80]).unwrap()).unwrap_err();
    assert_eq!(refused.error, VerifyError::PadRefused);
    drop(refused);
    // A control code that the driver does not know.
    let unknown = [0x06, 4, 0x42, 0x33, 0, 0x07];
    table.pad().list_features(Some(&unknown)).unwrap();
    let entry = found().open().unwrap().verify_on_pad(None).unwrap();
    let refused = outcome(entry).unwrap_err();
    assert_eq!(refused.error, VerifyError::PadRefused);
    drop(refused.card.unwrap().verify(&pin_of("p01"), None).unwrap());
    assert_eq!(pin_tries(&card), 1);
}
