//! What may happen between showing a card and its signature, with the real pcscd: other programs, cards that leave, a service that ends.

mod table;

use eid_card::{CardError, Holds, Readers, Tries, VerifyError};
use table::*;

#[test]
fn another_program_with_the_card_makes_it_busy_and_costs_no_try() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    let other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    let busy = shown.verify(&pin_of("p01"), None).unwrap_err();
    assert_eq!(busy.error, VerifyError::Card(CardError::Busy));
    assert_eq!(pin_tries(&card), 0);
    let _ = other.0.disconnect(pcsc::Disposition::LeaveCard);
    assert!(busy.card.unwrap().verify(&pin_of("p01"), None).is_ok());
}

#[test]
fn a_program_that_lets_go_in_time_is_waited_for() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    let other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    let letting_go = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        let _ = other.0.disconnect(pcsc::Disposition::LeaveCard);
    });
    let before = asked(&card).len();
    let verified = shown.verify(&pin_of("p01"), None).unwrap();
    // The connection was not replaced at once: the certificate is compared before the PIN is sent.
    assert_eq!(
        asked_since(&card, before),
        [
            "SELECT",
            "READ BINARY",
            "READ BINARY",
            "GET TRIES",
            "VERIFY"
        ]
    );
    assert_eq!(verified.certificate().der(), certificate_of("p01"));
    letting_go.join().unwrap();
}

#[test]
fn a_transaction_that_never_ends_makes_the_card_busy() {
    let table = Table::new();
    let (card, mut shown) = table.shown("p01");
    let mut other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    let transaction = other.0.transaction().unwrap();
    let mut readers = Readers::establish().unwrap();
    assert_eq!(readers.look().unwrap().readers()[0].holds, Holds::Busy);
    assert_eq!(shown.tries(), Err(CardError::Busy));
    assert_eq!(
        shown.verify(&pin_of("p01"), None).unwrap_err().error,
        VerifyError::Card(CardError::Busy)
    );
    drop(transaction);
    assert_eq!(pin_tries(&card), 0);
}

#[test]
fn a_reset_by_another_program_does_not_matter_before_the_pin() {
    let table = Table::new();
    let (_card, mut shown) = table.shown("p01");
    let other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    let _ = other.0.disconnect(pcsc::Disposition::ResetCard);
    assert_eq!(shown.tries(), Ok(Tries::Left(3)));
    let other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    let _ = other.0.disconnect(pcsc::Disposition::UnpowerCard);
    assert!(shown.verify(&pin_of("p01"), None).is_ok());
}

#[test]
fn a_card_taken_away_while_it_is_shown_is_sent_no_pin() {
    let table = Table::new();
    let (card, mut shown) = table.shown("p01");
    card.remove();
    wait_until_empty();
    for _ in 0..2 {
        assert_eq!(shown.tries(), Err(CardError::Removed));
    }
    let refused = shown.verify(&pin_of("p01"), None).unwrap_err();
    assert_eq!(refused.error, VerifyError::Card(CardError::Removed));
    assert_eq!(pin_tries(&card), 0);
    assert!(refused.card.is_none());
}

#[test]
fn a_card_taken_away_just_before_the_pin_is_sent_none() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    // pcscd has not noticed yet.
    card.remove();
    let refused = shown.verify(&pin_of("p01"), None).unwrap_err();
    assert_eq!(refused.error, VerifyError::Card(CardError::Removed));
    assert_eq!(pin_tries(&card), 0);
}

#[test]
fn a_card_taken_out_and_put_back_is_not_the_card_shown() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    card.remove();
    wait_until_empty();
    card.insert();
    found();
    let refused = shown.verify(&pin_of("p01"), None).unwrap_err();
    assert_eq!(refused.error, VerifyError::Card(CardError::Changed));
    assert_eq!(pin_tries(&card), 0);
    assert!(refused.card.is_none());
}

#[test]
fn another_card_in_its_place_is_sent_no_pin() {
    let table = Table::new();
    let (card, shown) = table.shown("p01");
    let first = found();
    card.exchange(card_of("p02"));
    let mut readers = Readers::establish().unwrap();
    look_until(&mut readers, |look| {
        look.only_card()
            .is_ok_and(|found| found.insertion() != first.insertion())
    });
    let refused = shown.verify(&pin_of("p01"), None).unwrap_err();
    assert_eq!(refused.error, VerifyError::Card(CardError::Changed));
    assert_eq!(first.open().unwrap_err(), CardError::Changed);
    assert_eq!(pin_tries(&card), 0);
}

/// The connection that found a card is only good for that card, as long as it lies there.
#[test]
fn a_card_taken_out_and_put_back_is_not_the_card_found() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let first = found_and_connected();
    card.remove();
    wait_until_empty();
    card.insert();
    found();
    let before = asked(&card).len();
    assert_eq!(first.open().unwrap_err(), CardError::Changed);
    assert_eq!(asked_since(&card, before), [""; 0], "asked all the same");
    assert!(found().open().is_ok());
}

#[test]
fn a_card_taken_away_after_it_was_found_is_removed() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let first = found_and_connected();
    card.remove();
    wait_until_empty();
    assert_eq!(
        first.open_with_tries().map(drop).unwrap_err(),
        CardError::Removed
    );
}

#[test]
fn another_card_in_the_place_of_the_one_found_is_not_opened() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let first = found_and_connected();
    card.exchange(card_of("p02"));
    let mut readers = Readers::establish().unwrap();
    look_until(&mut readers, |look| {
        look.only_card()
            .is_ok_and(|found| found.insertion() != first.insertion())
    });
    assert_eq!(
        first.open_with_tries().map(drop).unwrap_err(),
        CardError::Changed
    );
    assert_eq!(
        found().open().unwrap().certificate().der(),
        certificate_of("p02")
    );
}

/// The four commands, and a card that leaves before, during or after each.
#[test]
fn a_card_that_leaves_at_any_command_is_removed_and_asked_at_most_once() {
    let table = Table::new();
    for moment in ["before", "during", "after"] {
        for command in 1..=4 {
            let (card, shown) = table.shown("p01");
            let fault = format!("{moment} {command}");
            card.with_card(|card| card.add_fault(fault.parse().unwrap()));
            let outcome = shown
                .verify(&pin_of("p01"), None)
                .map_err(|refused| refused.error);
            let error = match outcome {
                Err(error) => error,
                Ok(mut verified) => match verified.sign_sha256(&[7; 32]) {
                    Err(error) => error.into(),
                    // It had answered everything.
                    Ok(_) if fault == "after 4" => CardError::Removed.into(),
                    Ok(_) => panic!("{fault}: signed"),
                },
            };
            assert_eq!(error, VerifyError::Card(CardError::Removed), "{fault}");
            assert!(pin_tries(&card) <= 1, "{fault}");
            drop(card);
            wait_until_empty();
        }
    }
}

#[test]
fn a_card_that_leaves_while_its_certificate_is_read_is_removed() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let found = found();
    card.with_card(|card| card.add_fault("during 4".parse().unwrap()));
    assert_eq!(found.open().unwrap_err(), CardError::Removed);
}

#[test]
fn the_service_may_end_at_any_moment() {
    let mut table = Table::new();
    let (card, shown) = table.shown("p01");
    table.pcscd.kill().unwrap();
    let refused = shown.verify(&pin_of("p01"), None).unwrap_err();
    assert_eq!(refused.error, VerifyError::Card(CardError::PcscStopped));
    assert_eq!(pin_tries(&card), 0);

    table.pcscd.restart().unwrap();
    let shown = found().open().unwrap();
    let mut verified = shown.verify(&pin_of("p01"), None).unwrap();
    table.pcscd.kill().unwrap();
    assert_eq!(
        verified.sign_sha256(&[8; 32]).unwrap_err(),
        CardError::PcscStopped
    );
    drop(verified);
    table.pcscd.restart().unwrap();
    found();
    assert_nobody_can_sign();
}

#[test]
fn a_service_that_was_restarted_does_not_know_the_card_shown() {
    let mut table = Table::new();
    let (card, shown) = table.shown("p01");
    table.pcscd.restart().unwrap();
    found();
    let refused = shown.verify(&pin_of("p01"), None).unwrap_err();
    assert!(matches!(refused.error, VerifyError::Card(_)));
    assert_eq!(pin_tries(&card), 0);
}
