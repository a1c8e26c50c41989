//! Requests that are no requests, and a computer that fails.

use authenticator_core::{Authenticator, Failure, Moment, Transport};
use rand_chacha::rand_core::{CryptoRng, Error, RngCore};

use crate::requests::{Register, SignIn};
use crate::world::{Call, Reply, USB, World};

#[test]
fn unknown_commands_are_said_to_be_unknown() {
    for command in [
        0x00, 0x03, 0x05, 0x06, 0x07, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x40, 0x41, 0xFF,
    ] {
        let failure = World::new().fail(&[command, 0xA0]);
        assert_eq!(failure, Failure::UnknownCommand);
        assert_eq!((failure.status(), failure.code()), (0x01, "not-supported"));
    }
}

#[test]
fn an_empty_request_has_the_wrong_length() {
    assert_eq!(World::new().fail(&[]).status(), 0x03);
}

#[test]
fn there_is_never_a_next_assertion() {
    assert_eq!(World::new().fail(&[0x08]).status(), 0x30);
}

#[test]
fn a_request_longer_than_the_transport_carries_is_too_long() {
    for (transport, longest) in [(Transport::Internal, 65_536), (USB, 7_609)] {
        let send = |length: usize| {
            let request: Vec<u8> = [1].into_iter().chain(vec![0; length - 1]).collect();
            World::new().send_over(transport, &request).response
        };
        assert_eq!(send(longest), [0x12], "long, and no CBOR map");
        assert_eq!(send(longest + 1), [0x39]);
    }
}

#[test]
fn a_store_that_cannot_be_read_ends_the_ceremony_before_the_card() {
    for request in [
        Register::new("example.jp", "taro").bytes(),
        SignIn::new("example.jp").bytes(),
    ] {
        let mut world = World::new();
        world.storage.broken = true;
        let failure = world.fail(&request);
        assert_eq!((failure.status(), failure.code()), (0x27, "storage"));
        assert!(world.card.calls.is_empty() && world.person.shown.is_empty());
    }
}

#[test]
fn a_full_disk_registers_and_signs_nothing() {
    let mut world = World::new();
    let made = world.register(&Register::new("example.jp", "taro"));
    world.storage.full = true;
    for request in [
        Register::new("example.jp", "hanako").bytes(),
        SignIn::new("example.jp").allowing(&made.id).bytes(),
    ] {
        let outcome = world.replies([Reply::pin("1234")]).send(&request);
        assert_eq!(outcome.response, [0x27]);
        assert_eq!(outcome.failure.unwrap().code(), "storage");
    }
    assert_eq!(world.storage.records.len(), 1);
}

/// A source of randomness that fails after some bytes.
struct Failing(usize);

impl CryptoRng for Failing {}

impl RngCore for Failing {
    fn next_u32(&mut self) -> u32 {
        panic!("only bytes are drawn")
    }

    fn next_u64(&mut self) -> u64 {
        panic!("only bytes are drawn")
    }

    fn fill_bytes(&mut self, _: &mut [u8]) {
        panic!("drawn without asking whether it worked")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        match self.0.checked_sub(bytes.len()) {
            Some(left) => {
                self.0 = left;
                bytes.fill(7);
                Ok(())
            }
            None => Err(Error::from(std::num::NonZeroU32::MIN)),
        }
    }
}

/// Also shows how much a registration draws: 32 + 32 + 24 bytes, and 24 more for names; for a card credential
/// 32, and 24 more for names.
#[test]
fn without_randomness_nothing_is_made() {
    let register = |reply: Reply, available| {
        let mut world = World::new();
        world.replies([reply]);
        let request = Register::discoverable("example.jp", "taro").algorithms(&[-257, -7]);
        let (now, elapsed) = (world.now, world.elapsed);
        let (card, person, storage) = (&mut world.card, &mut world.person, &mut world.storage);
        let outcome = Authenticator::new(card, person, storage, &mut world.session).handle(
            &request.bytes(),
            Transport::Internal,
            &mut Moment {
                now,
                elapsed,
                rng: &mut Failing(available),
            },
        );
        assert_eq!(world.card.calls.last(), Some(&Call::Release));
        (outcome.failure, world.storage.records.len())
    };
    for available in [0, 31, 63, 87, 111] {
        let failed = register(Reply::pin("1234"), available);
        assert_eq!(failed, (Some(Failure::NoRandomness), 0));
    }
    assert_eq!(register(Reply::pin("1234"), 112), (None, 1));
    for available in [0, 31, 55] {
        let failed = register(Reply::card_credential(), available);
        assert_eq!(failed, (Some(Failure::NoRandomness), 0));
    }
    assert_eq!(register(Reply::card_credential(), 56), (None, 1));
    assert_eq!(Failure::NoRandomness.status(), 0x7F);
}
