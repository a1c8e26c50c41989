//! An eID card as the authenticator sees it: a certificate, a PIN with few tries, and signatures.
//!
//! The rules that protect the citizen's PIN live here, where no caller can forget them:
//!
//! | rule | how it is kept |
//! |---|---|
//! | a PIN that cannot be right never reaches the card | [`Pin`] holds exactly four digits |
//! | the last try is spent only with the person's explicit consent | the [`LastTry`] value |
//! | no PIN appears in logs or error texts, or stays in memory | [`Pin`] shows nothing in `Debug`, has no `Clone`, and is zeroised |
//! | the counter is read before every PIN, a PIN is sent once, nothing retries it | [`ShownCard::verify`], [`ShownCard::verify_on_pad`] |
//! | the card asked is the card shown | [`ShownCard`] keeps its connection, its [`Insertion`] and its certificate; [`ShownCard::verify`] compares them |
//! | nobody else can use the PIN once verified | [`VerifiedCard`] holds the card alone; dropping it, on errors and panics too, unpowers the card |
//!
//! [`Readers`] → [`FoundCard`] → [`ShownCard`] → [`VerifiedCard`] is the way a request goes. Everything
//! blocks; nothing blocks without limit because of another program.
//!
//! Where the reader has a PIN pad (PC/SC part 10), [`ShownCard::verify_on_pad`] has it ask for the PIN, which then reaches neither
//! this crate nor the computer.
//!
//! What this crate cannot do: when the process is killed outright, PC/SC only resets the card, and the
//! PIN stays verified until pcscd powers the idle card down or it leaves the reader. It is so, too, when the process ends while a
//! PIN pad waits for it ([`pin_entries_under_way`]).
//!
//! | feature | default | adds |
//! |---|---|---|
//! | `pcsc` | yes | cards in PC/SC readers; without it, the types alone |
#![forbid(unsafe_code)]

mod certificate;
mod error;
#[cfg(test)]
mod fixture;
#[cfg(all(fuzzing, feature = "pcsc"))]
#[doc(hidden)]
pub mod fuzzing;
mod pin;
mod signature;
mod token;

#[cfg(feature = "pcsc")]
mod held;
#[cfg(feature = "pcsc")]
mod insertion;
#[cfg(feature = "pcsc")]
mod jpki;
#[cfg(feature = "pcsc")]
mod link;
#[cfg(feature = "pcsc")]
mod pad_entry;
#[cfg(feature = "pcsc")]
mod pin_pad;
#[cfg(feature = "pcsc")]
mod readers;
#[cfg(feature = "pcsc")]
mod service;
#[cfg(feature = "pcsc")]
mod session;
#[cfg(feature = "pcsc")]
mod wire;

pub use certificate::{CardKeyHash, Certificate, CertificateError, SignatureAlgorithm};
pub use error::{CardError, Operation, ReaderError, VerifyError};
pub use pin::{ImpossiblePin, LastTry, Pin, Tries};
pub use signature::Signature;
pub use token::TokenKind;

#[cfg(feature = "pcsc")]
pub use insertion::Insertion;
#[cfg(feature = "pcsc")]
pub use pad_entry::{PadEntry, pin_entries_under_way, unpower_when_free};
#[cfg(feature = "pcsc")]
pub use readers::{Holds, Interrupter, Look, NoOneCard, Reader, Readers};
#[cfg(feature = "pcsc")]
pub use session::{Description, FoundCard, NotVerified, ShownCard, VerifiedCard};
