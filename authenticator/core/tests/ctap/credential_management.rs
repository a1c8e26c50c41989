//! authenticatorCredentialManagement (CTAP 2.3 §6.8), asked as a platform does.

use authenticator_core::cbor::{Map, Value, encode};
use authenticator_core::{CardError, Disclosed, Transport};
use sha2::{Digest, Sha256};

use crate::requests::{Register, SignIn, descriptor, request};
use crate::world::platform::{CM, GA, LBW, Token};
use crate::world::{Assertion, Attestation, Call, Key, Reply, SoftCard, World};

const METADATA: i64 = 1;
const RPS_BEGIN: i64 = 2;
const RPS_NEXT: i64 = 3;
const CREDENTIALS_BEGIN: i64 = 4;
const CREDENTIALS_NEXT: i64 = 5;
const DELETE: i64 = 6;
const UPDATE: i64 = 7;

fn manage(token: &Token, subcommand: i64, parameters: Option<Map>) -> Vec<u8> {
    let mut message = vec![subcommand as u8];
    let mut map = Map::new().with(1, subcommand);
    if let Some(parameters) = parameters {
        message.extend(encode(&parameters.clone().into()));
        map.insert(2, parameters);
    }
    let map = map
        .with(3, token.protocol)
        .with(4, token.authenticate(&message));
    request(0x0A, map)
}

fn next(subcommand: i64) -> Vec<u8> {
    request(0x0A, Map::new().with(1, subcommand))
}

fn at(rp_id: &str) -> Option<Map> {
    Some(Map::new().with(1, Sha256::digest(rp_id).as_slice()))
}

fn named(id: &[u8]) -> Map {
    Map::new().with(2, descriptor(id))
}

fn renaming(id: &[u8], user: Map) -> Option<Map> {
    Some(named(id).with(3, user))
}

fn map(value: Value) -> Map {
    value.as_map().unwrap().clone()
}

fn keys(map: &Map) -> Vec<i64> {
    map.iter()
        .map(|(key, _)| key.as_integer().unwrap())
        .collect()
}

fn text(map: &Map, key: i64, member: &str) -> Option<String> {
    let member = map.get(key).unwrap().as_map().unwrap().get(member)?;
    Some(member.as_text().unwrap().to_owned())
}

fn id_of(entry: &Map) -> &[u8] {
    let descriptor = entry.get(7).unwrap().as_map().unwrap();
    descriptor.get("id").unwrap().as_bytes().unwrap()
}

/// Three accounts at two sites, one credential that is not discoverable, and one of another card.
fn furnished() -> (World, [Attestation; 3]) {
    let mut world = World::new();
    world.card = SoftCard::of("p02");
    world.register(&Register::discoverable("example.jp", "another card's"));
    world.card = SoftCard::of("p01");
    world.register(&Register::new("example.jp", "not discoverable"));
    let made = [
        ("example.jp", "taro"),
        ("example.jp", "hanako"),
        ("example.com", "taro"),
    ]
    .map(|(rp_id, user)| {
        world.now += 1;
        world.register(&Register::discoverable(rp_id, user))
    });
    (world, made)
}

#[test]
fn the_cards_discoverable_credentials_are_counted() {
    let (mut world, _) = furnished();
    let token = world.token(CM, None);
    let counted = map(world.succeed_over_usb(&manage(&token, METADATA, None)));
    assert_eq!(keys(&counted), [1, 2]);
    assert_eq!(counted.get(1).unwrap().as_integer(), Some(3));
    assert!(counted.get(2).unwrap().as_integer() > Some(0));
    assert!(world.person.shown.is_empty());
    assert_eq!(world.card.signatures(), 0);
}

#[test]
fn the_number_that_libfido2_knows_is_the_same_command() {
    let (mut world, _) = furnished();
    let token = world.token(CM, None);
    let mut asked = manage(&token, RPS_BEGIN, None);
    asked[0] = 0x41;
    let first = map(world.succeed_over_usb(&asked));
    assert_eq!(first.get(5).unwrap().as_integer(), Some(2));
    let mut asked = next(RPS_NEXT);
    asked[0] = 0x41;
    assert_eq!(keys(&map(world.succeed_over_usb(&asked))), [3, 4]);
}

#[test]
fn relying_parties_and_their_credentials_are_listed() {
    let (mut world, [taro, hanako, _]) = furnished();
    let token = world.token(CM, None);
    let first = map(world.succeed_over_usb(&manage(&token, RPS_BEGIN, None)));
    assert_eq!(keys(&first), [3, 4, 5]);
    assert_eq!(first.get(5).unwrap().as_integer(), Some(2));
    let second = map(world.succeed_over_usb(&next(RPS_NEXT)));
    assert_eq!(keys(&second), [3, 4]);
    assert_eq!(text(&first, 3, "id").as_deref(), Some("example.com"));
    assert_eq!(text(&second, 3, "id").as_deref(), Some("example.jp"));
    let hash = second.get(4).unwrap().as_bytes().unwrap();
    assert_eq!(hash, Sha256::digest("example.jp").as_slice());
    assert_eq!(world.fail_over_usb(&next(RPS_NEXT)), 0x30, "no more");

    // The card is held for all of it, and names cost one signature.
    let begin = manage(&token, CREDENTIALS_BEGIN, at("example.jp"));
    let first = map(world.succeed_over_usb(&begin));
    assert_eq!(world.card.calls, [Call::Sign512]);
    assert_eq!(keys(&first), [6, 7, 8, 9, 10]);
    assert_eq!(first.get(9).unwrap().as_integer(), Some(2));
    let second = map(world.succeed_over_usb(&next(CREDENTIALS_NEXT)));
    assert_eq!(keys(&second), [6, 7, 8, 10]);
    assert!(world.card.calls.is_empty());
    for (entry, made, user) in [(&first, &taro, "taro"), (&second, &hanako, "hanako")] {
        assert_eq!(id_of(entry), made.id);
        assert_eq!(text(entry, 6, "name").as_deref(), Some(user));
        let display_name = format!("{user} さん");
        assert_eq!(text(entry, 6, "displayName"), Some(display_name));
        assert_eq!(Key::read(entry.get(8).unwrap()), made.key);
        assert_eq!(entry.get(10).unwrap().as_integer(), Some(1));
    }
    assert_eq!(
        world.fail_over_usb(&next(CREDENTIALS_NEXT)),
        0x30,
        "no more"
    );
    assert!(world.person.shown.is_empty());
}

#[test]
fn a_credential_without_names_protected_or_with_a_large_blob_key_is_described_too() {
    let mut world = World::new();
    let mut nameless = Register::discoverable("example.jp", "taro");
    nameless.user = Map::new().with("id", &b"nameless"[..]);
    let nameless = world.register(&nameless.extension("credProtect", 3));
    world.now += 1;
    let with_key = world
        .register(&Register::discoverable("example.jp", "hanako").extension("largeBlobKey", true));
    let token = world.token(CM, None);
    let begin = manage(&token, CREDENTIALS_BEGIN, at("example.jp"));
    let first = map(world.succeed_over_usb(&begin));
    let second = map(world.succeed_over_usb(&next(CREDENTIALS_NEXT)));
    assert_eq!(text(&first, 6, "name"), None);
    assert_eq!(Key::read(first.get(8).unwrap()), nameless.key);
    assert_eq!(first.get(10).unwrap().as_integer(), Some(3));
    assert_eq!(keys(&second), [6, 7, 8, 10, 11]);
    assert_eq!(Key::read(second.get(8).unwrap()), with_key.key);
    assert_eq!(
        second.get(11).unwrap().as_bytes(),
        with_key.large_blob_key.as_deref()
    );
}

#[test]
fn a_card_credential_is_listed_with_the_cards_key() {
    let mut world = World::new();
    let register = Register::discoverable("example.jp", "taro").algorithms(&[-257]);
    world
        .replies([Reply::card_credential()])
        .succeed(&register.bytes());
    let token = world.token(CM, None);
    let begin = manage(&token, CREDENTIALS_BEGIN, at("example.jp"));
    let entry = map(world.succeed_over_usb(&begin));
    let key = Key::read(entry.get(8).unwrap());
    assert_eq!(key, Key::Card(world.card.public_key()));
    assert_eq!(text(&entry, 6, "name").as_deref(), Some("taro"));
}

#[test]
fn with_nothing_to_list_there_are_no_credentials() {
    let mut world = World::new();
    let token = world.token(CM, None);
    assert_eq!(world.fail_over_usb(&manage(&token, RPS_BEGIN, None)), 0x2E);
    let begin = manage(&token, CREDENTIALS_BEGIN, at("example.jp"));
    assert_eq!(world.fail_over_usb(&begin), 0x2E);
    // The token goes on.
    world.succeed_over_usb(&manage(&token, METADATA, None));
}

#[test]
fn an_enumeration_is_its_channels_and_ends_with_another_command_or_half_a_minute() {
    let (mut world, _) = furnished();
    let token = world.token(CM, None);
    let begin = manage(&token, RPS_BEGIN, None);

    world.succeed_over_usb(&begin);
    world.succeed_over_usb(&[4]);
    assert_eq!(world.fail_over_usb(&next(RPS_NEXT)), 0x30);

    world.succeed_over_usb(&begin);
    assert_eq!(world.fail_over_usb(&next(CREDENTIALS_NEXT)), 0x30);
    assert_eq!(world.fail_over_usb(&next(RPS_NEXT)), 0x30);

    world.succeed_over_usb(&begin);
    assert_eq!(world.fail_over_usb(&[0x0A, 0xA0]), 0x14);
    assert_eq!(world.fail_over_usb(&next(RPS_NEXT)), 0x30);

    world.succeed_over_usb(&begin);
    let other = Transport::Usb { channel: 2 };
    assert_eq!(world.send_over(other, &next(RPS_NEXT)).response, [0x30]);
    world.succeed_over_usb(&next(RPS_NEXT));

    world.succeed_over_usb(&begin);
    world.wait(29);
    world.succeed_over_usb(&next(RPS_NEXT));
    let begin = manage(&token, CREDENTIALS_BEGIN, at("example.jp"));
    world.succeed_over_usb(&begin);
    world.wait(30);
    assert_eq!(world.fail_over_usb(&next(CREDENTIALS_NEXT)), 0x30);
    assert!(!world.card.verified, "the card was let go of");
}

#[test]
fn a_deleted_credential_is_gone_and_what_it_disclosed_is_not_forgotten() {
    let mut world = World::new();
    let register = Register::discoverable("example.jp", "taro").formats(&["eid-x509"]);
    world.replies([Reply::disclose()]);
    let response = world.succeed(&register.bytes());
    let made = Attestation::read(&response, &register.client_data_hash);
    let token = world.token(CM, None);
    let answer = world.send_over(
        crate::world::USB,
        &manage(&token, DELETE, Some(named(&made.id))),
    );
    assert_eq!(answer.response, [0]);
    assert!(world.storage.records.is_empty());
    assert_eq!(world.storage.disclosures[0].what, Disclosed::Certificate);
    let again = manage(&token, DELETE, Some(named(&made.id)));
    assert_eq!(world.fail_over_usb(&again), 0x2E);
}

#[test]
fn names_are_replaced_and_the_public_key_beside_them_stays() {
    let (mut world, [taro, ..]) = furnished();
    let token = world.token(CM, None);
    let handle = &b"handle of taro"[..];
    for (user, name, display_name) in [
        (
            Map::new()
                .with("name", "ichiro")
                .with("displayName", "一郎"),
            Some("ichiro"),
            Some("一郎"),
        ),
        (Map::new().with("name", "jiro"), Some("jiro"), None),
        (
            Map::new().with("name", "").with("displayName", "二郎"),
            None,
            Some("二郎"),
        ),
        (Map::new(), None, None),
        (Map::new().with("name", "saburo"), Some("saburo"), None),
    ] {
        let update = renaming(&taro.id, user.with("id", handle));
        world.succeed_with_nothing(&manage(&token, UPDATE, update));
        let begin = manage(&token, CREDENTIALS_BEGIN, at("example.jp"));
        let entry = map(world.succeed_over_usb(&begin));
        assert_eq!(text(&entry, 6, "name").as_deref(), name);
        assert_eq!(text(&entry, 6, "displayName").as_deref(), display_name);
        assert_eq!(Key::read(entry.get(8).unwrap()), taro.key);
    }
    let stranger = Map::new().with("name", "x").with("id", &b"stranger"[..]);
    let update = manage(&token, UPDATE, renaming(&taro.id, stranger));
    assert_eq!(world.fail_over_usb(&update), 0x02, "another user");
}

#[test]
fn only_discoverable_credentials_of_the_card_are_deleted_or_renamed() {
    let (mut world, _) = furnished();
    let before = world.storage.records.clone();
    let token = world.token(CM, None);
    let ids: Vec<Vec<u8>> = before[..2]
        .iter()
        .map(|record| record.id.as_bytes().to_vec())
        .chain([b"foreign".to_vec()])
        .collect();
    for id in ids {
        let delete = manage(&token, DELETE, Some(named(&id)));
        assert_eq!(world.fail_over_usb(&delete), 0x2E);
        let user = Map::new().with("id", &b"x"[..]).with("name", "x");
        let update = manage(&token, UPDATE, renaming(&id, user));
        assert_eq!(world.fail_over_usb(&update), 0x2E);
    }
    assert!(world.storage.records == before);
}

#[test]
fn a_token_for_one_site_manages_that_site_only() {
    let (mut world, [taro, _, com]) = furnished();
    let token = world.token(CM, Some("example.jp"));
    for refused in [
        manage(&token, METADATA, None),
        manage(&token, RPS_BEGIN, None),
        manage(&token, CREDENTIALS_BEGIN, at("example.com")),
        manage(&token, DELETE, Some(named(&com.id))),
        manage(
            &token,
            UPDATE,
            renaming(&com.id, Map::new().with("id", &b"handle of taro"[..])),
        ),
    ] {
        assert_eq!(world.fail_over_usb(&refused), 0x33);
    }
    world.succeed_over_usb(&manage(&token, CREDENTIALS_BEGIN, at("example.jp")));
    world.succeed_with_nothing(&manage(&token, DELETE, Some(named(&taro.id))));
    assert_eq!(world.storage.records.len(), 4);
}

#[test]
fn without_the_right_token_nothing_is_told_or_done() {
    let (mut world, [taro, ..]) = furnished();
    let before = world.storage.records.clone();
    for subcommand in [METADATA, RPS_BEGIN, CREDENTIALS_BEGIN, DELETE, UPDATE] {
        let bare = request(0x0A, Map::new().with(1, subcommand));
        assert_eq!(world.fail_over_usb(&bare), 0x36);
        let parameters = Some(named(&taro.id));
        let none = Token {
            protocol: 2,
            value: vec![7; 32],
        };
        let forged = manage(&none, subcommand, parameters.clone());
        assert_eq!(world.fail_over_usb(&forged), 0x33, "no token");
        let other = world.token(GA | LBW, Some("example.jp"));
        let other = manage(&other, subcommand, parameters.clone());
        assert_eq!(world.fail_over_usb(&other), 0x33, "other permissions");
        let token = world.token(CM, None);
        let mut altered = manage(&token, subcommand, parameters);
        *altered.last_mut().unwrap() ^= 1;
        assert_eq!(world.fail_over_usb(&altered), 0x33, "another message");
    }
    assert!(world.storage.records == before);
    assert!(world.person.shown.is_empty());
}

#[test]
fn what_is_missing_or_unknown_is_said() {
    let mut world = World::new();
    let token = world.token(CM, None);
    for (bytes, status) in [
        (request(0x0A, Map::new()), 0x14),
        (request(0x0A, Map::new().with(1, "1")), 0x11),
        (request(0x0A, Map::new().with(1, 0)), 0x3E),
        (request(0x0A, Map::new().with(1, 8)), 0x3E),
        (
            request(0x0A, Map::new().with(1, 1).with(4, &[7; 32][..])),
            0x14,
        ),
        (
            request(0x0A, Map::new().with(1, 1).with(3, 3).with(4, &[7; 32][..])),
            0x02,
        ),
        (manage(&token, CREDENTIALS_BEGIN, None), 0x14),
        (manage(&token, DELETE, Some(Map::new())), 0x14),
        (manage(&token, UPDATE, Some(named(b"x"))), 0x14),
        (manage(&token, DELETE, Some(Map::new().with(2, "x"))), 0x11),
        (
            manage(
                &token,
                CREDENTIALS_BEGIN,
                at("x").map(|map| map.with(1, &[1][..])),
            ),
            0x02,
        ),
        (next(RPS_NEXT), 0x30),
        (next(CREDENTIALS_NEXT), 0x30),
    ] {
        assert_eq!(world.fail_over_usb(&bytes), status, "{bytes:02x?}");
        assert!(world.card.verified, "the token goes on");
    }
}

#[test]
fn a_store_or_card_that_fails_changes_nothing_and_lets_the_card_go() {
    let (mut world, [taro, ..]) = furnished();
    let before = world.storage.records.clone();
    let token = world.token(CM, None);
    world.storage.full = true;
    let delete = manage(&token, DELETE, Some(named(&taro.id)));
    assert_eq!(world.fail_over_usb(&delete), 0x27);
    assert!(!world.card.verified);
    world.storage.full = false;
    let token = world.token(CM, None);
    world.card.failing = Some((Call::Sign512, CardError::Removed));
    let begin = manage(&token, CREDENTIALS_BEGIN, at("example.jp"));
    assert_eq!(world.fail_over_usb(&begin), 0x27);
    assert!(world.storage.records == before);
    // And the token is void.
    assert_eq!(world.fail_over_usb(&begin), 0x33);
}

#[test]
fn a_platform_authenticator_does_not_know_it() {
    let outcome = World::new().send(&next(METADATA));
    assert_eq!(outcome.response, [0x01]);
}

#[test]
fn what_was_managed_still_signs_in() {
    let (mut world, [taro, ..]) = furnished();
    let token = world.token(CM, None);
    let user = Map::new()
        .with("id", &b"handle of taro"[..])
        .with("name", "x");
    world.succeed_with_nothing(&manage(&token, UPDATE, renaming(&taro.id, user)));
    let request = SignIn::new("example.jp").allowing(&taro.id);
    world.replies([Reply::pin("1234")]);
    let response = world.succeed(&request.bytes());
    assert!(Assertion::read(&response, &request.client_data_hash).verifies(&taro.key));
}
