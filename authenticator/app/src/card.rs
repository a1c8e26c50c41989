//! `card`: what is in the readers, as far as it can be told without a PIN. No PIN is ever asked for.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use eid_card::{Description, FoundCard, Readers, Tries};

use crate::install::fail;
use crate::messages::Language;
use crate::messages::terminal::{Date, Problem, SOON_DAYS, Text, pad, width};

/// Shows every My Number Card; says to `err` why there is none. Fails if none of them can be used: a script that asks learns it too.
///
/// # Errors
/// If `out` or `err` cannot be written.
pub(crate) fn run(
    language: Language,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    let look = match Readers::establish().and_then(|mut readers| readers.look()) {
        Ok(look) => look,
        Err(error) => return fail(language, &Problem::from(&error), err),
    };
    let (mut shown, mut usable) = (0, false);
    for card in look.cards() {
        if shown > 0 {
            writeln!(out)?;
        }
        shown += 1;
        match card.describe() {
            Ok(description) => {
                show(language, card, &description, out)?;
                usable |= !concerns(&description, now()).iter().any(|each| each.grave);
            }
            Err(error) => return fail(language, &Problem::from(&error), err),
        }
    }
    match look.only_card() {
        Err(reason) if shown == 0 => fail(language, &Problem::from(reason), err),
        _ if usable => Ok(ExitCode::SUCCESS),
        _ => Ok(ExitCode::FAILURE),
    }
}

fn show(
    language: Language,
    card: &FoundCard,
    description: &Description,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut rows = vec![
        (Text::Reader, card.reader_name()),
        (Text::Card, language.text(&Text::Kind(description.kind))),
    ];
    if let Ok(tries) = &description.tries {
        rows.push((Text::Pin, language.text(&Text::TriesLeft(*tries))));
    }
    if let Ok(certificate) = &description.certificate {
        let until = Date::in_japan(certificate.not_after());
        rows.push((Text::Certificate, language.text(&Text::ValidUntil(until))));
    }
    let headings: Vec<String> = rows.iter().map(|(text, _)| language.text(text)).collect();
    let columns = headings.iter().map(|text| width(text)).max().unwrap_or(0);
    for (heading, (_, value)) in headings.iter().zip(&rows) {
        writeln!(out, "{}  {value}", pad(heading, columns))?;
    }
    for concern in concerns(description, now()) {
        let pair = language.problem(&concern.problem);
        writeln!(out, "\n{}", language.printed(&pair))?;
    }
    Ok(())
}

/// Something about a card that its holder should know.
pub(crate) struct Concern<'a> {
    /// Whether it keeps the card from being used.
    pub(crate) grave: bool,
    /// What.
    pub(crate) problem: Problem<'a>,
}

/// What the holder should know about the card at `now` (seconds since 1970).
pub(crate) fn concerns(description: &Description, now: u64) -> Vec<Concern<'_>> {
    let mut concerns = Vec::new();
    let mut add = |grave, problem| concerns.push(Concern { grave, problem });
    match &description.tries {
        Ok(Tries::Locked) => add(true, Problem::PinLocked),
        Ok(Tries::Left(left @ 0..3)) => add(false, Problem::FewTries(*left)),
        Ok(Tries::Left(_)) => {}
        Err(error) => add(true, Problem::from(error)),
    }
    match &description.certificate {
        Ok(certificate) if certificate.expired_at(now) => {
            let day = Date::in_japan(certificate.not_after());
            add(true, Problem::CertificateExpired(day));
        }
        Ok(certificate) if now < certificate.not_before() => {
            let day = Date::in_japan(certificate.not_before());
            add(true, Problem::CertificateNotYetValid(day));
        }
        Ok(certificate) if certificate.expired_at(now + SOON_DAYS * 24 * 60 * 60) => {
            let day = Date::in_japan(certificate.not_after());
            add(false, Problem::CertificateExpiresSoon(day));
        }
        Ok(_) => {}
        Err(error) => add(true, Problem::from(error)),
    }
    concerns
}

/// Seconds since 1970 by the computer's clock.
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
