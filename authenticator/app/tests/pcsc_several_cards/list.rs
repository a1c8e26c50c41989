//! What the list says, and that it follows readers and cards.

use super::*;

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
    let silent = unusable(1, "card-mute");
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
