//! Which windows a question takes, and what their answers mean.
//!
//! Each window has two buttons, and the one that cancels is the cautious answer: nothing is disclosed, remembered, risked or
//! erased by the Escape key, by closing a window, or where nobody answers. What was agreed to is said once more where the PIN is
//! asked for, so that a button pressed by mistake lets nothing go.

use std::time::Instant;

use authenticator_core::{
    Account, CardError, Confirmation, Holder, Permissions, Person, PinEntry, PinPad, PinPrompt,
    Progress, Refusal, RegisterAnswer, RegisterQuestion, SignInQuestion, Site, VerifyQuestion,
};

use super::entry::{self, Asked};
use super::page::{Consent, Page, account_name};
use super::windows::{Handle, Windows};
use crate::failure::Failure;
use crate::local_time;
use crate::messages::terminal::Problem;
use crate::messages::window::{Button, Phrase};
use crate::messages::{self, Language, Place};
use crate::prompt::pinentry::{Answer, Dialog, Kind, Pinentry};

/// The person, behind windows of the system; for one request.
pub(crate) struct NativePerson {
    windows: Windows,
    language: Language,
    /// What was agreed to, while the PIN is asked for again.
    consent: Option<Consent>,
    /// What a window says while the reader's PIN pad asks for the PIN.
    at_pad: Option<Dialog>,
}

impl NativePerson {
    /// The person, for a request that must end by `deadline`; and by what others take part meanwhile.
    pub(crate) fn new(pinentry: Pinentry, language: Language, deadline: Instant) -> (Self, Handle) {
        let windows = Windows::new(pinentry, deadline);
        let handle = windows.handle();
        let person = Self {
            windows,
            language,
            consent: None,
            at_pad: None,
        };
        (person, handle)
    }

    /// Whether a window could not be shown, so that another program may have to show the next.
    pub(crate) fn failed(&self) -> bool {
        self.windows.failed()
    }

    fn page(&self) -> Page {
        Page::new(self.language)
    }

    fn button(&self, button: Button) -> String {
        self.language.button(button).to_owned()
    }

    /// Asks for a yes, by a window with these two buttons.
    fn agreed(
        &mut self,
        page: &Page,
        error: Option<Phrase<'_>>,
        [yes, no]: [Button; 2],
    ) -> Result<bool, Refusal> {
        let dialog = Dialog {
            kind: Kind::Confirm,
            description: page.text(),
            error: error.map(|phrase| self.language.phrase(&phrase)),
            ok: self.button(yes),
            cancel: Some(self.button(no)),
        };
        Ok(matches!(self.windows.ask(dialog)?, Answer::Ok))
    }

    /// Asks for a yes, without which the request ends.
    fn must_agree(&mut self, page: &Page, buttons: [Button; 2]) -> Result<(), Refusal> {
        if self.agreed(page, None, buttons)? {
            Ok(())
        } else {
            Err(Refusal::Cancelled)
        }
    }

    /// Asks for the PIN; before, for the last try if there is no other.
    fn pin(&mut self, page: Page, pin: PinPrompt, button: Button) -> Result<PinEntry, Refusal> {
        let asked = entry::ask(page, pin, button, |dialog| self.windows.ask(dialog))?;
        let Asked { entry, at_pad } = asked.ok_or(Refusal::Cancelled)?;
        self.at_pad = at_pad;
        Ok(entry)
    }

    /// Asks for what is needed last: the PIN, or a yes where the card has verified it already.
    fn pin_or_yes(
        &mut self,
        page: Page,
        pin: Option<PinPrompt>,
        button: Button,
    ) -> Result<Option<PinEntry>, Refusal> {
        match pin {
            Some(pin) => self.pin(page, pin, button).map(Some),
            None => self
                .must_agree(&page, [button, Button::Cancel])
                .map(|()| None),
        }
    }

    /// Asks what may go to the site, in a window for each thing.
    fn consent(&mut self, question: &RegisterQuestion<'_>) -> Result<Consent, Refusal> {
        let mut consent = Consent::default();
        let mut can_remember = false;
        if let Some(offer) = question.card_credential {
            let page = self.page().site(&question.site);
            let page = page.paragraph([Phrase::UseCardKey(offer.required)]);
            let buttons = [Button::UseCardKey, Button::DoNotUseCardKey];
            consent.card_credential = self.agreed(&page, None, buttons)?;
            if offer.required && !consent.card_credential {
                return Err(Refusal::Cancelled);
            }
            can_remember |= consent.card_credential && offer.can_remember;
        }
        if let Some(offer) = question.certificate {
            let page = self.page().site(&question.site);
            let page = page.paragraph([Phrase::ShowCertificate(offer.asked)]);
            let buttons = [Button::Show, Button::DoNotShow];
            consent.disclose = self.agreed(&page, None, buttons)?;
            can_remember |= consent.disclose && offer.can_remember;
        }
        if can_remember {
            let page = self.page().site(&question.site);
            let page = page.agreed(question, consent);
            let page = page.paragraph([Phrase::Remember]);
            let buttons = [Button::Remember, Button::OnlyThisTime];
            consent.remember = self.agreed(&page, None, buttons)?;
        }
        Ok(consent)
    }
}

impl Holder for NativePerson {
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        let pair = messages::failure(self.language, Failure::from(problem), Place::Waiting);
        let dialog = Dialog {
            kind: Kind::Message,
            description: self.language.in_window(&pair),
            ok: self.button(Button::Cancel),
            ..Dialog::default()
        };
        self.windows.insert_card(problem, dialog)
    }

    fn progress(&mut self, step: Progress) -> Result<(), Refusal> {
        match (step, &self.at_pad) {
            (Progress::PinOnPad, Some(dialog)) => self.windows.pad_waits(dialog),
            // Nothing may wait unseen.
            (Progress::PinOnPad, None) => Err(Refusal::Cancelled),
            (Progress::CardWorking | Progress::Committing, _) => {
                self.windows.pad_is_done();
                self.windows.still_wanted()
            }
        }
    }
}

impl Person for NativePerson {
    fn asks_for_pin(&self) -> bool {
        true
    }

    fn register(&mut self, question: &RegisterQuestion<'_>) -> Result<RegisterAnswer, Refusal> {
        // Asked anew because of the PIN alone.
        let again = question.pin.is_some_and(|pin| {
            pin.previous_wrong || matches!(pin.pad, PinPad::WrongLength | PinPad::Unusable)
        });
        let consent = match self.consent.filter(|_| again) {
            Some(consent) => consent,
            None => self.consent(question)?,
        };
        self.consent = Some(consent);
        let page = Page::of_registration(self.language, question, consent);
        let entry = self.pin_or_yes(page, question.pin, Button::Register)?;
        Ok(RegisterAnswer {
            entry,
            disclose: consent.disclose,
            card_credential: consent.card_credential,
            remember_site: consent.remember,
        })
    }

    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal> {
        let page = Page::of_sign_in(self.language, question);
        self.pin_or_yes(page, question.pin, Button::SignIn)
    }

    fn verify(&mut self, question: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal> {
        let asked = |permission| question.permissions.contain(permission);
        let headings = [
            match (
                asked(Permissions::MAKE_CREDENTIAL),
                asked(Permissions::GET_ASSERTION),
            ) {
                (true, true) => Some(Phrase::RegisterOrSignIn),
                (true, false) => Some(Phrase::Register),
                (false, true) => Some(Phrase::SignIn),
                (false, false) => None,
            },
            asked(Permissions::CREDENTIAL_MANAGEMENT).then_some(Phrase::ManageCredentials),
            asked(Permissions::LARGE_BLOB_WRITE).then_some(Phrase::StoreData),
            asked(Permissions::CONFIGURATION).then_some(Phrase::Configure),
        ];
        let page = self
            .page()
            .paragraph(headings.into_iter().flatten())
            .request(question.site.as_ref(), None)
            .card(question.card);
        self.pin(page, question.pin, Button::Continue)
    }

    fn confirm(&mut self, question: &Confirmation<'_>) -> Result<(), Refusal> {
        let page = self.page();
        let (page, buttons) = match question {
            Confirmation::Select(site) => (
                page.paragraph([Phrase::Select])
                    .request(site.as_ref(), None),
                [Button::Use, Button::Cancel],
            ),
            Confirmation::Reset => (
                page.paragraph([Phrase::Reset]),
                [Button::Erase, Button::DoNotErase],
            ),
            Confirmation::ChangePin { tries_left } => (
                page.paragraph([Phrase::ChangePin(*tries_left)]),
                [Button::ChangePin, Button::DoNotChangePin],
            ),
        };
        self.must_agree(&page, buttons)
    }

    /// A pinentry has no lists: the accounts are shown one by one, the newest first. Whoever wants none of them cancels.
    fn choose_account(&mut self, site: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal> {
        for (index, account) in accounts.iter().enumerate() {
            let name = account_name(&account.name);
            let day = local_time::day(account.created_at);
            let lines = [
                (!name.is_empty()).then_some(Phrase::Account(&name)),
                (!day.is_empty()).then_some(Phrase::Registered(&day)),
            ];
            let page = self
                .page()
                .paragraph([Phrase::ChooseAccount(index + 1, accounts.len())])
                .site(site)
                .paragraph(lines.into_iter().flatten());
            let otherwise = if index + 1 < accounts.len() {
                Button::NextOne
            } else {
                Button::Cancel
            };
            if self.agreed(&page, None, [Button::ThisOne, otherwise])? {
                return Ok(index);
            }
        }
        Err(Refusal::Cancelled)
    }

    fn already_registered(&mut self, site: &Site<'_>) -> Result<(), Refusal> {
        let page = self
            .page()
            .site(site)
            .paragraph([Phrase::Problem(Problem::AlreadyRegistered)]);
        self.must_agree(&page, [Button::Continue, Button::Cancel])
    }

    fn no_credential(&mut self, site: &Site<'_>) -> Result<(), Refusal> {
        let page = self
            .page()
            .site(site)
            .paragraph([Phrase::Problem(Problem::NoCredential)]);
        self.must_agree(&page, [Button::Close, Button::Cancel])
    }
}
