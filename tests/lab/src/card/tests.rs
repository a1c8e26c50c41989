//! The card through its commands.

use super::*;
use crate::pki;
use rsa::{Pkcs1v15Sign, RsaPublicKey, sha2::Sha256};
use sha2::{Digest as _, Sha512};

const SELECT_JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
const SELECT_SURFACE: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02";
const TRIES: &[u8] = b"\x00\x20\x00\x98";
const SIGN_TRIES: &[u8] = b"\x00\x20\x00\x9B";
/// A SHA-256 to sign under P1 02.
const SIGN_HASH: [u8; 38] = {
    let mut apdu = [0x5A; 38];
    (apdu[0], apdu[1], apdu[2], apdu[3], apdu[4], apdu[37]) = (0x80, 0x2A, 0x02, 0x97, 32, 0);
    apdu
};

fn personalisation() -> Personalisation {
    let pki = pki::shared().unwrap();
    Personalisation::of(pki, pki.person("p01").unwrap()).unwrap()
}

/// A card with power, past its first answer, and the application selected.
fn card() -> VirtualCard {
    ready(VirtualCard::new(personalisation()))
}

fn ready(mut card: VirtualCard) -> VirtualCard {
    card.power_on();
    assert_eq!(status(&mut card, &[0x00, 0xA4, 0x00, 0x00]), 0x6F00);
    assert_eq!(status(&mut card, SELECT_JPKI), 0x9000);
    card
}

fn send(card: &mut VirtualCard, apdu: &[u8]) -> (Vec<u8>, u16) {
    let mut answer = card.transmit(apdu).unwrap();
    let status = answer.split_off(answer.len() - 2);
    (answer, u16::from_be_bytes([status[0], status[1]]))
}

fn status(card: &mut VirtualCard, apdu: &[u8]) -> u16 {
    send(card, apdu).1
}

fn verify(card: &mut VirtualCard, pin: &str) -> u16 {
    status(card, &[b"\x00\x20\x00\x98\x04", pin.as_bytes()].concat())
}

fn verify_sign(card: &mut VirtualCard, pin: &str) -> u16 {
    let apdu = [b"\x00\x20\x00\x9B", &[pin.len() as u8][..], pin.as_bytes()].concat();
    status(card, &apdu)
}

fn read(card: &mut VirtualCard, offset: u16, le: u8) -> (Vec<u8>, u16) {
    let [high, low] = offset.to_be_bytes();
    send(card, &[0x00, 0xB0, high, low, le])
}

fn select(card: &mut VirtualCard, file: u8) -> u16 {
    status(card, &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, file])
}

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
fn signatures_verify_under_the_certified_keys() {
    let own = personalisation();
    let authentication = RsaPublicKey::from(&own.authentication.key);
    let signature_key = RsaPublicKey::from(&own.signature.as_ref().unwrap().key);
    let hash = Sha256::digest(b"message");
    let mut card = card();
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    assert_eq!(verify_sign(&mut card, "LAB001SIGN"), 0x9000);

    let sign = |card: &mut VirtualCard, p1: u8, p2: u8, data: &[u8]| {
        let apdu = [&[0x80, 0x2A, p1, p2, data.len() as u8], data, &[0]].concat();
        send(card, &apdu)
    };
    // 02: the card adds the DigestInfo; 03: it hashes as well; the same signature either way.
    let (wrapped, sw) = sign(&mut card, 0x02, 0x97, &hash);
    assert_eq!((wrapped.len(), sw), (256, 0x9000));
    authentication
        .verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &wrapped)
        .unwrap();
    assert_eq!(sign(&mut card, 0x03, 0x97, b"message").0, wrapped);

    // 00: whatever is given, such as a DigestInfo of SHA-512.
    let digest = Sha512::digest(b"message");
    let info = [
        b"\x30\x51\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40".as_slice(),
        &digest,
    ]
    .concat();
    let (verbatim, _) = sign(&mut card, 0x00, 0x97, &info);
    authentication
        .verify(Pkcs1v15Sign::new::<Sha512>(), &digest, &verbatim)
        .unwrap();
    // 01: a bare hash.
    let (bare, _) = sign(&mut card, 0x01, 0x97, b"message");
    authentication
        .verify(Pkcs1v15Sign::new_unprefixed(), &hash, &bare)
        .unwrap();

    let (document, _) = sign(&mut card, 0x02, 0x9A, &hash);
    signature_key
        .verify(Pkcs1v15Sign::new::<Sha256>(), &hash, &document)
        .unwrap();
}

#[test]
fn signing_refuses_what_it_cannot_sign() {
    let mut card = card();
    assert_eq!(status(&mut card, &SIGN_HASH), 0x6982);
    assert_eq!(verify_sign(&mut card, "LAB001SIGN"), 0x9000);
    assert_eq!(
        status(&mut card, &SIGN_HASH),
        0x6982,
        "the other PIN does not help"
    );
    assert_eq!(verify(&mut card, "1234"), 0x9000);
    let sign = |p1: u8, length: usize| {
        [
            &[0x80, 0x2A, p1, 0x97, length as u8],
            vec![1; length].as_slice(),
            &[0],
        ]
        .concat()
    };
    assert_eq!(status(&mut card, &sign(0x00, 245)), 0x9000);
    assert_eq!(status(&mut card, &sign(0x00, 246)), 0x6985);
    assert_eq!(status(&mut card, &sign(0x02, 31)), 0x6985);
    assert_eq!(status(&mut card, &sign(0x02, 33)), 0x6985);
    assert_eq!(status(&mut card, &sign(0x04, 32)), 0x6A86);
    assert_eq!(status(&mut card, &SIGN_HASH[..37]), 0x6700, "no Le");
    assert_eq!(status(&mut card, b"\x00\x2A\x00\x97\x01A\x00"), 0x6D00);
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
