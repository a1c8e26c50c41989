//! A person who answers from a script and remembers what they were shown.

use std::collections::VecDeque;

use authenticator_core::{
    Account, AccountName, CardCredentialOffer, CardError, CardView, CertificateOffer, Confirmation,
    Holder, Permissions, Person, PinEntry, PinPrompt, Progress, Refusal, RegisterAnswer,
    RegisterQuestion, SignInQuestion, Site, VerifyQuestion,
};
use eid_card::{LastTry, Pin};

/// One answer. A question that the script did not expect fails the test.
#[derive(Debug, Clone)]
pub enum Reply {
    Pin {
        pin: &'static str,
        disclose: bool,
        card_credential: bool,
        remember: bool,
        last_try: bool,
    },
    /// The PIN is entered on the reader's PIN pad, which may be the last try.
    OnPad {
        last_try: bool,
    },
    /// A yes to a registration or sign-in whose PIN was verified before.
    Consent {
        disclose: bool,
        card_credential: bool,
        remember: bool,
    },
    /// "OK", to what needs no PIN.
    Acknowledge,
    Choose(usize),
    Refuse(Refusal),
}

impl Reply {
    pub fn pin(pin: &'static str) -> Reply {
        Reply::Pin {
            pin,
            disclose: false,
            card_credential: false,
            remember: false,
            last_try: false,
        }
    }

    /// The right PIN, with the certificate's switch on.
    pub fn disclose() -> Reply {
        Reply::Pin {
            pin: "1234",
            disclose: true,
            card_credential: false,
            remember: false,
            last_try: false,
        }
    }

    /// The same, and the site is to be remembered.
    pub fn disclose_and_remember() -> Reply {
        Reply::Pin {
            pin: "1234",
            disclose: true,
            card_credential: false,
            remember: true,
            last_try: false,
        }
    }

    /// The right PIN, with the card credential's switch on.
    pub fn card_credential() -> Reply {
        Reply::Pin {
            pin: "1234",
            disclose: false,
            card_credential: true,
            remember: false,
            last_try: false,
        }
    }

    /// The right PIN, with both switches on.
    pub fn disclose_with_card_credential() -> Reply {
        Reply::Pin {
            pin: "1234",
            disclose: true,
            card_credential: true,
            remember: false,
            last_try: false,
        }
    }

    /// What whoever agrees to everything answers.
    fn willing(shown: &Shown) -> Reply {
        match shown {
            Shown::ChooseAccount(_) => Reply::Choose(0),
            shown if shown.pin().is_some() => Reply::pin("1234"),
            Shown::Register { .. } | Shown::SignIn { .. } => Reply::Consent {
                disclose: false,
                card_credential: false,
                remember: false,
            },
            _ => Reply::Acknowledge,
        }
    }

    /// A PIN with "yes, risk the last try".
    pub fn last_try(pin: &'static str) -> Reply {
        Reply::Pin {
            pin,
            disclose: false,
            card_credential: false,
            remember: false,
            last_try: true,
        }
    }
}

/// What the person was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    InsertCard(CardError),
    Register {
        rp_id: String,
        rp_name: Option<String>,
        account: AccountName,
        pin: Option<PinPrompt>,
        card: CardView,
        certificate: Option<CertificateOffer>,
        card_credential: Option<CardCredentialOffer>,
    },
    SignIn {
        rp_id: String,
        pin: Option<PinPrompt>,
        card: CardView,
        card_credential: bool,
    },
    Verify {
        rp_id: Option<String>,
        permissions: Permissions,
        pin: PinPrompt,
        card: CardView,
    },
    /// To select this authenticator, for a site.
    Select(Option<String>),
    Reset,
    /// To change the PIN, with so many tries left.
    ChangePin(u8),
    ChooseAccount(Vec<Account>),
    AlreadyRegistered,
    NoCredential,
}

impl Shown {
    /// What it said about the PIN, if it asked for one.
    pub fn pin(&self) -> Option<PinPrompt> {
        match self {
            Shown::Register { pin, .. } | Shown::SignIn { pin, .. } => *pin,
            Shown::Verify { pin, .. } => Some(*pin),
            _ => None,
        }
    }

    /// What it said about the card, if it asked for the PIN.
    pub fn card(&self) -> Option<CardView> {
        match self {
            Shown::Register { card, .. }
            | Shown::SignIn { card, .. }
            | Shown::Verify { card, .. } => Some(*card),
            _ => None,
        }
    }

    /// The certificate's switch.
    pub fn certificate(&self) -> Option<CertificateOffer> {
        match self {
            Shown::Register { certificate, .. } => *certificate,
            _ => None,
        }
    }
}

impl Shown {
    /// The card credential's switch.
    pub fn card_credential(&self) -> Option<CardCredentialOffer> {
        match self {
            Shown::Register {
                card_credential, ..
            } => *card_credential,
            _ => None,
        }
    }

    /// Whether it said that a card credential is used.
    pub fn uses_card_credential(&self) -> bool {
        matches!(
            self,
            Shown::SignIn {
                card_credential: true,
                ..
            }
        )
    }
}

#[derive(Default)]
pub struct ScriptedPerson {
    pub replies: VecDeque<Reply>,
    /// Past the script they agree to everything, and type the right PIN.
    pub willing: bool,
    pub shown: Vec<Shown>,
    /// Every PIN that was typed, in order.
    pub typed: Vec<String>,
    /// Cancels at the n-th progress report from now.
    pub cancel_at_progress: Option<usize>,
    pub progress: Vec<Progress>,
    /// The PIN can only be typed elsewhere.
    pub has_no_pin_prompt: bool,
}

impl ScriptedPerson {
    fn reply(&mut self, shown: Shown) -> Result<Reply, Refusal> {
        let willing = self.willing.then(|| Reply::willing(&shown));
        let reply = self.replies.pop_front().or(willing);
        let reply = reply.unwrap_or_else(|| panic!("nobody expected {shown:?}"));
        self.shown.push(shown);
        match reply {
            Reply::Refuse(refusal) => Err(refusal),
            reply => Ok(reply),
        }
    }

    fn acknowledge(&mut self, shown: Shown) -> Result<(), Refusal> {
        match self.reply(shown)? {
            Reply::Acknowledge => Ok(()),
            other => panic!("the script says {other:?} where OK is asked"),
        }
    }

    fn type_pin(&mut self, shown: Shown) -> Result<RegisterAnswer, Refusal> {
        let asked = shown.pin().is_some();
        match self.reply(shown)? {
            Reply::Consent {
                disclose,
                card_credential,
                remember,
            } if !asked => Ok(RegisterAnswer {
                entry: None,
                disclose,
                card_credential,
                remember_site: remember,
            }),
            Reply::Pin {
                pin,
                disclose,
                card_credential,
                remember,
                last_try,
            } if asked => {
                self.typed.push(pin.to_owned());
                let pin = Pin::parse(pin).unwrap();
                let last_try = last_try.then(LastTry::confirmed_by_person);
                Ok(RegisterAnswer {
                    entry: Some(PinEntry::typed(pin, last_try)),
                    disclose,
                    card_credential,
                    remember_site: remember,
                })
            }
            Reply::OnPad { last_try } if asked => {
                let last_try = last_try.then(LastTry::confirmed_by_person);
                Ok(RegisterAnswer {
                    entry: Some(PinEntry::on_pad(last_try)),
                    disclose: false,
                    card_credential: false,
                    remember_site: false,
                })
            }
            other => panic!("the script says {other:?} where a PIN is asked or none"),
        }
    }
}

impl Holder for ScriptedPerson {
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        self.acknowledge(Shown::InsertCard(problem))
    }

    fn progress(&mut self, step: Progress) -> Result<(), Refusal> {
        self.progress.push(step);
        match &mut self.cancel_at_progress {
            Some(0) => Err(Refusal::Cancelled),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Person for ScriptedPerson {
    fn asks_for_pin(&self) -> bool {
        !self.has_no_pin_prompt
    }

    fn register(&mut self, question: &RegisterQuestion<'_>) -> Result<RegisterAnswer, Refusal> {
        self.type_pin(Shown::Register {
            rp_id: question.site.rp_id.to_owned(),
            rp_name: question.site.name.map(str::to_owned),
            account: question.account.clone(),
            pin: question.pin,
            card: question.card,
            certificate: question.certificate,
            card_credential: question.card_credential,
        })
    }

    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal> {
        let answer = self.type_pin(Shown::SignIn {
            rp_id: question.site.rp_id.to_owned(),
            pin: question.pin,
            card: question.card,
            card_credential: question.card_credential,
        })?;
        Ok(answer.entry)
    }

    fn verify(&mut self, question: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal> {
        let answer = self.type_pin(Shown::Verify {
            rp_id: question.site.map(|site| site.rp_id.to_owned()),
            permissions: question.permissions,
            pin: question.pin,
            card: question.card,
        })?;
        Ok(answer.entry.unwrap())
    }

    fn confirm(&mut self, question: &Confirmation<'_>) -> Result<(), Refusal> {
        self.acknowledge(match question {
            Confirmation::Select(site) => Shown::Select(site.map(|site| site.rp_id.to_owned())),
            Confirmation::Reset => Shown::Reset,
            Confirmation::ChangePin { tries_left } => Shown::ChangePin(*tries_left),
        })
    }

    fn choose_account(&mut self, _: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal> {
        match self.reply(Shown::ChooseAccount(accounts.to_vec()))? {
            Reply::Choose(index) => Ok(index),
            other => panic!("the script says {other:?} where an account is asked"),
        }
    }

    fn already_registered(&mut self, _: &Site<'_>) -> Result<(), Refusal> {
        self.acknowledge(Shown::AlreadyRegistered)
    }

    fn no_credential(&mut self, _: &Site<'_>) -> Result<(), Refusal> {
        self.acknowledge(Shown::NoCredential)
    }
}
