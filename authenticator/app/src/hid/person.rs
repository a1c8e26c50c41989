//! The core's questions to the person, over CTAPHID.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

use authenticator_core::{
    Account, CardError, Confirmation, Holder, Person, PinEntry, PinPrompt, Progress, Refusal,
    RegisterAnswer, RegisterQuestion, SignInQuestion, Site, VerifyQuestion,
};
use eid_card::{LastTry, Pin};

use super::attention::Errand;
use super::ctaphid::Status;
use super::script::{Agreed, Script, Step};
use super::service::Event;
use crate::log;

/// How long to wait before looking again for a card that cannot be used.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Who answers the questions. A prompt of our own on the screen is a further variant.
#[derive(Debug)]
pub(crate) enum Prompt {
    /// Nobody: the PIN comes from the platform alone, and presence from inserting the card.
    None,
    /// A file: for test suites with a practice card.
    Script(Script),
}

/// The person, as a request over CTAPHID reaches them.
pub(crate) struct HidPerson {
    prompt: Prompt,
    events: SyncSender<Event>,
    errand: Errand,
}

/// What a prompt was answered with.
struct Approval {
    entry: Option<PinEntry>,
    agreed: Agreed,
}

impl HidPerson {
    /// Answers by `prompt`; tells `events` while it waits for the person.
    pub(crate) fn new(prompt: Prompt, events: SyncSender<Event>, errand: Errand) -> HidPerson {
        HidPerson {
            prompt,
            events,
            errand,
        }
    }

    /// From now on this request is asked about.
    pub(crate) fn take_up(&mut self, errand: Errand) {
        self.errand = errand;
    }

    /// Waits for the person in `ask`; the platform is told that they are waited for.
    fn waiting<T>(
        &mut self,
        ask: impl FnOnce(&mut Prompt, &Errand) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.errand.go_on()?;
        self.tell(Status::UserPresenceNeeded);
        let answer = ask(&mut self.prompt, &self.errand);
        self.tell(Status::Processing);
        answer
    }

    fn tell(&self, status: Status) {
        let (power_up, request) = self.errand.request();
        // A service that has ended needs no status.
        let _ = self.events.send(Event::Status(power_up, request, status));
    }

    /// Asks for a yes, with a PIN if `pin` says so.
    fn approve(&mut self, pin: Option<PinPrompt>) -> Result<Approval, Refusal> {
        self.waiting(|prompt, errand| match (next(prompt, errand)?, pin) {
            (
                Step::Pin {
                    digits,
                    again,
                    agreed,
                },
                Some(asked),
            ) if (again || !asked.previous_wrong) && (agreed.last_try || !asked.last_try) => {
                let pin = Pin::parse(&digits).map_err(|_| out_of_place())?;
                let last_try = asked.last_try.then(LastTry::confirmed_by_person);
                let entry = Some(PinEntry { pin, last_try });
                Ok(Approval { entry, agreed })
            }
            (Step::Approve(agreed), None) => Ok(Approval {
                entry: None,
                agreed,
            }),
            _ => Err(out_of_place()),
        })
    }
}

/// The script's next answer.
fn next(prompt: &mut Prompt, errand: &Errand) -> Result<Step, Refusal> {
    let Prompt::Script(script) = prompt else {
        return Err(Refusal::TimedOut);
    };
    loop {
        match script.next() {
            Some(Step::Wait(time)) => errand.wait(time)?,
            Some(Step::Decline) => return Err(Refusal::Cancelled),
            Some(step) => return Ok(step),
            None => {
                log::line(&"the script has no further answer");
                return Err(Refusal::TimedOut);
            }
        }
    }
}

/// An answer that does not fit its question.
fn out_of_place() -> Refusal {
    log::line(&"the script's answer does not fit the question");
    Refusal::Cancelled
}

impl Holder for HidPerson {
    /// The device goes when its card does, so this is about one that lies there and cannot be used right now.
    fn insert_card(&mut self, _: CardError) -> Result<(), Refusal> {
        self.waiting(|_, errand| errand.wait(LOOK_AGAIN))
    }

    fn progress(&mut self, _: Progress) -> Result<(), Refusal> {
        self.errand.go_on()
    }
}

impl Person for HidPerson {
    fn asks_for_pin(&self) -> bool {
        match self.prompt {
            Prompt::None => false,
            Prompt::Script(_) => true,
        }
    }

    fn register(&mut self, question: &RegisterQuestion<'_>) -> Result<RegisterAnswer, Refusal> {
        let Approval { entry, agreed } = self.approve(question.pin)?;
        Ok(RegisterAnswer {
            entry,
            disclose: agreed.disclose,
            card_credential: agreed.card_credential,
            remember_site: agreed.remember,
        })
    }

    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal> {
        self.approve(question.pin).map(|approval| approval.entry)
    }

    fn verify(&mut self, question: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal> {
        let approval = self.approve(Some(question.pin))?;
        approval.entry.ok_or_else(out_of_place)
    }

    fn confirm(&mut self, _: &Confirmation<'_>) -> Result<(), Refusal> {
        self.approve(None).map(drop)
    }

    fn choose_account(&mut self, _: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal> {
        self.waiting(|prompt, errand| match next(prompt, errand)? {
            Step::Choose(index) if index < accounts.len() => Ok(index),
            _ => Err(out_of_place()),
        })
    }

    fn already_registered(&mut self, _: &Site<'_>) -> Result<(), Refusal> {
        self.approve(None).map(drop)
    }

    fn no_credential(&mut self, _: &Site<'_>) -> Result<(), Refusal> {
        self.approve(None).map(drop)
    }
}
