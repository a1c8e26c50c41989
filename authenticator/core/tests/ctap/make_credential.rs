//! authenticatorMakeCredential.

use authenticator_core::cbor::Map;
use authenticator_core::{AAGUID, AccountName, CredentialKey, Refusal};
use sha2::{Digest, Sha256};

use crate::requests::{Register, SignIn, parameter};
use crate::world::{Call, Reply, Shown, SoftCard, World, verifies};

#[test]
fn a_registration_makes_a_pairwise_credential() {
    let mut world = World::new();
    let made = world.register(&Register::new("example.jp", "taro"));

    assert_eq!(made.keys, [1, 2, 3]);
    assert_eq!(
        made.rp_id_hash,
        <[u8; 32]>::from(Sha256::digest("example.jp"))
    );
    assert_eq!(made.flags, 0b0100_1101, "AT, BE, UV, UP");
    assert_eq!(made.sign_count, 0);
    assert_eq!(made.aaguid, AAGUID);
    assert_eq!(made.format, "packed");
    assert_eq!(made.algorithm(), -7);
    assert_eq!(made.statement.len(), 2, "self attestation has no x5c");
    assert!(verifies(&made.key, &made.signed(), made.signature()));

    let record = &world.storage.records[0];
    assert_eq!(record.id.as_bytes().as_slice(), made.id);
    assert_eq!(record.user_handle, b"handle of taro");
    assert_eq!(record.created_at, world.now);
    assert_eq!(record.card, world.card.key_hash());
    assert!(!record.discoverable && !record.backed_up);
}

#[test]
fn it_costs_the_card_one_verify_and_one_signature() {
    let mut world = World::new();
    world.register(&Register::new("example.jp", "taro"));
    assert_eq!(
        world.card.calls,
        [
            Call::Certificate,
            Call::Tries,
            Call::Verify("1234".into()),
            Call::Sign512,
            Call::Release
        ]
    );
}

/// One for the key, one for names that an account chooser will show, one for the certificate.
#[test]
fn signatures_are_made_only_for_what_is_needed() {
    let mut nameless = Register::discoverable("example.jp", "taro");
    nameless.user = Map::new().with("id", vec![1u8]);
    for (what, request, reply, signatures) in [
        (
            "not discoverable",
            Register::new("example.jp", "a"),
            Reply::pin("1234"),
            1,
        ),
        (
            "discoverable",
            Register::discoverable("example.jp", "a"),
            Reply::pin("1234"),
            2,
        ),
        ("discoverable, no names", nameless, Reply::pin("1234"), 1),
        (
            "discoverable, disclosed",
            Register::discoverable("example.jp", "a").enterprise(2),
            Reply::disclose(),
            3,
        ),
    ] {
        let mut world = World::new();
        world.replies([reply]).succeed(&request.bytes());
        assert_eq!(world.card.signatures(), signatures, "{what}");
    }
}

#[test]
fn the_prompt_says_who_asks_and_for_which_account() {
    let mut world = World::new();
    world.register(&Register::new("example.jp", "taro"));
    let [
        Shown::Register {
            rp_id,
            rp_name,
            account,
            pin,
            ..
        },
    ] = &world.person.shown[..]
    else {
        panic!("{:?}", world.person.shown);
    };
    assert_eq!(rp_id, "example.jp");
    assert_eq!(rp_name.as_deref(), Some("Example"));
    assert_eq!(account.name.as_deref(), Some("taro"));
    assert_eq!(account.display_name.as_deref(), Some("taro さん"));
    assert_eq!(
        pin.map(|pin| (pin.tries_left, pin.previous_wrong, pin.last_try)),
        Some((3, false, false))
    );
}

/// Firefox sends neither `rp.name` nor `user.displayName`.
#[test]
fn names_are_optional_and_long_ones_are_cut_between_characters() {
    let mut world = World::new();
    let mut request = Register::new("example.jp", "taro");
    request.rp = Map::new().with("id", "example.jp");
    request.user = Map::new()
        .with("id", vec![1u8])
        .with("name", "名".repeat(100));
    world.register(&request);
    let Shown::Register {
        rp_name, account, ..
    } = &world.person.shown[0]
    else {
        panic!();
    };
    assert_eq!(*rp_name, None);
    assert_eq!(account.display_name, None);
    assert_eq!(
        account.name.as_deref(),
        Some("名".repeat(85).as_str()),
        "255 of at most 256 bytes"
    );
}

#[test]
fn what_is_stored_shows_no_name() {
    let mut world = World::new();
    world.register(&Register::discoverable("example.jp", "taro-yamada"));
    let record = &world.storage.records[0];
    let names = record.sealed_names.as_ref().unwrap();
    assert!(!names.windows(4).any(|bytes| bytes == b"taro"));
    let CredentialKey::Sealed(sealed) = &record.key else {
        panic!();
    };
    assert_eq!(sealed.len(), 1 + 24 + 32 + 16);
}

#[test]
fn two_sites_see_nothing_in_common() {
    let mut world = World::new();
    let here = world.register(&Register::new("example.jp", "taro"));
    let there = world.register(&Register::new("example.com", "taro"));
    assert_ne!(here.key, there.key);
    assert!(
        !here.id[1..]
            .windows(8)
            .any(|part| there.id.windows(8).any(|other| other == part))
    );
}

#[test]
fn equal_inputs_give_equal_bytes() {
    let respond = || {
        let mut world = World::new();
        let request = Register::discoverable("example.jp", "taro").enterprise(1);
        world
            .replies([Reply::disclose()])
            .send(&request.bytes())
            .response
    };
    assert_eq!(respond(), respond());
}

#[test]
fn the_same_user_with_rk_overwrites() {
    let mut world = World::new();
    let first = world.register(&Register::discoverable("example.jp", "taro"));
    let other_user = world.register(&Register::discoverable("example.jp", "hanako"));
    let other_site = world.register(&Register::discoverable("example.com", "taro"));
    let second = world.register(&Register::discoverable("example.jp", "taro"));
    assert_ne!(first.id, second.id);
    assert_eq!(stored(&world), [other_user.id, other_site.id, second.id]);
}

#[test]
fn without_rk_nothing_is_overwritten() {
    let mut world = World::new();
    let first = world.register(&Register::discoverable("example.jp", "taro"));
    let second = world.register(&Register::new("example.jp", "taro"));
    let third = world.register(&Register::new("example.jp", "taro"));
    let fourth = world.register(&Register::discoverable("example.jp", "taro"));
    assert_ne!(first.id, fourth.id);
    assert_eq!(stored(&world), [second.id, third.id, fourth.id]);
}

#[test]
fn another_card_overwrites_nothing() {
    let mut world = World::new();
    let first = world.register(&Register::discoverable("example.jp", "taro"));
    world.card = SoftCard::of("p02");
    let second = world.register(&Register::discoverable("example.jp", "taro"));
    assert_eq!(stored(&world), [first.id, second.id]);
}

fn stored(world: &World) -> Vec<Vec<u8>> {
    let records = world.storage.records.iter();
    records
        .map(|record| record.id.as_bytes().to_vec())
        .collect()
}

#[test]
fn an_excluded_credential_is_said_without_a_pin() {
    let mut world = World::new();
    let made = world.register(&Register::new("example.jp", "taro"));
    let again = Register::new("example.jp", "hanako")
        .excluding(b"foreign")
        .excluding(&made.id);

    let failure = world.replies([Reply::Acknowledge]).fail(&again.bytes());
    assert_eq!((failure.status(), failure.code()), (0x19, "excluded"));
    assert_eq!(world.person.shown, [Shown::AlreadyRegistered]);
    assert_eq!(world.card.calls, [Call::Certificate, Call::Release]);

    // CTAP answers the same whether or not the person came; the page learns of it only if they did.
    for (refusal, code) in [
        (Refusal::Cancelled, "cancelled"),
        (Refusal::TimedOut, "timed-out"),
        (Refusal::OtherAuthenticator, "other-authenticator"),
    ] {
        let failure = world.replies([Reply::Refuse(refusal)]).fail(&again.bytes());
        assert_eq!((failure.status(), failure.code()), (0x19, code));
    }
    assert_eq!(world.storage.records.len(), 1);
}

#[test]
fn only_a_credential_of_this_card_and_this_site_is_excluded() {
    let mut world = World::new();
    let other_site = world.register(&Register::new("example.com", "taro"));
    let made = world.register(&Register::new("example.jp", "taro"));
    let mut altered = made.id.clone();
    altered[48] ^= 1;

    let foreign = Register::new("example.jp", "taro")
        .excluding(&other_site.id)
        .excluding(&altered)
        .excluding(&[])
        .excluding(&[1; 1000]);
    world.register(&foreign);

    let mut other_type = Register::new("example.jp", "taro");
    other_type.exclude.push(
        Map::new()
            .with("id", made.id.as_slice())
            .with("type", "a-later-type")
            .into(),
    );
    world.register(&other_type);

    let of_another_card = Register::new("example.jp", "taro").excluding(&made.id);
    world.card = SoftCard::of("p02");
    world.register(&of_another_card);
}

#[test]
fn the_relying_partys_order_of_algorithms_decides() {
    for parameters in [
        vec![parameter("public-key", -7)],
        vec![parameter("public-key", -8), parameter("public-key", -7)],
        vec![parameter("public-key", -7), parameter("public-key", -257)],
        vec![parameter("another-type", -257), parameter("public-key", -7)],
    ] {
        let mut request = Register::new("example.jp", "taro");
        request.parameters = parameters;
        World::new().register(&request);
    }
}

#[test]
fn uv_is_always_done_and_unknown_options_are_ignored() {
    for options in [
        Map::new().with("uv", false),
        Map::new().with("uv", true),
        Map::new().with("up", true),
        Map::new().with("rk", false).with("later", true),
        Map::new().with("later", "not even a boolean"),
    ] {
        let mut request = Register::new("example.jp", "taro");
        request.options = options;
        assert_eq!(World::new().register(&request).flags & 0x05, 0x05);
    }
}

#[test]
fn unknown_extensions_and_parameters_are_ignored() {
    let mut request = Register::new("example.jp", "taro");
    let extensions = Map::new().with("credProps", true).with("uvm", true);
    request.more = Map::new()
        .with(6, extensions)
        .with(0x20, "later")
        .with(-1, Map::new())
        .with("text", vec![0u8]);
    let made = World::new().register(&request);
    assert_eq!(made.flags & 0x80, 0, "ED");
    assert_eq!(made.keys, [1, 2, 3]);
}

/// The new credential works: the key that was sealed is the key that was attested.
#[test]
fn what_was_registered_signs_in() {
    let mut world = World::new();
    let made = world.register(&Register::discoverable("example.jp", "taro"));
    let request = SignIn::new("example.jp").allowing(&made.id);
    world.replies([Reply::pin("1234")]);
    let response = world.succeed(&request.bytes());
    let assertion = crate::world::Assertion::read(&response, &request.client_data_hash);
    assert!(assertion.verifies(&made.key));
}

#[test]
fn an_empty_name_is_a_name() {
    let mut request = Register::discoverable("example.jp", "taro");
    request.user = Map::new().with("id", vec![1u8]).with("name", "");
    let mut world = World::new();
    world.register(&request);
    let Shown::Register { account, .. } = &world.person.shown[0] else {
        panic!();
    };
    assert_eq!(
        *account,
        AccountName {
            name: Some(String::new()),
            display_name: None
        }
    );
}
