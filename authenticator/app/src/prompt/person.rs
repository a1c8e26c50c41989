//! The core's questions to the person, as prompts of the extension.

use std::cell::RefCell;

use authenticator_core::{
    Account, AccountName, CardError, CardView, Confirmation, Expiry, Holder, Person, PinEntry,
    PinPrompt, Progress, Refusal, RegisterAnswer, RegisterQuestion, SignInQuestion, Site,
    VerifyQuestion,
};
use eid_card::{LastTry, Pin};

use super::conversation::{Agreed, Answered, Conversation};
use crate::local_time;
use crate::messages::terminal::Date;
use crate::native_messaging::incoming::Approval;
use crate::native_messaging::outgoing::{
    self, CardCredential, CardCredentialOffer, CardShown, CertificateOffer, PinState, PreviousPin,
    PromptKind,
};

/// The person, behind the extension's prompt window.
pub(crate) struct PromptedPerson<'a, 'b>(pub(crate) &'a RefCell<Conversation<'b>>);

/// A prompt that asks for the PIN.
struct Question<'q> {
    kind: PromptKind,
    pin: PinPrompt,
    card: CardView,
    account: Option<&'q AccountName>,
    certificate: Option<authenticator_core::CertificateOffer>,
    card_credential: Option<CardCredential>,
}

impl PromptedPerson<'_, '_> {
    /// Asks a question that needs a yes with a possible PIN, until there is one.
    fn ask_with_pin(&self, question: Question<'_>) -> Result<(PinEntry, Approval), Refusal> {
        let Question {
            kind,
            pin,
            card,
            account,
            mut certificate,
            mut card_credential,
        } = question;
        let mut conversation = self.0.borrow_mut();
        let mut previous = pin.previous_wrong.then_some(PreviousPin::Wrong);
        loop {
            let reader = conversation.reader_name();
            let answer = conversation.ask(kind, |prompt| {
                prompt.account = account.map(shown_account);
                prompt.pin = Some(PinState {
                    tries_left: pin.tries_left,
                    previous,
                    last_try: pin.last_try,
                });
                prompt.certificate = certificate.map(|offer| CertificateOffer {
                    initially_on: offer.switch,
                    asked: offer.asked,
                    can_remember: offer.can_remember,
                    not_after: date(card.not_after),
                });
                prompt.card_credential = card_credential;
                prompt.card = Some(CardShown {
                    reader,
                    not_after: date(card.not_after),
                    expired: card.expiry == Expiry::Expired,
                    expires_soon: card.expiry == Expiry::Soon,
                });
            })?;
            let Answered::Approve(mut approval) = answer else {
                return Err(conversation.out_of_place());
            };
            // What was not offered cannot be agreed to. What was agreed to stays so when the prompt is shown again.
            let mut can_remember = false;
            match &mut certificate {
                Some(offer) => {
                    offer.switch = approval.disclose;
                    can_remember |= approval.disclose && offer.can_remember;
                }
                None => approval.disclose = false,
            }
            match &mut card_credential {
                Some(CardCredential::Offer(offer)) => {
                    offer.initially_on = approval.card_credential;
                    can_remember |= approval.card_credential && offer.can_remember;
                }
                Some(CardCredential::Used(_)) | None => approval.card_credential = false,
            }
            approval.remember &= can_remember;
            let typed = approval.pin.take();
            let Some(pin_typed) = typed.and_then(|typed| Pin::parse(typed.as_str()).ok()) else {
                previous = Some(PreviousPin::Impossible);
                continue;
            };
            if pin.last_try && !approval.last_try {
                continue;
            }
            let last_try = pin.last_try.then(LastTry::confirmed_by_person);
            return Ok((
                PinEntry {
                    pin: pin_typed,
                    last_try,
                },
                approval,
            ));
        }
    }

    /// Tells something that only needs to be acknowledged.
    fn tell(&self, kind: PromptKind) -> Result<(), Refusal> {
        let mut conversation = self.0.borrow_mut();
        match conversation.ask(kind, |_| {})? {
            Answered::Approve(Approval { pin: None, .. }) => Ok(()),
            Answered::Approve(_) | Answered::Choose(_) => Err(conversation.out_of_place()),
        }
    }
}

impl Holder for PromptedPerson<'_, '_> {
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        self.0.borrow_mut().insert_card(problem)
    }

    fn progress(&mut self, step: Progress) -> Result<(), Refusal> {
        let mut conversation = self.0.borrow_mut();
        match step {
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
        let (entry, approval) = self.ask_with_pin(Question {
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
        })?;
        self.0.borrow_mut().set_agreed(Agreed {
            certificate: approval.disclose,
            card_key: approval.card_credential,
        });
        Ok(RegisterAnswer {
            entry: Some(entry),
            disclose: approval.disclose,
            card_credential: approval.card_credential,
            remember_site: approval.remember,
        })
    }

    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal> {
        let (entry, _) = self.ask_with_pin(Question {
            kind: PromptKind::SignIn,
            pin: question.pin.ok_or(Refusal::Cancelled)?,
            card: question.card,
            account: None,
            certificate: None,
            card_credential: question
                .card_credential
                .then_some(CardCredential::Used(true)),
        })?;
        Ok(Some(entry))
    }

    fn verify(&mut self, _: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal> {
        Err(Refusal::Cancelled)
    }

    fn confirm(&mut self, _: &Confirmation<'_>) -> Result<(), Refusal> {
        Err(Refusal::Cancelled)
    }

    fn choose_account(&mut self, _site: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal> {
        let mut conversation = self.0.borrow_mut();
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
fn date(seconds: u64) -> String {
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
