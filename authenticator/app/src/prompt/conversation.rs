//! A ceremony's conversation with the extension: prompts, answers, cancellation, and the cards seen meanwhile.

mod card;
mod choice;
mod window;

use std::time::{Duration, Instant};

pub(crate) use choice::CardRead;

use authenticator_core::{CardError, Refusal};
use eid_card::{Insertion, Look, ReaderError};

use crate::client::origin::{Origin, RpId};
use crate::native_messaging::incoming::{Approval, Choice, Incoming};
use crate::native_messaging::outgoing::{FatalCode, Outgoing, Prompt, PromptKind, Site, Step};
use crate::native_messaging::port::{Broken, Event, Port};
use crate::prompt::pinentry::{Answer, Window};
use card::left;
use choice::{Cards, Line};

/// How long to wait before looking again at a card whose state shows no change.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// One ceremony's conversation.
pub(crate) struct Conversation<'a> {
    port: &'a mut Port,
    origin: &'a Origin,
    rp_id: &'a RpId,
    site_name: Option<&'a str>,
    deadline: Instant,
    prompts: u32,
    /// Windows of the system that were opened.
    windows: u32,
    /// The window that is shown while the reader's PIN pad waits, and its number. Its one button cancels.
    at_pad: Option<(u32, Window)>,
    said: Said,
    look: Option<Result<Look, ReaderError>>,
    /// The look is news: nobody has acted on it yet.
    news: bool,
    shown: Option<Insertion>,
    /// The card that was shown has left.
    gone: Option<Ended>,
    /// The cards among which the person chooses.
    cards: Cards,
    ended: Option<Ended>,
    agreed: Agreed,
}

/// What the person's last approval let go to the site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Agreed {
    /// The certificate.
    pub(crate) certificate: bool,
    /// The card's public key, as the credential's.
    pub(crate) card_key: bool,
}

/// The last thing said to the extension, so that nothing is said twice.
#[derive(PartialEq, Eq)]
enum Said {
    Nothing,
    Prompt,
    InsertCard(CardError),
    ChooseCard(Vec<Line>),
    Progress,
    PinWindow,
}

/// How the conversation ended before the ceremony did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The ceremony was refused.
    Refused(Refusal),
    /// The service behind the card that was shown stopped.
    PcscStopped,
    /// The reader with the card that was shown was unplugged, and there is no other.
    ReaderGone,
    /// The connection is gone.
    Broken(Broken),
}

impl Ended {
    fn refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::PcscStopped | Self::ReaderGone => Refusal::CardRemoved,
            // Nobody is there any more: for the ceremony that is a cancellation.
            Self::Broken(_) => Refusal::Cancelled,
        }
    }
}

/// What the person answered to a prompt.
pub(crate) enum Answered {
    /// Yes.
    Approve(Approval),
    /// This one.
    Choose(usize),
}

impl<'a> Conversation<'a> {
    /// Begins a conversation that must end by `deadline`.
    pub(crate) fn new(
        port: &'a mut Port,
        origin: &'a Origin,
        rp_id: &'a RpId,
        site_name: Option<&'a str>,
        deadline: Instant,
    ) -> Self {
        Self {
            port,
            origin,
            rp_id,
            site_name,
            deadline,
            prompts: 0,
            windows: 0,
            at_pad: None,
            said: Said::Nothing,
            look: None,
            news: false,
            shown: None,
            gone: None,
            cards: Cards::default(),
            ended: None,
            agreed: Agreed::default(),
        }
    }

    /// Where the tests report what happens.
    #[cfg(test)]
    fn sender(&self) -> std::sync::mpsc::Sender<Event> {
        self.port.sender()
    }

    /// What ended the conversation, if it has ended.
    pub(crate) fn ended(&self) -> Option<Ended> {
        self.ended.or(self.gone)
    }

    /// What the person's last approval let go to the site.
    pub(crate) fn agreed(&self) -> Agreed {
        self.agreed
    }

    /// Notes what the person lets go to the site.
    pub(crate) fn set_agreed(&mut self, agreed: Agreed) {
        self.agreed = agreed;
    }

    /// Sends a prompt and waits for its answer.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(crate) fn ask(
        &mut self,
        kind: PromptKind,
        fill: impl FnOnce(&mut Prompt<'_>),
    ) -> Result<Answered, Refusal> {
        self.catch_up();
        self.go_on()?;
        self.leave_cards();
        self.prompt(kind, fill)?;
        let prompt = self.prompts;
        loop {
            match self.next_event(self.deadline) {
                Happened::Answered {
                    prompt: answered,
                    choice,
                } if answered == prompt => {
                    return match choice {
                        Choice::Approve(approval) => Ok(Answered::Approve(approval)),
                        Choice::Choose(index) => Ok(Answered::Choose(index)),
                        Choice::Cancel => Err(Refusal::Cancelled),
                        Choice::Other => Err(Refusal::OtherAuthenticator),
                        Choice::AnotherCard => Err(self.choose_anew()),
                    };
                }
                Happened::Looked => self.leave_cards(),
                Happened::Answered { .. } | Happened::InWindow(..) | Happened::Read => {}
                Happened::Ended => return Err(self.refusal()),
                Happened::Late => return Err(Refusal::TimedOut),
            }
        }
    }

    /// Ends the connection because of an answer that its prompt does not allow.
    pub(crate) fn out_of_place(&mut self) -> Refusal {
        self.end(Ended::Broken(Broken::Fatal(FatalCode::BadMessage)));
        self.refusal()
    }

    /// Says that the card is working, and hears whether the ceremony is still wanted.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(crate) fn card_working(&mut self) -> Result<(), Refusal> {
        self.at_pad = None;
        self.still_wanted()?;
        if self.said != Said::Progress {
            self.send(&Outgoing::Progress {
                step: Step::CardWorking,
            })?;
            self.said = Said::Progress;
        }
        Ok(())
    }

    /// Hears whether the ceremony is still wanted.
    ///
    /// # Errors
    /// [`Refusal`].
    pub(crate) fn still_wanted(&mut self) -> Result<(), Refusal> {
        self.catch_up();
        self.leave_cards();
        self.go_on()
    }

    fn go_on(&self) -> Result<(), Refusal> {
        self.ended().map_or(Ok(()), |ended| Err(ended.refusal()))
    }

    fn refusal(&self) -> Refusal {
        self.ended().map_or(Refusal::Cancelled, Ended::refusal)
    }

    fn end(&mut self, ended: Ended) {
        self.ended.get_or_insert(ended);
    }

    fn prompt(
        &mut self,
        kind: PromptKind,
        fill: impl FnOnce(&mut Prompt<'_>),
    ) -> Result<(), Refusal> {
        self.prompts += 1;
        let mut prompt = Prompt::new(
            self.prompts,
            kind,
            Site {
                rp_id: self.rp_id.as_str(),
                origin: self.origin.as_str(),
                name: self.site_name,
                related_origin: self.rp_id.is_related_origin(),
            },
        );
        fill(&mut prompt);
        let about_card = match kind {
            PromptKind::ChooseCard => false,
            PromptKind::InsertCard => self.cards.is_chosen(),
            _ => true,
        };
        if let Some(named) = self.cards.named().filter(|_| about_card) {
            prompt.card = Some(named);
        }
        self.said = Said::Prompt;
        self.port.send(&Outgoing::Prompt(&prompt)).map_err(|_| {
            self.end(Ended::Broken(Broken::Closed));
            self.refusal()
        })
    }

    fn send(&mut self, message: &Outgoing<'_>) -> Result<(), Refusal> {
        self.port.send(message).map_err(|_| {
            self.end(Ended::Broken(Broken::Closed));
            self.refusal()
        })
    }

    /// Takes in what has happened already. Answers among it are too late for their prompt.
    fn catch_up(&mut self) {
        while self.ended.is_none()
            && let Some(event) = self.port.poll()
        {
            self.take_in(event);
        }
    }

    fn next_event(&mut self, until: Instant) -> Happened {
        if self.ended().is_some() {
            return Happened::Ended;
        }
        match self.port.wait(Some(until)) {
            Some(event) => self.take_in(event),
            None => Happened::Late,
        }
    }

    fn take_in(&mut self, event: Event) -> Happened {
        let ended = match event {
            Event::Readers(look) => {
                let shown = self.shown.as_ref();
                self.gone = self.gone.or(shown.and_then(|shown| left(shown, &look)));
                self.cards.note(&look);
                self.look = Some(look);
                self.news = true;
                return if self.gone.is_none() {
                    Happened::Looked
                } else {
                    Happened::Ended
                };
            }
            Event::Window(number, answer) if self.is_at_pad(number) => {
                self.at_pad = None;
                Ended::Refused(match answer {
                    Answer::TimedOut => Refusal::TimedOut,
                    _ => Refusal::Cancelled,
                })
            }
            Event::Window(number, answer) => return Happened::InWindow(number, answer),
            Event::CardRead(insertion, read) => {
                self.cards.note_read(&insertion, read);
                return Happened::Read;
            }
            Event::Message(Incoming::Answer(answer)) if answer.prompt <= self.prompts => {
                return Happened::Answered {
                    prompt: answer.prompt,
                    choice: answer.choice,
                };
            }
            Event::Message(Incoming::Cancel) | Event::Terminated => {
                Ended::Refused(Refusal::Cancelled)
            }
            Event::Message(_) => Ended::Broken(Broken::Fatal(FatalCode::BadMessage)),
            Event::Unreadable(unreadable) => Ended::Broken(Broken::Fatal(unreadable.into())),
            Event::Closed => Ended::Broken(Broken::Closed),
        };
        self.end(ended);
        Happened::Ended
    }
}

/// What an event meant.
enum Happened {
    Looked,
    Answered {
        prompt: u32,
        choice: Choice,
    },
    InWindow(u32, Answer),
    /// A card was read.
    Read,
    Ended,
    Late,
}

#[cfg(test)]
#[path = "conversation_tests.rs"]
mod tests;
