//! What the program says to people: pairs of what happened and what to do, in English and Japanese.

mod en;
pub(crate) mod hid;
mod ja;
pub(crate) mod keeping;
mod program;
mod store;
pub(crate) mod terminal;
pub(crate) mod window;

use program::set_up_security_key;
pub(crate) use program::{note_program, program};
pub(crate) use store::explained as store_error;

use std::fmt;

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

/// What happened, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// What happened, as a sentence.
    pub(crate) happened: &'static str,
    /// What to do about it, as a sentence; empty if nothing needs to be done.
    pub(crate) remedy: &'static str,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.happened)?;
        if !self.remedy.is_empty() {
            write!(f, " {}", self.remedy)?;
        }
        Ok(())
    }
}

/// About a failed ceremony.
pub(crate) fn failure(language: Language, failure: Failure) -> Message {
    match language {
        Language::English => en::failure(failure),
        Language::Japanese => ja::failure(failure),
    }
}

/// About a connection that cannot go on.
pub(crate) fn fatal(language: Language, code: FatalCode) -> Message {
    match language {
        Language::English => en::fatal(code),
        Language::Japanese => ja::fatal(code),
    }
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
    fn every_failure_is_told_in_both_languages() {
        for &each in Failure::ALL {
            let (english, japanese) = (
                failure(Language::English, each),
                failure(Language::Japanese, each),
            );
            assert!(
                english.happened.is_ascii() && english.happened.ends_with('.'),
                "{each}"
            );
            assert!(
                japanese.happened.ends_with('。') && !japanese.happened.is_ascii(),
                "{each}"
            );
            assert_eq!(
                english.remedy.is_empty(),
                japanese.remedy.is_empty(),
                "{each}"
            );
        }
    }
}
