//! Several cards in several readers: the person is shown a list and chooses, through the whole program.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use host::bench::{
    Bench, assert_signed_in, assert_vouched_for, card_of, person, pins_in, wrong_pin,
};
use host::{Host, ORIGIN, creation_options, request_options};
use jpki_lab::card::{Entry, Event};
use jpki_lab::pinentry::ScriptedPinentry;
use serde_json::{Value, json};

fn error(code: &str) -> (String, String) {
    (code.to_owned(), "NotAllowedError".to_owned())
}

/// The last day of a person's certificate, in Japan.
fn last_day(id: &str) -> String {
    let end = person(id).authentication.not_after;
    let end = time::OffsetDateTime::from_unix_timestamp(end).unwrap();
    let end = end.to_offset(time::UtcOffset::from_hms(9, 0, 0).unwrap());
    end.date().to_string()
}

/// What the list says of a card that is in order.
fn line(reader: usize, id: &str) -> Value {
    json!({"reader": name(reader), "notAfter": last_day(id), "expired": false, "expiresSoon": false})
}

/// What it says of a card that cannot be chosen.
fn unusable(reader: usize, problem: &str) -> Value {
    json!({"reader": name(reader), "expired": false, "expiresSoon": false, "problem": problem})
}

/// The readers have two slots each.
fn name(reader: usize) -> String {
    let (device, slot) = (["", " 2"][reader / 2], reader % 2);
    format!("Virtual PCD{device} 00 {slot:02}")
}

fn two_cards() -> Bench {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    bench.insert(1, card_of("p02"));
    bench
}

/// The next list.
fn list(host: &mut Host) -> Value {
    host.prompt("choose-card")
}

/// The list that says this, after any number of others.
fn list_of(host: &mut Host, cards: &[Value]) -> Value {
    loop {
        let list = list(host);
        if list["cards"].as_array().unwrap() == cards {
            return list;
        }
    }
}

fn choose(host: &mut Host, list: &Value, index: usize) {
    host.answer(list, "choose", json!({"index": index}));
}

/// How many commands of this name reached a card.
fn commands(bench: &Bench, reader: usize, name: &str) -> usize {
    let log = bench.log(reader);
    let names = log.iter().filter_map(|entry| entry.name.as_deref());
    names.filter(|command| command.starts_with(name)).count()
}

#[test]
fn the_card_that_is_chosen_is_the_one_that_is_asked() {
    for (chosen, id) in [(0, "p01"), (1, "p02")] {
        let mut bench = two_cards();
        let mut host = bench.computer.create(ORIGIN, creation_options());
        let asked = list(&mut host);
        assert_eq!(asked["cards"], json!([line(0, "p01"), line(1, "p02")]));
        assert_eq!(asked["prompt"], 1);
        for member in ["pin", "card", "account", "certificate", "problem"] {
            assert_eq!(asked.get(member), None, "{member}");
        }
        choose(&mut host, &asked, chosen);
        let prompt = host.prompt("register");
        assert_eq!(
            prompt["card"],
            json!({"reader": name(chosen), "notAfter": last_day(id), "expired": false, "expiresSoon": false, "several": true})
        );
        bench.type_pin(
            &mut host,
            &prompt,
            &person(id).pin,
            json!({"disclose": true}),
        );
        assert_vouched_for(&host.result(), id);
        assert_eq!(pins_in(&bench.log(1 - chosen)), 0);
        bench.wait_until_unpowered(chosen);
    }
}

#[test]
fn one_card_alone_is_not_asked_for_nor_named() {
    let bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(host.prompt("register")["card"].get("several"), None);
}

/// A card with two interfaces in two readers looks like this.
#[test]
fn the_same_card_in_two_readers_is_told_apart_by_its_reader() {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    bench.insert(1, card_of("p01"));
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let asked = list(&mut host);
    assert_eq!(asked["cards"], json!([line(0, "p01"), line(1, "p01")]));
    choose(&mut host, &asked, 1);
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
    assert_eq!(pins_in(&bench.log(0)), 0);
}

#[test]
fn a_sign_in_is_answered_with_the_chosen_card() {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    let registered = bench.register("p01", creation_options(), false);
    bench.insert(1, card_of("p02"));
    let mut host = bench.computer.get(ORIGIN, request_options());
    let asked = list(&mut host);
    choose(&mut host, &asked, 1);
    let prompt = host.prompt("no-credential");
    assert_eq!(prompt["card"]["reader"], name(1));
    host.answer(&prompt, "approve", json!({}));
    assert_eq!(host.error(), error("no-credential"));

    let mut host = bench.computer.get(ORIGIN, request_options());
    let asked = list(&mut host);
    choose(&mut host, &asked, 0);
    let prompt = host.prompt("sign-in");
    assert_eq!(prompt["card"]["reader"], name(0));
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    assert_signed_in(&registered, &host.result());
}

#[test]
fn the_list_follows_the_cards_and_reads_each_once() {
    let mut bench = Bench::with_readers(3);
    bench.insert(0, card_of("p01"));
    bench.insert(1, card_of("p02"));
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let two = list(&mut host);
    let read = commands(&bench, 0, "READ BINARY");
    bench.insert(2, card_of("p01"));
    let three = list(&mut host);
    assert_eq!(
        three["cards"],
        json!([line(0, "p01"), line(1, "p02"), line(2, "p01")])
    );
    assert_eq!(three["prompt"], 2);
    bench.card(1).remove();
    let others = list(&mut host);
    assert_eq!(others["cards"], json!([line(0, "p01"), line(2, "p01")]));
    // Answers to lists that are no longer shown mean nothing: the card with this number may be another one by now.
    choose(&mut host, &two, 1);
    choose(&mut host, &three, 7);
    bench.put_back(1);
    let three = list(&mut host);
    choose(&mut host, &three, 1);
    let prompt = host.prompt("register");
    assert_eq!(prompt["card"]["reader"], name(1));
    assert_eq!(commands(&bench, 0, "READ BINARY"), read);
    // Twice in two stays; and then it was compared by two blocks.
    assert_eq!(commands(&bench, 1, "READ BINARY"), 2 * read + 2);
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p02").pin,
        json!({"disclose": true}),
    );
    assert_vouched_for(&host.result(), "p02");
    for other in [0, 2] {
        assert_eq!(pins_in(&bench.log(other)), 0);
    }
}

#[test]
fn the_last_card_that_is_left_needs_no_choice() {
    let mut bench = two_cards();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    list(&mut host);
    bench.card(0).remove();
    let prompt = host.prompt("register");
    // The person has seen two: they are told which one it is.
    assert_eq!(
        (&prompt["card"]["reader"], &prompt["card"]["several"]),
        (&json!(name(1)), &json!(true))
    );
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p02").pin,
        json!({"disclose": true}),
    );
    assert_vouched_for(&host.result(), "p02");
}

#[test]
fn when_every_card_leaves_one_is_asked_for() {
    let bench = two_cards();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    list(&mut host);
    bench.card(0).remove();
    host.prompt("register");
    bench.card(1).remove();
    assert_eq!(host.error(), error("card-removed"));
}

#[test]
fn a_chosen_card_that_leaves_ends_the_ceremony_though_another_is_there() {
    let bench = two_cards();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let asked = list(&mut host);
    choose(&mut host, &asked, 0);
    host.prompt("register");
    bench.card(0).remove();
    assert_eq!(host.error(), error("card-removed"));
}

#[test]
fn a_chosen_card_that_leaves_before_it_is_shown_ends_the_ceremony() {
    let bench = two_cards();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let asked = list(&mut host);
    let gone = "before 1".parse().unwrap();
    bench.card(0).with_card(|card| card.add_fault(gone));
    choose(&mut host, &asked, 0);
    // The other card is not taken for it.
    loop {
        let message = host.next();
        if message["type"] == "error" {
            assert_eq!(message["code"], "card-removed");
            break;
        }
        assert_eq!(message["kind"], "insert-card", "{message}");
    }
    assert_eq!(pins_in(&bench.log(1)), 0);
}

#[test]
fn a_card_put_in_the_place_of_the_chosen_one_is_never_given_the_pin() {
    let bench = two_cards();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let asked = list(&mut host);
    choose(&mut host, &asked, 0);
    host.prompt("register");
    bench.card(0).exchange(card_of("p02"));
    assert_eq!(host.error(), error("card-removed"));
}

#[test]
fn the_list_says_what_is_the_matter_with_a_card() {
    let mut bench = Bench::with_readers(4);
    bench.insert(0, card_of("p04"));
    bench.insert(1, card_of("p02"));
    bench.set_tries(1, 0);
    bench.insert(2, card_of("p01"));
    // Its certificate is not there: a telephone's is not, before the PIN.
    let no_file = "answer 6982 3".parse().unwrap();
    bench.card(2).with_card(|card| card.add_fault(no_file));
    bench.insert_foreign(3, jpki_lab::card::VirtualCard::foreign());
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let asked = list(&mut host);
    let mut expired = line(0, "p04");
    expired["expired"] = json!(true);
    let mut locked = line(1, "p02");
    locked["problem"] = json!("pin-locked");
    assert_eq!(
        asked["cards"],
        json!([expired, locked, unusable(2, "card-unsupported")])
    );
    choose(&mut host, &asked, 1);
    assert_eq!(host.error(), error("pin-locked"));
}

#[test]
fn a_card_that_another_program_holds_is_told_and_can_be_chosen_once_it_is_free() {
    let mut bench = Bench::with_readers(3);
    bench.insert(0, card_of("p01"));
    let mut holder = holding(&mut bench);
    bench.insert_foreign(1, card_of("p02"));
    bench.insert_foreign(2, card_of("p01"));
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let free = [line(1, "p02"), line(2, "p01")];
    list_of(
        &mut host,
        &[&[unusable(0, "card-busy")], free.as_slice()].concat(),
    );
    holder.send(json!({"type": "cancel"}));
    assert_eq!(holder.error(), error("cancelled"));
    let asked = list_of(&mut host, &[&[line(0, "p01")], free.as_slice()].concat());
    choose(&mut host, &asked, 0);
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
}

/// As one that lies badly: it is powered up, and silent.
#[test]
fn a_card_that_does_not_answer_is_told_and_can_be_chosen_once_it_does() {
    let mut bench = Bench::with_readers(3);
    bench.insert(0, card_of("p01"));
    bench.insert(1, card_of("p02"));
    for command in [1, 2] {
        let no_diagnosis = format!("answer 6F00 {command}").parse().unwrap();
        bench.card(1).with_card(|card| card.add_fault(no_diagnosis));
    }
    bench.insert_foreign(2, card_of("p01"));
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let (first, third) = (line(0, "p01"), line(2, "p01"));
    let silent = unusable(1, "card-failed");
    list_of(&mut host, &[first.clone(), silent, third.clone()]);
    // Nothing changes at the readers.
    let asked = list_of(&mut host, &[first, line(1, "p02"), third]);
    choose(&mut host, &asked, 1);
    let prompt = host.prompt("register");
    let consent = json!({"disclose": true});
    bench.type_pin(&mut host, &prompt, &person("p02").pin, consent);
    assert_vouched_for(&host.result(), "p02");
}

/// A sign-in that holds the card in reader 0, while the person chooses between two accounts.
fn holding(bench: &mut Bench) -> Host {
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    bench.register("p01", creation_options(), false);
    bench.register("p01", host::with(creation_options(), "user", hanako), false);
    let mut host = bench.computer.get(ORIGIN, request_options());
    let prompt = host.prompt("sign-in");
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.progress();
    host.prompt("choose-account");
    host
}

/// A card that answers late: other programs' transactions look the same.
#[test]
fn a_card_that_is_being_read_can_be_given_up_or_taken_away() {
    let mut bench = two_cards();
    let stall = || "stall 3".parse().unwrap();
    for end in ["cancel", "remove"] {
        bench.card(1).with_card(|card| card.add_fault(stall()));
        let mut host = bench.computer.create(ORIGIN, creation_options());
        while !bench.card(1).with_card(|card| card.is_stalled()) {
            std::thread::yield_now();
        }
        if end == "cancel" {
            host.send(json!({"type": "cancel"}));
            assert_eq!(host.error(), error("cancelled"));
            bench.card(1).with_card(|card| card.go_on());
        } else {
            bench.card(0).remove();
            bench.card(1).with_card(|card| card.go_on());
            let prompt = loop {
                let prompt = host.next();
                // pcscd may notice a little late.
                if prompt["kind"] != "choose-card" {
                    break prompt;
                }
            };
            assert_eq!(prompt["kind"], "register", "{prompt}");
            bench.type_pin(&mut host, &prompt, &person("p02").pin, json!({}));
            host.result();
        }
    }
}

#[test]
fn pcscd_that_stops_while_the_list_is_shown_is_told_and_found_again() {
    let mut bench = two_cards();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let old = list(&mut host);
    bench.pcscd.kill().unwrap();
    assert_eq!(host.prompt("insert-card")["problem"], "pcsc-not-running");
    bench.pcscd.restart().unwrap();
    choose(&mut host, &old, 0);
    let asked = loop {
        let prompt = host.next();
        match prompt["kind"].as_str() {
            // Its readers and the cards come one after the other: the first may be alone for a moment.
            Some("insert-card") => {}
            Some("choose-card") if prompt["cards"][1].is_object() => break Some(prompt),
            Some("choose-card") => {}
            Some("register") => break None,
            _ => panic!("{prompt}"),
        }
    };
    if let Some(asked) = asked {
        choose(&mut host, &asked, 1);
        let prompt = host.prompt("register");
        bench.type_pin(&mut host, &prompt, &person("p02").pin, json!({}));
        host.result();
    }
}

#[test]
fn readers_that_are_unplugged_while_the_list_is_shown_are_asked_for() {
    let mut bench = Bench::unpluggable(2);
    bench.insert(0, card_of("p01"));
    bench.insert(1, card_of("p02"));
    let mut host = bench.computer.create(ORIGIN, creation_options());
    list(&mut host);
    bench.pcscd.unplug().unwrap();
    let prompt = host.next();
    // pcscd may notice the second a little later.
    if prompt["kind"] == "register" {
        assert_eq!(host.error(), error("no-reader"));
    } else {
        assert_eq!(
            (&prompt["kind"], &prompt["problem"]),
            (&json!("insert-card"), &json!("no-reader"))
        );
    }
}

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

#[test]
fn an_answer_that_chooses_none_of_the_cards_ends_the_connection() {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    bench.insert(1, card_of("p02"));
    let no_certificate = || "answer 6982 3".parse().unwrap();
    for (answer, more) in [
        ("choose", json!({"index": 2})),
        ("choose", json!({"index": 1})),
        ("another-card", json!({})),
        ("approve", json!({})),
        ("approve", json!({"pin": "0000"})),
    ] {
        bench
            .card(1)
            .with_card(|card| card.add_fault(no_certificate()));
        let mut host = bench.computer.create(ORIGIN, creation_options());
        let asked = list(&mut host);
        assert_eq!(
            asked["cards"],
            json!([line(0, "p01"), unusable(1, "card-unsupported")])
        );
        host.answer(&asked, answer, more);
        assert_eq!(
            host.outcome(),
            json!({"type": "fatal", "code": "bad-message"})
        );
    }
}
