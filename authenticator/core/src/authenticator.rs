//! The authenticator: which request goes to which command, and what comes back.

use std::time::Duration;

use rand_core::CryptoRngCore;

use crate::extensions::Prf;
use crate::failure::Failure;
use crate::ports::{Card, Person, Storage};
use crate::session::Session;

// Command bytes (CTAP 2.3 §6).
const MAKE_CREDENTIAL: u8 = 0x01;
const GET_ASSERTION: u8 = 0x02;
const GET_INFO: u8 = 0x04;
const CLIENT_PIN: u8 = 0x06;
const RESET: u8 = 0x07;
pub(crate) const GET_NEXT_ASSERTION: u8 = 0x08;
pub(crate) const CREDENTIAL_MANAGEMENT: u8 = 0x0A;
/// The same command's number before there was a standard: libfido2 knew no other up to 1.14, in Debian 12 and with `ssh-keygen -K`.
const CREDENTIAL_MANAGEMENT_PREVIEW: u8 = 0x41;
const SELECTION: u8 = 0x0B;
pub(crate) const LARGE_BLOBS: u8 = 0x0C;
pub(crate) const CONFIG: u8 = 0x0D;

/// The AAGUID: names this make of authenticator, the same for everybody who uses it.
pub const AAGUID: [u8; 16] = [
    0x40, 0x40, 0xB4, 0x79, 0x5C, 0x83, 0x49, 0x07, 0x89, 0x90, 0x2E, 0xA0, 0x8A, 0xB2, 0x03, 0xA9,
];

/// The transports over which a credential can be used (`getTransports()`), in lexical order.
pub const TRANSPORTS: [&str; 2] = ["internal", USB];
/// The one over which this is a security key of its own.
pub(crate) const USB: &str = "usb";

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// From the client in the same program: a platform authenticator.
    Internal,
    /// Over CTAPHID: a roaming authenticator.
    Usb {
        /// The CTAPHID channel: what a request begins, only requests of the same channel continue.
        channel: u32,
    },
}

impl Transport {
    /// The longest request, command byte included (`maxMsgSize`).
    ///
    /// CTAPHID cannot carry more than 7609 bytes (CTAP 2.3 §11.2.4); a native message has 64 KiB.
    pub fn max_message_size(self) -> usize {
        match self {
            Transport::Internal => 65_536,
            Transport::Usb { .. } => 7_609,
        }
    }
}

/// Time and randomness for one request.
pub struct Moment<'a> {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub now: u64,
    /// From any fixed point in the past, on a clock that is never set: how long things last.
    pub elapsed: Duration,
    /// A cryptographically secure source. One registration draws, in this order: credential nonce
    /// (32 bytes); for a pairwise credential its private key (32 bytes, again while it is not a valid
    /// scalar) and the sealed key's nonce (24 bytes); if names are stored, theirs (24 bytes). A sign-in draws
    /// nothing. authenticatorClientPIN draws keys, tokens and initialisation vectors.
    pub rng: &'a mut dyn CryptoRngCore,
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Status byte ‖ canonical CBOR (nothing after a status other than 0x00).
    pub response: Vec<u8>,
    /// Why, when the status is not 0x00.
    pub failure: Option<Failure>,
}

/// An authenticator, for as long as its three ports and its session are lent to it.
pub struct Authenticator<'a> {
    pub(crate) card: &'a mut dyn Card,
    pub(crate) person: &'a mut dyn Person,
    pub(crate) storage: &'a mut dyn Storage,
    pub(crate) session: &'a mut Session,
    pub(crate) prf: Option<&'a mut Prf>,
    pub(crate) private: bool,
}

impl<'a> Authenticator<'a> {
    /// Borrows the ports and the state that outlives a request. A session belongs to one card port: it may
    /// hold its card from one request to the next.
    pub fn new(
        card: &'a mut dyn Card,
        person: &'a mut dyn Person,
        storage: &'a mut dyn Storage,
        session: &'a mut Session,
    ) -> Authenticator<'a> {
        Authenticator {
            card,
            person,
            storage,
            session,
            prf: None,
            private: false,
        }
    }

    /// The same, for a client in the same program whose site asks for `prf`.
    #[must_use]
    pub fn with_prf(self, prf: &'a mut Prf) -> Authenticator<'a> {
        Authenticator {
            prf: Some(prf),
            ..self
        }
    }

    /// The same, for a request from a private window: no site is remembered, and that one was remembered does not count.
    #[must_use]
    pub fn in_private_window(self) -> Authenticator<'a> {
        Authenticator {
            private: true,
            ..self
        }
    }

    /// Answers one request: command byte ‖ canonical CBOR.
    ///
    /// Any bytes are answered; none make it panic. However it ends, the card is released, unless a
    /// pinUvAuthToken was given out for which it is held ([`Session::wakes_at`]).
    pub fn handle(
        &mut self,
        request: &[u8],
        transport: Transport,
        moment: &mut Moment<'_>,
    ) -> Outcome {
        self.tick(moment.elapsed);
        let result = self.dispatch(request, transport, moment);
        self.session.settle();
        match result {
            Ok(response) => Outcome {
                response: std::iter::once(0x00).chain(response).collect(),
                failure: None,
            },
            Err(failure) => Outcome {
                response: vec![failure.status()],
                failure: Some(failure),
            },
        }
    }

    /// Lets go of what has been held for too long. To be called at [`Session::wakes_at`]; every request does it too.
    pub fn tick(&mut self, elapsed: Duration) {
        if self.session.expire(elapsed) {
            self.card.release();
        }
    }

    fn dispatch(
        &mut self,
        request: &[u8],
        transport: Transport,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        if request.len() > transport.max_message_size() {
            return Err(Failure::TooLong);
        }
        let (command, parameters) = request.split_first().ok_or(Failure::WrongLength)?;
        let command = match *command {
            CREDENTIAL_MANAGEMENT_PREVIEW => CREDENTIAL_MANAGEMENT,
            command => command,
        };
        self.session.begin(command);
        let has_parameters = !parameters.is_empty();
        match command {
            MAKE_CREDENTIAL => self.make_credential(parameters, transport, moment),
            GET_ASSERTION => self.get_assertion(parameters, transport, moment),
            GET_INFO | GET_NEXT_ASSERTION if has_parameters => Err(Failure::WrongLength),
            GET_INFO => self.get_info(transport),
            GET_NEXT_ASSERTION => self.get_next_assertion(transport, moment),
            // A platform authenticator has none of the others: its client verifies the person in every ceremony.
            _ if transport == Transport::Internal => Err(Failure::UnknownCommand),
            CLIENT_PIN => self.client_pin(parameters, moment),
            RESET | SELECTION if has_parameters => Err(Failure::WrongLength),
            RESET => self.reset(),
            SELECTION => self.selection(),
            CREDENTIAL_MANAGEMENT => self.credential_management(parameters, transport, moment),
            LARGE_BLOBS => self.large_blobs(parameters, transport),
            CONFIG => self.config(parameters, transport),
            _ => Err(Failure::UnknownCommand),
        }
    }
}
