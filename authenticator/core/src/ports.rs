//! What the core needs from outside: a card, a person, and storage. Three traits, all synchronous.
//!
//! An implementation blocks until it has an answer. The core calls them from one thread, in the
//! order in which the ceremony needs them, and never two at once.

mod card;
mod person;
mod storage;

pub use card::{Card, CardError, PadError, VerifyError};
pub use person::{
    Account, AccountName, CardCredentialOffer, CardView, CertificateOffer, Confirmation, Expiry,
    Holder, Person, PinEntry, PinPad, PinPrompt, PinSource, Progress, Refusal, RegisterAnswer,
    RegisterQuestion, SignInQuestion, Site, VerifyQuestion,
};
pub use storage::{
    CredentialKey, CredentialRecord, Disclosed, Disclosure, Registration, Secrets, Settings,
    Storage, StorageError,
};
