//! The core's questions to the person, over CTAPHID.

use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};

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
use crate::messages::hid::HidProblem;
use crate::prompt::native::NativePerson;
use crate::prompt::pinentry::Pinentry;

/// How long to wait before looking again for a card that cannot be used.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How long to wait before looking again for a pinentry that can show itself.
const LOOK_AGAIN_FOR_A_SCREEN: Duration = Duration::from_secs(10);

/// Who answers the questions.
#[derive(Debug)]
pub(crate) enum Prompt {
    /// Nobody: the PIN comes from the platform alone, and presence from inserting the card.
    None,
    /// The person, in windows of the system's pinentry; nobody where there is none.
    Windows,
    /// A file: for test suites with a practice card.
    Script(Script),
}

/// The person, as a request over CTAPHID reaches them.
pub(crate) struct HidPerson {
    prompt: Prompt,
    events: SyncSender<Event>,
    errand: Errand,
    /// The program that opens windows, if there is one, and when it was looked for.
    pinentry: Option<Pinentry>,
    looked: Option<Instant>,
    /// The person before them, for this request.
    windows: Option<NativePerson>,
    /// The reader's PIN pad waits for the PIN.
    at_pad: bool,
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
            pinentry: None,
            looked: None,
            windows: None,
            at_pad: false,
        }
    }

    /// A card was inserted: finds out whether windows can be opened. GetInfo says so, and has no time for it.
    pub(crate) fn power_up(&mut self) {
        if matches!(self.prompt, Prompt::Windows) {
            self.pinentry = Pinentry::find();
            self.looked = Some(Instant::now());
        }
    }

    /// From now on this request is asked about.
    pub(crate) fn take_up(&mut self, errand: Errand) {
        // The person may have logged in meanwhile, or out.
        let long_ago = self
            .looked
            .is_some_and(|looked| looked.elapsed() > LOOK_AGAIN_FOR_A_SCREEN);
        let gone = self.windows.as_ref().is_some_and(NativePerson::failed);
        if gone || (self.pinentry.is_none() && long_ago) {
            self.power_up();
        }
        self.windows = self.pinentry.clone().map(|pinentry| {
            let (person, handle) = NativePerson::new(pinentry, log::language(), errand.deadline());
            errand.asks_in(handle);
            person
        });
        self.errand = errand;
        self.at_pad = false;
    }

    /// Asks in a window, if there are windows; the platform is told that the person is waited for.
    fn in_windows<T>(
        &mut self,
        ask: impl FnOnce(&mut NativePerson) -> Result<T, Refusal>,
    ) -> Option<Result<T, Refusal>> {
        let mut windows = self.windows.take()?;
        let answer = self.waiting(|_, _| ask(&mut windows));
        self.windows = Some(windows);
        Some(answer)
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
                let entry = Some(PinEntry::typed(pin, last_try));
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
                log::hid(&HidProblem::ScriptEnded);
                return Err(Refusal::TimedOut);
            }
        }
    }
}

/// An answer that does not fit its question.
fn out_of_place() -> Refusal {
    log::hid(&HidProblem::ScriptOutOfPlace);
    Refusal::Cancelled
}

impl Holder for HidPerson {
    /// The device goes when its card does, so this is about one that lies there and cannot be used right now.
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        if let Some(answer) = self.in_windows(|person| person.insert_card(problem)) {
            return answer;
        }
        self.waiting(|_, errand| errand.wait(LOOK_AGAIN))
    }

    fn progress(&mut self, step: Progress) -> Result<(), Refusal> {
        // First the windows: one that stands for a step that is over closes, whatever became of the request.
        let windows = match &mut self.windows {
            Some(windows) => windows.progress(step),
            None => Ok(()),
        };
        let at_pad = step == Progress::PinOnPad;
        if self.at_pad != at_pad {
            self.at_pad = at_pad;
            self.tell(if at_pad {
                Status::UserPresenceNeeded
            } else {
                Status::Processing
            });
        }
        self.errand.go_on()?;
        windows
    }
}

impl Person for HidPerson {
    fn asks_for_pin(&self) -> bool {
        match self.prompt {
            Prompt::None => false,
            Prompt::Windows => self.pinentry.is_some(),
            Prompt::Script(_) => true,
        }
    }

    fn register(&mut self, question: &RegisterQuestion<'_>) -> Result<RegisterAnswer, Refusal> {
        if let Some(answer) = self.in_windows(|person| person.register(question)) {
            return answer;
        }
        let Approval { entry, agreed } = self.approve(question.pin)?;
        Ok(RegisterAnswer {
            entry,
            disclose: agreed.disclose,
            card_credential: agreed.card_credential,
            remember_site: agreed.remember,
        })
    }

    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal> {
        if let Some(answer) = self.in_windows(|person| person.sign_in(question)) {
            return answer;
        }
        self.approve(question.pin).map(|approval| approval.entry)
    }

    fn verify(&mut self, question: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal> {
        if let Some(answer) = self.in_windows(|person| person.verify(question)) {
            return answer;
        }
        let approval = self.approve(Some(question.pin))?;
        approval.entry.ok_or_else(out_of_place)
    }

    fn confirm(&mut self, question: &Confirmation<'_>) -> Result<(), Refusal> {
        if let Some(answer) = self.in_windows(|person| person.confirm(question)) {
            return answer;
        }
        self.approve(None).map(drop)
    }

    fn choose_account(&mut self, site: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal> {
        if let Some(answer) = self.in_windows(|person| person.choose_account(site, accounts)) {
            return answer;
        }
        self.waiting(|prompt, errand| match next(prompt, errand)? {
            Step::Choose(index) if index < accounts.len() => Ok(index),
            _ => Err(out_of_place()),
        })
    }

    fn already_registered(&mut self, site: &Site<'_>) -> Result<(), Refusal> {
        if let Some(answer) = self.in_windows(|person| person.already_registered(site)) {
            return answer;
        }
        self.approve(None).map(drop)
    }

    fn no_credential(&mut self, site: &Site<'_>) -> Result<(), Refusal> {
        if let Some(answer) = self.in_windows(|person| person.no_credential(site)) {
            return answer;
        }
        self.approve(None).map(drop)
    }
}
