//! What the program sends.

use std::env;
use std::ops::Not;

use serde::Serialize;

use super::incoming::{PROTOCOL, Unreadable};
use crate::backup::Advice;
use crate::client::response::{AuthenticationResponse, RegistrationResponse};
use crate::failure::Failure;

/// A message of the program.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum Outgoing<'a> {
    /// The opening.
    Hello {
        /// The version of the protocol.
        protocol: u32,
        /// The version of the program.
        program: &'static str,
        /// Where the program is, for commands that the person is told to type.
        #[serde(skip_serializing_if = "Option::is_none")]
        path: Option<String>,
    },
    /// What is in the readers.
    Cards(CardsReport),
    /// What the person may look up.
    Records(Records),
    /// Something to ask the person.
    Prompt(&'a Prompt<'a>),
    /// What is being done.
    Progress {
        /// The step.
        step: Step,
    },
    /// The ceremony succeeded.
    Result {
        /// For the page.
        response: ResponseJson<'a>,
        /// Offer the person a backup.
        #[serde(skip_serializing_if = "Option::is_none")]
        backup: Option<Advice>,
    },
    /// The ceremony failed.
    Error {
        /// For the prompt.
        code: &'static str,
        /// For the page.
        name: &'static str,
    },
    /// The connection cannot go on.
    Fatal {
        /// Why.
        code: FatalCode,
    },
}

impl Outgoing<'_> {
    /// The answer to the extension's `hello`.
    pub(crate) fn hello() -> Self {
        Self::Hello {
            protocol: PROTOCOL,
            program: env!("CARGO_PKG_VERSION"),
            path: env::current_exe()
                .ok()
                .and_then(|path| path.into_os_string().into_string().ok()),
        }
    }

    /// The message for a failure.
    pub(crate) fn error(failure: Failure) -> Self {
        Self::Error {
            code: failure.code(),
            name: failure.exception().as_str(),
        }
    }
}

/// Either response.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum ResponseJson<'a> {
    /// `RegistrationResponseJSON`.
    Registration(&'a RegistrationResponse),
    /// `AuthenticationResponseJSON`.
    Authentication(&'a AuthenticationResponse),
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FatalCode {
    /// The extension speaks another version of the protocol.
    ProtocolVersion,
    /// A message is not one of the protocol's, or out of place.
    BadMessage,
    /// The caller is not the project's extension.
    NotOurExtension,
}

impl From<Unreadable> for FatalCode {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::ProtocolVersion => Self::ProtocolVersion,
            Unreadable::BadMessage => Self::BadMessage,
        }
    }
}

/// `cards`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct CardsReport {
    /// Readers that the system knows.
    pub(crate) readers: usize,
    /// Cards with the JPKI application.
    pub(crate) cards: usize,
    /// Whether a card has just been presented.
    pub(crate) presented: bool,
    /// Why there can be none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<&'static str>,
}

/// `records`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Records {
    /// What was disclosed, the newest first.
    pub(crate) disclosures: Vec<DisclosureShown>,
    /// How many older ones there is no room for.
    pub(crate) older_disclosures: usize,
    /// The RP IDs of remembered sites, the newest first.
    pub(crate) sites: Vec<String>,
    /// How many older ones there is no room for.
    pub(crate) older_sites: usize,
}

/// One disclosure.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DisclosureShown {
    /// Seconds since 1970.
    pub(crate) at: u64,
    /// What, by its name in the store.
    pub(crate) what: &'static str,
    /// To whom.
    pub(crate) rp_id: String,
}

/// `progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// The card is being used: it must stay.
    CardWorking,
    /// A window of the system asks for the PIN.
    PinWindow,
}

/// `prompt`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Prompt<'a> {
    /// Its number in this ceremony.
    pub(crate) prompt: u32,
    /// What it asks.
    pub(crate) kind: PromptKind,
    /// Who asks.
    pub(crate) site: Site<'a>,
    /// For whom, at registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<Account>,
    /// About the PIN, when it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pin: Option<PinState>,
    /// The offer to send the certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<CertificateOffer>,
    /// The offer of a card credential at registration, or that one is used at sign-in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) card_credential: Option<CardCredential>,
    /// The card that is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) card: Option<CardShown>,
    /// The accounts to choose from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) accounts: Option<Vec<Account>>,
    /// The cards to choose from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cards: Option<Vec<ListedCard>>,
    /// Why no card can be used yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<&'static str>,
}

impl<'a> Prompt<'a> {
    /// A prompt without any of the optional members.
    pub(crate) fn new(number: u32, kind: PromptKind, site: Site<'a>) -> Self {
        Self {
            prompt: number,
            kind,
            site,
            account: None,
            pin: None,
            certificate: None,
            card_credential: None,
            card: None,
            accounts: None,
            cards: None,
            problem: None,
        }
    }
}

/// What a prompt asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PromptKind {
    /// Make a credential, with PIN.
    Register,
    /// Use a credential, with PIN.
    SignIn,
    /// Which account.
    ChooseAccount,
    /// The site excludes a credential of this card.
    AlreadyRegistered,
    /// The card holds no credential for the site.
    NoCredential,
    /// No usable card yet.
    InsertCard,
    /// Which of several cards.
    ChooseCard,
}

/// The relying party, and where the request comes from.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Site<'a> {
    /// The RP ID.
    pub(crate) rp_id: &'a str,
    /// The origin.
    pub(crate) origin: &'a str,
    /// What the site calls itself, at registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<&'a str>,
    /// The RP ID is not the origin's own; the browser accepts it.
    pub(crate) related_origin: bool,
}

/// An account of the site.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    /// The account's name.
    pub(crate) name: String,
    /// The person's name as the site shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
    /// The day on which its credential was made, where accounts are chosen from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created: Option<String>,
}

/// What the person must know before typing the PIN.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PinState {
    /// How often it may still be tried.
    pub(crate) tries_left: u8,
    /// Where it is typed.
    pub(crate) entry: EntryPlace,
    /// What was wrong with the answer before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) previous: Option<PreviousPin>,
    /// A wrong PIN locks the card: the person must confirm.
    pub(crate) last_try: bool,
}

/// Where a PIN is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EntryPlace {
    /// In the prompt itself; the answer carries it.
    Browser,
    /// In a window of the system, after the answer, which carries none.
    Native,
}

/// What was wrong with a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PreviousPin {
    /// The card says that it is wrong.
    Wrong,
    /// It is not four digits; the card was not asked.
    Impossible,
}

/// The offer to send the certificate.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateOffer {
    /// The switch's initial state.
    #[serde(rename = "switch")]
    pub(crate) initially_on: bool,
    /// The site asks who the person is.
    pub(crate) asked: bool,
    /// The person may have the site remembered.
    pub(crate) can_remember: bool,
    /// The last day of validity.
    pub(crate) not_after: String,
}

/// A credential whose key is the card's own.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum CardCredential {
    /// At registration.
    Offer(CardCredentialOffer),
    /// At sign-in: true, or the member is absent.
    Used(bool),
}

/// The offer to register with the card's own key.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CardCredentialOffer {
    /// The switch's initial state.
    #[serde(rename = "switch")]
    pub(crate) initially_on: bool,
    /// The site accepts nothing else.
    pub(crate) required: bool,
    /// The person may have the site remembered.
    pub(crate) can_remember: bool,
}

/// The card that is asked.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CardShown {
    /// The reader's name.
    pub(crate) reader: String,
    /// The last day of the certificate's validity.
    pub(crate) not_after: String,
    /// It has expired.
    pub(crate) expired: bool,
    /// It expires within 90 days.
    pub(crate) expires_soon: bool,
    /// Several cards were there: the person must know which one is meant.
    #[serde(skip_serializing_if = "Not::not")]
    pub(crate) several: bool,
    /// Its PIN was right: another one can no longer be chosen.
    #[serde(skip_serializing_if = "Not::not")]
    pub(crate) settled: bool,
}

/// A card to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListedCard {
    /// The name of the reader that it is in.
    pub(crate) reader: String,
    /// The last day of its certificate's validity. Without it the card cannot be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) not_after: Option<String>,
    /// It has expired.
    pub(crate) expired: bool,
    /// It expires within 90 days.
    pub(crate) expires_soon: bool,
    /// What is the matter with the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<&'static str>,
}
