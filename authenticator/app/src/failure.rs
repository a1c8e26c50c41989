//! How a ceremony can end without a result: the codes of the native-messaging protocol.

use std::fmt;

use authenticator_core::CardError;

/// The `DOMException` (or `TypeError`) that the page receives (WebAuthn L3 §5.1.3, §5.1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExceptionName {
    /// The request was not allowed, or the person did not agree.
    NotAllowed,
    /// A credential of this authenticator is already registered.
    InvalidState,
    /// The request asks for what the authenticator cannot do.
    NotSupported,
    /// The RP ID is not the origin's.
    Security,
    /// The options are malformed.
    Type,
    /// An identifier in the options is none that they allow.
    Syntax,
    /// A defect of this program.
    Unknown,
}

impl ExceptionName {
    /// The name as JavaScript spells it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotAllowed => "NotAllowedError",
            Self::InvalidState => "InvalidStateError",
            Self::NotSupported => "NotSupportedError",
            Self::Security => "SecurityError",
            Self::Type => "TypeError",
            Self::Syntax => "SyntaxError",
            Self::Unknown => "UnknownError",
        }
    }
}

macro_rules! failures {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $name:ident;)+) => {
        /// Why a ceremony ended without a result (`docs/native-messaging.md`, *Errors*).
        ///
        /// Carries no data: nothing about the card, the person or the PIN can leave through it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Failure {
            $($(#[$doc])* $variant,)+
        }

        impl Failure {
            /// Every failure, in the order of the protocol's table.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The protocol's code.
            pub(crate) fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// What the page is told.
            pub(crate) fn exception(self) -> ExceptionName {
                match self { $(Self::$variant => ExceptionName::$name,)+ }
            }
        }
    };
}

failures! {
    /// The person, the page or the browser cancelled.
    Cancelled = "cancelled", NotAllowed;
    /// The person wants another authenticator for this request.
    OtherAuthenticator = "other-authenticator", NotAllowed;
    /// Nobody answered in the request's time.
    TimedOut = "timed-out", NotAllowed;
    /// No reader is connected.
    NoReader = "no-reader", NotAllowed;
    /// No card was presented.
    NoCard = "no-card", NotAllowed;
    /// The card lies there and does not answer.
    CardMute = "card-mute", NotAllowed;
    /// Two cards are presented; exactly one is needed.
    SeveralCards = "several-cards", NotAllowed;
    /// The card left during the ceremony.
    CardRemoved = "card-removed", NotAllowed;
    /// Another card than the one shown.
    CardChanged = "card-changed", NotAllowed;
    /// Another program holds the card.
    CardBusy = "card-busy", NotAllowed;
    /// The card refused a command it must know.
    CardUnsupported = "card-unsupported", NotAllowed;
    /// The card or reader answered with something unexpected.
    CardFailed = "card-failed", NotAllowed;
    /// The certificate expired and the request needs a valid one.
    CertificateExpired = "certificate-expired", NotAllowed;
    /// The PC/SC service does not answer.
    PcscNotRunning = "pcsc-not-running", NotAllowed;
    /// The PIN is locked.
    PinLocked = "pin-locked", NotAllowed;
    /// None of this card's credentials fits.
    NoCredential = "no-credential", NotAllowed;
    /// A credential of this card is already registered.
    Excluded = "excluded", InvalidState;
    /// The site accepts no algorithm this authenticator has.
    UnsupportedAlgorithm = "unsupported-algorithm", NotSupported;
    /// The RP ID is not the origin's.
    RpId = "rp-id", Security;
    /// The origin is missing, not HTTPS, or malformed.
    Origin = "origin", Security;
    /// A frame of another origin asked.
    CrossOrigin = "cross-origin", NotAllowed;
    /// The options are malformed.
    BadRequest = "bad-request", Type;
    /// The inputs of `prf` name a credential that the request does not allow.
    PrfInputs = "prf-inputs", Syntax;
    /// The request asks for what this authenticator cannot do.
    NotSupported = "not-supported", NotSupported;
    /// The credentials' store cannot be read or written.
    Storage = "storage", NotAllowed;
    /// A defect of this program.
    Internal = "internal", Unknown;
}

impl Failure {
    /// The failure with this code.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|failure| failure.code() == code)
    }
}

impl From<CardError> for Failure {
    fn from(error: CardError) -> Self {
        match error {
            CardError::PcscNotRunning => Self::PcscNotRunning,
            CardError::NoReader => Self::NoReader,
            CardError::NoCard => Self::NoCard,
            CardError::Mute => Self::CardMute,
            CardError::SeveralCards => Self::SeveralCards,
            CardError::Busy => Self::CardBusy,
            CardError::Removed => Self::CardRemoved,
            CardError::Changed => Self::CardChanged,
            CardError::Unsupported => Self::CardUnsupported,
            CardError::Failed => Self::CardFailed,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The protocol's document is the contract: its table and this one are the same.
    #[test]
    fn the_document_lists_exactly_these_failures() {
        let document = include_str!("../../../docs/native-messaging.md");
        let table: Vec<(&str, &str)> = document
            .split_once("### Errors")
            .unwrap()
            .1
            .lines()
            .filter_map(|line| {
                let mut cells = line.split('|').map(str::trim).skip(1);
                let code = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
                cells
                    .next()
                    .filter(|name| name.ends_with("Error"))
                    .map(|name| (code, name))
            })
            .collect();
        let ours: Vec<(&str, &str)> = Failure::ALL
            .iter()
            .map(|f| (f.code(), f.exception().as_str()))
            .collect();
        assert_eq!(table, ours);
    }
}
