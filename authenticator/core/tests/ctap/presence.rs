//! authenticatorSelection, and the other ways in which platforms ask for a touch and nothing else.

use authenticator_core::Refusal;
use authenticator_core::cbor::Map;

use crate::requests::{Register, SignIn};
use crate::world::{Attestation, Reply, Shown, USB, World, verifies};

const SELECT: [u8; 1] = [0x0B];

#[test]
fn the_person_selects_this_authenticator() {
    let mut world = World::new();
    world.replies([Reply::Acknowledge]);
    assert_eq!(world.send_over(USB, &SELECT).response, [0]);
    assert_eq!(world.person.shown, [Shown::Select(None)]);
    for (refusal, status) in [
        (Refusal::Cancelled, 0x27),
        (Refusal::TimedOut, 0x27),
        (Refusal::Withdrawn, 0x2D),
    ] {
        world.replies([Reply::Refuse(refusal)]);
        assert_eq!(world.fail_over_usb(&SELECT), status);
    }
    assert!(world.card.calls.is_empty());
    assert_eq!(world.fail_over_usb(&[0x0B, 0xA0]), 0x03);
    assert_eq!(world.fail(&SELECT).status(), 0x01);
}

#[test]
fn to_present_the_card_is_to_select_it_once() {
    let mut world = World::new();
    world.session.card_presented(world.elapsed);
    assert_eq!(world.send_over(USB, &SELECT).response, [0]);
    assert!(world.person.shown.is_empty());
    world.replies([Reply::Acknowledge]);
    assert_eq!(world.send_over(USB, &SELECT).response, [0]);
}

#[test]
fn a_param_of_no_bytes_asks_for_a_touch() {
    let mut world = World::new();
    let mut register = Register::new("example.jp", "taro");
    let mut sign_in = SignIn::new("example.jp");
    let empty: &[u8] = &[];
    // With a protocol, without, or with one that does not exist: nothing else counts.
    for protocol in [None, Some(1), Some(9)] {
        register.more = Map::new().with(8, empty);
        sign_in.more = Map::new().with(6, empty);
        if let Some(protocol) = protocol {
            register.more.insert(9, protocol);
            sign_in.more.insert(7, protocol);
        }
        world.replies([Reply::Acknowledge]);
        assert_eq!(world.fail_over_usb(&register.bytes()), 0x31);
        assert_eq!(world.person.shown, [Shown::Select(None)]);
        world.replies([Reply::Acknowledge]);
        assert_eq!(world.fail_over_usb(&sign_in.bytes()), 0x31);
        assert_eq!(
            world.person.shown,
            [Shown::Select(Some("example.jp".into()))]
        );
    }
    world.replies([Reply::Refuse(Refusal::Cancelled)]);
    assert_eq!(world.fail_over_usb(&register.bytes()), 0x27);
    assert!(world.card.calls.is_empty() && world.storage.records.is_empty());
}

#[test]
fn what_browsers_register_to_be_told_of_a_touch_is_stored_nowhere() {
    for rp_id in [".dummy", "make.me.blink"] {
        let mut world = World::new();
        world.replies([Reply::Acknowledge]);
        let request = Register::new(rp_id, "taro");
        let response = world.succeed_over_usb(&request.bytes());
        let made = Attestation::read(&response, &request.client_data_hash);
        assert_eq!(made.keys, [1, 2, 3]);
        assert_eq!(made.flags, 0b0100_1001, "AT, BE and UP, no UV");
        assert!(verifies(&made.key, &made.signed(), made.signature()));
        assert!(world.card.calls.is_empty() && world.storage.records.is_empty());

        let sign_in = SignIn::new(rp_id).allowing(&made.id).silent();
        assert_eq!(world.fail_over_usb(&sign_in.bytes()), 0x2E);
        world.replies([Reply::Refuse(Refusal::Cancelled)]);
        assert_eq!(world.fail_over_usb(&request.bytes()), 0x27);
    }
}
