//! Watching for cards: what is in the readers, at once and at every change, until the port closes.

use std::collections::HashSet;

use eid_card::{Insertion, Look, ReaderError};

use crate::failure::Failure;
use crate::native_messaging::outgoing::{CardsReport, FatalCode, Outgoing};
use crate::native_messaging::port::{Broken, Event, Port};

/// Reports until the port closes.
///
/// # Errors
/// [`Broken`], if it did not simply close.
pub(crate) fn run(port: &mut Port) -> Result<(), Broken> {
    let mut watch = Watch::default();
    loop {
        match port.wait(None) {
            Some(Event::Readers(look)) => {
                if let Some(report) = watch.report(&look) {
                    port.send(&Outgoing::Cards(report))
                        .map_err(|_| Broken::Closed)?;
                }
            }
            Some(Event::Message(_)) => return Err(Broken::Fatal(FatalCode::BadMessage)),
            Some(Event::Unreadable(unreadable)) => return Err(Broken::Fatal(unreadable.into())),
            // None was opened or read.
            Some(Event::Window(..) | Event::CardRead(..)) => {}
            Some(Event::Closed | Event::Terminated) | None => return Ok(()),
        }
    }
}

/// What was seen and said so far.
#[derive(Default)]
struct Watch {
    /// The cards at the last look; unknown before the first, and after the service failed.
    cards: Option<HashSet<Insertion>>,
    reported: Option<CardsReport>,
}

impl Watch {
    /// What there is to say about a look; nothing if it is as before.
    fn report(&mut self, look: &Result<Look, ReaderError>) -> Option<CardsReport> {
        let report = match look {
            Ok(look) => {
                let cards: HashSet<Insertion> =
                    look.cards().map(|card| card.insertion().clone()).collect();
                let presented = self
                    .cards
                    .as_ref()
                    .is_some_and(|before| !cards.is_subset(before));
                let report = CardsReport {
                    readers: look.readers().len(),
                    cards: cards.len(),
                    presented,
                    problem: look.readers().is_empty().then(|| Failure::NoReader.code()),
                };
                self.cards = Some(cards);
                report
            }
            Err(ReaderError::NoReader) => self.nothing(Failure::NoReader),
            Err(_) => self.nothing(Failure::PcscNotRunning),
        };
        let said = self.reported.replace(CardsReport {
            presented: false,
            ..report.clone()
        });
        (report.presented || said.as_ref() != Some(&report)).then_some(report)
    }

    fn nothing(&mut self, problem: Failure) -> CardsReport {
        // When the service comes back, the cards in it were there before.
        self.cards = None;
        CardsReport {
            readers: 0,
            cards: 0,
            presented: false,
            problem: Some(problem.code()),
        }
    }
}
