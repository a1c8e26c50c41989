//! authenticatorGetAssertion with `up: false` (`docs/decisions/0020-silent-probes.md`).

use authenticator_core::{CardError, Failure};

use crate::requests::{Register, SignIn};
use crate::world::{Assertion, Attestation, Call, Reply, SoftCard, World};

#[test]
fn a_silent_probe_confirms_a_named_credential_without_card_or_person() {
    let mut world = World::new();
    let made = world.register(&Register::discoverable("example.jp", "taro"));
    world.card.absent.push_back(CardError::NoReader);

    let request = SignIn::new("example.jp")
        .allowing(b"foreign")
        .allowing(&made.id)
        .silent();
    let response = world.succeed(&request.bytes());
    let probe = Assertion::read(&response, &request.client_data_hash);

    assert_eq!(probe.keys, [1, 2, 3], "no user");
    assert_eq!(probe.id, made.id);
    assert_eq!(probe.flags, 0b0000_1000, "BE: neither UP nor UV");
    assert!(!probe.verifies(&made.key), "well-formed and meaningless");
    assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    assert_eq!(world.storage.records[0].last_used_at, None);
    assert_eq!(
        world.succeed(&request.bytes()),
        response,
        "the same every time"
    );
}

#[test]
fn a_silent_probe_lists_nothing_and_confirms_nothing_foreign() {
    let mut world = World::new();
    let made = world.register(&Register::discoverable("example.jp", "taro"));
    for request in [
        SignIn::new("example.jp").silent(),
        SignIn::new("example.com").allowing(&made.id).silent(),
        SignIn::new("example.jp").allowing(b"foreign").silent(),
    ] {
        assert_eq!(world.fail(&request.bytes()), Failure::NoCredential(Ok(())));
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    }
}

/// A card credential, made at a computer.
fn card_credential(world: &mut World) -> Attestation {
    let request = Register::discoverable("example.jp", "taro").algorithms(&[-257]);
    let response = world
        .replies([Reply::card_credential()])
        .succeed(&request.bytes());
    Attestation::read(&response, &request.client_data_hash)
}

fn assert_meaningless(probe: &Assertion, made: &Attestation) {
    assert_eq!(probe.keys, [1, 2, 3], "no user");
    assert_eq!(probe.id, made.id);
    assert_eq!(probe.flags, 0, "neither UP nor UV, neither BE nor BS");
    assert_eq!(probe.signature.len(), 256);
    assert!(probe.signature[0] < 0x80, "less than any modulus");
    assert!(!probe.verifies(&made.key));
}

#[test]
fn a_stored_card_credential_is_confirmed_without_the_card() {
    let mut world = World::new();
    let made = card_credential(&mut world);
    let request = SignIn::new("example.jp").allowing(&made.id).silent();
    let response = world.succeed(&request.bytes());
    assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    let probe = Assertion::read(&response, &request.client_data_hash);
    assert_meaningless(&probe, &made);
    assert_eq!(
        world.succeed(&request.bytes()),
        response,
        "the same every time"
    );
}

#[test]
fn a_card_credential_made_elsewhere_is_confirmed_by_the_card_that_is_there() {
    let made = card_credential(&mut World::new());
    let mut there = World::elsewhere();
    let request = SignIn::new("example.jp")
        .allowing(b"foreign")
        .allowing(&made.id)
        .silent();
    let response = there.succeed(&request.bytes());
    let probe = Assertion::read(&response, &request.client_data_hash);
    assert_meaningless(&probe, &made);
    assert_eq!(there.card.calls, [Call::Certificate, Call::Release]);
    assert!(there.person.shown.is_empty() && there.storage.records.is_empty());

    // Nobody is asked for a card that is not there.
    there.card.absent.push_back(CardError::NoCard);
    let failure = there.fail(&request.bytes());
    assert_eq!(failure, Failure::NoCredential(Ok(())));
    // Nor does another card confirm it, nor this one to another site.
    let elsewhere = SignIn::new("example.com").allowing(&made.id).silent();
    assert_eq!(
        there.fail(&elsewhere.bytes()),
        Failure::NoCredential(Ok(()))
    );
    there.card = SoftCard::of("p02");
    assert_eq!(there.fail(&request.bytes()), Failure::NoCredential(Ok(())));
    assert!(there.person.shown.is_empty());
}

#[test]
fn a_stored_card_credential_is_not_confirmed_to_another_site() {
    let mut world = World::new();
    let made = card_credential(&mut world);
    let request = SignIn::new("example.com").allowing(&made.id).silent();
    assert_eq!(world.fail(&request.bytes()), Failure::NoCredential(Ok(())));
}
