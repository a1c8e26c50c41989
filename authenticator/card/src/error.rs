//! What can go wrong with readers, cards and PINs. No variant carries APDU contents.

use std::fmt;

use crate::certificate::CertificateError;
use crate::pin::Tries;

/// Why the readers cannot be looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReaderError {
    /// The PC/SC service does not answer.
    #[error("the PC/SC service (pcscd) is not running")]
    PcscNotRunning,
    /// The PC/SC service answers, but lets this user do nothing (polkit, remote session).
    #[error("the PC/SC service does not allow this user to use readers")]
    NotAllowed,
    /// The system knows no reader.
    #[error("no card reader is connected")]
    NoReader,
    /// The wait was ended by an interrupter or by the system.
    #[error("waiting for readers was interrupted")]
    Interrupted,
    /// Something else; the text is the PC/SC layer's own.
    #[error("the PC/SC service reported: {0}")]
    Fault(String),
}

/// Why the card could not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardError {
    /// The card left the reader.
    #[error("the card was removed")]
    Removed,
    /// The card in the reader is not the one that was shown, or was taken out and put back.
    #[error("the card is not the one that was shown")]
    Changed,
    /// Another program holds the card.
    #[error("another program is using the card")]
    Busy,
    /// The reader was unplugged.
    #[error("the card reader was disconnected")]
    ReaderGone,
    /// The PC/SC service ended or does not answer any more.
    #[error("the PC/SC service (pcscd) stopped")]
    PcscStopped,
    /// The PC/SC service lets this user not use the card (polkit, remote session).
    #[error("the PC/SC service does not allow this user to use the card")]
    NotAllowed,
    /// The card does not answer when it is powered: upside down, damaged, or too far from the antenna.
    #[error("the card does not respond")]
    Mute,
    /// The card has no JPKI application.
    #[error("the card is not a My Number Card")]
    NoApplication,
    /// The card has the application but no certificate for user authentication.
    #[error("the card carries no user-authentication certificate")]
    NoCertificate,
    /// The certificate can be read only after the PIN: a phone, which is not supported yet.
    #[error("the certificate can be read only after the PIN, as on a phone")]
    CertificateNeedsPin,
    /// The certificate is not one that this program can use.
    #[error("the card's certificate cannot be used: {0}")]
    Certificate(#[from] CertificateError),
    /// The card does not tell how many tries are left, so no PIN is sent to it.
    #[error("the card does not tell how many PIN tries are left")]
    TriesUnknown,
    /// The card has forgotten the PIN since it was verified.
    #[error("the card no longer accepts the PIN given before")]
    PinForgotten,
    /// The card refused a command; `status` is its status word.
    #[error("the card refused to {operation} (status {status:04X})")]
    Refused {
        /// What the card was asked to do.
        operation: Operation,
        /// The status word, SW1 ‖ SW2.
        status: u16,
    },
    /// The card answered a command with something of the wrong size or shape.
    #[error("the card's answer makes no sense (asked to {0})")]
    Garbled(Operation),
    /// The signature does not verify under the certificate's key, so it was thrown away.
    #[error("the card's signature does not match its certificate")]
    SignatureMismatch,
    /// Something else went wrong between computer and card; the text is the PC/SC layer's own.
    #[error("the card reader reported: {0}")]
    Fault(String),
}

/// Why the PIN was not verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// The card says the PIN is wrong; this cost a try.
    #[error("the PIN is wrong")]
    WrongPin {
        /// What is left now; [`Tries::Locked`] when this was the try that locked it.
        left: Tries,
    },
    /// The PIN is locked; none was sent.
    #[error("the PIN is locked")]
    Locked,
    /// One try is left and no [`LastTry`](crate::LastTry) was given; no PIN was sent.
    #[error("this is the last try, which needs the person's explicit consent")]
    LastTryNeedsPermission,
    /// Nobody entered a PIN on the reader's PIN pad in time; none was sent.
    #[error("no PIN was entered on the reader's PIN pad in time")]
    PadTimedOut,
    /// The person cancelled on the reader's PIN pad; no PIN was sent.
    #[error("the PIN entry was cancelled on the reader's PIN pad")]
    PadCancelled,
    /// Too few or too many digits were entered on the reader's PIN pad; none was sent.
    #[error("what was entered on the reader's PIN pad does not have four digits")]
    PadWrongLength,
    /// The reader has no PIN pad, or does not take this card's kind of PIN on it; none was sent.
    #[error("the reader takes no PIN of this kind on a PIN pad")]
    PadRefused,
    /// The card could not be used. After a fault in the middle of the command it is unknown whether
    /// the try was counted: read the counter before asking again.
    #[error(transparent)]
    Card(#[from] CardError),
}

/// What the card was asked to do, in words that complete "the card refused to …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// SELECT the JPKI application.
    Select,
    /// READ BINARY of the authentication certificate.
    ReadCertificate,
    /// READ BINARY of the token information.
    ReadTokenInfo,
    /// Empty VERIFY: the counter.
    ReadTries,
    /// VERIFY.
    VerifyPin,
    /// CHANGE REFERENCE DATA.
    ChangePin,
    /// Sign a SHA-256 digest.
    SignSha256,
    /// Sign a SHA-512 digest.
    SignSha512,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operation::Select => "open the JPKI application",
            Operation::ReadCertificate => "give its certificate",
            Operation::ReadTokenInfo => "say what kind of token it is",
            Operation::ReadTries => "tell the PIN tries left",
            Operation::VerifyPin => "check the PIN",
            Operation::ChangePin => "change the PIN",
            Operation::SignSha256 => "sign a SHA-256 digest",
            Operation::SignSha512 => "sign a SHA-512 digest",
        })
    }
}
