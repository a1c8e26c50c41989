//! A person who answers from the script.

use authenticator_core::{
    Account, AccountName, CardError, Confirmation, Holder, Person, PinEntry, PinPrompt, Progress,
    Refusal, RegisterAnswer, RegisterQuestion, SignInQuestion, Site, VerifyQuestion,
};
use eid_card::{LastTry, Pin};

use super::Script;
use super::card::PIN;

/// A PIN that is not the card's.
const WRONG_PIN: &str = "8642";

/// One answer: bit 0 discloses the certificate, bit 1 remembers, bit 2 types a wrong PIN, bit 3 risks the last try, bit 4
/// refuses, for the reason in bits 5 and 6; else bit 5 lets the card's own key go; bit 7 is the account.
#[derive(Clone, Copy)]
struct Reply(u8);

impl Reply {
    fn bit(self, number: u8) -> bool {
        self.0 >> number & 1 == 1
    }

    fn refusal(self) -> Option<Refusal> {
        const REFUSALS: [Refusal; 4] = [
            Refusal::Cancelled,
            Refusal::TimedOut,
            Refusal::OtherAuthenticator,
            Refusal::CardRemoved,
        ];
        self.bit(4).then(|| REFUSALS[usize::from(self.0 >> 5 & 3)])
    }
}

pub(super) struct ScriptedPerson {
    replies: std::array::IntoIter<u8, 4>,
    cancel_at: u8,
    /// Every PIN that was typed, in order.
    pub(super) typed: Vec<[u8; 4]>,
    /// Whether the last answer let the certificate go, and it was offered.
    pub(super) certificate_agreed: bool,
    /// Whether the last answer let the card's own key go, and it was offered.
    pub(super) card_key_agreed: bool,
    /// Whether anything was asked at all.
    pub(super) asked: bool,
}

impl ScriptedPerson {
    pub(super) fn new(script: &Script) -> ScriptedPerson {
        ScriptedPerson {
            replies: script.replies.into_iter(),
            cancel_at: script.cancel_at,
            typed: Vec::new(),
            certificate_agreed: false,
            card_key_agreed: false,
            asked: false,
        }
    }

    /// What is answered from now on, whatever was typed before.
    pub(super) fn begin(&mut self, reply: u8) {
        self.replies = [reply; 4].into_iter();
        self.typed.clear();
        self.asked = false;
    }

    fn reply(&mut self) -> Result<Reply, Refusal> {
        self.asked = true;
        let reply = self.replies.next().map(Reply).ok_or(Refusal::Cancelled)?;
        reply.refusal().map_or(Ok(reply), Err)
    }

    /// Answers a question that may ask for the PIN.
    fn answer(&mut self, prompt: Option<PinPrompt>) -> Result<(Reply, Option<PinEntry>), Refusal> {
        match prompt {
            Some(prompt) => {
                let (reply, entry) = self.type_pin(prompt)?;
                Ok((reply, Some(entry)))
            }
            None => Ok((self.reply()?, None)),
        }
    }

    fn type_pin(&mut self, prompt: PinPrompt) -> Result<(Reply, PinEntry), Refusal> {
        assert!(prompt.tries_left > 0, "a PIN is asked of a locked card");
        assert_eq!(prompt.last_try, prompt.tries_left == 1);
        let reply = self.reply()?;
        let pin = Pin::parse(if reply.bit(2) { WRONG_PIN } else { PIN }).unwrap();
        self.typed.push(*pin.digits());
        let last_try = reply.bit(3).then(LastTry::confirmed_by_person);
        Ok((reply, PinEntry::typed(pin, last_try)))
    }
}

/// What the prompt shows of a site is bounded.
fn check_site(site: &Site<'_>) {
    assert!((1..=253).contains(&site.rp_id.len()));
    assert!(site.name.is_none_or(|name| name.len() <= 256));
}

fn check_account(account: &AccountName) {
    for name in [&account.name, &account.display_name] {
        assert!(name.as_ref().is_none_or(|name| name.len() <= 256));
    }
}

impl Holder for ScriptedPerson {
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        assert!(problem.can_be_mended());
        self.reply().map(drop)
    }

    fn progress(&mut self, _: Progress) -> Result<(), Refusal> {
        match self.cancel_at {
            0 => Ok(()),
            1 => Err(Refusal::Cancelled),
            _ => {
                self.cancel_at -= 1;
                Ok(())
            }
        }
    }
}

impl Person for ScriptedPerson {
    fn asks_for_pin(&self) -> bool {
        true
    }

    fn register(&mut self, question: &RegisterQuestion<'_>) -> Result<RegisterAnswer, Refusal> {
        check_site(&question.site);
        check_account(question.account);
        let (reply, entry) = self.answer(question.pin)?;
        self.certificate_agreed = reply.bit(0) && question.certificate.is_some();
        self.card_key_agreed = reply.bit(5) && question.card_credential.is_some();
        Ok(RegisterAnswer {
            entry,
            disclose: reply.bit(0),
            card_credential: reply.bit(5),
            remember_site: reply.bit(1),
        })
    }

    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal> {
        check_site(&question.site);
        self.answer(question.pin).map(|(_, entry)| entry)
    }

    fn verify(&mut self, question: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal> {
        if let Some(site) = &question.site {
            check_site(site);
        }
        self.type_pin(question.pin).map(|(_, entry)| entry)
    }

    fn confirm(&mut self, _: &Confirmation<'_>) -> Result<(), Refusal> {
        self.reply().map(drop)
    }

    fn choose_account(&mut self, site: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal> {
        check_site(site);
        assert!(accounts.len() > 1);
        for account in accounts {
            check_account(&account.name);
        }
        assert!(accounts.is_sorted_by_key(|account| std::cmp::Reverse(account.created_at)));
        self.reply().map(|reply| usize::from(reply.bit(7)))
    }

    fn already_registered(&mut self, site: &Site<'_>) -> Result<(), Refusal> {
        check_site(site);
        self.reply().map(drop)
    }

    fn no_credential(&mut self, site: &Site<'_>) -> Result<(), Refusal> {
        check_site(site);
        self.reply().map(drop)
    }
}
