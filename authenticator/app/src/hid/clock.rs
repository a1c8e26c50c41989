//! Time that does not run backwards, and whether the computer slept.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Time from a fixed point, sleep included: what is held for thirty seconds is not held through a night.
pub(crate) fn elapsed() -> Duration {
    read(ClockId::Boottime)
}

/// Longer than reading two clocks can ever take, shorter than any sleep.
const SLEEP: Duration = Duration::from_millis(500);

/// Notices that the computer slept.
#[derive(Debug)]
pub(crate) struct Sleeps {
    /// All sleep so far.
    asleep: Duration,
}

impl Sleeps {
    /// From now on.
    pub(crate) fn new() -> Sleeps {
        Sleeps { asleep: asleep() }
    }

    /// Whether the computer slept since the last call.
    pub(crate) fn any(&mut self) -> bool {
        self.note(asleep())
    }

    fn note(&mut self, asleep: Duration) -> bool {
        let slept = asleep.saturating_sub(self.asleep) > SLEEP;
        if slept {
            self.asleep = asleep;
        }
        slept
    }
}

/// One clock goes on while the computer sleeps, the other does not (clock_gettime(2)).
fn asleep() -> Duration {
    read(ClockId::Boottime).saturating_sub(read(ClockId::Monotonic))
}

fn read(clock: ClockId) -> Duration {
    let time = clock_gettime(clock);
    // Both count from the start of the computer, so neither is negative.
    Duration::new(
        time.tv_sec.try_into().unwrap_or_default(),
        time.tv_nsec.try_into().unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_is_noticed_once() {
        let mut sleeps = Sleeps {
            asleep: Duration::from_secs(100),
        };
        let seconds = |seconds: f64| Duration::from_secs_f64(seconds);
        assert!(!sleeps.note(seconds(100.0)));
        assert!(!sleeps.note(seconds(100.000_01)), "the reading itself");
        assert!(sleeps.note(seconds(107.0)));
        assert!(!sleeps.note(seconds(107.0)));
        assert!(!sleeps.note(seconds(106.999_9)));
        assert!(sleeps.note(seconds(108.0)));
    }

    #[test]
    fn a_computer_that_is_awake_has_not_slept() {
        let mut sleeps = Sleeps::new();
        let before = elapsed();
        assert!(!sleeps.any());
        assert!(elapsed() >= before);
    }
}
