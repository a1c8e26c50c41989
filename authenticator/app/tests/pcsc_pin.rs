//! The PIN and its three tries, through the whole program.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use host::bench::{Bench, forgot_the_pin, person, type_unspent, wrong_pin};
use host::{ORIGIN, creation_options, request_options};
use serde_json::json;

fn error(code: &str) -> (String, String) {
    (code.to_owned(), "NotAllowedError".to_owned())
}

#[test]
fn a_wrong_pin_costs_a_try_and_the_right_one_gives_it_back() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    assert_eq!(
        prompt["pin"],
        json!({"triesLeft": 3, "entry": "browser", "lastTry": false})
    );
    let agreed = json!({"disclose": true, "remember": true});
    bench.type_pin(&mut host, &prompt, wrong_pin("p01"), agreed);
    host.progress();
    let prompt = host.prompt("register");
    assert_eq!(prompt["prompt"], 2);
    assert_eq!(
        prompt["pin"],
        json!({"triesLeft": 2, "entry": "browser", "previous": "wrong", "lastTry": false})
    );
    assert_eq!(
        prompt["certificate"]["switch"], true,
        "as the person left it"
    );
    assert_eq!(bench.tries(0), 2);
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
    assert_eq!(bench.tries(0), 3);
}

#[test]
fn a_pin_that_cannot_be_right_never_reaches_the_card() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    for (number, typed) in ["", "123", "12345", "12a4", "１２３４", " 1234", "123\n"]
        .into_iter()
        .enumerate()
    {
        let prompt = host.prompt("register");
        let previous = if number == 0 {
            json!(null)
        } else {
            json!("impossible")
        };
        assert_eq!(
            (&prompt["pin"]["previous"], &prompt["pin"]["triesLeft"]),
            (&previous, &json!(3))
        );
        type_unspent(&mut host, &prompt, typed, json!({"disclose": true}));
    }
    let prompt = host.prompt("register");
    host.answer(&prompt, "approve", json!({}));
    let prompt = host.prompt("register");
    assert_eq!(prompt["pin"]["previous"], "impossible", "no PIN at all");
    assert_eq!(
        prompt["certificate"]["switch"], false,
        "as the person left it"
    );
    bench.type_pin(&mut host, &prompt, &person("p01").pin, json!({}));
    host.result();
}

#[test]
fn the_last_try_is_spent_only_after_an_explicit_yes() {
    let mut bench = Bench::with_card_of("p01");
    bench.set_tries(0, 1);
    let mut host = bench.computer.create(ORIGIN, creation_options());
    for _ in 0..2 {
        let prompt = host.prompt("register");
        assert_eq!(
            prompt["pin"],
            json!({"triesLeft": 1, "entry": "browser", "lastTry": true})
        );
        type_unspent(&mut host, &prompt, &person("p01").pin, json!({}));
    }
    let prompt = host.prompt("register");
    assert_eq!(bench.tries(0), 1);
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p01").pin,
        json!({"lastTry": true}),
    );
    host.result();
    assert_eq!(bench.tries(0), 3);
}

#[test]
fn three_wrong_pins_lock_the_card_and_a_locked_card_asks_for_none() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    for (tries, last) in [(3, false), (2, false), (1, true)] {
        let prompt = host.prompt("register");
        assert_eq!(
            (&prompt["pin"]["triesLeft"], &prompt["pin"]["lastTry"]),
            (&json!(tries), &json!(last))
        );
        bench.type_pin(
            &mut host,
            &prompt,
            wrong_pin("p01"),
            json!({"lastTry": last}),
        );
        host.progress();
    }
    assert_eq!(host.error(), error("pin-locked"));
    assert_eq!(bench.tries(0), 0);
    let mut host = bench.computer.create(ORIGIN, creation_options());
    assert_eq!(host.error(), error("pin-locked"));
}

#[test]
fn permission_for_a_last_try_counts_only_where_it_was_asked_for() {
    let mut bench = Bench::with_card_of("p01");
    bench.set_tries(0, 2);
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    bench.type_pin(
        &mut host,
        &prompt,
        wrong_pin("p01"),
        json!({"lastTry": true}),
    );
    host.progress();
    let prompt = host.prompt("register");
    assert_eq!(
        prompt["pin"],
        json!({"triesLeft": 1, "entry": "browser", "previous": "wrong", "lastTry": true})
    );
    type_unspent(&mut host, &prompt, wrong_pin("p01"), json!({}));
    let prompt = host.prompt("register");
    host.answer(&prompt, "cancel", json!({}));
    assert_eq!(host.error(), error("cancelled"));
    assert_eq!(bench.tries(0), 1);
}

#[test]
fn a_try_spent_elsewhere_while_the_person_types_turns_theirs_into_the_last() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    bench.set_tries(0, 1);
    type_unspent(&mut host, &prompt, wrong_pin("p01"), json!({}));
    host.progress();
    let prompt = host.prompt("register");
    assert_eq!(
        prompt["pin"],
        json!({"triesLeft": 1, "entry": "browser", "lastTry": true})
    );
    bench.type_pin(
        &mut host,
        &prompt,
        &person("p01").pin,
        json!({"lastTry": true}),
    );
    host.result();
}

#[test]
fn an_answer_to_an_older_prompt_is_ignored() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let first = host.prompt("register");
    bench.type_pin(&mut host, &first, wrong_pin("p01"), json!({}));
    host.progress();
    let second = host.prompt("register");
    type_unspent(&mut host, &first, wrong_pin("p01"), json!({}));
    host.answer(&first, "cancel", json!({}));
    bench.type_pin(&mut host, &second, &person("p01").pin, json!({}));
    host.result();
}

#[test]
fn an_answer_sent_twice_spends_one_try() {
    let mut bench = Bench::with_card_of("p01");
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, wrong_pin("p01"), json!({}));
    type_unspent(&mut host, &prompt, wrong_pin("p01"), json!({}));
    host.progress();
    let prompt = host.prompt("register");
    assert_eq!(prompt["pin"]["triesLeft"], 2);
    host.answer(&prompt, "other", json!({}));
    assert_eq!(host.error(), error("other-authenticator"));
}

#[test]
fn cancelling_costs_no_try() {
    let mut bench = Bench::with_card_of("p01");
    bench.register("p01", creation_options(), false);
    for (answer, code) in [("cancel", "cancelled"), ("other", "other-authenticator")] {
        let mut host = bench.computer.create(ORIGIN, creation_options());
        let prompt = host.prompt("register");
        host.answer(&prompt, answer, json!({}));
        assert_eq!(host.error(), error(code));
        let mut host = bench.computer.get(ORIGIN, request_options());
        let prompt = host.prompt("sign-in");
        host.answer(&prompt, answer, json!({}));
        assert_eq!(host.error(), error(code));
    }
    let mut host = bench.computer.create(ORIGIN, creation_options());
    host.prompt("register");
    host.send(json!({"type": "cancel"}));
    assert_eq!(host.error(), error("cancelled"));
    assert_eq!(bench.tries(0), 3);
}

#[test]
fn neither_pins_nor_what_identifies_the_person_are_in_the_log_or_the_store() {
    let mut bench = Bench::with_card_of("p01");
    let right = &person("p01").pin;
    let mut host = bench.computer.create(ORIGIN, creation_options());
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, wrong_pin("p01"), json!({}));
    host.progress();
    let prompt = host.prompt("register");
    bench.type_pin(&mut host, &prompt, right, json!({"disclose": true}));
    host.result();
    let log = host.end().log;
    assert!(
        !log.contains(right.as_str()) && !log.contains(wrong_pin("p01")),
        "{log}"
    );
    for file in std::fs::read_dir(bench.computer.data()).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        let certificate = &person("p01").authentication.certificate;
        for secret in [&certificate[..64], "taro".as_bytes(), "太郎".as_bytes()] {
            assert!(!content.windows(secret.len()).any(|window| window == secret));
        }
    }
    bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&bench.log(0)));
}
