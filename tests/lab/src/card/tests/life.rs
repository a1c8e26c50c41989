//! Power, presence, faults, the log.

use super::*;

#[test]
fn the_first_command_after_power_up_is_answered_6f00_and_only_that() {
    let mut card = VirtualCard::new(personalisation());
    card.power_on();
    assert_eq!(status(&mut card, SELECT_JPKI), 0x6F00);
    assert_eq!(status(&mut card, SELECT_JPKI), 0x9000);
    card.reset();
    assert_eq!(status(&mut card, SELECT_JPKI), 0x9000);
    card.power_off();
    card.power_on();
    assert_eq!(status(&mut card, SELECT_JPKI), 0x6F00);
}

#[test]
fn a_card_without_power_or_outside_the_reader_does_not_answer() {
    let mut card = VirtualCard::new(personalisation());
    assert_eq!(card.transmit(SELECT_JPKI), Err(NoAnswer::Unpowered));
    card.power_on();
    card.remove();
    assert_eq!(card.transmit(SELECT_JPKI), Err(NoAnswer::Absent));
    card.power_on();
    assert_eq!(card.transmit(SELECT_JPKI), Err(NoAnswer::Absent));
    card.insert();
    assert_eq!(card.transmit(SELECT_JPKI), Err(NoAnswer::Unpowered));
}

#[test]
fn a_card_can_vanish_before_during_and_after_a_command() {
    let mut card = card();
    card.add_fault("before 1".parse().unwrap());
    assert_eq!(
        card.transmit(b"\x00\x20\x00\x98\x040000"),
        Err(NoAnswer::Absent)
    );
    assert!(!card.is_present());
    assert_eq!(card.tries(PinId::Authentication), 3);

    card.insert();
    let mut card = ready(card);
    card.add_fault("during 2".parse().unwrap());
    assert_eq!(status(&mut card, TRIES), 0x63C3);
    assert_eq!(
        card.transmit(b"\x00\x20\x00\x98\x040000"),
        Err(NoAnswer::Absent)
    );
    assert_eq!(card.tries(PinId::Authentication), 2);

    card.insert();
    let mut card = ready(card);
    card.add_fault("after 1".parse().unwrap());
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert!(!card.is_present());
    card.insert();
    let mut card = ready(card);
    assert_eq!(
        status(&mut card, &SIGN_HASH),
        0x6982,
        "vanishing is power-down"
    );
}

#[test]
fn a_card_can_answer_anything_or_wrongly() {
    let mut card = card();
    card.add_fault("answer 6F00 1".parse().unwrap());
    card.add_fault("corrupt 4".parse().unwrap());
    assert_eq!(verify(&mut card, "0000"), 0x6F00);
    assert_eq!(card.tries(PinId::Authentication), 3, "it did nothing");
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    let (right, _) = send(&mut card, &SIGN_HASH);
    let (wrong, sw) = send(&mut card, &SIGN_HASH);
    assert_eq!(sw, 0x9000);
    assert_ne!(right, wrong);
    card.add_fault("answer 6F00 1".parse().unwrap());
    card.clear_faults();
    assert_eq!(send(&mut card, &SIGN_HASH).0, right);
}

#[test]
fn the_log_tells_every_command_and_no_pin() {
    let mut card = card();
    verify(&mut card, "4711");
    status(&mut card, TRIES);
    verify(&mut card, "1234");
    status(&mut card, b"\x00\x24\x01\x98\x045678");
    card.remove();
    let log: Vec<String> = card
        .log()
        .entries()
        .iter()
        .map(|entry| {
            let Entry {
                event,
                name,
                sw,
                pin_try,
                ..
            } = entry;
            match (name, sw, pin_try) {
                (Some(name), Some(sw), Some(true)) => format!("{name} {sw}, a try"),
                (Some(name), Some(sw), Some(false)) => format!("{name} {sw}"),
                _ => format!("{event:?}"),
            }
        })
        .collect();
    assert_eq!(
        log,
        [
            "PowerOn",
            "SELECT 6F00",
            "SELECT 9000",
            "VERIFY 63C2, a try",
            "GET TRIES 63C2",
            "VERIFY 9000, a try",
            "CHANGE PIN 9000",
            "Remove",
        ]
    );
    let text = serde_json::to_string(card.log().entries()).unwrap();
    for pin in [
        "4711",
        "1234",
        "5678",
        "34 37 31 31",
        "31 32 33 34",
        "35 36 37 38",
    ] {
        assert!(!text.contains(pin), "{pin} is in the log");
    }
}

#[test]
fn the_log_file_has_a_json_object_a_line_and_is_appended_to() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.log");
    for _ in 0..2 {
        let mut card = VirtualCard::new(personalisation());
        card.set_log(Log::to_file(&path).unwrap());
        verify(&mut ready(card), "1234");
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let entries: Vec<Entry> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(entries.len(), 8);
    assert_eq!(
        entries.iter().filter(|e| e.pin_try == Some(true)).count(),
        2
    );
    assert!(text.contains(r#""event":"power-on""#));
    assert!(text.contains("00 20 00 98 04 ** ** ** **"));
}

#[test]
fn a_foreign_card_has_no_jpki_application() {
    let mut card = VirtualCard::foreign();
    card.power_on();
    status(&mut card, SELECT_JPKI);
    assert_eq!(status(&mut card, SELECT_JPKI), 0x6A82);
    assert_eq!(status(&mut card, TRIES), 0x6A88);
}

#[test]
fn another_card_in_the_same_reader_starts_afresh_in_the_same_log() {
    let pki = pki::shared().unwrap();
    let mut card = card();
    verify(&mut card, "1234");
    let other = Personalisation::of(pki, pki.person("p02").unwrap()).unwrap();
    card.exchange(VirtualCard::new(other));
    let mut card = ready(card);
    assert_eq!(status(&mut card, &SIGN_HASH), 0x6982);
    assert_eq!(verify(&mut card, "1234"), 0x63C2);
    assert_eq!(verify(&mut card, "2345"), 0x9000);
    let events: Vec<Event> = card.log().entries().iter().map(|e| e.event).collect();
    assert!(
        events
            .windows(3)
            .any(|w| w == [Event::Remove, Event::Insert, Event::PowerOn])
    );
}

#[test]
fn what_the_card_does_not_know_it_says() {
    let mut card = card();
    assert_eq!(
        status(&mut card, &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x1E]),
        0x6A82
    );
    assert_eq!(
        status(&mut card, &[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00]),
        0x6A82
    );
    assert_eq!(
        status(&mut card, &[0x00, 0xA4, 0x00, 0x00]),
        0x9000,
        "and does nothing"
    );
    assert_eq!(status(&mut card, TRIES), 0x63C3);
    assert_eq!(status(&mut card, &[0x00, 0xCA, 0x00, 0x00, 0x00]), 0x6D00);
    assert_eq!(status(&mut card, &[0x01, 0xB0, 0x8A, 0x00, 0x00]), 0x6881);
    assert_eq!(status(&mut card, &[0x08, 0xB0, 0x8A, 0x00, 0x00]), 0x69FC);
    assert_eq!(status(&mut card, &[0xB0, 0xB0, 0x8A, 0x00, 0x00]), 0x6E00);
    assert_eq!(read(&mut card, 0, 0).1, 0x6986);
}

#[test]
fn a_card_can_be_read_from_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    pki::shared().unwrap().write_to(folder.path()).unwrap();
    let read = Personalisation::read_from(folder.path(), "p01").unwrap();
    let expected = personalisation();
    assert_eq!(
        read.authentication.certificate,
        expected.authentication.certificate
    );
    assert_eq!(
        read.authentication.ca_certificate,
        expected.authentication.ca_certificate
    );
    assert_eq!(read.authentication.key, expected.authentication.key);
    assert_eq!(read.signature.unwrap().pin, "LAB001SIGN");
    let error = Personalisation::read_from(folder.path(), "p99").unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no person p99 in this hierarchy, only p01, p02, p03, p04, p05, p06"
    );
}
