//! A choice that is given up, or taken back for another card.

use super::*;

#[test]
fn the_choice_may_be_given_up() {
    let bench = two_cards();
    for (answer, code) in [("cancel", "cancelled"), ("other", "other-authenticator")] {
        let mut host = bench.computer.create(ORIGIN, creation_options());
        let asked = list(&mut host);
        host.answer(&asked, answer, json!({}));
        assert_eq!(host.error(), error(code));
    }
}

#[test]
fn the_choice_can_be_taken_back_until_the_pin_is_right() {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    let registered = bench.register("p01", creation_options(), false);
    bench.insert(1, card_of("p02"));
    let read = commands(&bench, 1, "READ BINARY");
    let mut host = bench.computer.get(ORIGIN, request_options());
    // A card that holds nothing for the site.
    let asked = list(&mut host);
    let cards = asked["cards"].clone();
    choose(&mut host, &asked, 1);
    let prompt = host.prompt("no-credential");
    host.answer(&prompt, "another-card", json!({}));
    // A card whose PIN was wrong.
    let asked = list(&mut host);
    assert_eq!(asked["cards"], cards);
    choose(&mut host, &asked, 0);
    let prompt = host.prompt("sign-in");
    bench.type_pin(&mut host, &prompt, wrong_pin("p01"), json!({}));
    host.progress();
    let prompt = host.prompt("sign-in");
    assert_eq!(prompt["pin"]["triesLeft"], 2);
    host.answer(&prompt, "another-card", json!({}));
    let asked = list(&mut host);
    choose(&mut host, &asked, 0);
    let prompt = host.prompt("sign-in");
    // By now it has been asked again: what came before that is in its log.
    assert!(lost_its_power(&bench.log(0)), "after the wrong PIN");
    assert_eq!(prompt["pin"]["triesLeft"], 2);
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    assert_signed_in(&registered, &host.result());
    // Once for the list, and compared when it was chosen.
    let whole = commands(&bench, 1, "READ BINARY") - read - 2;
    assert!(whole > 2, "{whole}");
    assert_eq!(pins_in(&bench.log(1)), 0);
}

/// A registration whose site excludes a credential of the card in reader 0 that only a verified user may find: the person hears
/// of it once the PIN was right.
fn excluded_after_the_pin(bench: &mut Bench) -> Value {
    bench.insert(0, card_of("p01"));
    let registered = bench.register("p01", creation_options(), false);
    let store = bench.computer.data().join("credentials.sqlite");
    let protect = "UPDATE credentials SET cred_protect = 3";
    let changed = host::with_database(&store, |store| store.execute(protect, []).unwrap());
    assert_eq!(changed, 1);
    bench.insert(1, card_of("p02"));
    let excluded = json!([{"type": "public-key", "id": registered["id"]}]);
    host::with(creation_options(), "excludeCredentials", excluded)
}

#[test]
fn consent_that_was_given_for_one_card_is_never_used_for_another() {
    for in_window in [false, true] {
        let mut bench = Bench::with_readers(2);
        let options = excluded_after_the_pin(&mut bench);
        let pinentry = ScriptedPinentry::new().unwrap();
        if in_window {
            bench.computer.has_desktop(&pinentry);
        }
        let mut host = bench.computer.create(ORIGIN, options);
        let asked = list(&mut host);
        choose(&mut host, &asked, 0);
        let prompt = host.prompt("register");
        assert_eq!(prompt["card"].get("settled"), None);
        let consent = json!({"disclose": true});
        if in_window {
            host.answer(&prompt, "approve", consent);
            host.pin_window();
            bench.type_pin_elsewhere();
            pinentry.window().type_in(&person("p01").pin);
        } else {
            bench.type_pin(&mut host, &prompt, &person("p01").pin, consent);
        }
        host.progress();
        let prompt = host.prompt("already-registered");
        // The person hears which card it is, and that this is the one.
        let card = &prompt["card"];
        assert_eq!(
            [&card["reader"], &card["several"], &card["settled"]],
            [&json!(name(0)), &json!(true), &json!(true)]
        );
        host.answer(&prompt, "another-card", json!({}));
        assert_eq!(
            host.outcome(),
            json!({"type": "fatal", "code": "bad-message"})
        );
        assert_eq!(pins_in(&bench.log(1)), 0);
    }
}

/// It was listed as one that could not be read, and is the last that is left.
#[test]
fn a_card_that_could_not_be_read_for_the_list_is_named_when_its_pin_is_asked_for() {
    let mut bench = two_cards();
    let pinentry = ScriptedPinentry::new().unwrap();
    bench.computer.has_desktop(&pinentry);
    let fails = "answer 6F00 3".parse().unwrap();
    bench.card(1).with_card(|card| card.add_fault(fails));
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let asked = list(&mut host);
    assert_eq!(
        asked["cards"],
        json!([line(0, "p01"), unusable(1, "card-failed")])
    );
    bench.card(0).remove();
    let prompt = host.prompt("register");
    assert_eq!(
        prompt["card"],
        json!({"reader": name(1), "notAfter": last_day("p02"), "expired": false, "expiresSoon": false, "several": true})
    );
    host.answer(&prompt, "approve", json!({}));
    host.pin_window();
    let window = pinentry.window();
    let description = window.description();
    assert!(description.contains(&name(1)), "{description}");
    window.cancel();
    let prompt = host.prompt("register");
    host.answer(&prompt, "cancel", json!({}));
    assert_eq!(host.error(), error("cancelled"));
}

/// A choice after which the card in reader 0 does not answer once, as one that lies badly; the prompt that waits for it.
fn chosen_and_lying_badly(bench: &Bench) -> (Host, Value) {
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let asked = list(&mut host);
    let no_application = "answer 6A82 1".parse().unwrap();
    bench
        .card(0)
        .with_card(|card| card.add_fault(no_application));
    choose(&mut host, &asked, 0);
    let prompt = host.prompt("insert-card");
    assert_eq!(prompt["problem"], "no-card");
    // The other one lies there well: the person hears which is waited for.
    assert_eq!(
        prompt["card"],
        json!({"reader": name(0), "notAfter": last_day("p01"), "expired": false, "expiresSoon": false, "several": true})
    );
    (host, prompt)
}

#[test]
fn a_chosen_card_that_lies_badly_is_looked_at_again() {
    let mut bench = two_cards();
    let (mut host, _) = chosen_and_lying_badly(&bench);
    // Nothing changes at the readers.
    let prompt = host.prompt("register");
    assert_eq!(prompt["card"]["reader"], name(0));
    let consent = json!({"disclose": true});
    bench.type_pin(&mut host, &prompt, &person("p01").pin, consent);
    assert_vouched_for(&host.result(), "p01");
}

#[test]
fn another_card_can_be_chosen_instead_of_one_that_lies_badly() {
    let mut bench = two_cards();
    let (mut host, prompt) = chosen_and_lying_badly(&bench);
    host.answer(&prompt, "another-card", json!({}));
    let asked = loop {
        let prompt = host.next();
        match prompt["kind"].as_str() {
            // It was looked at again in the moment in which the answer came.
            Some("register") => host.answer(&prompt, "another-card", json!({})),
            _ => break prompt,
        }
    };
    assert_eq!(asked["cards"], json!([line(0, "p01"), line(1, "p02")]));
    choose(&mut host, &asked, 1);
    let prompt = host.prompt("register");
    let consent = json!({"disclose": true});
    bench.type_pin(&mut host, &prompt, &person("p02").pin, consent);
    assert_vouched_for(&host.result(), "p02");
    assert_eq!(pins_in(&bench.log(0)), 0);
}

/// Whether a card lost its power after the last PIN that it was sent.
fn lost_its_power(log: &[Entry]) -> bool {
    let sent = log.iter().rposition(|entry| entry.pin_try == Some(true));
    let since = &log[sent.unwrap()..];
    since.iter().any(|entry| entry.event == Event::PowerOff)
}

#[test]
fn a_choice_that_was_taken_back_is_over_when_one_card_is_left() {
    let mut bench = two_cards();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let asked = list(&mut host);
    choose(&mut host, &asked, 0);
    let prompt = host.prompt("register");
    host.answer(&prompt, "another-card", json!({}));
    list(&mut host);
    bench.card(0).remove();
    let prompt = host.prompt("register");
    assert_eq!(prompt["card"]["reader"], name(1));
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p02").pin,
        json!({"disclose": true}),
    );
    assert_vouched_for(&host.result(), "p02");
}

#[test]
fn where_there_was_no_choice_none_can_be_taken_back() {
    let bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    host.answer(&prompt, "another-card", json!({}));
    assert_eq!(
        host.outcome(),
        json!({"type": "fatal", "code": "bad-message"})
    );
}
