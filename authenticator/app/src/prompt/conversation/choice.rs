//! The choice among several cards: each is read once in its stay, a list says what is where, and the person says which one.

use std::collections::HashMap;
use std::mem;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Instant;

use authenticator_core::{CardError, CardView, Expiry, Refusal};
use eid_card::{Certificate, FoundCard, Holds, Insertion, Look, NoOneCard, ReaderError, Tries};

use super::card::left;
use super::{Conversation, Ended, Happened, LOOK_AGAIN, Said};
use crate::card::now;
use crate::ceremony::card::{no_one_card, presenting};
use crate::failure::Failure;
use crate::native_messaging::incoming::Choice;
use crate::native_messaging::outgoing::{CardShown, ListedCard, PromptKind};
use crate::native_messaging::port::Event;
use crate::prompt::person::date;

/// The cards among which the person chooses.
#[derive(Default)]
pub(super) struct Cards {
    known: HashMap<Insertion, Known>,
    /// A list was shown: from then on the person is told which card is meant.
    listed: bool,
    chosen: Option<Insertion>,
    /// The chosen card has left.
    left: Option<Ended>,
    /// The card that is meant, where a list was shown.
    named: Option<CardShown>,
    /// A PIN was right: no other card can be chosen any more.
    settled: bool,
    /// The person wants another one.
    another: bool,
}

/// What is known of a card in its stay.
#[derive(Default)]
struct Known {
    /// A thread reads it now.
    being_read: bool,
    /// What came of reading it, and when.
    read: Option<(Instant, Result<CardRead, CardError>)>,
}

/// What was read of a card without its PIN.
#[derive(Debug)]
pub(crate) struct CardRead {
    certificate: Certificate,
    /// The PIN has no try left.
    locked: bool,
}

/// A line of the list, and the card behind it if that can be chosen.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Line {
    shown: ListedCard,
    card: Option<Insertion>,
}

impl Conversation<'_> {
    /// Lists the cards, and the list follows what happens in the readers, until one of the cards is chosen or there are no
    /// longer several.
    pub(super) fn choose_card(&mut self) -> Result<(), Refusal> {
        loop {
            self.news = false;
            let Some(Ok(look)) = &self.look else {
                return Ok(());
            };
            if look.only_card() != Err(NoOneCard::SeveralCards) {
                return Ok(());
            }
            self.cards.read_unread(look, &self.port.sender());
            let list = self.cards.list(look, now());
            self.leave_cards();
            self.say_list(list)?;
            let until = if self.cards.will_be_read_again() {
                self.deadline.min(Instant::now() + LOOK_AGAIN)
            } else {
                self.deadline
            };
            match self.next_event(until) {
                Happened::Answered { prompt, choice } if prompt == self.prompts => match choice {
                    Choice::Choose(index) => {
                        if self.take_choice(index)? {
                            return Ok(());
                        }
                    }
                    Choice::Cancel => return Err(Refusal::Cancelled),
                    Choice::Other => return Err(Refusal::OtherAuthenticator),
                    Choice::Approve(_) | Choice::AnotherCard => return Err(self.out_of_place()),
                },
                // An older list's number may be another card's by now.
                Happened::Answered { .. } => {}
                Happened::Looked | Happened::Read | Happened::InWindow(..) => {}
                Happened::Ended => return self.go_on(),
                Happened::Late if until < self.deadline => {}
                Happened::Late => return Err(Refusal::TimedOut),
            }
        }
    }

    /// Takes the choice back, where there was one and no PIN was right. To the core that ends the request; it is made
    /// once more.
    pub(super) fn choose_anew(&mut self) -> Refusal {
        if self.cards.named.is_none() || self.cards.settled {
            return self.out_of_place();
        }
        self.cards.choose_anew();
        self.at_pad = None;
        // The person has answered what was said last.
        self.said = Said::Nothing;
        Refusal::Cancelled
    }

    /// Whether the person wants another card for the request that has just ended. Asked once for each.
    pub(crate) fn wants_another_card(&mut self) -> bool {
        mem::take(&mut self.cards.another) && self.ended.is_none()
    }

    /// Sends the list, if it is not what was sent last. The first waits until every card has been read, at most for as long as
    /// one card may take.
    fn say_list(&mut self, list: List) -> Result<(), Refusal> {
        let first = !matches!(self.said, Said::ChooseCard(_));
        let wait = list.unread && (first || list.lines.is_empty());
        if wait || matches!(&self.said, Said::ChooseCard(said) if *said == list.lines) {
            return Ok(());
        }
        self.cards.listed = true;
        let cards = list.lines.iter().map(|line| line.shown.clone()).collect();
        self.prompt(PromptKind::ChooseCard, |prompt| prompt.cards = Some(cards))?;
        self.said = Said::ChooseCard(list.lines);
        Ok(())
    }

    /// Takes the person's choice; false if that card has just left.
    fn take_choice(&mut self, index: usize) -> Result<bool, Refusal> {
        let chosen = match &self.said {
            Said::ChooseCard(lines) => lines.get(index).and_then(|line| line.card.clone()),
            _ => None,
        };
        let Some(chosen) = chosen else {
            return Err(self.out_of_place());
        };
        let there = matches!(&self.look, Some(look) if left(&chosen, look).is_none());
        if there {
            self.cards.choose(chosen);
        } else {
            // The person has answered the list: it is shown anew.
            self.said = Said::Nothing;
        }
        Ok(there)
    }
}

/// What can be said of the cards now.
struct List {
    lines: Vec<Line>,
    /// There are cards of which nothing can be said yet.
    unread: bool,
}

impl Cards {
    /// Notes what is in the readers now: of a card that has left, nothing is known any more.
    pub(super) fn note(&mut self, look: &Result<Look, ReaderError>) {
        self.known.retain(|card, _| left(card, look).is_none());
        if self.left.is_none() {
            let chosen = self.chosen.as_ref();
            self.left = chosen.and_then(|chosen| left(chosen, look));
        }
    }

    /// Notes what came of reading a card.
    pub(super) fn note_read(&mut self, card: &Insertion, read: Result<CardRead, CardError>) {
        if let Some(known) = self.known.get_mut(card) {
            known.being_read = false;
            known.read = Some((Instant::now(), read));
        }
    }

    /// What ended with the chosen card, if that has left. It may be back: it is not the one any more that was chosen.
    pub(super) fn chosen_left(&self) -> Option<Ended> {
        self.left
    }

    /// From now on this card is meant, whatever others there are.
    fn choose(&mut self, card: Insertion) {
        if let Some(certificate) = self.certificate(&card).cloned() {
            self.name(&card, &certificate);
        }
        self.chosen = Some(card);
    }

    /// Whether the person chose one.
    pub(super) fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// A PIN was right: what the person has agreed to since counts for its card, and no other.
    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    fn choose_anew(&mut self) {
        self.another = true;
        self.chosen = None;
        self.left = None;
        self.named = None;
    }

    /// The card that is meant: the chosen one and no other, or else the only one.
    pub(super) fn meant<'l>(&self, look: &'l Look) -> Result<&'l FoundCard, CardError> {
        let Some(chosen) = &self.chosen else {
            return look.only_card().map_err(no_one_card);
        };
        let mut cards = look.cards();
        let meant = cards.find(|card| card.insertion() == chosen);
        meant.ok_or(CardError::Removed)
    }

    /// The certificate of a card that was read.
    pub(super) fn certificate(&self, card: &Insertion) -> Option<&Certificate> {
        match &self.known.get(card)?.read {
            Some((_, Ok(read))) => Some(&read.certificate),
            _ => None,
        }
    }

    /// From now on this card is meant. Where a list was shown, prompts say so.
    pub(super) fn name(&mut self, card: &Insertion, certificate: &Certificate) {
        self.named = self.listed.then(|| {
            let CardView { not_after, expiry } = CardView::of(certificate, now());
            CardShown {
                reader: card.reader_name(),
                not_after: date(not_after),
                expired: expiry == Expiry::Expired,
                expires_soon: expiry == Expiry::Soon,
                several: true,
                settled: false,
            }
        });
    }

    /// The card that is meant, where a list was shown.
    pub(super) fn named(&self) -> Option<CardShown> {
        let named = self.named.clone()?;
        Some(CardShown {
            settled: self.settled,
            ..named
        })
    }

    /// Begins to read the cards that are to be read, each on a thread of its own: none waits for another.
    fn read_unread(&mut self, look: &Look, events: &Sender<Event>) {
        for card in look.cards() {
            let known = self.known.entry(card.insertion().clone()).or_default();
            if known.is_to_be_read() {
                known.being_read = read(card.hand_over(), events.clone());
                if !known.being_read {
                    known.read = Some((Instant::now(), Err(CardError::Failed)));
                }
            }
        }
    }

    fn will_be_read_again(&self) -> bool {
        self.known
            .values()
            .any(|known| !known.being_read && known.may_go_better())
    }

    /// A line for each card in the order of the readers, and for each card that may be one and does not say so.
    fn list(&self, look: &Look, now: u64) -> List {
        let mut list = List {
            lines: Vec::new(),
            unread: false,
        };
        for reader in look.readers() {
            let name = reader.name.clone();
            let line = match &reader.holds {
                Holds::Jpki(card) => match self.read(card.insertion()) {
                    Some(Ok(read)) => Line::of(name, card.insertion(), read, now),
                    Some(Err(error)) => Line::unusable(name, *error),
                    None => {
                        list.unread = true;
                        continue;
                    }
                },
                Holds::Busy => Line::unusable(name, CardError::Busy),
                Holds::Mute => Line::unusable(name, CardError::Mute),
                Holds::Nothing | Holds::OtherCard | Holds::Unavailable => continue,
            };
            list.lines.push(line);
        }
        list
    }

    fn read(&self, card: &Insertion) -> Option<&Result<CardRead, CardError>> {
        let (_, read) = self.known.get(card)?.read.as_ref()?;
        Some(read)
    }
}

impl Known {
    /// Once; and again after a while, if that may go better.
    fn is_to_be_read(&self) -> bool {
        let due = match &self.read {
            None => true,
            Some((at, _)) => self.may_go_better() && at.elapsed() >= LOOK_AGAIN,
        };
        due && !self.being_read
    }

    fn may_go_better(&self) -> bool {
        matches!(&self.read, Some((_, Err(error))) if error.can_be_mended())
    }
}

impl Line {
    fn of(reader: String, card: &Insertion, read: &CardRead, now: u64) -> Line {
        let CardView { not_after, expiry } = CardView::of(&read.certificate, now);
        Line {
            shown: ListedCard {
                reader,
                not_after: Some(date(not_after)),
                expired: expiry == Expiry::Expired,
                expires_soon: expiry == Expiry::Soon,
                problem: read.locked.then(|| Failure::PinLocked.code()),
            },
            card: Some(card.clone()),
        }
    }

    fn unusable(reader: String, error: CardError) -> Line {
        let problem = match error {
            CardError::Busy | CardError::Mute | CardError::Unsupported => Failure::from(error),
            _ => Failure::CardFailed,
        };
        Line {
            shown: ListedCard {
                reader,
                not_after: None,
                expired: false,
                expires_soon: false,
                problem: Some(problem.code()),
            },
            card: None,
        }
    }
}

/// Reads a card on a thread, which reports what came of it; false if there can be no thread.
fn read(card: FoundCard, events: Sender<Event>) -> bool {
    let read = move || {
        let read = card
            .open_with_tries()
            .map(|(shown, tries)| CardRead {
                certificate: shown.certificate().clone(),
                locked: matches!(tries, Ok(Tries::Locked)),
            })
            .map_err(presenting);
        // A ceremony that has ended does not want to know.
        let _ = events.send(Event::CardRead(card.insertion().clone(), read));
    };
    let thread = thread::Builder::new().name("choice".into()).spawn(read);
    thread.is_ok()
}

#[cfg(test)]
#[path = "choice_tests.rs"]
mod tests;
