//! The core's questions to the person, as prompts of the extension; the PIN in a window of the system where there is one.

use std::cell::RefCell;

use authenticator_core::{
    Account, AccountName, CardError, CardView, Confirmation, Expiry, Holder, Person, PinEntry,
    PinPrompt, Progress, Refusal, RegisterAnswer, RegisterQuestion, SignInQuestion, Site,
    VerifyQuestion,
};
use eid_card::{LastTry, Pin};

use super::conversation::{Agreed, Answered, Conversation};
use super::native::entry::{self, Asked};
use super::native::{Consent, Page};
use super::pin_place::PinPlace;
use super::pinentry::{Answer, Dialog, Pinentry};
use crate::messages::terminal::Date;
use crate::messages::window::Button;
use crate::native_messaging::incoming::Approval;
use crate::native_messaging::outgoing::{
    self, CardCredential, CardCredentialOffer, CardShown, CertificateOffer, EntryPlace, PinState,
    PreviousPin, PromptKind,
};
use crate::{local_time, log};

/// The person, behind the extension's prompt window; and behind a window of the system, where there is one, for the PIN.
pub(crate) struct PromptedPerson<'a, 'b> {
    conversation: &'a RefCell<Conversation<'b>>,
    place: PinPlace,
    /// What was agreed to in the browser, once a window has asked for the PIN: a wrong one is asked for again in the window.
    given: Option<Consent>,
    /// What a window says while the reader's PIN pad asks for the PIN.
    at_pad: Option<Dialog>,
}

/// A prompt that asks for the PIN.
struct Question<'q> {
    kind: PromptKind,
    pin: PinPrompt,
    card: CardView,
    account: Option<&'q AccountName>,
    certificate: Option<authenticator_core::CertificateOffer>,
    card_credential: Option<CardCredential>,
}

impl Question<'_> {
    /// What of an approval was offered; what was not cannot be agreed to. It stays so when the prompt is shown again.
    fn consent(&mut self, approval: &Approval) -> Consent {
        let mut consent = Consent::default();
        let mut can_remember = false;
        if let Some(offer) = &mut self.certificate {
            offer.switch = approval.disclose;
            consent.disclose = approval.disclose;
            can_remember |= approval.disclose && offer.can_remember;
        }
        if let Some(CardCredential::Offer(offer)) = &mut self.card_credential {
            offer.initially_on = approval.card_credential;
            consent.card_credential = approval.card_credential;
            can_remember |= approval.card_credential && offer.can_remember;
        }
        consent.remember = approval.remember && can_remember;
        consent
    }

    /// Whether the person declined the only kind of credential that the site accepts.
    fn is_declined(&self, consent: Consent) -> bool {
        matches!(self.card_credential, Some(CardCredential::Offer(offer)) if offer.required && !consent.card_credential)
    }
}

impl<'a, 'b> PromptedPerson<'a, 'b> {
    /// The person of one ceremony.
    pub(crate) fn new(conversation: &'a RefCell<Conversation<'b>>, place: PinPlace) -> Self {
        Self {
            conversation,
            place,
            given: None,
            at_pad: None,
        }
    }

    /// The request is made once more, for another card: what was agreed to counts for the one before.
    pub(crate) fn begin_anew(&mut self) {
        self.given = None;
        self.at_pad = None;
    }

    /// Asks a question that needs a yes and the PIN, until there are both. No PIN comes with a yes that makes no credential.
    fn ask_with_pin(
        &mut self,
        mut question: Question<'_>,
        page: impl Fn(Consent) -> Page,
        button: Button,
    ) -> Result<(Option<PinEntry>, Consent), Refusal> {
        let pin = question.pin;
        let mut previous = pin.previous_wrong.then_some(PreviousPin::Wrong);
        loop {
            let Some(pinentry) = self.place.pinentry() else {
                let approval = self.ask(&question, EntryPlace::Browser, previous)?;
                let consent = question.consent(&approval);
                let typed = approval.pin.and_then(|pin| Pin::parse(pin.as_str()).ok());
                let Some(typed) = typed else {
                    previous = Some(PreviousPin::Impossible);
                    continue;
                };
                if pin.last_try && !approval.last_try {
                    continue;
                }
                let last_try = pin.last_try.then(LastTry::confirmed_by_person);
                let entry = PinEntry::typed(typed, last_try);
                return Ok((Some(entry), consent));
            };
            let consent = match self.given.take() {
                Some(consent) => consent,
                None => {
                    let approval = self.ask(&question, EntryPlace::Native, previous)?;
                    // The browser has no part in either.
                    if approval.pin.is_some() || approval.last_try {
                        return Err(self.conversation.borrow_mut().out_of_place());
                    }
                    question.consent(&approval)
                }
            };
            if question.is_declined(consent) {
                return Ok((None, consent));
            }
            let reader = self.conversation.borrow().named_reader();
            let page = page(consent).reader(reader.as_deref());
            if let Some(entry) = self.ask_in_window(&pinentry, page, pin, button)? {
                self.given = Some(consent);
                return Ok((Some(entry), consent));
            }
        }
    }

    /// Asks in the extension's prompt, whose answer must be a yes.
    fn ask(
        &self,
        question: &Question<'_>,
        entry: EntryPlace,
        previous: Option<PreviousPin>,
    ) -> Result<Approval, Refusal> {
        let mut conversation = self.conversation.borrow_mut();
        let reader = conversation.reader_name();
        let Question {
            pin,
            card,
            certificate,
            ..
        } = question;
        let answer = conversation.ask(question.kind, |prompt| {
            prompt.account = question.account.map(shown_account);
            prompt.pin = Some(PinState {
                tries_left: pin.tries_left,
                entry,
                previous,
                last_try: pin.last_try,
            });
            prompt.certificate = certificate.map(|offer| CertificateOffer {
                initially_on: offer.switch,
                asked: offer.asked,
                can_remember: offer.can_remember,
                not_after: date(card.not_after),
            });
            prompt.card_credential = question.card_credential;
            prompt.card = Some(CardShown {
                reader,
                not_after: date(card.not_after),
                expired: card.expiry == Expiry::Expired,
                expires_soon: card.expiry == Expiry::Soon,
                several: false,
                settled: false,
            });
        })?;
        match answer {
            Answered::Approve(approval) => Ok(approval),
            Answered::Choose(_) => Err(conversation.out_of_place()),
        }
    }

    /// Asks for the PIN in windows of the system; `None` if the person closed one. Where none can be shown, the PIN is asked for in the
    /// browser from now on.
    fn ask_in_window(
        &mut self,
        pinentry: &Pinentry,
        page: Page,
        pin: PinPrompt,
        button: Button,
    ) -> Result<Option<PinEntry>, Refusal> {
        let mut conversation = self.conversation.borrow_mut();
        let asked = entry::ask(page, pin, button, |dialog| {
            let answer = conversation.ask_in_window(pinentry, dialog)?;
            if matches!(answer, Answer::Failed) {
                self.place.give_up();
            }
            Ok(answer)
        })?;
        Ok(asked.map(|Asked { entry, at_pad }| {
            self.at_pad = at_pad;
            entry
        }))
    }

    /// Tells something that only needs to be acknowledged.
    fn tell(&self, kind: PromptKind) -> Result<(), Refusal> {
        let mut conversation = self.conversation.borrow_mut();
        match conversation.ask(kind, |_| {})? {
            Answered::Approve(Approval { pin: None, .. }) => Ok(()),
            Answered::Approve(_) | Answered::Choose(_) => Err(conversation.out_of_place()),
        }
    }
}

impl Holder for PromptedPerson<'_, '_> {
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        self.conversation.borrow_mut().insert_card(problem)
    }

    fn progress(&mut self, step: Progress) -> Result<(), Refusal> {
        let mut conversation = self.conversation.borrow_mut();
        match step {
            Progress::PinOnPad => match (self.place.pinentry(), &self.at_pad) {
                (Some(pinentry), Some(dialog)) => conversation.pad_waits(&pinentry, dialog),
                // Nothing may wait unseen.
                _ => Err(Refusal::Cancelled),
            },
            Progress::CardWorking => conversation.card_working(),
            Progress::Committing => conversation.still_wanted(),
        }
    }
}

/// A ceremony of the extension verifies the person itself: what only a platform of CTAPHID asks is never asked here.
impl Person for PromptedPerson<'_, '_> {
    fn asks_for_pin(&self) -> bool {
        true
    }

    fn register(&mut self, question: &RegisterQuestion<'_>) -> Result<RegisterAnswer, Refusal> {
        let asked = Question {
            kind: PromptKind::Register,
            pin: question.pin.ok_or(Refusal::Cancelled)?,
            card: question.card,
            account: Some(question.account),
            certificate: question.certificate,
            card_credential: question.card_credential.map(|offer| {
                CardCredential::Offer(CardCredentialOffer {
                    initially_on: offer.switch,
                    required: offer.required,
                    can_remember: offer.can_remember,
                })
            }),
        };
        let page = |consent| Page::of_registration(log::language(), question, consent);
        let (entry, consent) = self.ask_with_pin(asked, page, Button::Register)?;
        self.conversation.borrow_mut().set_agreed(Agreed {
            certificate: consent.disclose,
            card_key: consent.card_credential,
        });
        Ok(RegisterAnswer {
            entry,
            disclose: consent.disclose,
            card_credential: consent.card_credential,
            remember_site: consent.remember,
        })
    }

    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal> {
        let asked = Question {
            kind: PromptKind::SignIn,
            pin: question.pin.ok_or(Refusal::Cancelled)?,
            card: question.card,
            account: None,
            certificate: None,
            card_credential: question
                .card_credential
                .then_some(CardCredential::Used(true)),
        };
        let page = |_| Page::of_sign_in(log::language(), question);
        let (entry, _) = self.ask_with_pin(asked, page, Button::SignIn)?;
        Ok(entry)
    }

    fn verify(&mut self, _: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal> {
        Err(Refusal::Cancelled)
    }

    fn confirm(&mut self, _: &Confirmation<'_>) -> Result<(), Refusal> {
        Err(Refusal::Cancelled)
    }

    fn choose_account(&mut self, _site: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal> {
        let mut conversation = self.conversation.borrow_mut();
        let answer = conversation.ask(PromptKind::ChooseAccount, |prompt| {
            prompt.accounts = Some(accounts.iter().map(listed_account).collect());
        })?;
        match answer {
            Answered::Choose(index) if index < accounts.len() => Ok(index),
            Answered::Choose(_) | Answered::Approve(_) => Err(conversation.out_of_place()),
        }
    }

    fn already_registered(&mut self, _site: &Site<'_>) -> Result<(), Refusal> {
        self.tell(PromptKind::AlreadyRegistered)
    }

    fn no_credential(&mut self, _site: &Site<'_>) -> Result<(), Refusal> {
        self.tell(PromptKind::NoCredential)
    }
}

fn shown_account(account: &AccountName) -> outgoing::Account {
    outgoing::Account {
        name: account.name.clone().unwrap_or_default(),
        display_name: account.display_name.clone(),
        created: None,
    }
}

fn listed_account(account: &Account) -> outgoing::Account {
    let day = local_time::day(account.created_at);
    outgoing::Account {
        created: Some(day).filter(|day| !day.is_empty()),
        ..shown_account(&account.name)
    }
}

/// The day in Japan, where certificates end at midnight, as a calendar date of ISO 8601.
pub(super) fn date(seconds: u64) -> String {
    let Date { year, month, day } = Date::in_japan(seconds);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_japans() {
        // 2031-04-01T14:59:59Z is one second before midnight in Japan.
        assert_eq!(date(1_932_821_999), "2031-04-01");
        assert_eq!(date(1_932_822_000), "2031-04-02");
        assert_eq!(date(u64::MAX), "9999-12-31");
    }
}
