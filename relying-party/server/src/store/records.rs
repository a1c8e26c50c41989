//! The records, as the rest of the server sees them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A person: a random ID and the name of the account.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Random; also the WebAuthn user handle.
    pub id: Uuid,
    /// As the person wrote it.
    pub account_name: String,
    /// As it is compared.
    pub name_key: String,
    /// Unix seconds.
    pub created_at: i64,
}

/// How serious the issuer of a certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Issued to people.
    Production,
    /// Issued by an authority for trying things out.
    Test,
    /// Issued by anyone, for practice.
    Practice,
}

/// What is known about revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    /// There was no source.
    NotChecked,
    /// A source said good.
    Good,
}

/// A certificate that vouched for a person, as stored. Facts that recognise the person are sealed.
#[derive(Clone)]
pub struct CertificateRecord {
    /// Random.
    pub id: Uuid,
    /// Keyed hash over issuer key and serial.
    pub lookup: [u8; 32],
    /// Sealed for this row.
    pub facts: Vec<u8>,
    /// What may be shown.
    pub shown: Certificate,
}

/// What may be shown of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The issuer profile that vouched.
    pub profile: String,
    /// Production, test or practice.
    pub class: Class,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// The CA generation, as the profile calls it.
    pub anchor: String,
    /// Its validity, Unix seconds.
    pub anchor_from: i64,
    /// Its validity, Unix seconds.
    pub anchor_until: i64,
    /// Last second of the certificate's validity.
    pub not_after: i64,
    /// What is known about revocation.
    pub revocation: Revocation,
    /// When the chain and the card's signature were verified, Unix seconds.
    pub verified_at: i64,
}

/// A credential, as stored.
#[derive(Clone)]
pub struct CredentialRecord {
    /// Random row ID; the sealed part is bound to it.
    pub id: Uuid,
    /// Keyed hash of the credential ID the authenticator chose.
    pub lookup: [u8; 32],
    /// Credential ID, public key, counter and backup state, sealed for this row.
    pub sealed: Vec<u8>,
    /// COSE algorithm identifier.
    pub algorithm: i64,
    /// Whether its key is the one that its certificate is about: each sign-in is a signature by the card.
    pub card_key: bool,
    /// As the browser reported them.
    pub transports: Vec<String>,
    /// Unix seconds.
    pub created_at: i64,
    /// Unix seconds; none before the first sign-in with it.
    pub last_used_at: Option<i64>,
}

/// A credential with its person and the certificate that vouched for it.
#[derive(Clone)]
pub struct Credential {
    /// Whose it is.
    pub person_id: Uuid,
    /// The credential.
    pub record: CredentialRecord,
    /// The row ID of the certificate that vouched for it, if one did.
    pub certificate_id: Option<Uuid>,
    /// That certificate.
    pub certificate: Option<Certificate>,
}

/// Keyed hash of a link code.
pub type CodeLookup = [u8; 32];

/// To whose account a registration adds its credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Account {
    /// A new person's.
    New,
    /// That of whoever is signed in.
    SignedIn,
    /// That of the person whose link code this is; storing the credential uses it up.
    Linked(CodeLookup),
}

/// A finished registration, to be stored as a whole or not at all.
pub struct Enrolment {
    /// Whose it is.
    pub person: Person,
    /// Whether the person is new; else they must exist.
    pub account: Account,
    /// The new credential.
    pub credential: CredentialRecord,
    /// The certificate that vouched for it, if one did.
    pub certificate: Option<CertificateRecord>,
}

/// SHA-256 of a session's token.
pub type TokenHash = [u8; 32];

/// A session, found by its token.
#[derive(Clone)]
pub struct Session {
    /// SHA-256 of its token.
    pub token_hash: TokenHash,
    /// Who is signed in; nobody before sign-in.
    pub person: Option<Person>,
    /// The row ID of the credential they signed in with.
    pub credential: Option<Uuid>,
    /// When it was last seen, Unix seconds; at most a minute old while it is used.
    pub seen_at: i64,
}

/// Which ceremony a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `navigator.credentials.create`
    Registration,
    /// `navigator.credentials.get`
    Authentication,
}

/// A ceremony between start and finish.
#[derive(Clone)]
pub struct Challenge {
    /// SHA-256 of the challenge.
    pub id: [u8; 32],
    /// Which ceremony.
    pub purpose: Purpose,
    /// The session that started it; only that one can finish it.
    pub session: TokenHash,
    /// Sealed for this row.
    pub state: Vec<u8>,
    /// Unix seconds.
    pub expires_at: i64,
}

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ }) => {
        impl $type {
            /// The word in the database.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// From the word in the database.
            pub(super) fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(Class { Production = "production", Test = "test", Practice = "practice" });
words!(Revocation { NotChecked = "not-checked", Good = "good" });

impl Purpose {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Authentication => "authentication",
        }
    }
}

impl Account {
    /// The word in the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::SignedIn => "signed-in",
            Self::Linked(_) => "linked",
        }
    }
}
