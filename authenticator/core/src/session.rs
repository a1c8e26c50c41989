//! What outlives one request: from power-up to power-up.
//!
//! Power-up is the card's insertion, the start of the service, or the making of the device. A platform
//! authenticator has a session per ceremony; over CTAPHID one lives as long as the device.

use std::time::Duration;

use eid_card::Certificate;

/// The state that lasts from power-up to power-up. Dropping it does not let go of the card: the [`Card`](crate::Card)
/// that it was used with is to be dropped, or released, with it.
///
/// Times are those of [`Moment::elapsed`](crate::Moment::elapsed).
pub struct Session {
    /// The last time that is known: time does not run backwards.
    now: Duration,
    /// A card that is held verified between requests.
    kept: Option<Kept>,
}

/// A card that is held verified between requests.
struct Kept {
    #[expect(dead_code, reason = "the pinUvAuthToken keeps cards")]
    certificate: Certificate,
    until: Duration,
}

impl Session {
    /// Powers up at a time.
    pub fn power_up(elapsed: Duration) -> Session {
        Session {
            now: elapsed,
            kept: None,
        }
    }

    /// When [`Authenticator::tick`](crate::Authenticator::tick) has something to do, if no request comes before.
    pub fn wakes_at(&self) -> Option<Duration> {
        self.kept.as_ref().map(|kept| kept.until)
    }

    /// Notes the time and forgets what has lasted too long; whether the card is to be let go of.
    pub(crate) fn expire(&mut self, elapsed: Duration) -> bool {
        self.now = self.now.max(elapsed);
        self.kept.take_if(|kept| kept.until <= self.now).is_some()
    }
}
