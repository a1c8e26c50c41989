//! The catalogue of what can be said to have gone wrong: the group `service` of `messages/problems.json`.

use crate::web::language::Language;

/// The entries, by their codes.
pub(in crate::web) mod problems {
    use super::Entry;
    include!(concat!(env!("OUT_DIR"), "/problems.rs"));
}

/// An entry of the catalogue.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The code, without what stands before it where people see it.
    pub(in crate::web) code: &'static str,
    /// In English and Japanese: what happened, what to do.
    texts: [(&'static str, &'static str); 2],
}

/// An entry in one language.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Pair {
    /// Whose it is.
    pub(in crate::web) entry: &'static Entry,
    /// What happened.
    pub(in crate::web) what: &'static str,
    /// What to do.
    pub(in crate::web) action: &'static str,
}

/// What the pages' script says of its own knowledge.
pub(in crate::web) static SAID_BY_THE_SCRIPT: [&Entry; 7] = [
    &problems::NOT_COMPLETED,
    &problems::SIGN_IN_NOT_COMPLETED,
    &problems::ALREADY_HERE,
    &problems::BROWSER_UNSUPPORTED,
    &problems::NO_AUTHENTICATOR,
    &problems::REFUSED_BY_BROWSER,
    &problems::OFFLINE,
];

impl Entry {
    /// The code as people see it, can search for and quote: it says whose it is.
    pub(in crate::web) fn shown_code(&self) -> String {
        format!("JPKI-{}", self.code)
    }

    pub(in crate::web) const fn in_language(&'static self, language: Language) -> Pair {
        let [english, japanese] = self.texts;
        let (what, action) = match language {
            Language::English => english,
            Language::Japanese => japanese,
        };
        Pair {
            entry: self,
            what,
            action,
        }
    }
}
