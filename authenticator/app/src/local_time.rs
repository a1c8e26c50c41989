//! Times as the person's clock shows them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The day, in the time zone of this computer: `2026-11-27`.
pub(crate) fn day(seconds: u64) -> String {
    shown(seconds, &TimeZone::system(), "%Y-%m-%d")
}

/// Day and minute, in the time zone of this computer, with its offset from UTC: `2026-11-27 12:00 +09:00`.
pub(crate) fn minute(seconds: u64) -> String {
    shown(seconds, &TimeZone::system(), "%Y-%m-%d %H:%M %:z")
}

/// Empty for a time that no calendar has.
fn shown(seconds: u64, zone: &TimeZone, form: &str) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map(|moment| {
            moment
                .to_zoned_datetime(zone.clone())
                .strftime(form)
                .to_string()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_zone() {
        let form = "%Y-%m-%d %H:%M %:z";
        let shown = |seconds, zone| shown(seconds, &TimeZone::posix(zone).unwrap(), form);
        let (japan, germany) = ("JST-9", "CET-1CEST,M3.5.0,M10.5.0/3");
        assert_eq!(shown(1_800_000_000, japan), "2027-01-15 17:00 +09:00");
        assert_eq!(shown(1_800_000_000, "UTC0"), "2027-01-15 08:00 +00:00");
        // Each by the offset of its own day.
        assert_eq!(shown(1_800_000_000, germany), "2027-01-15 09:00 +01:00");
        assert_eq!(shown(1_815_000_000, germany), "2027-07-08 00:40 +02:00");
        assert_eq!(shown(u64::MAX, "UTC0"), "");
    }
}
