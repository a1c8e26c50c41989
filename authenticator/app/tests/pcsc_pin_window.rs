//! Ceremonies of the extension whose PIN is typed in a window of the system: a pinentry, the real pcscd, a practice card.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use std::fs;

use host::bench::{
    Bench, assert_signed_in, assert_vouched_for, card_of, forgot_the_pin, person, wrong_pin,
};
use host::{Host, ORIGIN, creation_options, request_options, with};
use jpki_lab::pinentry::{ScriptedPinentry, Window};
use serde_json::{Value, json};

struct Desk {
    bench: Bench,
    pinentry: ScriptedPinentry,
}

impl Desk {
    fn new() -> Self {
        Self::with(Bench::with_card_of("p01"))
    }

    fn with(mut bench: Bench) -> Self {
        let pinentry = ScriptedPinentry::new().unwrap();
        bench.computer.has_desktop(&pinentry);
        Self { bench, pinentry }
    }

    /// A registration that has come to its first prompt.
    fn register(&self) -> (Host, Value) {
        let mut host = self.bench.computer.create(ORIGIN, creation_options());
        let prompt = host.prompt("register");
        (host, prompt)
    }

    /// A registration that was approved in the browser, and its window.
    fn window(&self) -> (Host, Window) {
        let (mut host, prompt) = self.register();
        host.answer(&prompt, "approve", json!({}));
        host.pin_window();
        (host, self.pinentry.window())
    }

    fn type_in(&mut self, window: Window, pin: &str) {
        self.bench.type_pin_elsewhere();
        window.type_in(pin);
    }
}

fn pin() -> &'static str {
    &person("p01").pin
}

fn cancelled() -> (String, String) {
    ("cancelled".to_owned(), "NotAllowedError".to_owned())
}

#[test]
fn the_pin_of_a_registration_and_a_sign_in_passes_through_no_browser() {
    let mut desk = Desk::new();
    let (mut host, prompt) = desk.register();
    assert_eq!(
        prompt["pin"],
        json!({"triesLeft": 3, "entry": "native", "lastTry": false})
    );
    assert_eq!(prompt["certificate"]["asked"], true);
    host.answer(&prompt, "approve", json!({"disclose": true}));
    host.pin_window();
    let window = desk.pinentry.window();
    assert_eq!(window.command, "GETPIN");
    let text = window.description();
    for part in [
        "Site: example.jp",
        "Calls itself: “Example”",
        "“太郎” “taro”",
        "Your certificate is shown",
        "3 tries left",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    desk.type_in(window, pin());
    host.progress();
    let registered = host.result();
    assert_vouched_for(&registered, "p01");
    let log = host.end().log;
    assert!(!log.contains(pin()), "{log}");

    let mut host = desk.bench.computer.get(ORIGIN, request_options());
    let prompt = host.prompt("sign-in");
    assert_eq!(prompt["pin"]["entry"], "native");
    host.answer(&prompt, "approve", json!({}));
    host.pin_window();
    let window = desk.pinentry.window();
    assert!(window.description().contains("Site: example.jp"));
    desk.type_in(window, pin());
    assert_signed_in(&registered, &host.result());
    desk.bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&desk.bench.log(0)));
}

#[test]
fn a_wrong_pin_is_asked_for_again_in_the_window() {
    let mut desk = Desk::new();
    let (mut host, window) = desk.window();
    desk.type_in(window, wrong_pin("p01"));
    host.progress();
    host.pin_window();
    let window = desk.pinentry.window();
    assert!(window.text("SETERROR").contains("PIN was wrong"));
    assert!(window.description().contains("2 tries left"));
    // What cannot be a PIN is not sent.
    window.type_in("12");
    let window = desk.pinentry.window();
    assert!(window.text("SETERROR").contains("four digits"));
    assert_eq!(desk.bench.tries(0), 2);
    desk.type_in(window, pin());
    host.progress();
    host.result();
    assert_eq!(desk.bench.tries(0), 3);
}

#[test]
fn closing_the_window_leads_back_to_the_prompt_with_the_switches_as_they_were() {
    let mut desk = Desk::new();
    let (mut host, prompt) = desk.register();
    host.answer(&prompt, "approve", json!({"disclose": true}));
    host.pin_window();
    desk.pinentry.window().cancel();
    let again = host.prompt("register");
    assert_eq!(again["prompt"], 2);
    assert_eq!(again["pin"], prompt["pin"]);
    assert_eq!(again["certificate"]["switch"], true);
    // After a wrong PIN, too.
    host.answer(&again, "approve", json!({"disclose": true}));
    host.pin_window();
    let window = desk.pinentry.window();
    desk.type_in(window, wrong_pin("p01"));
    host.progress();
    host.pin_window();
    desk.pinentry.window().cancel();
    let again = host.prompt("register");
    assert_eq!(
        again["pin"],
        json!({"triesLeft": 2, "entry": "native", "previous": "wrong", "lastTry": false})
    );
    assert_eq!(again["certificate"]["switch"], true);
    host.answer(&again, "cancel", json!({}));
    assert_eq!(host.error(), cancelled());
    assert!(!desk.pinentry.has_window());
    assert_eq!(desk.bench.tries(0), 2);
}

#[test]
fn the_page_that_takes_its_request_back_closes_the_window() {
    let desk = Desk::new();
    let (mut host, window) = desk.window();
    host.send(json!({"type": "cancel"}));
    assert_eq!(host.error(), cancelled());
    window.closed();
    desk.bench.wait_until_unpowered(0);
    assert_eq!(desk.bench.tries(0), 3);
}

#[test]
fn a_browser_that_goes_takes_the_window_with_it() {
    let desk = Desk::new();
    let (mut host, window) = desk.window();
    host.close();
    window.closed();
    host.end();
    desk.bench.wait_until_unpowered(0);
    assert_eq!(desk.bench.tries(0), 3);
}

#[test]
fn a_card_that_leaves_closes_the_window_of_its_ceremony() {
    let desk = Desk::new();
    let (mut host, window) = desk.window();
    desk.bench.card(0).remove();
    assert_eq!(host.error().0, "card-removed");
    window.closed();
}

#[test]
fn the_last_try_is_confirmed_in_the_window_and_not_in_the_browser() {
    let mut desk = Desk::new();
    desk.bench.set_tries(0, 1);
    let (mut host, prompt) = desk.register();
    assert_eq!(
        prompt["pin"],
        json!({"triesLeft": 1, "entry": "native", "lastTry": true})
    );
    host.answer(&prompt, "approve", json!({}));
    host.pin_window();
    let window = desk.pinentry.window();
    assert_eq!(window.command, "CONFIRM");
    assert!(window.description().contains("This is the last try"));
    window.cancel();
    let prompt = host.prompt("register");
    host.answer(&prompt, "approve", json!({}));
    host.pin_window();
    desk.pinentry.window().ok();
    let window = desk.pinentry.window();
    assert_eq!(window.command, "GETPIN");
    assert!(window.description().contains("1 try left"));
    desk.type_in(window, pin());
    host.progress();
    host.result();
    assert_eq!(desk.bench.tries(0), 3);
}

#[test]
fn a_pin_or_a_last_try_from_the_browser_is_refused_where_the_window_asks() {
    for members in [json!({"pin": pin()}), json!({"lastTry": true})] {
        let desk = Desk::new();
        desk.bench.set_tries(0, 1);
        let (mut host, prompt) = desk.register();
        host.answer(&prompt, "approve", members);
        assert_eq!(
            host.outcome(),
            json!({"type": "fatal", "code": "bad-message"})
        );
        host.end();
        assert!(!desk.pinentry.has_window());
        assert_eq!(desk.bench.tries(0), 1);
    }
}

#[test]
fn no_window_opens_for_a_credential_that_the_person_declined() {
    let desk = Desk::new();
    let options = with(
        creation_options(),
        "pubKeyCredParams",
        json!([{"type": "public-key", "alg": -257}]),
    );
    let mut host = desk.bench.computer.create(ORIGIN, options);
    let prompt = host.prompt("register");
    assert_eq!(prompt["cardCredential"]["required"], true);
    host.answer(&prompt, "approve", json!({}));
    assert_eq!(host.error().0, "unsupported-algorithm");
    assert!(!desk.pinentry.has_window());
}

/// The desktop is gone, say, or the program was removed.
#[test]
fn where_the_window_cannot_be_shown_the_browser_asks() {
    let mut desk = Desk::new();
    let (mut host, window) = desk.window();
    fs::remove_file(desk.pinentry.program()).unwrap();
    window.say("ERR 83918950 Inappropriate ioctl for device <Pinentry>\n");
    let prompt = host.prompt("register");
    assert_eq!(
        prompt["pin"],
        json!({"triesLeft": 3, "entry": "browser", "lastTry": false})
    );
    desk.bench.type_pin(&mut host, &prompt, pin(), json!({}));
    host.progress();
    host.result();
}

#[test]
fn the_window_speaks_the_language_of_the_prompt() {
    let desk = Desk::new();
    let mut host = desk.bench.computer.start_as(host::EXTENSION);
    host.send(json!({"type": "hello", "protocol": 1, "extension": "0.1.0", "language": "ja"}));
    host.next();
    host.send(json!({
        "type": "create", "origin": ORIGIN, "sameOriginWithAncestors": true, "originSource": "browser",
        "options": creation_options(),
    }));
    let prompt = host.prompt("register");
    host.answer(&prompt, "approve", json!({}));
    host.pin_window();
    let window = desk.pinentry.window();
    assert!(window.description().contains("サイト: example.jp"));
    assert!(window.description().contains("残り3回"));
    window.cancel();
    let prompt = host.prompt("register");
    host.answer(&prompt, "other", json!({}));
    assert_eq!(host.error().0, "other-authenticator");
}

#[test]
fn the_window_names_the_chosen_card() {
    let mut desk = Desk::with(Bench::with_readers(2));
    desk.bench.insert(0, card_of("p02"));
    desk.bench.insert(1, card_of("p01"));
    let mut host = desk.bench.computer.create(ORIGIN, creation_options());
    let list = host.prompt("choose-card");
    host.answer(&list, "choose", json!({"index": 1}));
    let prompt = host.prompt("register");
    host.answer(&prompt, "approve", json!({}));
    host.pin_window();
    let window = desk.pinentry.window();
    let text = window.description();
    assert!(
        text.contains("Card in the reader: “Virtual PCD 00 01”"),
        "{text}"
    );
    desk.type_in(window, pin());
    host.result();
}

#[test]
fn the_window_names_no_reader_where_there_is_one_card() {
    let mut desk = Desk::new();
    let (mut host, window) = desk.window();
    let text = window.description();
    assert!(!text.contains("reader"), "{text}");
    desk.type_in(window, pin());
    host.result();
}
