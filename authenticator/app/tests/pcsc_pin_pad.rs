//! The PIN entered on the reader's PIN pad (PC/SC part 10): over CTAPHID and for the extension, with a pinentry for what windows
//! say, the real pcscd with a driver that has a pad, and a practice card.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;
mod terminal;

use std::time::{Duration, Instant};

use ciborium::Value;
use host::bench::{Bench, assert_signed_in, assert_vouched_for, forgot_the_pin, person, wrong_pin};
use host::security_key::client::{get_assertion, make_credential};
use host::security_key::{CANCEL, CBOR};
use host::windows::Desk;
use host::{ORIGIN, creation_options, request_options};
use jpki_lab::card::Event;
use jpki_lab::pinentry::ScriptedPinentry;
use serde_json::json;
use terminal::AtTerminal;

/// Less than the pad waits by itself.
const PROMPTLY: Duration = Duration::from_secs(20);

fn desk() -> Desk {
    Desk::of(Bench::with_pin_pad_and_card_of("p01"))
}

fn pin() -> &'static str {
    &person("p01").pin
}

/// Signatures that the card made.
fn signatures(bench: &Bench) -> usize {
    let signed = |name: &Option<String>| name.as_deref() == Some("SIGN");
    let log = bench.log(0);
    log.iter()
        .filter(|entry| entry.event == Event::Apdu && signed(&entry.name))
        .count()
}

#[test]
fn someone_registers_and_signs_in_by_entering_the_pin_on_the_pad() {
    let mut desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    assert_eq!(window.command, "CONFIRM --one-button");
    let text = window.description();
    for part in [
        "Site: example.jp",
        "on the card reader’s keypad",
        "3 tries left",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    desk.bench.enter_on_pad(pin());
    let registered = desk.client.answer();
    assert_eq!(registered.status, 0);
    assert!(registered.keepalives.contains(&2), "waits for the person");
    window.closed();
    desk.bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&desk.bench.log(0)));

    let verified = [("uv", Value::from(true))];
    desk.client.send(CBOR, &get_assertion(&[], &verified));
    let window = desk.pinentry.window();
    assert!(window.description().contains("Sign in"));
    desk.bench.enter_on_pad(pin());
    assert_eq!(desk.client.answer().status, 0);
    window.closed();
    let (status, log) = desk.key.end();
    assert!(status.success(), "{log}");
    assert!(!log.contains(pin()), "{log}");
}

#[test]
fn a_wrong_pin_and_too_few_digits_are_asked_for_again() {
    let mut desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    desk.bench.enter_on_pad(wrong_pin("p01"));
    window.closed();
    let window = desk.pinentry.window();
    assert!(window.description().contains("PIN was wrong"));
    assert!(window.description().contains("2 tries left"));
    desk.bench.waiting_pad().type_in("12").unwrap();
    window.closed();
    let window = desk.pinentry.window();
    assert!(window.description().contains("four digits"));
    assert!(window.description().contains("2 tries left"));
    desk.bench.enter_on_pad(pin());
    assert_eq!(desk.client.answer().status, 0);
    assert_eq!(desk.bench.tries(0), 3);
}

#[test]
fn the_last_try_needs_its_own_yes_before_the_pad_asks() {
    let mut desk = desk();
    desk.bench.set_tries(0, 1);
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    assert!(window.description().contains("This is the last try"));
    let pad = desk.bench.pcscd.pin_pad().unwrap();
    assert_eq!(pad.asks(), None);
    window.cancel();
    assert_eq!(desk.client.answer().status, 0x27);
    assert_eq!(pad.asks(), None);

    desk.client.send(CBOR, &make_credential(b"1"));
    desk.pinentry.window().ok();
    let window = desk.pinentry.window();
    assert!(window.description().contains("1 try left"));
    desk.bench.enter_on_pad(pin());
    assert_eq!(desk.client.answer().status, 0);
    assert_eq!(desk.bench.tries(0), 3);
}

#[test]
fn the_pads_own_cancel_and_its_patience_end_the_request() {
    let desk = desk();
    for press in [
        jpki_lab::pcscd::PinPad::cancel,
        jpki_lab::pcscd::PinPad::let_time_pass,
    ] {
        desk.client.send(CBOR, &make_credential(b"1"));
        let window = desk.pinentry.window();
        press(&desk.bench.waiting_pad()).unwrap();
        assert_eq!(desk.client.answer().status, 0x27);
        window.closed();
    }
    assert_eq!(desk.bench.tries(0), 3);
}

/// PC/SC cannot take the question back from the pad. The platform is answered at once all the same, and what is entered later
/// is good for nothing.
#[test]
fn cancel_is_answered_while_the_pad_waits_and_a_late_pin_signs_nothing() {
    let mut desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    desk.bench.waiting_pad();
    let begun = Instant::now();
    desk.client.send(CANCEL, &[]);
    assert_eq!(desk.client.answer().status, 0x2D);
    assert!(begun.elapsed() < PROMPTLY);
    window.closed();

    // The pad still waits: the next request finds the card busy, and does not wait either.
    let begun = Instant::now();
    assert_eq!(desk.client.ask(&make_credential(b"1")).status, 0x27);
    assert!(begun.elapsed() < PROMPTLY);
    assert!(desk.bench.pcscd.pin_pad().unwrap().asks().is_some());

    desk.bench.enter_on_pad(pin());
    desk.bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&desk.bench.log(0)));
    assert_eq!(signatures(&desk.bench), 0);

    // And then everything is as before.
    desk.client.send(CBOR, &make_credential(b"1"));
    desk.pinentry.window();
    desk.bench.enter_on_pad(pin());
    assert_eq!(desk.client.answer().status, 0);
}

#[test]
fn the_windows_cancel_ends_the_request_while_the_pad_waits() {
    let desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    let pad = desk.bench.waiting_pad();
    window.ok();
    assert_eq!(desk.client.answer().status, 0x27);
    pad.cancel().unwrap();
    desk.bench.wait_until_unpowered(0);
    assert_eq!(desk.bench.tries(0), 3);
}

#[test]
fn the_service_ends_while_the_pad_waits() {
    let desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    let pad = desk.bench.waiting_pad();
    let (status, log) = desk.key.end();
    assert!(status.success(), "{log}");
    window.closed();
    pad.cancel().unwrap();
}

/// Without a window nobody would say which site asks, and how many tries are left.
#[test]
fn a_pad_without_windows_verifies_nobody() {
    let mut bench = Bench::with_pin_pad_and_card_of("p01");
    let key = bench.computer.security_key(None);
    let client = key.connect();
    let info = client.ask(&[0x04]);
    let options = info.member(4).as_map().unwrap();
    assert!(!options.iter().any(|(name, _)| *name == "uv".into()));
    assert_eq!(client.ask(&make_credential(b"1")).status, 0x36);
    assert_eq!(bench.pcscd.pin_pad().unwrap().asks(), None);
    // The platform's PIN is another matter.
    bench.type_pin_elsewhere();
    assert!(client.pin_token(pin()).is_ok());
}

#[test]
fn where_the_pad_takes_no_such_pin_it_is_typed() {
    let mut desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    desk.bench.waiting_pad().lie(&[0x6B, 0x80]).unwrap();
    window.closed();
    let window = desk.pinentry.window();
    assert_eq!(window.command, "GETPIN");
    assert!(window.text("SETERROR").contains("No try was used up"));
    assert!(window.text("SETERROR").ends_with("Code: JPKI-pad-unusable"));
    desk.bench.type_pin_elsewhere();
    window.type_in(pin());
    assert_eq!(desk.client.answer().status, 0);
}

/// The program has ended by then, and cannot let go of the card itself any more.
#[test]
fn a_pin_that_the_pad_takes_after_the_program_has_ended_leaves_no_open_card() {
    let mut bench = Bench::with_pin_pad_and_card_of("p01");
    let pinentry = ScriptedPinentry::new().unwrap();
    bench.computer.has_desktop(&pinentry);
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    host.answer(&prompt, "approve", json!({}));
    host.pin_window();
    let window = pinentry.window();
    bench.waiting_pad();
    host.send(json!({"type": "cancel"}));
    assert_eq!(host.error().0, "cancelled");
    window.closed();
    host.end();
    assert!(bench.pcscd.pin_pad().unwrap().asks().is_some());
    assert!(lets_go(&bench), "another process waits for the pad");

    bench.enter_on_pad(pin());
    bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&bench.log(0)));
    assert_eq!(signatures(&bench), 0);
    let begun = Instant::now();
    while lets_go(&bench) {
        assert!(begun.elapsed() < PROMPTLY, "it ends");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether a process of this computer waits for a pad in place of one that has ended.
fn lets_go(bench: &Bench) -> bool {
    let socket = bench.pcscd.socket().into_os_string().into_encoded_bytes();
    let holds = |file: std::path::PathBuf, part: &[u8]| {
        let content = std::fs::read(file).unwrap_or_default();
        content.windows(part.len()).any(|window| window == part)
    };
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes.map(|process| process.path()).any(|process| {
        holds(process.join("cmdline"), b"\0let-go\0") && holds(process.join("environ"), &socket)
    })
}

#[test]
fn the_extension_too_leaves_the_pin_to_the_pad() {
    let mut bench = Bench::with_pin_pad_and_card_of("p01");
    let pinentry = ScriptedPinentry::new().unwrap();
    bench.computer.has_desktop(&pinentry);

    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    assert_eq!(prompt["pin"]["entry"], "native");
    host.answer(&prompt, "approve", json!({"disclose": true}));
    host.pin_window();
    let window = pinentry.window();
    let text = window.description();
    assert!(text.contains("Your certificate is shown") && text.contains("keypad"));
    bench.enter_on_pad(pin());
    host.progress();
    let registered = host.result();
    assert_vouched_for(&registered, "p01");
    window.closed();
    let log = host.end().log;
    assert!(!log.contains(pin()), "{log}");

    let mut host = bench.computer.get(ORIGIN, request_options());
    let prompt = host.prompt("sign-in");
    host.answer(&prompt, "approve", json!({}));
    host.pin_window();
    let window = pinentry.window();
    bench.enter_on_pad(wrong_pin("p01"));
    window.closed();
    host.progress();
    host.pin_window();
    let window = pinentry.window();
    assert!(window.description().contains("PIN was wrong"));
    bench.enter_on_pad(pin());
    host.progress();
    assert_signed_in(&registered, &host.result());
    window.closed();
    bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&bench.log(0)));
}

#[test]
fn a_ceremony_of_the_extension_ends_at_once_while_the_pad_waits() {
    let mut bench = Bench::with_pin_pad_and_card_of("p01");
    let pinentry = ScriptedPinentry::new().unwrap();
    bench.computer.has_desktop(&pinentry);
    let waiting = |bench: &Bench| {
        let mut host = bench.computer.create(ORIGIN, creation_options());
        let prompt = host.prompt("register");
        host.answer(&prompt, "approve", json!({}));
        host.pin_window();
        (host, pinentry.window(), bench.waiting_pad())
    };
    let (mut host, window, pad) = waiting(&bench);
    window.ok();
    let cancelled = ("cancelled".to_owned(), "NotAllowedError".to_owned());
    assert_eq!(host.error(), cancelled);
    pad.cancel().unwrap();
    bench.wait_until_unpowered(0);

    let (mut host, window, pad) = waiting(&bench);
    host.send(json!({"type": "cancel"}));
    assert_eq!(host.error(), cancelled);
    window.closed();
    pad.cancel().unwrap();
    bench.wait_until_unpowered(0);
    assert_eq!(bench.tries(0), 3);
}

#[test]
fn the_terminal_too_leaves_the_pin_to_the_pad() {
    let mut bench = Bench::with_pin_pad_and_card_of("p01");
    // The extension's prompt takes it where there is no window.
    bench.register("p01", creation_options(), false);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup.age").display().to_string();
    let mut terminal = AtTerminal::run(&bench.computer, &["backup", &path]);
    let passphrase = "Pferd battery 7 korrekt";
    terminal.shows("Passphrase: ").types(passphrase);
    terminal.shows("The same again: ").types(passphrase);
    terminal.shows("(4 digits, 3 tries left) on the keypad of Virtual PCD 00 00, not here.");
    bench.enter_on_pad(wrong_pin("p01"));
    terminal.shows("That PIN was wrong.");
    terminal.shows("2 tries left");
    bench.waiting_pad();
    terminal.types("not the 7391 pad");
    bench.enter_on_pad(pin());
    let (succeeded, shown) = terminal.ends();
    assert!(succeeded, "{shown}");
    assert!(!shown.contains("7391"), "echoed: {shown}");
    assert!(!shown.contains(pin()), "{shown}");
    bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&bench.log(0)));
}

#[test]
fn the_doctor_knows_the_pad() {
    let bench = Bench::with_pin_pad_and_card_of("p01");
    let report = bench.computer.program().arg("doctor").output().unwrap();
    let report = String::from_utf8(report.stdout).unwrap();
    let line = "Reader’s keypad     there; the PIN is entered on it";
    assert!(report.contains(line), "{report}");
}
