//! The extensions: what a platform asks, what is kept, and what is answered (CTAP 2.3 §12).

use authenticator_core::cbor::{Map, Value};
use authenticator_core::{CredProtect, CredentialKey, Failure};

use crate::requests::{Register, SignIn};
use crate::world::{Assertion, Attestation, Reply, World};

fn sign_in(world: &mut World, request: &SignIn) -> Assertion {
    world.replies([Reply::pin("1234")]);
    Assertion::read(&world.succeed(&request.bytes()), &request.client_data_hash)
}

fn one(name: &str, value: impl Into<Value>) -> Option<Map> {
    Some(Map::new().with(name, value))
}

fn card_credential(world: &mut World, request: Register) -> Attestation {
    let request = request.algorithms(&[-257]);
    world.replies([Reply::card_credential()]);
    Attestation::read(&world.succeed(&request.bytes()), &request.client_data_hash)
}

#[test]
fn nothing_is_answered_that_was_not_asked_for() {
    let mut world = World::new();
    let settings = &mut world.storage.settings;
    settings
        .min_pin_length_rp_ids
        .insert("example.jp".to_owned());
    for register in [
        Register::discoverable("example.jp", "taro"),
        Register::discoverable("example.jp", "taro").extension("unheardOf", 1),
        Register::discoverable("example.jp", "taro").extension("minPinLength", false),
    ] {
        let made = world.register(&register);
        assert_eq!(made.keys, [1, 2, 3]);
        assert_eq!(made.extensions, None);
        assert_eq!(made.flags & 0x80, 0);
        for request in [
            SignIn::new("example.jp"),
            SignIn::new("example.jp").extension("unheardOf", "?"),
            SignIn::new("example.jp").extension("credBlob", false),
        ] {
            let assertion = sign_in(&mut world, &request);
            assert_eq!(assertion.keys, [1, 2, 3, 4]);
            assert_eq!(assertion.extensions, None);
            assert_eq!(assertion.flags & 0x80, 0);
        }
    }
}

#[test]
fn inputs_of_another_type_are_refused() {
    let mut world = World::new();
    for (name, input) in [
        ("credProtect", Value::from("2")),
        ("credBlob", Value::from(true)),
        ("largeBlobKey", Value::from(1)),
        ("minPinLength", Value::from(4)),
    ] {
        let register = Register::discoverable("example.jp", "taro").extension(name, input);
        assert_eq!(world.fail(&register.bytes()).status(), 0x11, "{name}");
    }
    for (name, input) in [
        ("credBlob", Value::from(&[1][..])),
        ("largeBlobKey", Value::from("yes")),
    ] {
        let request = SignIn::new("example.jp").extension(name, input);
        assert_eq!(world.fail(&request.bytes()).status(), 0x11, "{name}");
    }
    assert!(world.card.calls.is_empty());
}

#[test]
fn the_protection_asked_for_is_kept_and_answered() {
    for (level, kept) in [
        (1, CredProtect::Optional),
        (2, CredProtect::OptionalWithCredentialIdList),
        (3, CredProtect::Required),
    ] {
        let mut world = World::new();
        let made = world.register(
            &Register::discoverable("example.jp", "taro").extension("credProtect", level),
        );
        assert_eq!(made.extensions, one("credProtect", level));
        assert_eq!(made.flags, 0b1100_1101, "ED, AT, BE, UV, UP");
        assert_eq!(world.storage.records[0].cred_protect, kept);
        let assertion = sign_in(&mut world, &SignIn::new("example.jp"));
        assert!(assertion.verifies(&made.key));
    }
    for level in [0, 4, -1] {
        let register = Register::new("example.jp", "taro").extension("credProtect", level);
        let failure = World::new().fail(&register.bytes());
        assert_eq!(failure, Failure::InvalidParameter("credProtect"));
    }
    let mut world = World::new();
    world.register(&Register::new("example.jp", "taro"));
    assert_eq!(world.storage.records[0].cred_protect, CredProtect::Optional);
}

#[test]
fn a_silent_probe_confirms_no_credential_of_level_3() {
    for (level, found) in [(1, true), (2, true), (3, false)] {
        let mut world = World::new();
        let made =
            world.register(&Register::new("example.jp", "taro").extension("credProtect", level));
        let probe = SignIn::new("example.jp").allowing(&made.id).silent();
        let outcome = world.send(&probe.bytes());
        assert_eq!(outcome.failure.is_none(), found, "level {level}");
        assert!(world.person.shown.is_empty());
        let assertion = sign_in(&mut world, &SignIn::new("example.jp").allowing(&made.id));
        assert!(assertion.verifies(&made.key));
    }
}

#[test]
fn a_silent_probe_gives_nothing_of_an_extension_away() {
    let mut world = World::new();
    let register = Register::discoverable("example.jp", "taro")
        .extension("credBlob", &b"blob"[..])
        .extension("largeBlobKey", true);
    let made = world.register(&register);
    let probe = SignIn::new("example.jp")
        .allowing(&made.id)
        .extension("credBlob", true)
        .extension("largeBlobKey", true)
        .silent();
    let assertion = Assertion::read(&world.succeed(&probe.bytes()), &probe.client_data_hash);
    assert_eq!(assertion.keys, [1, 2, 3]);
    assert_eq!(assertion.extensions, None);
}

#[test]
fn a_protected_credential_is_excluded_only_after_the_pin() {
    let mut world = World::new();
    for level in [2, 3] {
        let made =
            world.register(&Register::new("example.jp", "taro").extension("credProtect", level));
        let again = Register::new("example.jp", "taro").excluding(&made.id);
        if level == 3 {
            world.replies([Reply::pin("1234")]);
        }
        world.replies([Reply::Acknowledge]);
        assert_eq!(world.fail(&again.bytes()), Failure::Excluded(Ok(())));
    }
    assert_eq!(world.storage.records.len(), 2, "nothing was registered");
}

/// Any computer with the card tells its credentials without the PIN: more is not promised.
#[test]
fn a_card_credential_has_level_2_at_most() {
    for (asked, granted) in [(1, 1), (2, 2), (3, 2)] {
        let mut world = World::new();
        let request = Register::discoverable("example.jp", "taro").extension("credProtect", asked);
        let made = card_credential(&mut world, request);
        assert_eq!(made.extensions, one("credProtect", granted));
        assert_eq!(
            i64::from(world.storage.records[0].cred_protect.level()),
            granted
        );
    }
}

#[test]
fn a_cred_blob_is_sealed_and_comes_back_when_asked_for() {
    let mut world = World::new();
    for (user, blob) in [("taro", &[0xB7; 32][..]), ("hanako", &[9])] {
        let register = Register::discoverable("example.jp", user).extension("credBlob", blob);
        let made = world.register(&register);
        assert_eq!(made.extensions, one("credBlob", true));
        let allowing = SignIn::new("example.jp").allowing(&made.id);
        let assertion = sign_in(&mut world, &allowing.extension("credBlob", true));
        assert_eq!(assertion.extensions, one("credBlob", blob));
        assert!(assertion.verifies(&made.key), "the output is signed");
        let allowing = SignIn::new("example.jp").allowing(&made.id);
        assert_eq!(sign_in(&mut world, &allowing).extensions, None);
    }
    let CredentialKey::Sealed(sealed) = &world.storage.records[0].key else {
        panic!("it is pairwise");
    };
    assert!(
        !sealed.windows(4).any(|bytes| bytes == [0xB7; 4]),
        "it is not in clear"
    );
}

#[test]
fn a_cred_blob_that_is_too_long_or_has_no_place_is_not_kept() {
    let mut world = World::new();
    for register in [
        Register::discoverable("example.jp", "taro").extension("credBlob", &[7; 33][..]),
        Register::new("example.jp", "taro").extension("credBlob", &[7; 8][..]),
    ] {
        let made = world.register(&register);
        assert_eq!(made.extensions, one("credBlob", false));
        let request = SignIn::new("example.jp").allowing(&made.id);
        let assertion = sign_in(&mut world, &request.extension("credBlob", true));
        assert_eq!(assertion.extensions, one("credBlob", &[][..]), "empty");
    }
}

#[test]
fn a_large_blob_key_is_the_same_at_every_sign_in_and_another_one_for_each_credential() {
    let mut world = World::new();
    let mut keys = Vec::new();
    for user in ["taro", "hanako"] {
        let register = Register::discoverable("example.jp", user).extension("largeBlobKey", true);
        let made = world.register(&register);
        assert_eq!(made.keys, [1, 2, 3, 5]);
        assert_eq!(made.extensions, None, "it is no part of what is signed");
        let key = made.large_blob_key.unwrap();
        assert_eq!(key.len(), 32);
        let request = SignIn::new("example.jp").allowing(&made.id);
        let assertion = sign_in(&mut world, &request.extension("largeBlobKey", true));
        assert_eq!(assertion.keys, [1, 2, 3, 4, 7]);
        assert_eq!(assertion.large_blob_key.as_ref(), Some(&key));
        let request = SignIn::new("example.jp").allowing(&made.id);
        assert_eq!(sign_in(&mut world, &request).large_blob_key, None);
        keys.push(key);
    }
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn a_large_blob_key_is_for_discoverable_credentials_and_cannot_be_declined() {
    let mut world = World::new();
    for register in [
        Register::new("example.jp", "taro").extension("largeBlobKey", true),
        Register::discoverable("example.jp", "taro").extension("largeBlobKey", false),
    ] {
        assert_eq!(world.fail(&register.bytes()).status(), 0x2C);
    }
    let request = SignIn::new("example.jp").extension("largeBlobKey", false);
    assert_eq!(world.fail(&request.bytes()).status(), 0x2C);
    // One that was made without has none.
    world.register(&Register::discoverable("example.jp", "taro"));
    let request = SignIn::new("example.jp").extension("largeBlobKey", true);
    assert_eq!(sign_in(&mut world, &request).keys, [1, 2, 3, 4]);
}

#[test]
fn a_card_credential_has_no_secrets_to_give() {
    let mut world = World::new();
    let request = Register::discoverable("example.jp", "taro")
        .extension("credBlob", &[7; 8][..])
        .extension("largeBlobKey", true);
    let made = card_credential(&mut world, request);
    assert_eq!(made.keys, [1, 2, 3]);
    assert_eq!(made.extensions, one("credBlob", false));
    let request = SignIn::new("example.jp")
        .extension("credBlob", true)
        .extension("largeBlobKey", true);
    let assertion = sign_in(&mut world, &request);
    assert_eq!(assertion.keys, [1, 2, 3, 4]);
    assert_eq!(assertion.extensions, one("credBlob", &[][..]));
}

#[test]
fn the_pins_length_is_told_to_relying_parties_that_may_know_it() {
    let mut world = World::new();
    let register = |rp_id| Register::discoverable(rp_id, "taro").extension("minPinLength", true);
    assert_eq!(world.register(&register("example.jp")).extensions, None);
    let settings = &mut world.storage.settings;
    settings
        .min_pin_length_rp_ids
        .insert("example.jp".to_owned());
    let made = world.register(&register("example.jp"));
    assert_eq!(made.extensions, one("minPinLength", 4));
    assert_eq!(world.register(&register("example.com")).extensions, None);
}
