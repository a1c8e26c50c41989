//! The card that is chosen is the one that is used, and no other.

use super::*;

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
