//! When a backup is offered: at the first registration, and from 90 days before the certificate ends.

use serde::Serialize;

use crate::messages::terminal::SOON_DAYS;
use crate::store::Count;

/// Why a backup is offered now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Advice {
    /// The card's first credential on this computer was made just now.
    First,
    /// The card's certificate ends soon or has ended, and its credentials' keys with it.
    Expiring,
}

/// What to offer after a ceremony at `now`: nothing as long as every credential of the card is in a backup.
pub(crate) fn advise(count: Count, registered: bool, not_after: u64, now: u64) -> Option<Advice> {
    if count.not_backed_up == 0 {
        None
    } else if ends_soon(not_after, now) {
        Some(Advice::Expiring)
    } else if registered && count.pairwise == 1 {
        Some(Advice::First)
    } else {
        None
    }
}

/// Whether there is anything to offer at all, however many credentials there are.
pub(crate) fn may_advise(registered: bool, not_after: u64, now: u64) -> bool {
    registered || ends_soon(not_after, now)
}

fn ends_soon(not_after: u64, now: u64) -> bool {
    now.saturating_add(SOON_DAYS * 24 * 60 * 60) >= not_after
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * 60 * 60;
    const END: u64 = 2_000_000_000;

    fn count(pairwise: u64, not_backed_up: u64) -> Count {
        Count {
            pairwise,
            not_backed_up,
        }
    }

    #[test]
    fn the_first_registration_offers_a_backup_and_later_ones_do_not() {
        let far = END - 1000 * DAY;
        assert_eq!(advise(count(1, 1), true, END, far), Some(Advice::First));
        assert_eq!(advise(count(2, 2), true, END, far), None);
        assert_eq!(advise(count(1, 1), false, END, far), None, "a sign-in");
        assert_eq!(
            advise(count(0, 0), true, END, far),
            None,
            "a card credential"
        );
    }

    #[test]
    fn from_90_days_before_the_end_every_ceremony_offers_one_until_there_is_one() {
        for registered in [true, false] {
            let offered = |count, now| advise(count, registered, END, now);
            assert_eq!(offered(count(3, 1), END - 90 * DAY - 1), None);
            assert_eq!(offered(count(3, 1), END - 90 * DAY), Some(Advice::Expiring));
            assert_eq!(offered(count(3, 1), END + DAY), Some(Advice::Expiring));
            assert_eq!(offered(count(3, 0), END - DAY), None);
        }
    }

    /// The store is only asked where its answer matters.
    #[test]
    fn where_nothing_may_be_offered_no_count_offers_anything() {
        for now in [END - 1000 * DAY, END - 90 * DAY - 1] {
            assert!(!may_advise(false, END, now));
            for (pairwise, not_backed_up) in [(0, 0), (1, 0), (1, 1), (3, 1)] {
                assert_eq!(
                    advise(count(pairwise, not_backed_up), false, END, now),
                    None
                );
            }
        }
        assert!(may_advise(true, END, END - 1000 * DAY));
        assert!(may_advise(false, END, END - 90 * DAY));
    }
}
