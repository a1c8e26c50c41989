//! authenticatorGetAssertion with `up: false` (`docs/decisions/0020-silent-probes.md`).

use authenticator_core::{CardError, Failure};

use crate::requests::{Register, SignIn};
use crate::world::{Assertion, World};

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
