//! Which readers there are, and which of them hold a card with the JPKI application.

use std::collections::HashMap;
use std::ffi::{CStr, CString};
use std::thread;
use std::time::{Duration, Instant};

use pcsc::{Context, PNP_NOTIFICATION, ReaderState, State};

use crate::error::{CardError, ReaderError};
use crate::insertion::Insertion;
use crate::jpki::{Applet, Failure};
use crate::link::{Link, NAMES, within};
use crate::service;
use crate::session::FoundCard;

/// How long one card may take to say whether it has the application; others do not wait for it.
const PROBING: Duration = Duration::from_secs(4);

/// The readers of this computer.
pub struct Readers {
    context: Context,
    /// What was in the readers at the last look, to wait for a change from there.
    last: Vec<Glance>,
    /// What SELECT said in each stay of a card, so that each is asked once.
    known: HashMap<Insertion, Holds>,
    keep_connections: bool,
}

/// One reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reader {
    /// Its name, for people.
    pub name: String,
    /// What is in it.
    pub holds: Holds,
}

/// What is in a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// No card.
    Nothing,
    /// A card with the JPKI application.
    Jpki(FoundCard),
    /// A card of another kind.
    OtherCard,
    /// A card that another program holds, of unknown kind.
    Busy,
    /// A card that does not answer.
    Mute,
    /// Nobody can tell: the reader itself fails.
    Unavailable,
}

/// All readers at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    readers: Vec<Reader>,
}

impl Look {
    /// Every reader, virtual ones included, in the system's order.
    pub fn readers(&self) -> &[Reader] {
        &self.readers
    }

    /// The cards with the JPKI application.
    pub fn cards(&self) -> impl Iterator<Item = &FoundCard> {
        self.readers
            .iter()
            .filter_map(|reader| match &reader.holds {
                Holds::Jpki(card) => Some(card),
                _ => None,
            })
    }

    /// The one card with the JPKI application.
    ///
    /// # Errors
    ///
    /// [`NoOneCard`]: what stands in the way, the most helpful cause first.
    pub fn only_card(&self) -> Result<&FoundCard, NoOneCard> {
        let mut cards = self.cards();
        match (cards.next(), cards.next()) {
            (Some(card), None) => return Ok(card),
            (Some(_), Some(_)) => return Err(NoOneCard::SeveralCards),
            (None, _) => {}
        }
        let any = |wanted: Holds| self.readers.iter().any(|reader| reader.holds == wanted);
        let all_fail = || {
            let mut readers = self.readers.iter();
            readers.all(|reader| reader.holds == Holds::Unavailable)
        };
        Err(if self.readers.is_empty() || all_fail() {
            NoOneCard::NoReader
        } else if any(Holds::Busy) {
            NoOneCard::Busy
        } else if any(Holds::Mute) {
            NoOneCard::Mute
        } else if any(Holds::OtherCard) {
            NoOneCard::OtherCard
        } else {
            NoOneCard::NoCard
        })
    }
}

/// Why there is no one card to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoOneCard {
    /// The system knows no reader, or none that works.
    #[error("no card reader is connected")]
    NoReader,
    /// No card in any reader.
    #[error("no card is presented")]
    NoCard,
    /// Several cards with the JPKI application.
    #[error("several My Number Cards are presented")]
    SeveralCards,
    /// There is a card, and another program holds it.
    #[error("another program is using the card")]
    Busy,
    /// There is a card, and it does not answer.
    #[error("the card does not respond")]
    Mute,
    /// There is a card, and it is of another kind.
    #[error("the card is not a My Number Card")]
    OtherCard,
}

impl Readers {
    /// Gets in touch with the PC/SC service.
    ///
    /// # Errors
    ///
    /// [`ReaderError::PcscNotRunning`], [`ReaderError::NotAllowed`] or [`ReaderError::Fault`].
    pub fn establish() -> Result<Readers, ReaderError> {
        let context = service::establish().map_err(explain)?;
        Ok(Readers {
            context,
            last: Vec::new(),
            known: HashMap::new(),
            keep_connections: false,
        })
    }

    /// From now on a card that is found keeps the connection by which it was found, which saves its opening another one.
    ///
    /// While a [`FoundCard`] with a connection exists, no other program can have the card alone. So this is for whoever opens
    /// cards at once, and lets go of those that it does not open.
    pub fn keep_connections(&mut self) {
        self.keep_connections = true;
    }

    /// Looks into every reader.
    ///
    /// A card seen for the first time is asked by SELECT, all at once and each for a limited time,
    /// so that one that is busy or foreign hides no other. A card seen before is not asked again
    /// until it has been taken out.
    ///
    /// # Errors
    ///
    /// [`ReaderError`] when the service cannot be asked; having no reader is not an error here.
    pub fn look(&mut self) -> Result<Look, ReaderError> {
        let glances = glance(&self.context).map_err(explain)?;
        self.known
            .retain(|insertion, _| glances.iter().any(|glance| glance.insertion == *insertion));
        let probes: Vec<_> = glances
            .into_iter()
            .map(|glance| {
                let known = self.known.get(&glance.insertion).cloned();
                (known.or_else(|| glance.obvious()), glance)
            })
            .map(|(holds, glance)| {
                let probe = holds.is_none().then(|| {
                    let insertion = glance.insertion.clone();
                    let keep = self.keep_connections;
                    thread::spawn(move || {
                        within(PROBING, move || probe(insertion, keep)).unwrap_or(Holds::Busy)
                    })
                });
                (glance, holds, probe)
            })
            .collect();
        self.last.clear();
        let mut readers = Vec::new();
        for (glance, holds, probe) in probes {
            let asked = probe.map(|thread| thread.join().unwrap_or(Holds::Unavailable));
            if let Some(verdict @ (Holds::Jpki(_) | Holds::OtherCard)) = &asked {
                self.known.insert(glance.insertion.clone(), verdict.clone());
            }
            let name = glance.insertion.reader_name();
            readers.push(Reader {
                name,
                holds: holds.or(asked).unwrap_or(Holds::Unavailable),
            });
            self.last.push(glance);
        }
        Ok(Look { readers })
    }

    /// The cards with the JPKI application.
    ///
    /// # Errors
    ///
    /// As [`Readers::look`], and [`ReaderError::NoReader`].
    pub fn cards(&mut self) -> Result<Vec<FoundCard>, ReaderError> {
        let look = self.look()?;
        if look.readers().is_empty() {
            return Err(ReaderError::NoReader);
        }
        Ok(look.cards().cloned().collect())
    }

    /// Waits until a card or reader has come or gone, or a busy card was let go, since the last look.
    ///
    /// Returns whether something has; false when `timeout` passed first.
    ///
    /// # Errors
    ///
    /// [`ReaderError::Interrupted`] by an [`Interrupter`]; [`ReaderError::PcscNotRunning`] when the
    /// service ended: then these readers are of no further use, [`Readers::establish`] new ones.
    pub fn wait_for_change(&mut self, timeout: Duration) -> Result<bool, ReaderError> {
        // A day at most: the clock cannot count to the end of time.
        let deadline = Instant::now() + timeout.min(Duration::from_secs(24 * 60 * 60));
        let mut states: Vec<ReaderState> =
            vec![ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
        states.extend(
            self.last
                .iter()
                .map(|glance| ReaderState::new(glance.insertion.reader.clone(), State::UNAWARE)),
        );
        loop {
            if glance(&self.context).map_err(explain)? != self.last {
                return Ok(true);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            for state in &mut states {
                state.sync_current_state();
            }
            match self.context.get_status_change(left, &mut states) {
                // The reader was unplugged between the two calls: the next glance tells.
                Ok(()) | Err(pcsc::Error::Timeout | pcsc::Error::UnknownReader) => {}
                Err(error) => return Err(explain(error)),
            }
        }
    }

    /// A handle by which another thread ends a wait.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.context.clone())
    }
}

/// Ends a [`Readers::wait_for_change`] from another thread.
pub struct Interrupter(Context);

impl Interrupter {
    /// Ends the wait going on now; without one, nothing happens.
    pub fn interrupt(&self) {
        // It fails only when the service is gone, which ends the wait as well.
        let _ = self.0.cancel();
    }
}

/// What the service itself says about one reader.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Glance {
    insertion: Insertion,
    state: State,
}

impl Glance {
    /// What is clear without asking the card.
    fn obvious(&self) -> Option<Holds> {
        if self.state.contains(State::PRESENT) {
            if self.state.contains(State::MUTE) {
                Some(Holds::Mute)
            } else if self.state.contains(State::EXCLUSIVE) {
                Some(Holds::Busy)
            } else {
                None
            }
        } else if self.state.contains(State::EMPTY) {
            Some(Holds::Nothing)
        } else {
            Some(Holds::Unavailable)
        }
    }
}

fn glance(context: &Context) -> Result<Vec<Glance>, pcsc::Error> {
    // A reader may be unplugged between the two calls; then the list is read again.
    const ATTEMPTS: usize = 5;
    for _ in 0..ATTEMPTS {
        let names = names(context)?;
        if names.is_empty() {
            return Ok(Vec::new());
        }
        match states_of(context, names) {
            Err(pcsc::Error::UnknownReader) => {}
            outcome => return outcome,
        }
    }
    Err(pcsc::Error::UnknownReader)
}

/// The readers' names, asked for once: without room for them the service is asked for their length first.
fn names(context: &Context) -> Result<Vec<CString>, pcsc::Error> {
    match context.list_readers(&mut [0; NAMES]) {
        Ok(names) => Ok(names.map(CStr::to_owned).collect()),
        Err(pcsc::Error::InsufficientBuffer) => context.list_readers_owned(),
        Err(error) => Err(error),
    }
}

fn states_of(context: &Context, names: Vec<CString>) -> Result<Vec<Glance>, pcsc::Error> {
    /// What matters here; the rest changes whenever any program connects.
    const TELLING: State = State::EMPTY
        .union(State::PRESENT)
        .union(State::EXCLUSIVE)
        .union(State::MUTE)
        .union(State::UNAVAILABLE);
    let mut states: Vec<_> = names
        .into_iter()
        .map(|name| ReaderState::new(name, State::UNAWARE))
        .collect();
    context.get_status_change(Duration::ZERO, &mut states)?;
    let seen = states.iter().map(|state| Glance {
        insertion: Insertion {
            reader: CStr::to_owned(state.name()),
            count: state.event_count(),
        },
        state: state.event_state() & TELLING,
    });
    Ok(seen.collect())
}

/// Asks a card by SELECT whether it has the application.
fn probe(insertion: Insertion, keep_connection: bool) -> Holds {
    let selected = Link::shared(&insertion.reader)
        .map_err(Failure::from)
        .and_then(|mut link| {
            link.undisturbed(|card| Applet::select(card).map(drop))?;
            Ok(link)
        });
    match selected {
        Ok(link) => Holds::Jpki(FoundCard::new(
            insertion,
            Some(link).filter(|_| keep_connection),
        )),
        Err(failure) => match insertion.explain(failure) {
            CardError::NoApplication | CardError::Garbled(_) => Holds::OtherCard,
            CardError::Removed | CardError::Changed | CardError::ReaderGone => Holds::Nothing,
            CardError::Busy => Holds::Busy,
            CardError::Mute => Holds::Mute,
            _ => Holds::Unavailable,
        },
    }
}

fn explain(error: pcsc::Error) -> ReaderError {
    use pcsc::Error as E;
    match error {
        E::NoService | E::ServiceStopped | E::Shutdown | E::InvalidHandle => {
            ReaderError::PcscNotRunning
        }
        E::NoReadersAvailable => ReaderError::NoReader,
        E::Cancelled | E::SystemCancelled => ReaderError::Interrupted,
        // A "security violation" may also be the service's end: asking anew tells.
        other => match (other, service::establish()) {
            (_, Err(E::NoService | E::ServiceStopped)) => ReaderError::PcscNotRunning,
            (_, Err(E::SecurityViolation | E::NoAccess)) => ReaderError::NotAllowed,
            (E::SecurityViolation | E::NoAccess, Ok(_)) => ReaderError::PcscNotRunning,
            (other, _) => ReaderError::Fault(other.to_string()),
        },
    }
}
