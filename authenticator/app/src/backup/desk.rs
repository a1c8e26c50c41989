//! Card and person at the terminal: what a ceremony does in the extension's window, without a site.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use authenticator_core::{
    CardError, Failure, Holder, PinEntry, PinPad, PinPrompt, PresentCard, Progress, Refusal,
    VerifiedCard,
};
use eid_card::{
    CardKeyHash, Certificate, FoundCard, Insertion, LastTry, Pin, ReaderError, Readers,
};

use super::trouble::Trouble;
use crate::ceremony::card::{CardSource, PresentedCard, no_one_card, presenting};
use crate::messages::Language;
use crate::messages::keeping::Line;
use crate::messages::terminal::Problem;
use crate::terminal::{EchoAgain, GivenUp, Terminal};

/// How long to wait before looking into the readers again.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// The terminal, and the readers beside it.
pub(crate) struct Desk {
    pub(crate) terminal: Terminal,
    pub(crate) language: Language,
    readers: Option<Readers>,
    /// Which card each was that lies or lay in a reader, so that its certificate is read once.
    known: HashMap<Insertion, CardKeyHash>,
    wanted: Wanted,
    /// What was said last about why there is no card.
    said: Option<CardError>,
    /// The reader with the card that is used.
    reader: String,
    /// The reader's PIN pad asks for the PIN.
    hushed: Option<EchoAgain>,
}

/// Which card is meant, where there may be several.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// The one that is there.
    TheOne,
    /// One of these.
    OneOf(Vec<CardKeyHash>),
    /// Any other than this.
    Not(CardKeyHash),
}

impl Wanted {
    fn accepts(&self, card: &CardKeyHash) -> bool {
        match self {
            Wanted::TheOne => true,
            Wanted::OneOf(cards) => cards.contains(card),
            Wanted::Not(other) => card != other,
        }
    }
}

impl Desk {
    /// At this terminal.
    pub(crate) fn new(terminal: Terminal, language: Language) -> Self {
        Self {
            terminal,
            language,
            readers: None,
            known: HashMap::new(),
            wanted: Wanted::TheOne,
            said: None,
            reader: String::new(),
            hushed: None,
        }
    }

    /// Shows a line.
    pub(crate) fn say(&mut self, line: &Line<'_>) {
        let text = self.language.line(line);
        self.terminal.say(&text);
    }

    /// Asks a question that is answered with yes.
    ///
    /// # Errors
    /// [`GivenUp`] for every other answer.
    pub(crate) fn confirm(&mut self, question: &Line<'_>) -> Result<(), GivenUp> {
        let text = self.language.line(question);
        let answer = self.terminal.ask(&format!("{text} "))?;
        match answer.trim().to_lowercase().as_str() {
            "yes" | "はい" => Ok(()),
            _ => Err(GivenUp),
        }
    }

    /// Says what is wrong and what to do.
    pub(crate) fn tell(&mut self, problem: &Problem<'_>) {
        let pair = self.language.problem(problem);
        self.terminal.say(&self.language.printed(&pair));
    }
}

/// Finds the card that is meant, asks for its PIN, and does something with it. The card is unpowered at the end.
///
/// `check` looks at the card before any PIN is asked for.
///
/// # Errors
/// [`Trouble`].
pub(crate) fn with_card<T>(
    desk: &RefCell<Desk>,
    wanted: Wanted,
    check: impl FnOnce(&CardKeyHash) -> Result<(), Trouble>,
    job: impl FnOnce(&mut VerifiedCard<'_>, &mut AtTheDesk<'_>) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    {
        let mut desk = desk.borrow_mut();
        desk.wanted = wanted;
        desk.said = None;
    }
    let mut card = PresentedCard::new(desk);
    let mut holder = AtTheDesk(desk);
    let shown = PresentCard::find(&mut card, &mut holder)?;
    check(&shown.certificate().key_hash())?;
    let mut verified = shown.verify(&mut holder, |holder, prompt| holder.ask_pin(prompt))?;
    desk.borrow_mut().say(&Line::CardWorks);
    job(&mut verified, &mut holder)
}

impl CardSource for Desk {
    fn only_card(&mut self) -> Result<FoundCard, CardError> {
        let readers = match &mut self.readers {
            Some(readers) => readers,
            none => none.insert(Readers::establish().map_err(of_reader)?),
        };
        let look = match readers.look() {
            Ok(look) => look,
            Err(error) => {
                // The service is gone, and this connection to it with it.
                self.readers = None;
                return Err(of_reader(error));
            }
        };
        if let Wanted::TheOne = self.wanted {
            return look.only_card().cloned().map_err(no_one_card);
        }
        let mut found = Vec::new();
        for card in look.cards() {
            // What the card discloses without a PIN tells whether it is the one.
            let key_hash = match self.known.get(card.insertion()) {
                Some(known) => *known,
                None => {
                    let read = card.open().map_err(presenting)?.certificate().key_hash();
                    self.known.insert(card.insertion().clone(), read);
                    read
                }
            };
            if self.wanted.accepts(&key_hash) {
                found.push(card.clone());
            }
        }
        match found.len() {
            0 if look.cards().next().is_none() => look.only_card().cloned().map_err(no_one_card),
            0 => Err(CardError::Changed),
            1 => found.pop().ok_or(CardError::NoCard),
            _ => Err(CardError::SeveralCards),
        }
    }

    fn show(&mut self, insertion: Insertion, _: &Certificate) {
        self.said = None;
        self.reader = insertion.reader_name();
    }

    fn let_go(&mut self) {}
}

fn of_reader(error: ReaderError) -> CardError {
    match error {
        ReaderError::NoReader => CardError::NoReader,
        _ => CardError::PcscNotRunning,
    }
}

/// The person at the terminal.
pub(crate) struct AtTheDesk<'a>(&'a RefCell<Desk>);

impl AtTheDesk<'_> {
    /// Asks for the PIN until it is one that a card may have, or says that the reader's PIN pad asks for it. The last try needs a
    /// typed yes.
    fn ask_pin(&mut self, prompt: PinPrompt) -> Result<PinEntry, Refusal> {
        let mut desk = self.0.borrow_mut();
        if prompt.previous_wrong {
            desk.tell(&Problem::WrongPin);
        }
        match prompt.pad {
            PinPad::WrongLength => desk.tell(&Problem::ImpossiblePin),
            PinPad::Unusable => desk.tell(&Problem::PadUnusable),
            PinPad::Absent | PinPad::Ready => {}
        }
        if prompt.last_try {
            desk.tell(&Problem::FewTries(1));
            desk.confirm(&Line::RiskTheLastTry)?;
        }
        if prompt.pad.is_usable() {
            // Digits that are typed here from habit are neither shown nor left to a shell.
            desk.hushed = Some(desk.terminal.hush()?);
            let reader = desk.reader.clone();
            desk.say(&Line::PinOnPad(&reader, prompt.tries_left));
            let last_try = prompt.last_try.then(LastTry::confirmed_by_person);
            return Ok(PinEntry::on_pad(last_try));
        }
        loop {
            let question = Line::Pin(&desk.reader, prompt.tries_left);
            let question = desk.language.line(&question);
            let typed = desk.terminal.ask_hidden(&format!("{question} "))?;
            match Pin::parse(&typed) {
                Ok(pin) => {
                    let last_try = prompt.last_try.then(LastTry::confirmed_by_person);
                    return Ok(PinEntry::typed(pin, last_try));
                }
                Err(_) => desk.tell(&Problem::ImpossiblePin),
            }
        }
    }
}

impl Holder for AtTheDesk<'_> {
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        let mut desk = self.0.borrow_mut();
        if desk.said != Some(problem) {
            let text = match (problem, &desk.wanted) {
                // PresentCard::find turns "another card" into "none": the wish says which is missed.
                (CardError::NoCard, Wanted::OneOf(_)) => Line::PutAKnownCard,
                (CardError::NoCard, Wanted::Not(_)) => Line::PutTheNewCard,
                _ => Line::Nothing,
            };
            match text {
                Line::Nothing => desk.tell(&super::trouble::of_card(problem)),
                text => desk.say(&text),
            }
            desk.said = Some(problem);
        }
        Ok(desk.terminal.pause(LOOK_AGAIN)?)
    }

    fn progress(&mut self, step: Progress) -> Result<(), Refusal> {
        let mut desk = self.0.borrow_mut();
        if step != Progress::PinOnPad {
            desk.hushed = None;
        }
        Ok(desk.terminal.pause(Duration::ZERO)?)
    }
}

impl From<GivenUp> for Refusal {
    fn from(_: GivenUp) -> Self {
        Refusal::Cancelled
    }
}

impl From<GivenUp> for Failure {
    fn from(_: GivenUp) -> Self {
        Failure::Refused(Refusal::Cancelled)
    }
}
