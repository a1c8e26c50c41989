//! The program as a security key that asks in windows of the system: a pinentry, CTAPHID over UDP, the real pcscd, a practice card.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use ciborium::Value;
use host::bench::{Bench, person, wrong_pin};
use host::security_key::client::{Answer, get_assertion, make_credential};
use host::security_key::{CANCEL, CBOR};
use host::windows::Desk;

fn desk() -> Desk {
    Desk::of(Bench::with_card_of("p01"))
}

/// A member of GetInfo's options.
fn option(info: &Answer, name: &str) -> Option<bool> {
    let options = info.member(4).as_map().unwrap();
    let found = options.iter().find(|(key, _)| *key == name.into());
    found.map(|(_, value)| value.as_bool().unwrap())
}

#[test]
fn someone_registers_and_signs_in_by_typing_the_pin_into_a_window() {
    let mut desk = desk();
    let info = desk.client.ask(&[0x04]);
    assert_eq!(option(&info, "uv"), Some(true));
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    assert!(window.description().contains("Site: example.jp"));
    assert!(window.description().contains("3 tries left"));
    desk.bench.type_pin_elsewhere();
    window.type_in(&person("p01").pin);
    let registered = desk.client.answer();
    assert_eq!(registered.status, 0);
    assert!(registered.keepalives.contains(&2), "waits for the person");

    let verified = [("uv", Value::from(true))];
    desk.client.send(CBOR, &get_assertion(&[], &verified));
    let window = desk.pinentry.window();
    assert!(window.description().contains("Sign in"));
    desk.bench.type_pin_elsewhere();
    window.type_in(&person("p01").pin);
    assert_eq!(desk.client.answer().status, 0);
    let (status, log) = desk.key.end();
    assert!(status.success(), "{log}");
    assert!(!log.contains(&person("p01").pin), "{log}");
}

#[test]
fn a_wrong_pin_is_asked_for_again_and_the_last_try_needs_its_own_yes() {
    let mut desk = desk();
    desk.bench.set_tries(0, 2);
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    assert!(window.description().contains("2 tries left"));
    desk.bench.type_pin_elsewhere();
    window.type_in(wrong_pin("p01"));
    let window = desk.pinentry.window();
    assert!(window.description().contains("This is the last try"));
    assert!(window.description().starts_with("That PIN was wrong."));
    window.cancel();
    assert_eq!(desk.client.answer().status, 0x27);
    assert_eq!(desk.bench.tries(0), 1);

    desk.client.send(CBOR, &make_credential(b"1"));
    desk.pinentry.window().ok();
    desk.bench.type_pin_elsewhere();
    desk.pinentry.window().type_in(&person("p01").pin);
    assert_eq!(desk.client.answer().status, 0);
    assert_eq!(desk.bench.tries(0), 3);
}

/// Whatever is pressed closes the window and is answered alike: there is nothing to decide.
#[test]
fn a_missing_credential_is_told_in_a_window_that_can_only_be_closed() {
    let desk = desk();
    let request = get_assertion(&[], &[("uv", Value::from(true))]);
    desk.client.send(CBOR, &request);
    let window = desk.pinentry.window();
    assert!(window.description().contains("no credential"));
    assert_eq!(window.text("SETOK"), "Close");
    window.ok();
    assert_eq!(desk.client.answer().status, 0x2E);
    desk.client.send(CBOR, &request);
    desk.pinentry.window().cancel();
    assert_eq!(desk.client.answer().status, 0x2E);
}

#[test]
fn cancel_closes_the_window_and_the_next_request_opens_another() {
    let mut desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    desk.client.send(CANCEL, &[]);
    assert_eq!(desk.client.answer().status, 0x2D);
    window.closed();
    desk.client.send(CBOR, &make_credential(b"1"));
    desk.bench.type_pin_elsewhere();
    desk.pinentry.window().type_in(&person("p01").pin);
    assert_eq!(desk.client.answer().status, 0);
}

#[test]
fn a_card_that_leaves_closes_the_window() {
    let desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    desk.bench.card(0).remove();
    assert_eq!(desk.client.answer().status, 0x27);
    window.closed();
}

#[test]
fn the_service_ends_with_its_window() {
    let desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    let (status, log) = desk.key.end();
    assert!(status.success(), "{log}");
    window.closed();
}

/// The person has logged out, say: from then on the PIN can come from the platform only.
#[test]
fn a_pinentry_that_is_gone_is_not_offered_any_longer() {
    let desk = desk();
    desk.client.send(CBOR, &make_credential(b"1"));
    let window = desk.pinentry.window();
    std::fs::remove_file(desk.pinentry.program()).unwrap();
    window.say("ERR 83918950 Inappropriate ioctl for device <Pinentry>\n");
    assert_eq!(desk.client.answer().status, 0x27);
    let info = desk.client.ask(&[0x04]);
    assert_eq!(option(&info, "uv"), None);
}
