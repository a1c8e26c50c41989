//! The PC/SC service itself.

use std::thread;
use std::time::Duration;

use pcsc::{Context, Error, Scope};

/// Gets in touch with the service.
///
/// pcsc-lite reports a "security violation" when the service refuses this user (polkit), and also
/// when the service ends while it is asked (measured). A refusal stays one, so it is asked again.
pub(crate) fn establish() -> Result<Context, Error> {
    const ATTEMPTS: usize = 4;
    const STEP: Duration = Duration::from_millis(100);
    let mut outcome = Context::establish(Scope::User);
    for _ in 1..ATTEMPTS {
        match outcome {
            Err(Error::SecurityViolation | Error::NoAccess | Error::CommError) => {
                thread::sleep(STEP);
                outcome = Context::establish(Scope::User);
            }
            _ => break,
        }
    }
    outcome
}
