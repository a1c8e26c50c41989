//! `card` and `doctor` with the real pcscd and virtual cards: what a person reads, and that no PIN is ever presented.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)] // Outside the test functions too.

mod host;

use std::cell::Cell;
use std::process::Command;
use std::time::Duration;

use jpki_lab::card::{Event, Personalisation, PinId, Token, VirtualCard};
use jpki_lab::pcscd::{PrivatePcscd, SOCKET_VARIABLE};
use jpki_lab::pki;
use jpki_lab::vpcd::{Attachment, Pace};

/// Ample: nothing takes this long unless it hangs.
const PATIENCE: Duration = Duration::from_secs(30);

struct Computer {
    pcscd: PrivatePcscd,
    home: tempfile::TempDir,
    cards: Cell<usize>,
}

impl Computer {
    fn new() -> Computer {
        let pcscd = PrivatePcscd::start(2).unwrap();
        let home = tempfile::tempdir().unwrap();
        let cards = Cell::new(0);
        Computer { pcscd, home, cards }
    }

    /// Puts a My Number Card into a slot, and waits until programs see it.
    fn insert(&self, slot: usize, card: VirtualCard) -> Attachment {
        let attachment = self.insert_foreign(slot, card);
        self.cards.update(|cards| cards + 1);
        let computer = host::Computer::with_pcscd(&self.pcscd.socket());
        host::bench::wait_until_seen(&computer, self.cards.get());
        attachment
    }

    fn insert_foreign(&self, slot: usize, card: VirtualCard) -> Attachment {
        let attachment = Attachment::new(card, self.pcscd.slots()[slot], Pace::default());
        assert!(attachment.wait_until_noticed(PATIENCE));
        attachment
    }

    /// Success, standard output, standard error.
    fn run(&self, command: &str, language: &str) -> (bool, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_jpki-authenticator"))
            .arg(command)
            .env_clear()
            .env("HOME", self.home.path())
            .env("LANG", language)
            .env(SOCKET_VARIABLE, self.pcscd.socket())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    }
}

fn personalisation(person: &str) -> Personalisation {
    let pki = pki::shared().unwrap();
    Personalisation::of(pki, pki.person(person).unwrap()).unwrap()
}

fn card_of(person: &str) -> VirtualCard {
    VirtualCard::new(personalisation(person))
}

/// The last day of a person's certificate: year, month, day in Japan.
fn last_day(person: &str) -> (i32, u8, u8) {
    let not_after = pki::shared()
        .unwrap()
        .person(person)
        .unwrap()
        .authentication
        .not_after;
    let day = time::OffsetDateTime::from_unix_timestamp(not_after).unwrap();
    let day = day.to_offset(time::macros::offset!(+9));
    (day.year(), day.month().into(), day.day())
}

fn assert_no_pin_was_presented(card: &Attachment) {
    card.with_card(|card| {
        let entries = card.log().entries();
        assert!(entries.iter().any(|entry| entry.event == Event::Apdu));
        assert!(entries.iter().all(|entry| entry.pin_try != Some(true)));
    });
}

#[test]
fn a_card_is_shown_in_english_and_japanese() {
    let computer = Computer::new();
    let card = computer.insert(0, card_of("p01"));
    let (year, month, day) = last_day("p01");

    let (succeeded, out, err) = computer.run("card", "C");
    assert!(succeeded, "{err}");
    let expected = format!(
        "Reader       Virtual PCD 00 00\n\
         Card         My Number Card\n\
         PIN          3 tries left\n\
         Certificate  valid until {year}-{month:02}-{day:02}\n"
    );
    assert_eq!(out, expected);

    let (succeeded, out, _) = computer.run("card", "ja_JP.UTF-8");
    assert!(succeeded);
    let expected = format!(
        "リーダー    Virtual PCD 00 00\n\
         カード      マイナンバーカード\n\
         暗証番号    残り3回\n\
         電子証明書  {year}年{month}月{day}日まで有効\n"
    );
    assert_eq!(out, expected);
    assert_no_pin_was_presented(&card);
}

#[test]
fn what_the_holder_should_know_comes_with_what_to_do() {
    let computer = Computer::new();
    let card = computer.insert(0, card_of("p04"));
    card.with_card(|card| card.set_tries(PinId::Authentication, 0))
        .unwrap();
    let (succeeded, out, _) = computer.run("card", "C");
    assert!(!succeeded, "a card that cannot be used");
    let (year, month, day) = last_day("p04");
    assert!(out.contains("PIN          locked\n"), "{out}");
    assert!(
        out.contains("The user authentication PIN is locked.\n→ Your municipal office resets it"),
        "{out}"
    );
    assert!(
        out.contains(&format!(
            "certificate expired on {year}-{month:02}-{day:02}.\n→ The municipal office"
        )),
        "{out}"
    );
    for code in ["JPKI-pin-locked", "JPKI-certificate-expired"] {
        assert!(out.contains(&format!("\n  Code: {code}\n")), "{out}");
    }

    card.with_card(|card| card.set_tries(PinId::Authentication, 1))
        .unwrap();
    let (_, out, _) = computer.run("card", "ja_JP.UTF-8");
    assert!(
        out.contains("残り1回です。間違えるとロックされます。\n→ "),
        "{out}"
    );
    assert!(out.contains("\n  コード: JPKI-last-try\n"), "{out}");
    assert_no_pin_was_presented(&card);
}

#[test]
fn a_phone_and_a_second_card_are_shown_as_well() {
    let computer = Computer::new();
    let phone = Personalisation {
        token: Token::Android,
        ..personalisation("p02")
    };
    let phone = computer.insert(0, VirtualCard::new(phone));
    let _card = computer.insert(1, card_of("p01"));
    let (succeeded, out, _) = computer.run("card", "C");
    assert!(succeeded);
    assert!(out.contains("Card    Android phone"), "{out}");
    assert!(out.contains("→ Phones are not supported yet"), "{out}");
    assert!(out.contains("Code: JPKI-phone\n"), "{out}");
    assert!(out.contains("Reader       Virtual PCD 00 01\n"), "{out}");
    assert_no_pin_was_presented(&phone);
}

#[test]
fn without_a_card_the_reason_is_said() {
    let mut computer = Computer::new();
    let (succeeded, out, err) = computer.run("card", "C");
    assert!(!succeeded && out.is_empty());
    assert!(
        err.starts_with("There is no card in any reader.\n→ Take the card out of its case"),
        "{err}"
    );
    assert!(err.ends_with("\n  Code: JPKI-no-card\n"), "{err}");

    let foreign = computer.insert_foreign(0, VirtualCard::foreign());
    // pcscd powers a card up a moment before it tells of it.
    let err = (0..100)
        .map(|_| computer.run("card", "C").2)
        .find(|err| !err.starts_with("There is no card in any reader."))
        .unwrap();
    assert!(
        err.starts_with("This is not a My Number Card.\n→ "),
        "{err}"
    );
    assert!(err.ends_with("Code: JPKI-other-card\n"), "{err}");
    drop(foreign);

    let mut badly_laid = card_of("p01");
    badly_laid.lie_badly(true);
    let mute = computer.insert_foreign(1, badly_laid);
    let err = (0..100)
        .map(|_| computer.run("card", "C").2)
        .find(|err| err.ends_with("Code: JPKI-card-mute\n"))
        .unwrap();
    assert!(
        err.starts_with("The card does not respond.\n→ Turn it over"),
        "{err}"
    );
    drop(mute);

    computer.pcscd.kill().unwrap();
    let (succeeded, _, err) = computer.run("card", "ja_JP.UTF-8");
    assert!(!succeeded);
    assert!(
        err.starts_with("スマートカードサービス(pcscd)が動いていません。\n→ "),
        "{err}"
    );
    assert!(err.ends_with("コード: JPKI-pcsc-not-running\n"), "{err}");
}

#[test]
fn the_doctor_follows_the_way_to_the_card() {
    let computer = Computer::new();
    let (_, out, _) = computer.run("doctor", "C");
    assert!(
        out.contains("[ok  ] Smart card service  answers, through /"),
        "{out}"
    );
    assert!(
        out.contains("[ok  ] Card readers        Virtual PCD 00 00, Virtual PCD 00 01"),
        "{out}"
    );
    assert!(
        out.contains("[FAIL] Card                There is no card in any reader."),
        "{out}"
    );

    let card = computer.insert(0, card_of("p01"));
    let (_, out, _) = computer.run("doctor", "C");
    assert!(
        out.contains("[ok  ] Card                My Number Card (Virtual PCD 00 00)"),
        "{out}"
    );
    assert!(
        out.contains("[ok  ] Reader’s keypad     none; the PIN is typed on this computer"),
        "{out}"
    );
    assert!(
        out.contains("[ok  ] PIN                 3 tries left"),
        "{out}"
    );
    assert!(
        out.contains("[ok  ] Certificate         valid until "),
        "{out}"
    );

    card.with_card(|card| card.set_tries(PinId::Authentication, 2))
        .unwrap();
    let (_, out, _) = computer.run("doctor", "C");
    assert!(
        out.contains("[note] PIN                 2 PIN tries are left."),
        "{out}"
    );
    assert!(out.contains("Code: JPKI-few-tries\n"), "{out}");
    assert_no_pin_was_presented(&card);
}

#[test]
fn the_doctor_fails_an_expired_card_and_a_locked_pin() {
    let computer = Computer::new();
    let card = computer.insert(0, card_of("p03"));
    card.with_card(|card| card.set_tries(PinId::Authentication, 0))
        .unwrap();
    let (succeeded, out, _) = computer.run("doctor", "C");
    assert!(!succeeded);
    assert!(
        out.contains("[FAIL] PIN                 The user authentication PIN is locked."),
        "{out}"
    );
    assert!(
        out.contains("[FAIL] Certificate         The card’s certificate expired on"),
        "{out}"
    );
    assert_no_pin_was_presented(&card);
}

#[test]
fn whatever_goes_wrong_at_a_command_of_the_card_is_told() {
    let computer = Computer::new();
    let card = computer.insert(0, card_of("p01"));
    let mut told = std::collections::BTreeSet::new();
    let mut run_with = |faults: &[String]| {
        for fault in faults {
            card.with_card(|card| card.add_fault(fault.parse().unwrap()));
        }
        let (_, out, err) = computer.run("card", "C");
        told.extend(codes(&(out + &err)).map(str::to_owned));
        card.with_card(VirtualCard::clear_faults);
    };
    for number in 1..=12 {
        for kind in ["answer 6A80", "answer 9000", "corrupt"] {
            run_with(&[format!("{kind} {number}")]);
        }
        // What a card answers that was just powered up; the second time it says nothing about which card it is.
        run_with(&[number, number + 1].map(|number| format!("answer 6F00 {number}")));
    }
    // While the certificate is read; then it is gone.
    run_with(&["before 6".to_owned()]);
    card.insert();
    assert!(card.wait_until_noticed(PATIENCE));
    for code in [
        "JPKI-card-unsupported",
        "JPKI-card-failed",
        "JPKI-card-mute",
        "JPKI-card-removed",
        "JPKI-tries-unknown",
    ] {
        assert!(told.contains(code), "{code} is not among {told:?}");
    }
    assert_no_pin_was_presented(&card);
}

/// The codes in what a command says.
fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("Code: "))
}

#[test]
fn a_card_without_a_certificate_of_use_is_told() {
    for (certificate, code) in [
        (vec![], "JPKI-no-certificate"),
        (
            vec![0x30, 0x03, 0x02, 0x01, 0x01],
            "JPKI-certificate-unusable",
        ),
    ] {
        let computer = Computer::new();
        let mut made = personalisation("p01");
        made.authentication.certificate = certificate;
        let _card = computer.insert(0, VirtualCard::new(made));
        let (succeeded, out, err) = computer.run("card", "C");
        let told = out + &err;
        assert!(
            !succeeded && codes(&told).any(|said| said == code),
            "{told}"
        );
    }
}

#[test]
fn a_reader_that_goes_while_the_card_is_read_is_told() {
    let mut bench = host::bench::Bench::unpluggable(1);
    bench.insert(0, card_of("p01"));
    let before = "stall 6".parse().unwrap();
    bench.card(0).with_card(|card| card.add_fault(before));
    let mut program = bench.computer.program();
    program.arg("card").env("LANG", "C");
    let running = std::thread::spawn(move || program.output().unwrap());
    assert!(bench.card(0).wait_until_stalled(PATIENCE));
    bench.pcscd.unplug().unwrap();
    bench.card(0).with_card(VirtualCard::go_on);
    let output = running.join().unwrap();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(
        codes(&told).any(|code| code == "JPKI-reader-removed"),
        "{told}"
    );
    let program = bench.computer.program().arg("card").output().unwrap();
    let told = String::from_utf8(program.stderr).unwrap();
    assert!(codes(&told).any(|code| code == "JPKI-no-reader"), "{told}");
}

/// What the service answers to a program that it refuses, or when it fails: the words of pcsc-lite's protocol (`winscard_msg.h`).
#[test]
fn a_service_that_refuses_or_fails_is_told() {
    const NOT_ALLOWED: u32 = 0x8010_006A;
    const INTERNAL_ERROR: u32 = 0x8010_0001;
    for (answer, code) in [
        (NOT_ALLOWED, "JPKI-pcsc-not-allowed"),
        (INTERNAL_ERROR, "JPKI-pcsc-failed"),
    ] {
        let home = tempfile::tempdir().unwrap();
        let socket = home.path().join("pcscd");
        let listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                // A header of eight bytes; then major and minor version of the protocol, and room for the answer.
                let mut asked = [0; 20];
                if std::io::Read::read_exact(&mut connection, &mut asked).is_ok() {
                    let said = [&asked[8..16], &answer.to_ne_bytes()].concat();
                    let _ = std::io::Write::write_all(&mut connection, &said);
                }
            }
        });
        let output = Command::new(env!("CARGO_BIN_EXE_jpki-authenticator"))
            .arg("card")
            .env_clear()
            .env("HOME", home.path())
            .env(SOCKET_VARIABLE, &socket)
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(codes(&told).any(|said| said == code), "{told}");
    }
}
