//! Challenges: each used once, in time, by the session that asked for it.

use std::{sync::Barrier, thread};

use crate::{
    authenticator::{Attest, Ceremony, base64url, create, get},
    ceremonies::{made, register},
    world::{World, person},
};

#[test]
fn a_replayed_registration_is_refused() {
    let world = World::new();
    let mut browser = world.browser();
    let made = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    let before = browser.clone();
    browser.finish_registration(&made.json()).ok();
    for mut replaying in [before, browser] {
        assert_eq!(
            replaying.finish_registration(&made.json()).refusal(),
            "challenge-unknown"
        );
    }
}

#[test]
fn a_refused_registration_has_used_its_challenge() {
    let world = World::new();
    let mut browser = world.browser();
    let mut made = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    made.sig[0] ^= 1;
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "statement-signature"
    );
    made.sig[0] ^= 1;
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "challenge-unknown"
    );
}

#[test]
fn a_replayed_sign_in_is_refused() {
    let world = World::new();
    let mut browser = world.browser();
    let passkey = register(&mut browser, "taro", "p01");
    let mut browser = world.browser();
    let options = browser.start_sign_in(None).ok().json();
    let assertion = get(&options, &passkey, &Ceremony::default());
    let mut before = browser.clone();
    browser.finish_sign_in(&assertion).ok();
    assert_eq!(
        before.finish_sign_in(&assertion).refusal(),
        "challenge-unknown"
    );
}

#[test]
fn an_expired_challenge_is_refused() {
    let world = World::new();
    let mut browser = world.browser();
    let made = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    world.pass(300);
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "challenge-unknown"
    );

    let mut browser = world.browser();
    let passkey = register(&mut browser, "taro", "p01");
    let options = browser.start_sign_in(None).ok().json();
    world.pass(301);
    let assertion = get(&options, &passkey, &Ceremony::default());
    assert_eq!(
        browser.finish_sign_in(&assertion).refusal(),
        "challenge-unknown"
    );
}

#[test]
fn a_challenge_of_ones_own_making_is_refused() {
    let world = World::new();
    let mut browser = world.browser();
    let options = browser.start_registration("taro").ok().json();
    let ceremony = Ceremony {
        challenge: Some(base64url(&[7; 32])),
        ..Ceremony::default()
    };
    let made = create(&options, &Attest::Eid(person("p01")), &ceremony);
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "challenge-unknown"
    );
}

#[test]
fn a_challenge_belongs_to_the_session_that_asked_for_it() {
    let world = World::new();
    let mut browser = world.browser();
    let made = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    let mut thief = world.browser();
    assert_eq!(
        thief.finish_registration(&made.json()).refusal(),
        "challenge-unknown"
    );
    thief.start_registration("jiro").ok();
    assert_eq!(
        thief.finish_registration(&made.json()).refusal(),
        "challenge-unknown"
    );
    // And the thief's attempts did not use it up.
    browser.finish_registration(&made.json()).ok();
}

#[test]
fn a_challenge_belongs_to_its_ceremony() {
    let world = World::new();
    let mut browser = world.browser();
    let passkey = register(&mut browser, "taro", "p01");
    let mut browser = world.browser();
    let registration = browser.start_registration("jiro").ok().json();
    let assertion = get(&registration, &passkey, &Ceremony::default());
    assert_eq!(
        browser.finish_sign_in(&assertion).refusal(),
        "challenge-unknown"
    );
    let sign_in = browser.start_sign_in(None).ok().json();
    let mut options = registration;
    options["publicKey"]["challenge"] = sign_in["publicKey"]["challenge"].clone();
    let made = create(&options, &Attest::Eid(person("p02")), &Ceremony::default());
    assert_eq!(
        browser.finish_registration(&made.json()).refusal(),
        "challenge-unknown"
    );
}

#[test]
fn of_many_concurrent_uses_of_one_challenge_one_succeeds() {
    let world = World::new();
    let replica = world.replica();
    let mut browser = world.browser();
    let passkey = register(&mut browser, "taro", "p01");
    let mut browser = world.browser();
    let options = browser.start_sign_in(None).ok().json();
    let assertion = get(&options, &passkey, &Ceremony::default());
    let together = Barrier::new(8);
    let statuses: Vec<u16> = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let mut browser = if number % 2 == 0 {
                    browser.clone()
                } else {
                    let mut other = replica.browser();
                    other.cookies.clone_from(&browser.cookies);
                    other
                };
                let (assertion, together) = (&assertion, &together);
                scope.spawn(move || {
                    together.wait();
                    browser.finish_sign_in(assertion).status
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let succeeded = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(succeeded, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 400].contains(status)));
}

#[test]
fn two_tabs_of_one_browser_do_not_disturb_each_other() {
    let world = World::new();
    let mut browser = world.browser();
    let first = made(&mut browser, "taro", &Attest::Eid(person("p01")));
    let second = browser.start_sign_in(None).ok().json();
    assert!(second["publicKey"]["challenge"].is_string());
    browser.finish_registration(&first.json()).ok();
}

#[test]
fn what_expired_is_swept_away() {
    let world = World::new();
    for _ in 0..3 {
        world.browser().start_sign_in(None).ok();
    }
    assert_eq!(world.sweep(), 0);
    world.pass(300);
    assert_eq!(world.sweep(), 3);
    world.pass(3600);
    assert_eq!(world.sweep(), 3, "the sessions that nobody signed in to");
}
