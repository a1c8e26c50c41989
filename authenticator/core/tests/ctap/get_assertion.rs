//! authenticatorGetAssertion.

use authenticator_core::cbor::{Map, Value};
use authenticator_core::{Account, AccountName, CredentialKey, Expiry, Failure, Refusal};

use crate::requests::{Register, SignIn, descriptor, request};
use crate::world::{Assertion, Attestation, Call, Reply, Shown, SoftCard, World};

fn sign_in(world: &mut World, request: &SignIn) -> Assertion {
    world.replies([Reply::pin("1234")]);
    Assertion::read(&world.succeed(&request.bytes()), &request.client_data_hash)
}

fn registered() -> (World, Attestation) {
    let mut world = World::new();
    let made = world.register(&Register::new("example.jp", "taro"));
    (world, made)
}

#[test]
fn a_named_credential_signs_in() {
    let (mut world, made) = registered();
    world.now += 1000;
    let request = SignIn::new("example.jp").allowing(&made.id);
    let assertion = sign_in(&mut world, &request);

    assert_eq!(assertion.keys, [1, 2, 3]);
    assert_eq!(assertion.id, made.id);
    assert_eq!(assertion.flags, 0b0000_1101, "BE, UV, UP");
    assert_eq!(&assertion.auth_data[33..], [0; 4], "the counter");
    assert!(assertion.verifies(&made.key));
    assert_eq!(world.storage.records[0].last_used_at, Some(world.now));
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
    let [Shown::SignIn { rp_id, pin, .. }] = &world.person.shown[..] else {
        panic!();
    };
    assert_eq!((rp_id.as_str(), pin.unwrap().tries_left), ("example.jp", 3));
}

#[test]
fn a_credential_that_was_backed_up_says_so() {
    let (mut world, made) = registered();
    world.storage.records[0].backed_up = true;
    let assertion = sign_in(&mut world, &SignIn::new("example.jp").allowing(&made.id));
    assert_eq!(assertion.flags, 0b0001_1101, "BS, BE, UV, UP");
}

#[test]
fn the_first_of_ours_in_the_allow_list_is_used() {
    let (mut world, first) = registered();
    let second = world.register(&Register::new("example.jp", "hanako"));
    let request = SignIn::new("example.jp")
        .allowing(b"foreign")
        .allowing(&second.id)
        .allowing(&first.id);
    let assertion = sign_in(&mut world, &request);
    assert_eq!(assertion.id, second.id);
    assert!(assertion.verifies(&second.key));
}

#[test]
fn a_single_account_needs_no_choice_and_no_names() {
    let mut world = World::new();
    let made = world.register(&Register::discoverable("example.jp", "taro"));
    let assertion = sign_in(&mut world, &SignIn::new("example.jp"));

    assert!(assertion.verifies(&made.key));
    assert_eq!(assertion.keys, [1, 2, 3, 4]);
    let user = Map::new().with("id", "handle of taro".as_bytes());
    assert_eq!(assertion.user, Some(user), "the ID alone");
    assert_eq!(world.card.signatures(), 1);
}

#[test]
fn several_accounts_are_shown_by_name_and_one_is_chosen() {
    let mut world = World::new();
    let mut made = Vec::new();
    for user in ["taro", "hanako", "jiro"] {
        made.push(world.register(&Register::discoverable("example.jp", user)));
        world.now += 1;
    }
    world.register(&Register::new("example.jp", "not discoverable"));
    world.register(&Register::discoverable("example.com", "elsewhere"));

    let request = SignIn::new("example.jp");
    world.replies([Reply::pin("1234"), Reply::Choose(2)]);
    let response = world.succeed(&request.bytes());
    let assertion = Assertion::read(&response, &request.client_data_hash);

    let account = |user: &str, created_at| Account {
        name: AccountName {
            name: Some(user.to_owned()),
            display_name: Some(format!("{user} さん")),
        },
        created_at,
    };
    assert_eq!(
        world.person.shown[1],
        Shown::ChooseAccount(vec![
            account("jiro", world.now - 1),
            account("hanako", world.now - 2),
            account("taro", world.now - 3),
        ]),
        "newest first"
    );
    assert!(assertion.verifies(&made[0].key));
    assert_eq!(
        assertion.keys,
        [1, 2, 3, 4],
        "neither numberOfCredentials nor userSelected: Firefox refuses the latter"
    );
    assert_eq!(assertion.user.unwrap().len(), 1, "no names");
    assert_eq!(
        world.card.signatures(),
        2,
        "one for all names, one for the key"
    );
}

#[test]
fn accounts_without_names_can_be_chosen_too() {
    let mut world = World::new();
    let made_at = [world.now, world.now + 86_400];
    for (id, now) in [1u8, 2].into_iter().zip(made_at) {
        world.now = now;
        let mut request = Register::discoverable("example.jp", "taro");
        request.user = Map::new().with("id", vec![id]);
        world.register(&request);
    }
    world.replies([Reply::pin("1234"), Reply::Choose(1)]);
    world.succeed(&SignIn::new("example.jp").bytes());
    let unnamed = |created_at| Account {
        name: AccountName::default(),
        created_at,
    };
    assert_eq!(
        world.person.shown[1],
        Shown::ChooseAccount(vec![unnamed(made_at[1]), unnamed(made_at[0])]),
        "told apart by their days"
    );
}

#[test]
fn declining_to_choose_signs_nothing() {
    let mut world = World::new();
    for user in ["taro", "hanako"] {
        world.register(&Register::discoverable("example.jp", user));
    }
    world.replies([Reply::pin("1234"), Reply::Refuse(Refusal::Cancelled)]);
    let failure = world.fail(&SignIn::new("example.jp").bytes());
    assert_eq!((failure.status(), failure.code()), (0x27, "cancelled"));
    assert_eq!(world.card.signatures(), 1, "the names only");
    assert!(
        world
            .storage
            .records
            .iter()
            .all(|record| record.last_used_at.is_none())
    );

    world.replies([Reply::pin("1234"), Reply::Choose(2)]);
    let failure = world.fail(&SignIn::new("example.jp").bytes());
    assert_eq!(
        (failure.status(), failure.code()),
        (0x7F, "internal"),
        "a prompt's defect"
    );
}

#[test]
fn nothing_that_fits_is_said_without_asking_for_a_card() {
    let (mut world, made) = registered();
    let mut altered = made.id.clone();
    altered[20] ^= 1;
    for request in [
        SignIn::new("example.jp"),
        SignIn::new("example.com").allowing(&made.id),
        SignIn::new("example.jp").allowing(&altered),
        SignIn::new("example.jp").allowing(b"foreign"),
        SignIn::new("nowhere.example"),
    ] {
        let failure = world.replies([Reply::Acknowledge]).fail(&request.bytes());
        assert_eq!((failure.status(), failure.code()), (0x2E, "no-credential"));
        assert_eq!(world.person.shown, [Shown::NoCredential]);
        assert!(world.card.calls.is_empty());
    }
    for (refusal, code) in [
        (Refusal::Cancelled, "cancelled"),
        (Refusal::TimedOut, "timed-out"),
        (Refusal::OtherAuthenticator, "other-authenticator"),
    ] {
        let failure = world
            .replies([Reply::Refuse(refusal)])
            .fail(&SignIn::new("example.jp").bytes());
        assert_eq!((failure.status(), failure.code()), (0x2E, code));
    }
}

#[test]
fn another_card_has_no_credential_and_is_asked_no_pin() {
    let (mut world, made) = registered();
    world.register(&Register::discoverable("example.jp", "hanako"));
    world.card = SoftCard::of("p02");
    for request in [
        SignIn::new("example.jp").allowing(&made.id),
        SignIn::new("example.jp"),
    ] {
        let failure = world.replies([Reply::Acknowledge]).fail(&request.bytes());
        assert_eq!(failure, Failure::NoCredential(Ok(())));
        assert_eq!(world.card.calls, [Call::Certificate, Call::Release]);
    }
}

#[test]
fn with_two_peoples_credentials_each_card_finds_its_own() {
    let mut world = World::new();
    let first = world.register(&Register::discoverable("example.jp", "taro"));
    world.card = SoftCard::of("p02");
    let second = world.register(&Register::discoverable("example.jp", "taro"));
    let named = || {
        SignIn::new("example.jp")
            .allowing(&first.id)
            .allowing(&second.id)
    };

    for request in [named(), SignIn::new("example.jp")] {
        assert!(sign_in(&mut world, &request).verifies(&second.key));
    }
    world.card = SoftCard::of("p01");
    for request in [named(), SignIn::new("example.jp")] {
        assert!(sign_in(&mut world, &request).verifies(&first.key));
    }
}

/// Until a backup brings one there (`backup.rs`). A store that lost its own secret knows the ID and opens nothing.
#[test]
fn another_installation_knows_none_of_our_ids() {
    let (mut world, made) = registered();
    let request = SignIn::new("example.jp").allowing(&made.id);
    world.storage.device[0] ^= 1;
    let failure = world.replies([Reply::pin("1234")]).fail(&request.bytes());
    assert_eq!(failure, Failure::SealBroken);
    world.storage.records.clear();
    let failure = world.replies([Reply::Acknowledge]).fail(&request.bytes());
    assert_eq!(failure, Failure::NoCredential(Ok(())));
}

fn sealed_key(world: &mut World) -> &mut Vec<u8> {
    match &mut world.storage.records[0].key {
        CredentialKey::Sealed(sealed) => sealed,
        CredentialKey::InCard => panic!("there is no sealed key"),
    }
}

#[test]
fn a_store_that_was_altered_opens_nothing() {
    type Alteration = (&'static str, fn(&mut World));
    let alterations: [Alteration; 7] = [
        ("the device secret", |world| world.storage.device[5] ^= 1),
        ("the salt", |world| world.storage.salt[31] ^= 1),
        ("the user handle", |world| {
            world.storage.records[0].user_handle[0] ^= 1;
        }),
        ("the sealed key", |world| {
            sealed_key(world)[30] ^= 1;
        }),
        ("the site", |world| {
            world.storage.records[0].rp_id = "example.jp".into();
        }),
        ("no sealed key", |world| sealed_key(world).clear()),
        ("a key in the card", |world| {
            world.storage.records[0].key = CredentialKey::InCard;
        }),
    ];
    for (what, alter) in alterations {
        let mut world = World::new();
        let site = if what == "the site" {
            "evil.example"
        } else {
            "example.jp"
        };
        world.register(&Register::discoverable(site, "taro"));
        alter(&mut world);
        world.replies([Reply::pin("1234")]);
        let failure = world.fail(&SignIn::new("example.jp").bytes());
        assert_eq!(failure, Failure::SealBroken, "{what}");
        assert_eq!((failure.status(), failure.code()), (0x27, "storage"));
    }
}

#[test]
fn names_swapped_between_accounts_are_noticed() {
    let mut world = World::new();
    for user in ["taro", "hanako"] {
        world.register(&Register::discoverable("example.jp", user));
    }
    let names = world.storage.records[1].sealed_names.clone();
    world.storage.records[0].sealed_names = names;
    world.replies([Reply::pin("1234")]);
    let failure = world.fail(&SignIn::new("example.jp").bytes());
    assert_eq!(failure, Failure::SealBroken);
}

#[test]
fn an_expired_certificate_still_signs_in_with_a_warning() {
    let (mut world, made) = registered();
    let request = SignIn::new("example.jp").allowing(&made.id);
    let mut expiry_at = |now| {
        world.now = now;
        assert!(sign_in(&mut world, &request).verifies(&made.key));
        world.person.shown[0].card().unwrap().expiry
    };
    let person = jpki_lab::pki::shared().unwrap().person("p01").unwrap();
    let end = person.authentication.not_after as u64;
    let days = |n: u64| n * 24 * 60 * 60;
    assert_eq!(expiry_at(end - days(90) - 1), Expiry::Far);
    assert_eq!(expiry_at(end - days(90)), Expiry::Soon);
    assert_eq!(expiry_at(end), Expiry::Soon);
    assert_eq!(expiry_at(end + 1), Expiry::Expired);
    assert_eq!(world.person.shown[0].card().unwrap().not_after, end);
}

#[test]
fn uv_false_still_means_uv() {
    let (mut world, made) = registered();
    let mut request = SignIn::new("example.jp").allowing(&made.id);
    request.options = Map::new()
        .with("uv", false)
        .with("up", true)
        .with("later", 1);
    request.more = Map::new()
        .with(4, Map::new().with("later", true))
        .with(0x30, 1);
    assert_eq!(sign_in(&mut world, &request).flags & 0x05, 0x05);
}

/// CTAP 2.3 §6.2.2: an empty allowList is the same as none.
#[test]
fn an_empty_allow_list_is_none() {
    let mut world = World::new();
    let made = world.register(&Register::discoverable("example.jp", "taro"));
    let map = SignIn::new("example.jp").map().with(3, Vec::<Value>::new());
    world.replies([Reply::pin("1234")]);
    let response = world.succeed(&request(2, map));
    let hash = SignIn::new("example.jp").client_data_hash;
    assert_eq!(Assertion::read(&response, &hash).id, made.id);
}

#[test]
fn a_credential_named_under_another_type_is_passed_over() {
    let mut world = World::new();
    let made = world.register(&Register::discoverable("example.jp", "taro"));
    let later = Map::new()
        .with("id", made.id.as_slice())
        .with("type", "later");
    let mut request = SignIn::new("example.jp");
    // Of a list of such entries alone nothing is left, and it is a list all the same: no other credential is offered.
    for allow in [
        vec![later.clone().into(), descriptor(b"foreign")],
        vec![later.into()],
    ] {
        request.allow = allow;
        let failure = world.replies([Reply::Acknowledge]).fail(&request.bytes());
        assert_eq!(failure, Failure::NoCredential(Ok(())));
    }
}
