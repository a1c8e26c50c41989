//! authenticatorGetNextAssertion: several accounts, and a platform that has the person choose.

use authenticator_core::Transport;
use authenticator_core::cbor::{Map, Value};

use crate::requests::{Register, SignIn};
use crate::world::platform::GA;
use crate::world::{Assertion, Attestation, Call, Reply, USB, World};

const NEXT: [u8; 1] = [8];

/// Three accounts, oldest first, and the response to a sign-in.
fn three() -> (World, Vec<Attestation>, Value) {
    let mut world = World::new();
    let made = ["taro", "hanako", "jiro"].map(|user| {
        world.now += 1;
        world.register(&Register::discoverable("example.jp", user))
    });
    let token = world.token(GA, Some("example.jp"));
    world.replies([Reply::Consent {
        disclose: false,
        card_credential: false,
        remember: false,
    }]);
    let request = SignIn::new("example.jp").with_token(&token);
    let response = world.succeed_over_usb(&request.bytes());
    (world, made.into(), response)
}

fn read(response: &Value) -> Assertion {
    Assertion::read(response, &SignIn::new("example.jp").client_data_hash)
}

#[test]
fn each_account_has_its_assertion_the_newest_first() {
    let (mut world, made, first) = three();
    let number = first.as_map().unwrap().get(5).unwrap();
    assert_eq!(number.as_integer(), Some(3));
    assert_eq!(
        world.card.calls,
        [
            Call::Sign512,
            Call::Sign512,
            Call::Sign512,
            Call::Sign512,
            Call::Release
        ],
        "one for the names, one for each key"
    );
    let mut responses = vec![first];
    for _ in 0..2 {
        let response = world.succeed_over_usb(&NEXT);
        assert!(response.as_map().unwrap().get(5).is_none());
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
        responses.push(response);
    }
    assert_eq!(world.fail_over_usb(&NEXT), 0x30);

    let users = ["jiro", "hanako", "taro"];
    for ((response, made), user) in responses.iter().zip(made.iter().rev()).zip(users) {
        let assertion = read(response);
        assert!(assertion.verifies(&made.key));
        assert_eq!(assertion.id, made.id);
        let expected = Map::new()
            .with("id", format!("handle of {user}").into_bytes())
            .with("name", user)
            .with("displayName", format!("{user} さん"));
        assert_eq!(assertion.user, Some(expected));
    }
    let used = world.storage.records.iter();
    assert!(
        used.map(|record| record.last_used_at)
            .all(|at| at.is_some())
    );
}

#[test]
fn another_command_forgets_them() {
    for command in [&[4][..], &[6, 0xA0], &[0x0B, 1], &[0x99]] {
        let (mut world, ..) = three();
        world.send_over(Transport::Usb { channel: 2 }, command);
        assert_eq!(world.fail_over_usb(&NEXT), 0x30, "{command:?}");
    }
}

#[test]
fn another_channel_does_not_get_them() {
    let (mut world, ..) = three();
    let other = world.send_over(Transport::Usb { channel: 2 }, &NEXT);
    assert_eq!(other.response, [0x30]);
    assert_eq!(world.send(&NEXT).response, [0x30]);
    world.succeed_over_usb(&NEXT);
}

#[test]
fn they_are_forgotten_after_thirty_seconds() {
    let (mut world, ..) = three();
    world.wait(29);
    world.succeed_over_usb(&NEXT);
    assert_eq!(
        world.session.wakes_at(),
        Some(world.elapsed + std::time::Duration::from_secs(30))
    );
    world.wait(30);
    assert_eq!(world.session.wakes_at(), None);
    assert_eq!(world.fail_over_usb(&NEXT), 0x30);
}

#[test]
fn it_takes_no_parameters() {
    let (mut world, ..) = three();
    assert_eq!(world.send_over(USB, &[8, 0xA0]).response, [0x03]);
}

/// With our own prompt the person chooses there.
#[test]
fn without_a_token_there_is_one_assertion() {
    let (mut world, made, _) = three();
    world.replies([Reply::pin("1234"), Reply::Choose(1)]);
    let response = world.succeed_over_usb(&SignIn::new("example.jp").bytes());
    assert!(response.as_map().unwrap().get(5).is_none());
    assert_eq!(read(&response).id, made[1].id);
    assert_eq!(world.fail_over_usb(&NEXT), 0x30);
}
