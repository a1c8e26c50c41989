//! CTAP2 for eID cards: request bytes in, response bytes out.
//!
//! [`Authenticator::handle`] takes one CTAP2 request (command byte ‖ canonical CBOR) and answers it with
//! the help of three ports: a [`Card`], a [`Person`] and a [`Storage`]. It has no I/O, threads, clock or
//! randomness of its own; time and randomness arrive as a [`Moment`]. What outlives a request is a [`Session`].
//!
//! | command | file |
//! |---|---|
//! | authenticatorMakeCredential | `make_credential.rs` |
//! | authenticatorGetAssertion | `get_assertion.rs` |
//! | authenticatorGetNextAssertion | `get_assertion/next.rs` |
//! | authenticatorGetInfo | `get_info.rs` |
//! | authenticatorCredentialManagement | `credential_management.rs` |
//! | authenticatorLargeBlobs | `large_blobs.rs` |
//! | authenticatorConfig | `config.rs` |
//! | authenticatorClientPIN | `client_pin.rs` |
//! | authenticatorReset | `reset.rs` |
//! | authenticatorSelection | `presence.rs` |
//!
//! Outside of a ceremony, the same card serves to open pairwise credentials and to seal them again ([`OpenCredential`]):
//! [`PresentCard::find`], [`PresentCard::verify`], [`VerifiedCard::open`], [`VerifiedCard::seal`].
//!
//! User verification is the card's PIN, always. A path to `verify` of the card begins with
//! the person's answer to a question about exactly that PIN (`ceremony.rs`).
#![forbid(unsafe_code)]

mod attestation;
mod authenticator;
mod authenticator_data;
mod backup;
pub mod cbor;
mod ceremony;
mod client_pin;
mod config;
mod credential;
mod credential_management;
mod extensions;
mod failure;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod get_assertion;
mod get_info;
mod key;
mod large_blobs;
mod make_credential;
mod parameters;
mod permissions;
mod pin_uv_auth;
mod ports;
mod presence;
mod reset;
mod session;
mod unfinished;

pub use authenticator::{AAGUID, Authenticator, Moment, Outcome, TRANSPORTS, Transport};
pub use backup::{Backup, BackupError, OpenCredential};
pub use ceremony::{PresentCard, VerifiedCard};
pub use credential::{CredentialId, CredentialKind};
pub use extensions::{CredProtect, Prf, PrfResults, PrfSalts};
pub use failure::Failure;
pub use permissions::Permissions;
pub use ports::{
    Account, AccountName, Card, CardCredentialOffer, CardError, CardView, CertificateOffer,
    Confirmation, CredentialKey, CredentialRecord, Disclosed, Disclosure, Expiry, Holder, PadError,
    Person, PinEntry, PinPad, PinPrompt, PinSource, Progress, Refusal, RegisterAnswer,
    RegisterQuestion, Registration, Secrets, Settings, SignInQuestion, Site, Storage, StorageError,
    VerifyError, VerifyQuestion,
};
pub use session::Session;
