//! The world around the authenticator: card, person, store, and what a relying party sees.

mod card;
mod person;
pub mod platform;
mod response;
mod storage;

use std::time::Duration;

use authenticator_core::cbor::{Map, Value};
use authenticator_core::{Authenticator, Failure, Moment, Outcome, Prf, Session, Transport};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use platform::{Platform, Token, client_pin};

pub use card::{Call, Press, SoftCard};
pub use person::{Reply, ScriptedPerson, Shown};
pub use response::{Assertion, Attestation, Key, verifies};
pub use storage::MemoryStorage;

/// When sessions begin here, on a clock that never was at zero.
const START: Duration = Duration::from_secs(1_000);

/// A channel of CTAPHID.
pub const USB: Transport = Transport::Usb { channel: 1 };

/// Everything that a ceremony needs.
pub struct World {
    pub card: SoftCard,
    pub person: ScriptedPerson,
    pub storage: MemoryStorage,
    pub session: Session,
    pub now: u64,
    pub elapsed: Duration,
    /// PINs that the person typed at a platform; each may reach the card once.
    pub platform_pins: Vec<String>,
    /// What a client in the same program asks beside its requests.
    pub prf: Option<Prf>,
    rng: ChaCha20Rng,
}

impl World {
    /// With the card of `p01`, whose certificate is valid for years.
    pub fn new() -> World {
        World::with_card_of("p01")
    }

    /// With somebody's card.
    pub fn with_card_of(person: &str) -> World {
        let card = SoftCard::of(person);
        let pki = jpki_lab::pki::shared().unwrap();
        let person = |id| &pki.person(id).unwrap().authentication;
        // The certificate of p01 is valid, that of p04 has expired.
        let now = person("p01").not_before.max(person("p04").not_after) + 24 * 60 * 60;
        World {
            now: now as u64,
            card,
            person: ScriptedPerson::default(),
            storage: MemoryStorage::default(),
            session: Session::power_up(START),
            elapsed: START,
            platform_pins: Vec::new(),
            prf: None,
            rng: ChaCha20Rng::seed_from_u64(1),
        }
    }

    /// Another computer, with the same card: its own secrets, and a store that has seen nothing.
    pub fn elsewhere() -> World {
        let mut world = World::new();
        world.storage.device = [0xE1; 32];
        world.storage.salt = [0xA5; 32];
        world
    }

    /// Scripts what the person will answer.
    pub fn replies(&mut self, replies: impl IntoIterator<Item = Reply>) -> &mut World {
        self.person.replies.extend(replies);
        self
    }

    /// Sends one request and checks what must hold after every one, however it ended.
    pub fn send(&mut self, request: &[u8]) -> Outcome {
        self.send_over(Transport::Internal, request)
    }

    pub fn send_over(&mut self, transport: Transport, request: &[u8]) -> Outcome {
        self.person.shown.clear();
        self.card.calls.clear();
        let (card, person, storage) = (&mut self.card, &mut self.person, &mut self.storage);
        let mut authenticator = Authenticator::new(card, person, storage, &mut self.session);
        if let Some(prf) = &mut self.prf {
            authenticator = authenticator.with_prf(prf);
        }
        let outcome = authenticator.handle(
            request,
            transport,
            &mut Moment {
                now: self.now,
                elapsed: self.elapsed,
                rng: &mut self.rng,
            },
        );
        self.check_pins_and_power();
        match outcome.failure {
            Some(failure) => assert_eq!(outcome.response, [failure.status()]),
            None => assert_eq!(outcome.response[0], 0),
        }
        outcome
    }

    /// Each PIN that reached the card was typed by the person, once; and the card is unpowered after whatever was done with it,
    /// unless it is held for a token.
    pub fn check_pins_and_power(&mut self) {
        let sent: Vec<&String> = self.card.calls.iter().filter_map(Call::pin).collect();
        let mut typed = self.person.typed.iter();
        for pin in sent {
            if let Some(at) = self.platform_pins.iter().position(|typed| typed == pin) {
                self.platform_pins.remove(at);
                continue;
            }
            assert!(typed.any(|typed| typed == pin), "a PIN that was not typed");
        }
        if self.card.verified {
            let held = self
                .session
                .wakes_at()
                .is_some_and(|end| end > self.elapsed);
            assert!(held, "the card was left verified");
        } else if !self.card.calls.is_empty() {
            assert_eq!(self.card.calls.last(), Some(&Call::Release));
        }
    }

    /// The same over CTAPHID.
    #[track_caller]
    pub fn succeed_over_usb(&mut self, request: &[u8]) -> Value {
        let outcome = self.send_over(USB, request);
        assert_eq!(outcome.failure, None);
        assert!(
            self.person.replies.is_empty(),
            "the person was not asked everything"
        );
        authenticator_core::cbor::decode(&outcome.response[1..]).unwrap()
    }

    /// A request over CTAPHID that is answered with success and nothing else.
    #[track_caller]
    pub fn succeed_with_nothing(&mut self, request: &[u8]) {
        let outcome = self.send_over(USB, request);
        assert_eq!(outcome.failure, None);
        assert_eq!(outcome.response, [0]);
    }

    /// The status of a request over CTAPHID that must fail.
    #[track_caller]
    pub fn fail_over_usb(&mut self, request: &[u8]) -> u8 {
        let outcome = self.send_over(USB, request);
        assert!(outcome.failure.is_some(), "it succeeded");
        assert!(
            self.person.replies.is_empty(),
            "the person was not asked everything"
        );
        outcome.response[0]
    }

    /// Lets time pass, and does what falls due.
    pub fn wait(&mut self, seconds: u64) {
        self.elapsed += Duration::from_secs(seconds);
        let (card, person, storage) = (&mut self.card, &mut self.person, &mut self.storage);
        Authenticator::new(card, person, storage, &mut self.session).tick(self.elapsed);
    }

    /// The response of a request that must succeed.
    #[track_caller]
    pub fn succeed(&mut self, request: &[u8]) -> Value {
        let outcome = self.send(request);
        assert_eq!(outcome.failure, None);
        assert!(
            self.person.replies.is_empty(),
            "the person was not asked everything"
        );
        authenticator_core::cbor::decode(&outcome.response[1..]).unwrap()
    }

    /// The failure of a request that must fail.
    #[track_caller]
    pub fn fail(&mut self, request: &[u8]) -> Failure {
        let failure = self.send(request).failure.expect("it succeeded");
        assert!(
            self.person.replies.is_empty(),
            "the person was not asked everything"
        );
        failure
    }

    /// Registers, with the PIN typed right.
    #[track_caller]
    pub fn register(&mut self, request: &super::requests::Register) -> Attestation {
        self.replies([Reply::pin("1234")]);
        Attestation::read(&self.succeed(&request.bytes()), &request.client_data_hash)
    }
}

impl Platform {
    /// getKeyAgreement, and the platform's half of it.
    #[track_caller]
    pub fn agree(world: &mut World, protocol: i64) -> Platform {
        let asked = Map::new().with(1, protocol).with(2, 2);
        let response = world.succeed_over_usb(&client_pin(asked));
        let key = response.as_map().unwrap().get(1).unwrap();
        Platform::with_key(protocol, key)
    }
}

impl World {
    /// Types the PIN at the platform; the token.
    #[track_caller]
    pub fn token(&mut self, permissions: i64, rp_id: Option<&str>) -> Token {
        let platform = Platform::agree(self, 2);
        let asked = platform.with_pin("1234", permissions, rp_id);
        self.platform_pins.push("1234".into());
        platform.token(&self.succeed_over_usb(&asked))
    }
}
