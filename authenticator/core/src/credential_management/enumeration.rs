//! An enumeration that was begun: what is left of it is handed out one by one.

use std::collections::VecDeque;
use std::time::Duration;

use crate::authenticator::Transport;
use crate::cbor::{self, Map};
use crate::failure::Failure;
use crate::session::Session;
use crate::unfinished::Unfinished;

/// From one to the next, at most (CTAP 2.3 §6, stateful commands).
const BETWEEN_TWO: Duration = Duration::from_secs(30);

/// What is enumerated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    RelyingParties,
    Credentials,
}

impl Of {
    /// The key under which the first answer says how many there are.
    pub(super) fn total(self) -> i64 {
        match self {
            Of::RelyingParties => 0x05,
            Of::Credentials => 0x09,
        }
    }
}

/// What is left to be asked for, on the channel that began.
pub(crate) struct Enumeration {
    of: Of,
    transport: Transport,
    until: Duration,
    rest: VecDeque<Map>,
}

impl Enumeration {
    pub(super) fn new(
        of: Of,
        rest: VecDeque<Map>,
        transport: Transport,
        session: &Session,
    ) -> Enumeration {
        Enumeration {
            of,
            transport,
            until: session.now() + BETWEEN_TWO,
            rest,
        }
    }

    /// When it is forgotten.
    pub(crate) fn until(&self) -> Duration {
        self.until
    }

    /// Hands out the next; what is left then goes back into the session.
    pub(super) fn next(
        mut self,
        of: Of,
        transport: Transport,
        session: &mut Session,
    ) -> Result<Vec<u8>, Failure> {
        if self.transport != transport {
            session.set_unfinished(Unfinished::Enumeration(self));
            return Err(Failure::NothingToContinue);
        }
        if self.of != of {
            return Err(Failure::NothingToContinue);
        }
        let next = self.rest.pop_front().ok_or(Failure::NothingToContinue)?;
        if !self.rest.is_empty() {
            self.until = session.now() + BETWEEN_TWO;
            session.set_unfinished(Unfinished::Enumeration(self));
        }
        Ok(cbor::encode(&next.into()))
    }
}
