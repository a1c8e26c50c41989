//! PINs and their counters.

use super::*;

#[test]
fn asking_for_the_tries_costs_nothing_and_says_so_even_when_verified() {
    let mut card = card();
    for _ in 0..5 {
        assert_eq!(status(&mut card, TRIES), 0x63C3);
    }
    assert_eq!(status(&mut card, SIGN_TRIES), 0x63C5);
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(status(&mut card, TRIES), 0x63C3);
    assert_eq!(
        status(&mut card, &SIGN_HASH),
        0x9000,
        "asking does not end it"
    );
}

#[test]
fn wrong_pins_count_down_a_right_one_counts_up_and_a_locked_one_stays_locked() {
    let mut card = card();
    assert_eq!(verify(&mut card, "0000"), 0x63C2);
    assert_eq!(verify(&mut card, "0000"), 0x63C1);
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(status(&mut card, TRIES), 0x63C3);
    for left in [0x63C2, 0x63C1, 0x63C0] {
        assert_eq!(verify(&mut card, "9999"), left);
    }
    assert_eq!(
        verify(&mut card, "1234"),
        0x6984,
        "the right PIN comes too late"
    );
    assert_eq!(status(&mut card, TRIES), 0x63C0);
    assert_eq!(status(&mut card, &SIGN_HASH), 0x6982);
    assert_eq!(
        status(&mut card, SIGN_TRIES),
        0x63C5,
        "the other PIN is another matter"
    );
    card.power_off();
    let mut card = ready(card);
    assert_eq!(verify(&mut card, "1234"), 0x6984);
}

#[test]
fn a_pin_of_the_wrong_length_costs_a_try() {
    let mut card = card();
    assert_eq!(status(&mut card, b"\x00\x20\x00\x98\x051234 "), 0x63C2);
    assert_eq!(status(&mut card, b"\x00\x20\x00\x98\x0312\x33"), 0x63C1);
}

#[test]
fn a_wrong_pin_ends_what_a_right_one_began() {
    let mut card = card();
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(verify(&mut card, "4321"), 0x63C2);
    assert_eq!(status(&mut card, &SIGN_HASH), 0x6982);
}

#[test]
fn verification_outlives_a_reset_but_not_power_down_or_another_application() {
    let mut card = card();
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    card.reset();
    assert_eq!(status(&mut card, &SIGN_HASH), 0x9000);
    assert_eq!(status(&mut card, SELECT_JPKI), 0x9000);
    assert_eq!(
        status(&mut card, &SIGN_HASH),
        0x9000,
        "the same application again"
    );
    assert_eq!(status(&mut card, b"\x00\xA4\x04\x0C\x02\xA0\x00"), 0x6A82);
    assert_eq!(
        status(&mut card, &SIGN_HASH),
        0x9000,
        "an application that is not there"
    );

    assert_eq!(status(&mut card, SELECT_SURFACE), 0x9000);
    assert_eq!(status(&mut card, &SIGN_HASH), 0x6A88);
    assert_eq!(status(&mut card, SELECT_JPKI), 0x9000);
    assert_eq!(status(&mut card, &SIGN_HASH), 0x6982);

    assert_eq!(verify(&mut card, "1234"), 0x9000);
    card.power_off();
    let mut card = ready(card);
    assert_eq!(status(&mut card, &SIGN_HASH), 0x6982);
}

#[test]
fn pins_and_keys_can_be_selected_first_or_named_in_p2() {
    let mut card = card();
    assert_eq!(
        status(&mut card, b"\x00\x20\x00\x80"),
        0x6986,
        "no file is current"
    );
    select(&mut card, 0x18);
    assert_eq!(status(&mut card, b"\x00\x20\x00\x80\x041234"), 0x9000);
    assert_eq!(
        status(&mut card, b"\x80\x2A\x00\x80\x01A\x00"),
        0x6981,
        "a PIN is not a key"
    );
    select(&mut card, 0x17);
    assert_eq!(status(&mut card, b"\x80\x2A\x00\x80\x01A\x00"), 0x9000);
    assert_eq!(
        status(&mut card, b"\x00\x20\x00\x80"),
        0x6981,
        "a key is not a PIN"
    );
    assert_eq!(status(&mut card, b"\x00\x20\x00\x97"), 0x6981);
    assert_eq!(status(&mut card, b"\x00\x20\x01\x98"), 0x6A86);
    assert_eq!(status(&mut card, b"\x00\x20\x00\x18"), 0x6A86);
}

#[test]
fn a_changed_pin_is_the_pin() {
    let mut card = card();
    let change = b"\x00\x24\x01\x98\x045678";
    assert_eq!(status(&mut card, change), 0x6982);
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(status(&mut card, b"\x00\x24\x01\x98\x04567A"), 0x6A80);
    assert_eq!(status(&mut card, b"\x00\x24\x01\x98\x0556789"), 0x6A80);
    assert_eq!(status(&mut card, b"\x00\x24\x00\x98\x0812345678"), 0x6A86);
    assert_eq!(status(&mut card, change), 0x9000);
    assert_eq!(verify(&mut card, "1234"), 0x63C2);
    assert_eq!(verify(&mut card, "5678"), 0x9000);
}

#[test]
fn counters_survive_a_restart_even_one_in_the_middle_of_a_command() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let open = || {
        let (memory, pins) = FileMemory::open(&path).unwrap();
        ready(VirtualCard::with_memory(
            personalisation(),
            pins,
            Box::new(memory),
        ))
    };
    assert_eq!(verify(&mut open(), "0000"), 0x63C2);
    assert_eq!(status(&mut open(), TRIES), 0x63C2);

    // The try is spent although nobody heard the answer.
    let mut card = open();
    card.add_fault("during 1".parse().unwrap());
    assert_eq!(
        card.transmit(b"\x00\x20\x00\x98\x040000"),
        Err(NoAnswer::Absent)
    );
    assert_eq!(status(&mut open(), TRIES), 0x63C1);

    assert_eq!(verify(&mut open(), "1234"), 0x9000);
    assert_eq!(status(&mut open(), TRIES), 0x63C3);
}

/// Fails to write, or asserts what is written in the order of the writes.
struct Watched {
    writes: Vec<u8>,
    fail: bool,
}

impl Memory for std::sync::Arc<std::sync::Mutex<Watched>> {
    fn write(&mut self, pins: &PinMemory) -> std::io::Result<()> {
        let mut watched = self.lock().unwrap();
        if watched.fail {
            return Err(std::io::Error::other("worn out"));
        }
        watched.writes.push(pins.authentication.tries);
        Ok(())
    }
}

#[test]
fn the_try_is_spent_before_the_pin_is_compared() {
    let watched = std::sync::Arc::new(std::sync::Mutex::new(Watched {
        writes: vec![],
        fail: false,
    }));
    let memory = Box::new(watched.clone());
    let mut card = ready(VirtualCard::with_memory(
        personalisation(),
        PinMemory::default(),
        memory,
    ));
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(
        watched.lock().unwrap().writes,
        [2, 3],
        "down, and up again when it was right"
    );
    watched.lock().unwrap().fail = true;
    assert_eq!(
        verify(&mut card, "0000"),
        0x6581,
        "no answer about a PIN without its try"
    );
    assert_eq!(verify(&mut card, "1234"), 0x6581);
}

#[test]
fn tries_can_be_set_for_practice() {
    let mut card = card();
    card.set_tries(PinId::Authentication, 1).unwrap();
    assert_eq!(status(&mut card, TRIES), 0x63C1);
    card.set_tries(PinId::Authentication, 0).unwrap();
    assert_eq!(verify(&mut card, "1234"), 0x6984);
    card.set_tries(PinId::Authentication, 9).unwrap();
    assert_eq!(
        status(&mut card, TRIES),
        0x63C3,
        "never more than a real card has"
    );
}
