//! The world around the authenticator: the card, the person and the store of the test vectors, in memory.
//!
//! An input is a script of [`Script::LENGTH`] bytes that says what goes wrong, and then the request. With a script of zeros
//! everything goes well.

mod card;
mod check;
mod known;
mod management;
mod person;
#[path = "../../../../authenticator/core/tests/ctap/world/platform.rs"]
#[allow(dead_code, reason = "the authenticator's own tests use all of it")]
mod platform;
mod sequence;
mod storage;

use std::time::Duration;

use authenticator_core::{Authenticator, Moment, Outcome, Session, Transport};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use sha2::{Digest, Sha256};

use card::MemoryCard;
use known::installation;
use person::ScriptedPerson;
use storage::MemoryStorage;

pub use management::handle_management;
pub use sequence::handle_sequence;

/// What goes wrong in one request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Script {
    /// Bit 0: over CTAPHID. Bits 1 and 2: the time. Bit 3: the store cannot be read. Bit 4: it cannot be written. Bit 5:
    /// sites are remembered. Bits 6 and 7: tries spent before.
    situation: u8,
    /// The call of the card that fails, counted from 1.
    failing_call: u8,
    /// How: an index of errors, or a wrong signature.
    failure: u8,
    /// The progress report at which the person cancels, counted from 1.
    cancel_at: u8,
    /// What the person answers, in order; after these they cancel.
    replies: [u8; 4],
}

impl Script {
    /// Bytes of a script.
    pub const LENGTH: usize = 8;

    fn read(input: &[u8]) -> Option<(Script, &[u8])> {
        let (bytes, request) = input.split_first_chunk::<{ Script::LENGTH }>()?;
        let [situation, failing_call, failure, cancel_at, replies @ ..] = *bytes;
        let script = Script {
            situation,
            failing_call,
            failure,
            cancel_at,
            replies,
        };
        Some((script, request))
    }

    fn bit(&self, number: u8) -> bool {
        self.situation >> number & 1 == 1
    }

    fn transport(&self) -> Transport {
        if self.bit(0) {
            Transport::Usb { channel: 1 }
        } else {
            Transport::Internal
        }
    }

    /// Well before the certificate's end, shortly before it, at its last second, or after it.
    fn now(&self) -> u64 {
        const WEEK: u64 = 7 * 24 * 60 * 60;
        let end = installation().certificate.not_after();
        match self.situation >> 1 & 3 {
            0 => installation().now,
            1 => end - WEEK,
            2 => end,
            _ => end + WEEK,
        }
    }
}

/// Everything that one request meets.
struct World {
    card: MemoryCard,
    person: ScriptedPerson,
    storage: MemoryStorage,
    session: Session,
}

impl World {
    /// The card is sound, the person and the store are as a script of zeros has them.
    fn sound() -> World {
        World::by(&Script::default())
    }

    fn by(script: &Script) -> World {
        World {
            card: MemoryCard::new(script),
            person: ScriptedPerson::new(script),
            storage: MemoryStorage::new(script),
            session: Session::power_up(Duration::ZERO),
        }
    }

    fn authenticator(&mut self) -> Authenticator<'_> {
        let World {
            card,
            person,
            storage,
            session,
        } = self;
        Authenticator::new(card, person, storage, session)
    }

    /// Has a request answered that comes on a channel of CTAPHID so long after the beginning.
    fn answer(
        &mut self,
        channel: u32,
        request: &[u8],
        elapsed: Duration,
        rng: &mut ChaCha20Rng,
    ) -> Outcome {
        let mut moment = Moment {
            now: installation().now,
            elapsed,
            rng,
        };
        let transport = Transport::Usb { channel };
        self.authenticator().handle(request, transport, &mut moment)
    }
}

/// Sends the request of an input, and checks what must hold after every one. `None` if the input has no request.
pub fn handle(input: &[u8]) -> Option<Outcome> {
    let (script, request) = Script::read(input)?;
    let mut world = World::by(&script);
    let now = script.now();
    let before = world.storage.clone();
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let mut moment = Moment {
        now,
        elapsed: Duration::ZERO,
        rng: &mut rng,
    };
    let outcome = world
        .authenticator()
        .handle(request, script.transport(), &mut moment);
    check::after(&world, &before, request, now, &outcome);
    Some(outcome)
}

/// Whether this ID is of a credential for this RP ID: one in the store, or one whose key is the card's, which the certificate tells
/// (`authenticator/core/src/credential/id.rs`).
pub fn knows(rp_id: &str, id: &[u8]) -> bool {
    const LABEL: &[u8] = b"JPKI for WebAuthn card credential ID v1\0";
    if let [0x02, rest @ ..] = id
        && let Some((nonce, tag)) = rest.split_first_chunk::<32>()
    {
        let made = Sha256::new()
            .chain_update(LABEL)
            .chain_update(installation().certificate.key_hash().as_bytes())
            .chain_update(Sha256::digest(rp_id))
            .chain_update(nonce)
            .finalize();
        return made[..16] == *tag;
    }
    let mut records = known::credentials().records.iter();
    records.any(|record| record.rp_id == rp_id && record.id.as_bytes() == id)
}
