//! What the program says to people: pairs of what happened and what to do, in English and Japanese.

pub(crate) mod catalogue;
mod en;
pub(crate) mod hid;
mod ja;
pub(crate) mod keeping;
mod program;
mod store;
pub(crate) mod terminal;
pub(crate) mod window;

use catalogue::problems::*;
use catalogue::{Entry, Message};
pub(crate) use catalogue::{Pair, Place};
pub(crate) use program::{note_program, program};
use program::{restart_pcscd, set_up_security_key, start_pcscd};
pub(crate) use store::explained as store_error;

use crate::failure::Failure;
use crate::native_messaging::outgoing::FatalCode;

/// A language of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    English,
    /// Japanese.
    Japanese,
}

impl Language {
    /// The language for a BCP 47 tag, or a POSIX locale: Japanese, or else English.
    pub(crate) fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_', '.']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("ja") {
            Self::Japanese
        } else {
            Self::English
        }
    }

    /// The language of the environment: `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set.
    pub(crate) fn from_environment() -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(std::env::var_os)
            .find(|value| !value.is_empty())
            .map_or(Self::English, |value| {
                Self::from_tag(&value.to_string_lossy())
            })
    }
}

/// About a failed ceremony.
pub(crate) fn failure(language: Language, failure: Failure, place: Place) -> Pair {
    language.pair(&Message::of(entry(failure)).at(place))
}

/// Where in the catalogue a failure stands: under its own code.
fn entry(failure: Failure) -> &'static Entry {
    match failure {
        Failure::Cancelled => &CANCELLED,
        Failure::OtherAuthenticator => &OTHER_AUTHENTICATOR,
        Failure::TimedOut => &TIMED_OUT,
        Failure::NoReader => &NO_READER,
        Failure::NoCard => &NO_CARD,
        Failure::CardMute => &CARD_MUTE,
        Failure::SeveralCards => &SEVERAL_CARDS,
        Failure::CardRemoved => &CARD_REMOVED,
        Failure::CardChanged => &CARD_CHANGED,
        Failure::CardBusy => &CARD_BUSY,
        Failure::CardUnsupported => &CARD_UNSUPPORTED,
        Failure::CardFailed => &CARD_FAILED,
        Failure::CertificateExpired => &CERTIFICATE_EXPIRED,
        Failure::PcscNotRunning => &PCSC_NOT_RUNNING,
        Failure::PinLocked => &PIN_LOCKED,
        Failure::NoCredential => &NO_CREDENTIAL,
        Failure::Excluded => &EXCLUDED,
        Failure::UnsupportedAlgorithm => &UNSUPPORTED_ALGORITHM,
        Failure::RpId => &RP_ID,
        Failure::Origin => &ORIGIN,
        Failure::CrossOrigin => &CROSS_ORIGIN,
        Failure::BadRequest => &BAD_REQUEST,
        Failure::PrfInputs => &PRF_INPUTS,
        Failure::NotSupported => &NOT_SUPPORTED,
        Failure::Storage => &STORAGE,
        Failure::Internal => &INTERNAL,
    }
}

/// About a connection that cannot go on.
pub(crate) fn fatal(language: Language, code: FatalCode) -> Pair {
    language.pair(&Message::of(match code {
        FatalCode::ProtocolVersion => &HOST_VERSION,
        FatalCode::BadMessage => &BAD_MESSAGE,
        FatalCode::NotOurExtension => &NOT_OUR_EXTENSION,
    }))
}

/// The words of the history of disclosures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct History {
    /// The heading over the times.
    pub(crate) when: &'static str,
    /// The heading over what was disclosed.
    pub(crate) what: &'static str,
    /// The certificate.
    pub(crate) certificate: &'static str,
    /// The card's public key alone.
    pub(crate) card_key: &'static str,
    /// The heading over the sites.
    pub(crate) site: &'static str,
    /// When there is nothing to list.
    pub(crate) empty: &'static str,
}

/// The words of the history of disclosures.
pub(crate) fn history(language: Language) -> History {
    match language {
        Language::English => en::HISTORY,
        Language::Japanese => ja::HISTORY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environments_language_is_understood() {
        for (tag, language) in [
            ("ja", Language::Japanese),
            ("ja-JP", Language::Japanese),
            ("ja_JP.UTF-8", Language::Japanese),
            ("JA", Language::Japanese),
            ("jav", Language::English),
            ("en-GB", Language::English),
            ("C", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag}");
        }
    }

    #[test]
    fn every_failure_stands_under_its_own_code() {
        for &each in Failure::ALL {
            assert_eq!(entry(each).code, each.code());
            let [english, japanese] = [Language::English, Language::Japanese]
                .map(|language| failure(language, each, Place::Ceremony).to_string());
            assert!(!english.contains("  ") && !japanese.is_ascii(), "{english}");
        }
    }

    /// As prompts and windows wait for it, and as the log of a security key says that it waits.
    #[test]
    fn what_is_waited_for_is_said_whole() {
        use authenticator_core::CardError::*;

        let all = [
            PcscNotRunning,
            NoReader,
            NoCard,
            Mute,
            SeveralCards,
            Busy,
            Removed,
            Changed,
            Unsupported,
            Failed,
        ];
        let mendable = all.into_iter().filter(|error| error.can_be_mended());
        for each in mendable.map(Failure::from) {
            for place in [Place::Waiting, Place::Usual] {
                for language in [Language::English, Language::Japanese] {
                    let Pair { what, action, .. } = failure(language, each, place);
                    assert!(!what.is_empty() && !action.is_empty(), "{each:?}");
                }
            }
        }
    }
}
