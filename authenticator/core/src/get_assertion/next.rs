//! authenticatorGetNextAssertion (CTAP 2.3 §6.3).

use std::collections::VecDeque;
use std::time::Duration;

use crate::authenticator::{Authenticator, Moment, Transport};
use crate::credential::CredentialId;
use crate::failure::Failure;
use crate::session::Session;
use crate::unfinished::Unfinished;

/// From one assertion to the next, at most (§6.3 step 4).
const BETWEEN_TWO: Duration = Duration::from_secs(30);

/// Assertions that were made with the first, while the card was held, and are handed out one by one.
pub(crate) struct NextAssertions {
    /// The channel of the authenticatorGetAssertion.
    transport: Transport,
    until: Duration,
    rest: VecDeque<(CredentialId, Vec<u8>)>,
}

impl NextAssertions {
    /// These responses, to be asked for on this channel.
    pub(super) fn new(
        transport: Transport,
        rest: VecDeque<(CredentialId, Vec<u8>)>,
        session: &Session,
    ) -> NextAssertions {
        NextAssertions {
            transport,
            until: session.now() + BETWEEN_TWO,
            rest,
        }
    }

    /// When they are forgotten.
    pub(crate) fn until(&self) -> Duration {
        self.until
    }
}

impl Authenticator<'_> {
    /// Hands out the next assertion, to the channel that asked for the first.
    pub(crate) fn get_next_assertion(
        &mut self,
        transport: Transport,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let Some(Unfinished::Assertions(mut next)) = self.session.take_unfinished() else {
            return Err(Failure::NothingToContinue);
        };
        if next.transport != transport {
            self.session.set_unfinished(Unfinished::Assertions(next));
            return Err(Failure::NothingToContinue);
        }
        let (id, response) = next.rest.pop_front().ok_or(Failure::NothingToContinue)?;
        if !next.rest.is_empty() {
            next.until = self.session.now() + BETWEEN_TWO;
            self.session.set_unfinished(Unfinished::Assertions(next));
        }
        self.storage.commit_use(&id, moment.now)?;
        Ok(response)
    }
}
