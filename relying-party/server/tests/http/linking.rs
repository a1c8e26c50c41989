//! Another computer, another card: added to an account with a one-time code from a session that is signed in.

use std::{sync::Barrier, thread};

use serde_json::{Value, json};

use crate::{
    authenticator::{Attest, Ceremony, Made, create},
    browser::{Browser, Response},
    ceremonies::{made, register, sign_in},
    world::{World, person},
};

pub(crate) fn code(browser: &mut Browser) -> String {
    let answer = browser.post("/api/link-codes", &json!({})).ok();
    assert_eq!(answer.status, 201);
    answer.json()["code"].as_str().unwrap().to_owned()
}

pub(crate) fn start(browser: &mut Browser, code: &str) -> Response {
    browser.post("/api/registration/start", &json!({ "link_code": code }))
}

fn linked(browser: &mut Browser, code: &str, attest: &Attest<'_>) -> Made {
    let options = start(browser, code).ok().json();
    create(&options, attest, &Ceremony::default())
}

fn credentials(browser: &mut Browser) -> Vec<Value> {
    let account = browser.get("/api/account").ok().json();
    account["credentials"].as_array().unwrap().clone()
}

#[test]
fn a_second_computer_is_added_with_a_code_and_the_same_card() {
    let world = World::new();
    let mut first = world.browser();
    let old = register(&mut first, "Taro", "p01");
    let code = code(&mut first);

    let mut second = world.browser();
    let options = start(&mut second, &code.to_lowercase().replace('-', " "))
        .ok()
        .json();
    assert_eq!(options["publicKey"]["user"]["name"], "Taro");
    assert_eq!(
        options["publicKey"]["excludeCredentials"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let made = create(&options, &Attest::Eid(person("p01")), &Ceremony::default());
    assert_eq!(made.passkey.user_handle, old.user_handle);
    let answer = second.finish_registration(&made.json()).ok().json();
    assert_eq!(answer["account_name"], "Taro");

    // Both sign in to the one account, and each sees what was added.
    for passkey in [&old, &made.passkey] {
        let mut browser = world.browser();
        sign_in(&mut browser, passkey);
        let list = credentials(&mut browser);
        assert_eq!(list.len(), 2);
    }
}

#[test]
fn the_account_page_tells_of_a_new_credential() {
    let world = World::new();
    let mut first = world.browser();
    register(&mut first, "taro", "p01");
    assert!(!first.get("/account").ok().body.contains("added recently"));
    world.pass(86_400);
    let mut browser = world.browser();
    let passkey = {
        let mut again = world.browser();
        let passkey = register(&mut again, "jiro", "p02");
        let code = code(&mut again);
        world.pass(60);
        let made = linked(&mut browser, &code, &Attest::Eid(person("p02")));
        browser.finish_registration(&made.json()).ok();
        passkey
    };
    let mut owner = world.browser();
    sign_in(&mut owner, &passkey);
    assert!(owner.get("/account").ok().body.contains("added recently"));
    assert_eq!(credentials(&mut owner)[1]["recent"], true);
    world.pass(14 * 86_400);
    sign_in(&mut owner, &passkey);
    assert!(!owner.get("/account").ok().body.contains("added recently"));
}

#[test]
fn a_renewed_card_is_added_with_a_code_and_then_belongs_to_the_account() {
    let world = World::new();
    let mut first = world.browser();
    register(&mut first, "taro", "p01");
    let code = code(&mut first);
    let mut second = world.browser();
    let made = linked(&mut second, &code, &Attest::Eid(person("p02")));
    second.finish_registration(&made.json()).ok();
    assert_eq!(credentials(&mut second).len(), 2);
    // It opens no second account.
    let mut third = world.browser();
    let again = crate::ceremonies::made(&mut third, "jiro", &Attest::Eid(person("p02")));
    assert_eq!(
        third.finish_registration(&again.json()).refusal(),
        "certificate-already-registered"
    );
}

#[test]
fn a_code_is_used_once() {
    let world = World::new();
    let mut first = world.browser();
    register(&mut first, "taro", "p01");
    let code = code(&mut first);
    let mut second = world.browser();
    let made = linked(&mut second, &code, &Attest::Eid(person("p01")));
    second.finish_registration(&made.json()).ok();
    let mut third = world.browser();
    let refused = start(&mut third, &code);
    assert_eq!(
        (refused.status, refused.refusal()),
        (400, "link-code".to_owned())
    );
}

#[test]
fn of_many_computers_with_one_code_one_is_added() {
    let world = World::new();
    let mut first = world.browser();
    register(&mut first, "taro", "p01");
    let code = code(&mut first);
    let started: Vec<(Browser, Value)> = (0..4)
        .map(|_| {
            let mut browser = world.browser();
            let made = linked(&mut browser, &code, &Attest::Eid(person("p01")));
            (browser, made.json())
        })
        .collect();
    let together = Barrier::new(started.len());
    let statuses: Vec<u16> = thread::scope(|scope| {
        let threads: Vec<_> = started
            .into_iter()
            .map(|(mut browser, json)| {
                let together = &together;
                scope.spawn(move || {
                    together.wait();
                    browser.finish_registration(&json).status
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let added = statuses.iter().filter(|status| **status == 201).count();
    assert_eq!(added, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 400].contains(status)));
    assert_eq!(credentials(&mut first).len(), 2);
}

#[test]
fn a_code_expires_before_the_start_and_before_the_finish() {
    let world = World::new();
    let mut first = world.browser();
    register(&mut first, "taro", "p01");
    let code_of = code;
    let code = code_of(&mut first);
    world.pass(599);
    let mut second = world.browser();
    let made = linked(&mut second, &code, &Attest::Eid(person("p01")));
    world.pass(1);
    assert_eq!(
        second.finish_registration(&made.json()).refusal(),
        "link-code"
    );
    assert_eq!(start(&mut second, &code).refusal(), "link-code");
    assert_eq!(credentials(&mut first).len(), 1);
    assert!(world.sweep() > 0);
}

#[test]
fn a_refused_attempt_does_not_use_the_code_up_and_gets_around_no_check() {
    let world = World::new();
    register(&mut world.browser(), "jiro", "p02");
    let mut first = world.browser();
    register(&mut first, "taro", "p01");
    let code = code(&mut first);
    let mut second = world.browser();
    for (attest, refusal) in [
        (Attest::None, "attestation-required"),
        (Attest::PackedSelf, "attestation-required"),
        (Attest::Eid(person("p04")), "certificate-expired"),
        (Attest::Eid(person("p02")), "certificate-already-registered"),
    ] {
        let made = linked(&mut second, &code, &attest);
        assert_eq!(second.finish_registration(&made.json()).refusal(), refusal);
    }
    let made = linked(&mut second, &code, &Attest::Eid(person("p01")));
    second.finish_registration(&made.json()).ok();
}

#[test]
fn a_new_code_takes_the_place_of_the_one_before() {
    let world = World::new();
    let mut first = world.browser();
    register(&mut first, "taro", "p01");
    let before = code(&mut first);
    let after = code(&mut first);
    assert_ne!(before, after);
    let mut second = world.browser();
    assert_eq!(start(&mut second, &before).refusal(), "link-code");
    start(&mut second, &after).ok();
}

#[test]
fn codes_are_made_by_whoever_is_signed_in_and_entered_by_whoever_is_not() {
    let world = World::new();
    let mut visitor = world.browser();
    assert_eq!(
        visitor.post("/api/link-codes", &json!({})).refusal(),
        "not-signed-in"
    );
    let form = visitor.request("POST", "/add-computer", &[], b"");
    assert_eq!(
        (form.status, form.header("location")),
        (303, Some("/sign-in"))
    );
    let mut elsewhere = world.browser();
    register(&mut elsewhere, "taro", "p01");
    let code = code(&mut elsewhere);
    elsewhere.origin = Some("https://evil.example".to_owned());
    assert_eq!(
        elsewhere.request("POST", "/add-computer", &[], b"").status,
        403
    );
    let mut other = world.browser();
    register(&mut other, "jiro", "p02");
    assert_eq!(start(&mut other, &code).refusal(), "signed-in-as-other");
    for wrong in ["", "0000000000", "00000-0000", "あ"] {
        assert_eq!(start(&mut visitor, wrong).refusal(), "link-code");
    }
    let both = json!({ "link_code": code, "account_name": "taro" });
    assert_eq!(
        visitor.post("/api/registration/start", &both).refusal(),
        "malformed"
    );
}

/// Whoever is talked into entering a stranger's code gives their certificate to the stranger's account.
#[test]
fn the_page_that_takes_a_code_warns_of_other_peoples_codes() {
    let world = World::new();
    let mut browser = world.browser();
    for (language, words) in [
        ("en", "Enter only a code that you made yourself"),
        ("ja", "ご自分で作ったコードか、サービスの運営者から"),
    ] {
        browser.language = language;
        assert!(browser.get("/link").ok().body.contains(words));
    }
}

#[test]
fn codes_are_not_in_the_database() {
    let world = World::new();
    let mut first = world.browser();
    register(&mut first, "taro", "p01");
    let page = first.request("POST", "/add-computer", &[], b"").ok();
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let (_, rest) = page.body.split_once("translate=\"no\">").unwrap();
    let (code, _) = rest.split_once('<').unwrap();
    start(&mut world.browser(), code).ok();
    let bytes = world.database_bytes();
    for secret in [code.to_owned(), code.replace('-', "")] {
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "{secret}");
    }
}

/// A refused registration leaves a credential in the authenticator; the next attempt has to replace it, not stand beside it.
#[test]
fn a_second_attempt_of_one_browser_under_one_name_has_the_same_user_handle() {
    let world = World::new();
    let mut browser = world.browser();
    let refused = made(&mut browser, "taro", &Attest::None);
    assert_eq!(
        browser.finish_registration(&refused.json()).refusal(),
        "attestation-required"
    );
    let again = made(&mut browser, "Ｔａｒｏ", &Attest::Eid(person("p01")));
    assert_eq!(again.passkey.user_handle, refused.passkey.user_handle);
    let other_name = made(&mut browser, "jiro", &Attest::None);
    assert_ne!(other_name.passkey.user_handle, refused.passkey.user_handle);
    let elsewhere = made(&mut world.browser(), "taro", &Attest::None);
    assert_ne!(elsewhere.passkey.user_handle, refused.passkey.user_handle);
    browser.finish_registration(&again.json()).ok();
    sign_in(&mut world.browser(), &again.passkey);
}
