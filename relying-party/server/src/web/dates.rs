//! Dates as people read them: Japan's time, which the issuer's days are in.

use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use super::language::Language;

/// A point in time, for a page.
pub(super) struct Shown {
    /// For `<time datetime>`.
    pub(super) machine: String,
    /// The day, for the person.
    pub(super) day: String,
    /// The time of day, for the person; empty where only the day matters.
    pub(super) clock: String,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn in_japan(seconds: i64) -> Option<OffsetDateTime> {
    let offset = UtcOffset::from_hms(9, 0, 0).ok()?;
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()?
        .checked_to_offset(offset)
}

fn date(moment: OffsetDateTime, language: Language) -> String {
    let (year, month, day) = (moment.year(), u8::from(moment.month()), moment.day());
    match language {
        Language::Japanese => format!("{year}年{month}月{day}日"),
        Language::English => {
            let name = MONTHS.get(usize::from(month) - 1).unwrap_or(&"");
            format!("{day} {name} {year}")
        }
    }
}

/// Day and minute.
pub(super) fn moment(seconds: i64, language: Language) -> Shown {
    shown(seconds, language, |moment| {
        let (hour, minute) = (moment.hour(), moment.minute());
        match language {
            Language::Japanese => format!("{hour}:{minute:02}"),
            Language::English => format!("{hour:02}:{minute:02} JST"),
        }
    })
}

/// Day only.
pub(super) fn day(seconds: i64, language: Language) -> Shown {
    shown(seconds, language, |_| String::new())
}

/// A year.
pub(super) fn year(seconds: i64) -> i32 {
    in_japan(seconds).map_or(0, OffsetDateTime::year)
}

fn shown(seconds: i64, language: Language, clock: impl FnOnce(OffsetDateTime) -> String) -> Shown {
    match in_japan(seconds) {
        None => Shown {
            machine: String::new(),
            day: "–".to_owned(),
            clock: String::new(),
        },
        Some(moment) => Shown {
            machine: moment.format(&Rfc3339).unwrap_or_default(),
            day: date(moment, language),
            clock: clock(moment),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_ends_on_the_day_its_issuer_says() {
        // 23:59:59 JST on the fifth birthday is 14:59:59 UTC.
        let end = 1_917_010_799; // 2030-09-30T14:59:59Z
        assert_eq!(day(end, Language::Japanese).day, "2030年9月30日");
        assert_eq!(day(end, Language::English).day, "30 September 2030");
        assert_eq!(day(end + 1, Language::English).day, "1 October 2030");
        assert_eq!(
            moment(end, Language::English).machine,
            "2030-09-30T23:59:59+09:00"
        );
        assert_eq!(moment(end, Language::English).clock, "23:59 JST");
    }
}
