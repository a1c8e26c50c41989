//! The way to the card: service, library, readers, card, certificate, tries.

use std::fs;
use std::path::PathBuf;

use eid_card::{Holds, Look, Readers};

use super::Report;
use crate::card::{concerns, now};
use crate::messages::terminal::{Date, Problem, Text};

pub(super) fn check(report: &mut Report) {
    let look = match Readers::establish().and_then(|mut readers| readers.look()) {
        Ok(look) => look,
        Err(error) => {
            report.failed(&Text::PcscService, &Problem::from(&error));
            return;
        }
    };
    let library = library();
    let answers = Text::PcscAnswers(library.as_deref());
    report.passed(&Text::PcscService, &answers);
    if look.readers().is_empty() {
        report.failed(&Text::Readers, &Problem::NoReader);
        return;
    }
    let names: Vec<&str> = look
        .readers()
        .iter()
        .map(|reader| reader.name.as_str())
        .collect();
    report.passed_with(&Text::Readers, names.join(", "));
    check_cards(report, &look);
}

fn check_cards(report: &mut Report, look: &Look) {
    if look.cards().next().is_none() {
        if let Err(reason) = look.only_card() {
            report.failed(&Text::Card, &Problem::from(reason));
        }
        return;
    }
    if look.cards().count() > 1 {
        report.caution(&Text::Card, &Problem::SeveralCards);
    }
    let busy = look
        .readers()
        .iter()
        .any(|reader| reader.holds == Holds::Busy);
    if busy {
        report.caution(&Text::Card, &Problem::CardBusy);
    }
    for card in look.cards() {
        let description = match card.describe() {
            Ok(description) => description,
            Err(error) => {
                report.failed(&Text::Card, &Problem::from(&error));
                continue;
            }
        };
        let kind = report.language.text(&Text::Kind(description.kind));
        report.passed_with(&Text::Card, format!("{kind} ({})", card.reader_name()));
        report.passed(&Text::PinPad, &Text::HasPinPad(description.pin_pad));
        let now = now();
        let concerns = concerns(&description, now);
        let about_pin = |problem: &Problem<'_>| {
            matches!(
                problem,
                Problem::PinLocked | Problem::FewTries(_) | Problem::TriesUnknown
            )
        };
        if let Ok(tries) = description.tries
            && !concerns.iter().any(|concern| about_pin(&concern.problem))
        {
            report.passed(&Text::Pin, &Text::TriesLeft(tries));
        }
        if let Ok(certificate) = &description.certificate
            && concerns.iter().all(|concern| about_pin(&concern.problem))
        {
            let until = Date::in_japan(certificate.not_after());
            report.passed(&Text::Certificate, &Text::ValidUntil(until));
        }
        for concern in &concerns {
            let heading = if about_pin(&concern.problem) {
                Text::Pin
            } else {
                Text::Certificate
            };
            if concern.grave {
                report.failed(&heading, &concern.problem);
            } else {
                report.caution(&heading, &concern.problem);
            }
        }
    }
}

/// The PC/SC library that this process has loaded (without one the program would not have started).
fn library() -> Option<PathBuf> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let path = maps.lines().find(|line| line.contains("/libpcsclite"))?;
    path.find('/')
        .and_then(|start| path.get(start..))
        .map(PathBuf::from)
}
