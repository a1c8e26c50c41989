//! An eID card as the authenticator sees it: a certificate, a PIN with few tries, and signatures.
//!
//! The rules that protect the citizen's PIN live here, where no caller can forget them:
//!
//! | rule | how it is kept |
//! |---|---|
//! | a PIN that cannot be right never reaches the card | [`Pin`] holds exactly four digits |
//! | the last try is spent only with the person's explicit consent | the [`LastTry`] value |
//! | no PIN appears in logs or error texts, or stays in memory | [`Pin`] has no `Debug` output, no `Clone`, and is zeroised |
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `pcsc` | yes | cards in PC/SC readers; without it, the types alone |
#![forbid(unsafe_code)]

mod certificate;
mod error;
mod pin;
mod signature;
mod token;

pub use certificate::{CardKeyHash, Certificate, CertificateError, SignatureAlgorithm};
pub use error::{CardError, Operation, ReaderError, VerifyError};
pub use pin::{ImpossiblePin, LastTry, Pin, Tries};
pub use signature::Signature;
pub use token::TokenKind;
