//! authenticatorReset.

use authenticator_core::{CardError, Refusal, Session};

use crate::requests::Register;
use crate::world::platform::GA;
use crate::world::{Call, Reply, Shown, SoftCard, USB, World};

const RESET: [u8; 1] = [7];

/// A store with a credential of each of two cards; the first card is presented.
fn two_cards() -> World {
    let mut world = World::new();
    world.register(&Register::discoverable("example.jp", "taro"));
    world.card = SoftCard::of("p02");
    world.register(&Register::discoverable("example.jp", "hanako"));
    world.card = SoftCard::of("p01");
    world.storage.sites.insert("example.jp".into());
    world
}

#[test]
fn what_is_kept_for_this_card_is_erased_when_the_person_says_so() {
    let mut world = two_cards();
    world.replies([Reply::Acknowledge]);
    assert_eq!(world.send_over(USB, &RESET).response, [0]);
    assert_eq!(world.person.shown, [Shown::Reset]);
    let left = &world.storage.records;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].card, SoftCard::of("p02").key_hash());
    assert!(world.storage.sites.contains("example.jp"));
    assert_eq!(
        world.card.calls,
        [Call::Certificate, Call::Release],
        "nothing is done to the card"
    );
}

#[test]
fn it_is_allowed_for_ten_seconds_after_power_up() {
    let mut world = two_cards();
    world.wait(10);
    world.replies([Reply::Acknowledge]);
    assert_eq!(world.send_over(USB, &RESET).response, [0]);
    world.wait(1);
    assert_eq!(world.fail_over_usb(&RESET), 0x30);
    assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    world.session = Session::power_up(world.elapsed);
    world.replies([Reply::Acknowledge]);
    assert_eq!(world.send_over(USB, &RESET).response, [0]);
}

/// The insertion of the card makes the authenticator fresh; it is not the consent as well.
#[test]
fn presenting_the_card_is_no_consent() {
    let mut world = two_cards();
    world.session.card_presented(world.elapsed);
    for (refusal, status) in [(Refusal::Cancelled, 0x27), (Refusal::Withdrawn, 0x2D)] {
        world.replies([Reply::Refuse(refusal)]);
        assert_eq!(world.fail_over_usb(&RESET), status);
    }
    assert_eq!(world.storage.records.len(), 2);
}

#[test]
fn it_ends_the_token() {
    let mut world = two_cards();
    world.token(GA, Some("example.jp"));
    world.replies([Reply::Acknowledge]);
    assert_eq!(world.send_over(USB, &RESET).response, [0]);
    assert_eq!(world.session.wakes_at(), None);
}

#[test]
fn what_fails_erases_nothing() {
    let mut world = two_cards();
    world.storage.full = true;
    world.replies([Reply::Acknowledge]);
    assert_eq!(world.fail_over_usb(&RESET), 0x27);
    world.card.absent.push_back(CardError::Failed);
    assert_eq!(world.fail_over_usb(&RESET), 0x27);
    assert_eq!(world.storage.records.len(), 2);
    assert_eq!(world.fail_over_usb(&[7, 0xA0]), 0x03);
    assert_eq!(world.fail(&RESET).status(), 0x01);
}
