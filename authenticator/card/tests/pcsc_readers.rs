//! Which cards are there, asked of the real pcscd.

mod table;

use std::thread;
use std::time::Duration;

use eid_card::{Holds, NoOneCard, ReaderError, Readers};
use jpki_lab::card::VirtualCard;
use table::*;

/// Long enough that only a wait that hangs reaches it.
const LONG: Duration = Duration::from_secs(60);

#[test]
fn the_card_is_found_among_other_cards_and_empty_readers() {
    let table = Table::new();
    let mut readers = Readers::establish().unwrap();
    let empty = readers.look().unwrap();
    assert_eq!(empty.readers().len(), 4);
    assert_eq!(empty.only_card(), Err(NoOneCard::NoCard));

    let foreign = table.insert(0, VirtualCard::foreign());
    let look = look_until(&mut readers, |look| {
        look.readers()[0].holds != Holds::Nothing
    });
    assert_eq!(look.readers()[0].holds, Holds::OtherCard);
    assert_eq!(look.only_card(), Err(NoOneCard::OtherCard));

    let _card = table.insert(2, card_of("p01"));
    let look = look_until(&mut readers, |look| look.only_card().is_ok());
    let found = look.only_card().unwrap();
    assert_eq!(found.reader_name(), look.readers()[2].name);
    assert_eq!(readers.cards().unwrap().first(), Some(found));

    let _second = table.insert(3, card_of("p02"));
    let look = look_until(&mut readers, |look| look.cards().count() == 2);
    assert_eq!(look.only_card(), Err(NoOneCard::SeveralCards));
    drop(foreign);
}

#[test]
fn each_card_is_asked_once_by_select_and_by_nothing_else() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let mut readers = Readers::establish().unwrap();
    look_until(&mut readers, |look| look.only_card().is_ok());
    for _ in 0..5 {
        assert!(readers.look().unwrap().only_card().is_ok());
    }
    // The first command after power-up is answered 6F00.
    assert_eq!(asked(&card), ["SELECT", "SELECT"]);
}

#[test]
fn a_card_that_is_presented_anew_is_another_insertion() {
    let table = Table::new();
    let card = table.insert(0, card_of("p01"));
    let mut readers = Readers::establish().unwrap();
    let first = look_until(&mut readers, |look| look.only_card().is_ok());
    let first = first.only_card().unwrap().insertion().clone();
    card.remove();
    look_until(&mut readers, |look| look.cards().next().is_none());
    card.insert();
    let second = look_until(&mut readers, |look| look.only_card().is_ok());
    assert_ne!(&first, second.only_card().unwrap().insertion());
}

#[test]
fn a_card_that_cannot_be_powered_up_is_mute_and_hides_no_other() {
    let table = Table::new();
    let mut badly_laid = card_of("p01");
    badly_laid.lie_badly(true);
    let card = table.insert(0, badly_laid);
    let mut readers = Readers::establish().unwrap();
    let look = look_until(&mut readers, |look| look.readers()[0].holds == Holds::Mute);
    assert_eq!(look.only_card(), Err(NoOneCard::Mute));
    let _other = table.insert(2, card_of("p02"));
    let look = look_until(&mut readers, |look| look.cards().count() == 1);
    assert_eq!(look.readers()[0].holds, Holds::Mute);
    assert!(look.only_card().is_ok());

    card.remove();
    look_until(&mut readers, |look| {
        look.readers()[0].holds == Holds::Nothing
    });
    card.with_card(|card| card.lie_badly(false));
    card.insert();
    look_until(&mut readers, |look| look.cards().count() == 2);
}

#[test]
fn a_card_held_by_another_program_is_busy_and_hides_no_other() {
    let table = Table::new();
    let _held = table.insert(0, card_of("p01"));
    let _free = table.insert(2, card_of("p02"));
    let other = OtherProgram::connect(0, pcsc::ShareMode::Exclusive).unwrap();
    let mut readers = Readers::establish().unwrap();
    let look = look_until(&mut readers, |look| look.cards().count() == 1);
    assert_eq!(look.readers()[0].holds, Holds::Busy);
    assert_eq!(
        look.only_card().unwrap().reader_name(),
        look.readers()[2].name
    );
    drop(other);
    look_until(&mut readers, |look| look.cards().count() == 2);
}

#[test]
fn a_transaction_that_never_ends_hides_no_other_card() {
    let table = Table::new();
    let _held = table.insert(0, card_of("p01"));
    let _free = table.insert(2, card_of("p02"));
    let mut other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    let transaction = other.0.transaction().unwrap();
    let mut readers = Readers::establish().unwrap();
    let look = look_until(&mut readers, |look| look.cards().count() == 1);
    assert_eq!(look.readers()[0].holds, Holds::Busy);
    drop(transaction);
    look_until(&mut readers, |look| look.cards().count() == 2);
}

#[test]
fn a_card_once_known_stays_known_while_it_is_held() {
    let table = Table::new();
    let _card = table.insert(0, card_of("p01"));
    let mut readers = Readers::establish().unwrap();
    let before = look_until(&mut readers, |look| look.only_card().is_ok());
    let _other = OtherProgram::connect(0, pcsc::ShareMode::Exclusive).unwrap();
    assert_eq!(readers.look().unwrap(), before);
}

#[test]
fn coming_and_going_ends_the_wait() {
    let table = Table::new();
    let mut readers = Readers::establish().unwrap();
    readers.look().unwrap();
    assert_eq!(
        readers.wait_for_change(Duration::from_millis(50)),
        Ok(false)
    );
    let card = table.insert(0, card_of("p01"));
    assert_eq!(readers.wait_for_change(LONG), Ok(true));
    look_until(&mut readers, |look| look.only_card().is_ok());
    thread::scope(|scope| {
        scope.spawn(|| card.remove());
        assert_eq!(readers.wait_for_change(LONG), Ok(true));
    });
    look_until(&mut readers, |look| look.cards().next().is_none());
}

#[test]
fn a_wait_can_be_interrupted() {
    let _table = Table::new();
    let mut readers = Readers::establish().unwrap();
    readers.look().unwrap();
    let interrupter = readers.interrupter();
    thread::scope(|scope| {
        let waiting = scope.spawn(move || readers.wait_for_change(LONG));
        while !waiting.is_finished() {
            interrupter.interrupt();
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(waiting.join().unwrap(), Err(ReaderError::Interrupted));
    });
}

#[test]
fn a_service_that_ends_is_said_and_one_that_comes_back_is_found() {
    let mut table = Table::new();
    let _card = table.insert(0, card_of("p01"));
    let mut readers = Readers::establish().unwrap();
    look_until(&mut readers, |look| look.only_card().is_ok());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| readers.wait_for_change(LONG));
        table.pcscd.kill().unwrap();
        assert_eq!(waiting.join().unwrap(), Err(ReaderError::PcscNotRunning));
    });
    assert_eq!(readers.look(), Err(ReaderError::PcscNotRunning));
    assert_eq!(
        Readers::establish().map(drop),
        Err(ReaderError::PcscNotRunning)
    );
    table.pcscd.restart().unwrap();
    let mut readers = Readers::establish().unwrap();
    look_until(&mut readers, |look| look.only_card().is_ok());
}
