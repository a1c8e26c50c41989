//! What one request has begun, and only the next one may go on with (CTAP 2.3 §6, stateful commands).

use std::time::Duration;

use crate::authenticator::{CREDENTIAL_MANAGEMENT, GET_NEXT_ASSERTION, LARGE_BLOBS};
use crate::credential_management::Enumeration;
use crate::get_assertion::NextAssertions;
use crate::large_blobs::PendingWrite;

/// What is begun. Any command that does not go on with it forgets it.
pub(crate) enum Unfinished {
    /// For authenticatorGetNextAssertion.
    Assertions(NextAssertions),
    /// For authenticatorCredentialManagement.
    Enumeration(Enumeration),
    /// For authenticatorLargeBlobs.
    LargeBlobs(PendingWrite),
}

impl Unfinished {
    /// The command that goes on with it.
    pub(crate) fn command(&self) -> u8 {
        match self {
            Unfinished::Assertions(_) => GET_NEXT_ASSERTION,
            Unfinished::Enumeration(_) => CREDENTIAL_MANAGEMENT,
            Unfinished::LargeBlobs(_) => LARGE_BLOBS,
        }
    }

    /// When it is forgotten.
    pub(crate) fn until(&self) -> Option<Duration> {
        match self {
            Unfinished::Assertions(next) => Some(next.until()),
            Unfinished::Enumeration(enumeration) => Some(enumeration.until()),
            // With the token that writes it.
            Unfinished::LargeBlobs(_) => None,
        }
    }
}
