//! The card of a conversation: asked for where there is none, found, shown, and gone.

use std::time::Instant;

use authenticator_core::{CardError, Refusal};
use eid_card::{Certificate, FoundCard, Insertion, Look, NoOneCard, ReaderError};

use super::{Conversation, Ended, Happened, LOOK_AGAIN, Said};
use crate::ceremony::card::CardSource;
use crate::failure::Failure;
use crate::native_messaging::incoming::Choice;
use crate::native_messaging::outgoing::PromptKind;

impl Conversation<'_> {
    /// The name of the reader with the card that is shown.
    pub(crate) fn reader_name(&self) -> String {
        self.shown
            .as_ref()
            .map(Insertion::reader_name)
            .unwrap_or_default()
    }

    /// The name of the reader with the card that is meant, where there were several.
    pub(crate) fn named_reader(&self) -> Option<String> {
        self.cards.named().map(|card| card.reader)
    }

    /// Asks for a card, or which one of several, and waits until something changed.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(crate) fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        self.let_go();
        self.gone = None;
        self.catch_up();
        self.go_on()?;
        if self.news {
            return Ok(());
        }
        if problem == CardError::SeveralCards {
            return self.choose_card();
        }
        self.leave_cards();
        if self.said != Said::InsertCard(problem) {
            let code = Failure::from(problem).code();
            self.prompt(PromptKind::InsertCard, |prompt| prompt.problem = Some(code))?;
            self.said = Said::InsertCard(problem);
        }
        // The readers' state wakes us. A card that lies there and cannot be used may become usable
        // without any change of that state, so it is looked at again.
        let lying = matches!(&self.look, Some(Ok(look)) if self.cards.meant(look).is_ok());
        let until = if lying || problem == CardError::Busy {
            self.deadline.min(Instant::now() + LOOK_AGAIN)
        } else {
            self.deadline
        };
        let prompt = self.prompts;
        loop {
            match self.next_event(until) {
                Happened::Looked => return Ok(()),
                Happened::Answered {
                    prompt: answered,
                    choice,
                } if answered == prompt => {
                    return Err(match choice {
                        Choice::Cancel => Refusal::Cancelled,
                        Choice::Other => Refusal::OtherAuthenticator,
                        Choice::AnotherCard => self.choose_anew(),
                        Choice::Approve(_) | Choice::Choose(_) => self.out_of_place(),
                    });
                }
                Happened::Answered { .. } | Happened::InWindow(..) | Happened::Read => {}
                Happened::Ended => return self.go_on(),
                Happened::Late if until < self.deadline => return Ok(()),
                Happened::Late => return Err(Refusal::TimedOut),
            }
        }
    }

    /// Ends the connections by which cards were found. Whoever waits for a person keeps none that is not used: it would leave the
    /// card its power, and other programs could not have it alone.
    pub(super) fn leave_cards(&mut self) {
        // The copy has no connections.
        self.look = self.look.clone();
    }
}

impl CardSource for Conversation<'_> {
    fn only_card(&mut self) -> Result<FoundCard, CardError> {
        self.catch_up();
        while self.look.is_none() && self.ended.is_none() {
            self.next_event(self.deadline);
        }
        self.news = false;
        if let Some(left) = self.cards.chosen_left() {
            self.end(left);
            return Err(CardError::Removed);
        }
        match &self.look {
            // The end is told where the person is asked next.
            None => Err(CardError::NoCard),
            Some(Err(ReaderError::NoReader)) => Err(CardError::NoReader),
            Some(Err(_)) => Err(CardError::PcscNotRunning),
            Some(Ok(look)) => self.cards.meant(look).map(FoundCard::hand_over),
        }
    }

    fn known_certificate(&self, insertion: &Insertion) -> Option<Certificate> {
        self.cards.certificate(insertion).cloned()
    }

    /// The card's removal closes the prompts about it.
    fn show(&mut self, insertion: Insertion, certificate: &Certificate) {
        self.cards.name(&insertion, certificate);
        self.shown = Some(insertion);
        self.gone = None;
    }

    fn pin_was_right(&mut self) {
        self.cards.settle();
    }

    /// The card's removal means nothing any more.
    fn let_go(&mut self) {
        self.shown = None;
    }
}

/// What it means if a card has left.
pub(super) fn left(card: &Insertion, look: &Result<Look, ReaderError>) -> Option<Ended> {
    match look {
        Ok(look) if look.cards().any(|there| there.insertion() == card) => None,
        Ok(look) if look.only_card() == Err(NoOneCard::NoReader) => Some(Ended::ReaderGone),
        Ok(_) => Some(Ended::Refused(Refusal::CardRemoved)),
        Err(_) => Some(Ended::PcscStopped),
    }
}
