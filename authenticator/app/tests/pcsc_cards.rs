//! Cards that come and go, readers and services that fail, ports that close: through the whole program.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use host::bench::{Bench, card_of, forgot_the_pin, person, pins_in};
use host::{Host, ORIGIN, creation_options, request_options, with};
use jpki_lab::card::VirtualCard;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

fn error(code: &str) -> (String, String) {
    (code.to_owned(), "NotAllowedError".to_owned())
}

#[test]
fn a_card_presented_after_the_request_is_used() {
    let mut bench = Bench::with_readers(1);
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("insert-card");
    assert_eq!(
        (&prompt["prompt"], &prompt["problem"]),
        (&json!(1), &json!("no-card"))
    );
    bench.insert(0, card_of("p01"));
    let prompt = host.prompt("register");
    assert_eq!(prompt["prompt"], 2);
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
}

#[test]
fn a_foreign_card_beside_it_does_not_matter_and_alone_is_no_card() {
    let mut bench = Bench::with_readers(2);
    bench.insert_foreign(0, VirtualCard::foreign());
    let mut host = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(host.prompt("insert-card")["problem"], "no-card");
    bench.insert(1, card_of("p01"));
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
}

/// pcscd cannot power it up, and says so.
#[test]
fn a_card_that_lies_badly_is_told_from_none_and_used_once_it_lies_well() {
    let mut bench = Bench::with_readers(1);
    let mut badly_laid = card_of("p01");
    badly_laid.lie_badly(true);
    bench.insert_foreign(0, badly_laid);
    let mut host = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(host.prompt("insert-card")["problem"], "card-mute");
    bench.card(0).remove();
    assert_eq!(host.prompt("insert-card")["problem"], "no-card");
    bench.card(0).with_card(|card| card.lie_badly(false));
    bench.put_back(0);
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
}

#[test]
fn a_card_removed_while_the_prompt_is_open_ends_the_ceremony() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    host.prompt("register");
    bench.card(0).remove();
    assert_eq!(host.error(), error("card-removed"));
    bench.put_back(0);
    bench.register("p01", creation_options(), false);
    let mut host = bench.computer.get(ORIGIN, request_options());
    host.prompt("sign-in");
    bench.card(0).remove();
    assert_eq!(host.error(), error("card-removed"));
}

#[test]
fn another_card_put_in_while_the_prompt_is_open_is_never_given_the_pin() {
    let bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    host.prompt("register");
    bench.card(0).exchange(card_of("p02"));
    assert_eq!(host.error(), error("card-removed"));
}

#[test]
fn a_second_card_put_in_while_the_prompt_is_open_changes_nothing() {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    bench.insert(1, card_of("p02"));
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p01").pin,
        json!({"disclose": true}),
    );
    host::bench::assert_vouched_for(&host.result(), "p01");
    assert_eq!(pins_in(&bench.log(1)), 0);
}

/// The commands after the PIN was typed: SELECT, counter, VERIFY, then signatures.
#[test]
fn a_card_that_vanishes_at_work_ends_the_ceremony_and_leaves_nothing_behind() {
    for moment in ["before", "during", "after"] {
        for command in 1..=5 {
            let mut bench = Bench::with_card_of("p01");
            let mut host = bench.computer.create(ORIGIN, creation_options());
            let prompt = host.prompt("register");
            let before = pins_in(&bench.log(0));
            let fault = format!("{moment} {command}").parse().unwrap();
            bench.card(0).with_card(|card| card.add_fault(fault));
            bench.type_pin(
                &mut host,
                &prompt,
                &person("p01").pin,
                json!({"disclose": true}),
            );
            assert_eq!(
                host.error(),
                error("card-removed"),
                "{moment} command {command}"
            );
            let tried = pins_in(&bench.log(0)) - before;
            assert!(
                tried <= 1,
                "{moment} command {command}: nothing is tried again"
            );
            bench.spent_so_far(tried);
            // Nothing is registered, and the card is as good as before.
            bench.card(0).with_card(VirtualCard::clear_faults);
            let mut host = bench.computer.get(ORIGIN, request_options());
            host.prompt("no-credential");
        }
    }
}

#[test]
fn a_card_that_refuses_to_sign_is_reported_and_unpowered() {
    for (fault, code) in [
        ("answer 6D00 4", "card-unsupported"),
        ("corrupt 4", "card-failed"),
    ] {
        let mut bench = Bench::with_card_of("p01");
        let mut host = bench.computer.create(ORIGIN, creation_options());
        let prompt = host.prompt("register");
        bench
            .card(0)
            .with_card(|card| card.add_fault(fault.parse().unwrap()));
        bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
        assert_eq!(host.error(), error(code), "{fault}");
        bench.wait_until_unpowered(0);
        assert!(forgot_the_pin(&bench.log(0)));
    }
}

#[test]
fn a_port_closed_in_the_middle_of_a_ceremony_cancels_it() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    host.prompt("register");
    host.close();
    host.end();
    // With the card verified, too.
    for end in ["close", "cancel", "terminate"] {
        let mut host = choosing_an_account(&mut bench);
        match end {
            "close" => host.close(),
            "cancel" => host.send(json!({"type": "cancel"})),
            _ => terminate(&host),
        }
        host.end();
        bench.wait_until_unpowered(0);
        assert!(forgot_the_pin(&bench.log(0)), "{end}");
    }
}

#[test]
fn a_card_removed_while_an_account_is_chosen_ends_the_ceremony() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = choosing_an_account(&mut bench);
    bench.card(0).remove();
    assert_eq!(host.error(), error("card-removed"));
}

/// A sign-in in which the PIN was verified and the person is choosing between two accounts.
fn choosing_an_account(bench: &mut Bench) -> Host {
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    bench.register("p01", creation_options(), false);
    bench.register("p01", with(creation_options(), "user", hanako), false);
    let mut host = bench.computer.get(ORIGIN, request_options());
    let prompt = host.prompt("sign-in");
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.progress();
    host.prompt("choose-account");
    host
}

#[test]
fn a_cancellation_while_the_card_works_registers_nothing() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    // Both are in the pipe before the card has done anything.
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.send(json!({"type": "cancel"}));
    assert_eq!(host.error(), error("cancelled"));
    bench.spent_so_far(pins_in(&bench.log(0)));
    let mut host = bench.computer.get(ORIGIN, request_options());
    host.prompt("no-credential");
}

#[test]
fn pcscd_that_comes_back_is_found() {
    let mut bench = Bench::with_card_of("p01");
    bench.pcscd.kill().unwrap();
    let mut host = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(host.prompt("insert-card")["problem"], "pcsc-not-running");
    bench.pcscd.restart().unwrap();
    let prompt = loop {
        let prompt = host.next();
        match prompt["kind"].as_str() {
            // Its readers and the card come one after the other.
            Some("insert-card") => {}
            Some("register") => break prompt,
            _ => panic!("{prompt}"),
        }
    };
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
}

#[test]
fn pcscd_that_stops_while_the_prompt_is_open_ends_the_ceremony() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    host.prompt("register");
    bench.pcscd.kill().unwrap();
    assert_eq!(host.error(), error("pcsc-not-running"));
}

#[test]
fn a_card_that_another_program_holds_is_waited_for() {
    let mut bench = Bench::with_card_of("p01");
    let mut holder = choosing_an_account(&mut bench);
    let mut host = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(host.prompt("insert-card")["problem"], "card-busy");
    holder.send(json!({"type": "cancel"}));
    assert_eq!(holder.error(), error("cancelled"));
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
}

/// Two browsers, or two profiles of one, each with a program of its own: their prompts would keep each other from the PIN.
#[test]
fn of_two_ceremonies_of_one_person_the_second_waits_until_the_first_lets_the_card_go() {
    let mut bench = Bench::with_card_of("p01");
    let mut first = bench.computer.create(ORIGIN, creation_options());
    let shown = first.prompt("register");
    let mut second = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(second.prompt("insert-card")["problem"], "card-busy");
    bench.type_pin(&mut first, &shown, &person("p01").pin, json!({}));
    first.result();
    let shown = second.prompt("register");
    assert_eq!(shown["pin"]["triesLeft"], 3);

    // One that is cancelled, or killed, leaves the turn to the next.
    let mut third = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(third.prompt("insert-card")["problem"], "card-busy");
    second.answer(&shown, "cancel", json!({}));
    assert_eq!(second.error(), error("cancelled"));
    third.prompt("register");
    let mut fourth = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(fourth.prompt("insert-card")["problem"], "card-busy");
    let id = Pid::from_raw(third.id().try_into().unwrap()).unwrap();
    kill_process(id, Signal::KILL).unwrap();
    let shown = fourth.prompt("register");
    bench.type_pin(&mut fourth, &shown, &person("p01").pin, json!({}));
    fourth.result();
}

#[test]
fn a_watch_reports_cards_as_they_come_and_go_and_sends_nothing_but_select() {
    let mut bench = Bench::with_readers(2);
    let cards = |readers: usize, cards: usize, presented: bool| json!({"type": "cards", "readers": readers, "cards": cards, "presented": presented});
    let mut host = bench.computer.greeted();
    host.send(json!({"type": "watch"}));
    assert_eq!(host.next(), cards(2, 0, false));
    bench.insert(0, card_of("p01"));
    assert_eq!(host.next(), cards(2, 1, true));
    bench.insert(1, card_of("p02"));
    assert_eq!(host.next(), cards(2, 2, true));
    bench.card(0).remove();
    assert_eq!(host.next(), cards(2, 1, false));
    bench.card(0).insert();
    assert_eq!(host.next(), cards(2, 2, true));
    // A card that lies there already was not presented just now.
    let mut another = bench.computer.greeted();
    another.send(json!({"type": "watch"}));
    assert_eq!(another.next(), cards(2, 2, false));
    bench.pcscd.kill().unwrap();
    let stopped = json!({"type": "cards", "readers": 0, "cards": 0, "presented": false, "problem": "pcsc-not-running"});
    assert_eq!(host.next(), stopped);
    host.close();
    assert!(host.end().status.success());
    for reader in 0..2 {
        for entry in bench.log(reader) {
            if let Some(name) = entry.name {
                assert!(name.starts_with("SELECT"), "{name}");
            }
        }
    }
}

#[test]
fn a_foreign_card_is_none_of_a_watchs_cards() {
    let mut bench = Bench::with_readers(2);
    bench.insert_foreign(0, VirtualCard::foreign());
    let mut host = bench.computer.greeted();
    host.send(json!({"type": "watch"}));
    assert_eq!(
        host.next(),
        json!({"type": "cards", "readers": 2, "cards": 0, "presented": false})
    );
}

fn terminate(host: &Host) {
    let id = Pid::from_raw(host.id().try_into().unwrap()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
}
