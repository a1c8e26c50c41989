//! Why a command failed: one condition each, with its CTAP status code and its name for the app.

use crate::ports::{CardError, Refusal, StorageError};

/// Why a command failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The command byte is none that this authenticator knows.
    #[error("the command is unknown")]
    UnknownCommand,
    /// The request is empty, or has parameters where none belong.
    #[error("the request's length is wrong")]
    WrongLength,
    /// The request is longer than `maxMsgSize`.
    #[error("the request is too long")]
    TooLong,
    /// The parameters are not canonical CBOR (CTAP 2.3 §8).
    #[error("the parameters are not canonical CBOR")]
    NotCanonicalCbor,
    /// A parameter has another CBOR type than it must have.
    #[error("{0} has the wrong type")]
    WrongType(&'static str),
    /// A parameter that must be there is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A parameter has the right type and a value that it cannot have.
    #[error("{0} has an impossible value")]
    InvalidParameter(&'static str),
    /// An option is not supported for this command.
    #[error("the option {0} is not supported here")]
    UnsupportedOption(&'static str),
    /// An option, or `enterpriseAttestation`, has a value that is not allowed for this command.
    #[error("{0} cannot have this value here")]
    InvalidOption(&'static str),
    /// The relying party accepts no algorithm that this authenticator has.
    #[error("the site accepts no algorithm that this authenticator has")]
    UnsupportedAlgorithm,
    /// There is no assertion to continue with.
    #[error("there is no further assertion")]
    NothingToContinue,
    /// A credential of this card is registered already; the person acknowledged it or refused.
    #[error("a credential of this card is registered already")]
    Excluded(Result<(), Refusal>),
    /// No credential of this card fits; the person acknowledged it or refused.
    #[error("no credential of this card fits")]
    NoCredential(Result<(), Refusal>),
    /// The person, or the client on their behalf, refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The card could not be used.
    #[error(transparent)]
    Card(#[from] CardError),
    /// The PIN is locked.
    #[error("the PIN is locked")]
    PinLocked,
    /// The PIN that the platform sent is wrong.
    #[error("the PIN is wrong")]
    PinInvalid,
    /// The PIN is locked, as a platform is told that sent one.
    #[error("the PIN is locked, and none was looked at")]
    PinBlocked,
    /// No PIN is taken from platforms: three in a row were wrong, or one try is left, which is spent in our own prompt only.
    #[error("no PIN is taken from outside the prompt")]
    PinAuthBlocked,
    /// The PIN is locked, as a platform is told that wanted the person verified in our own prompt.
    #[error("the PIN is locked, and none was asked for")]
    UvBlocked,
    /// The pinUvAuthParam is not by a token or secret that may do this.
    #[error("the request is not authorised")]
    PinAuthInvalid,
    /// A PIN, or a length of one, is none that a card can have.
    #[error("the card's PIN has four digits")]
    PinPolicyViolation,
    /// The person must be verified, and only the platform can ask for the PIN.
    #[error("the request needs a pinUvAuthToken")]
    PinUvAuthTokenRequired,
    /// A permission was asked for that no token has.
    #[error("the permission is not supported")]
    UnauthorizedPermission,
    /// The subcommand is none that this authenticator knows.
    #[error("the subcommand is unknown")]
    InvalidSubcommand,
    /// The command is not allowed now, or in this authenticator's state.
    #[error("the command is not allowed now")]
    NotAllowed,
    /// The person's agreement cannot make this possible: user verification cannot be switched off.
    #[error("the operation is denied")]
    OperationDenied,
    /// A part of something longer does not follow the one before.
    #[error("the part does not follow the one before")]
    InvalidSequence,
    /// More than there is room for is to be kept.
    #[error("there is no room for so many")]
    KeyStoreFull,
    /// The large-blob array is longer than what is kept of one.
    #[error("the large-blob array is too long")]
    LargeBlobStorageFull,
    /// The large-blob array does not end in its hash.
    #[error("the large-blob array does not end in its hash")]
    IntegrityFailure,
    /// The certificate has expired and the request needs a valid one.
    #[error("the certificate has expired")]
    CertificateExpired,
    /// The card's signature does not verify under its certificate; it was used for nothing.
    #[error("the card made a wrong signature")]
    WrongSignature,
    /// The store could not be read or written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A stored credential cannot be opened: the store was altered or belongs to another device secret.
    #[error("a stored credential cannot be opened")]
    SealBroken,
    /// The source of randomness failed.
    #[error("no randomness")]
    NoRandomness,
    /// A port broke its contract, or the core has a defect.
    #[error("internal error: {0}")]
    Internal(&'static str),
}

/// A prompt that was to ask for a PIN said yes without one.
pub(crate) const NO_PIN: Failure = Failure::Internal("the prompt returned no PIN");

/// A prompt that was to ask for a PIN points at a PIN pad that is not there.
pub(crate) const NO_PAD: Failure =
    Failure::Internal("the prompt means a PIN pad that is not there");

impl Failure {
    /// The CTAP status code (CTAP 2.3 §8.2).
    ///
    /// What ends a ceremony for reasons of card or person is OPERATION_DENIED, which browsers treat as
    /// final; most other codes leave Chromium's dialog waiting. A request that the platform took back is answered
    /// with KEEPALIVE_CANCEL, wherever it was (CTAP 2.3 §11.2.9.1.5).
    pub fn status(&self) -> u8 {
        match self {
            Failure::UnknownCommand => 0x01,
            Failure::InvalidParameter(_) => 0x02,
            Failure::WrongLength => 0x03,
            Failure::InvalidSequence => 0x04,
            Failure::WrongType(_) => 0x11,
            Failure::NotCanonicalCbor => 0x12,
            Failure::Missing(_) => 0x14,
            Failure::Refused(Refusal::Withdrawn)
            | Failure::Excluded(Err(Refusal::Withdrawn))
            | Failure::NoCredential(Err(Refusal::Withdrawn)) => 0x2D,
            Failure::Excluded(_) => 0x19,
            Failure::UnsupportedAlgorithm => 0x26,
            Failure::Refused(_)
            | Failure::Card(_)
            | Failure::PinLocked
            | Failure::CertificateExpired
            | Failure::WrongSignature
            | Failure::Storage(_)
            | Failure::SealBroken
            | Failure::OperationDenied => 0x27,
            Failure::KeyStoreFull => 0x28,
            Failure::UnsupportedOption(_) => 0x2B,
            Failure::InvalidOption(_) => 0x2C,
            Failure::NoCredential(_) => 0x2E,
            Failure::NothingToContinue | Failure::NotAllowed => 0x30,
            Failure::PinInvalid => 0x31,
            Failure::PinBlocked => 0x32,
            Failure::PinAuthInvalid => 0x33,
            Failure::PinAuthBlocked => 0x34,
            Failure::PinUvAuthTokenRequired => 0x36,
            Failure::PinPolicyViolation => 0x37,
            Failure::TooLong => 0x39,
            Failure::UvBlocked => 0x3C,
            Failure::IntegrityFailure => 0x3D,
            Failure::InvalidSubcommand => 0x3E,
            Failure::UnauthorizedPermission => 0x40,
            Failure::LargeBlobStorageFull => 0x18,
            Failure::NoRandomness | Failure::Internal(_) => 0x7F,
        }
    }

    /// The name of the condition, as `docs/native-messaging.md` lists them.
    pub fn code(&self) -> &'static str {
        match self {
            Failure::UnknownCommand
            | Failure::UnsupportedOption(_)
            | Failure::InvalidOption(_)
            | Failure::NothingToContinue
            | Failure::PinInvalid
            | Failure::PinAuthBlocked
            | Failure::PinAuthInvalid
            | Failure::PinPolicyViolation
            | Failure::PinUvAuthTokenRequired
            | Failure::UnauthorizedPermission
            | Failure::InvalidSubcommand
            | Failure::NotAllowed
            | Failure::OperationDenied
            | Failure::KeyStoreFull
            | Failure::LargeBlobStorageFull => "not-supported",
            Failure::WrongLength
            | Failure::TooLong
            | Failure::NotCanonicalCbor
            | Failure::WrongType(_)
            | Failure::Missing(_)
            | Failure::InvalidParameter(_)
            | Failure::InvalidSequence
            | Failure::IntegrityFailure => "bad-request",
            Failure::UnsupportedAlgorithm => "unsupported-algorithm",
            Failure::Excluded(Ok(())) => "excluded",
            Failure::NoCredential(Ok(())) => "no-credential",
            Failure::Excluded(Err(refusal))
            | Failure::NoCredential(Err(refusal))
            | Failure::Refused(refusal) => match refusal {
                Refusal::Cancelled | Refusal::Withdrawn => "cancelled",
                Refusal::TimedOut => "timed-out",
                Refusal::OtherAuthenticator => "other-authenticator",
                Refusal::CardRemoved => "card-removed",
            },
            Failure::Card(error) => match error {
                CardError::PcscNotRunning => "pcsc-not-running",
                CardError::NoReader => "no-reader",
                CardError::NoCard => "no-card",
                CardError::Mute => "card-mute",
                CardError::SeveralCards => "several-cards",
                CardError::Busy => "card-busy",
                CardError::Removed => "card-removed",
                CardError::Changed => "card-changed",
                CardError::Unsupported => "card-unsupported",
                CardError::Failed => "card-failed",
            },
            Failure::PinLocked | Failure::PinBlocked | Failure::UvBlocked => "pin-locked",
            Failure::CertificateExpired => "certificate-expired",
            Failure::WrongSignature => "card-failed",
            Failure::Storage(_) | Failure::SealBroken => "storage",
            Failure::NoRandomness | Failure::Internal(_) => "internal",
        }
    }
}
