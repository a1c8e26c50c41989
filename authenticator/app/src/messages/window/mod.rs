//! What the windows of the native prompt say.
//!
//! [`Phrase`] says *what* is said; `en` and `ja`, and the catalogue, say it. A phrase is one or more whole lines. What others wrote (names, RP IDs)
//! has been made fit to be shown before (`prompt::shown`).

mod en;
mod ja;

use super::terminal::{Problem, Text};
use super::{Language, Pair, Place};

impl Language {
    /// A phrase.
    pub(crate) fn phrase(self, phrase: &Phrase<'_>) -> String {
        match self {
            Language::English => en::phrase(phrase),
            Language::Japanese => ja::phrase(phrase),
        }
    }

    fn problem_in_window(self, problem: &Problem<'_>) -> String {
        self.in_window(&self.pair(&problem.message().at(Place::Window)))
    }

    /// What went wrong, and what to do, in a window.
    pub(crate) fn in_window(self, pair: &Pair) -> String {
        let code = self.text(&Text::Code(pair));
        format!("{}\n{}\n{code}", pair.what, pair.action)
    }

    /// A button's text.
    pub(crate) fn button(self, button: Button) -> &'static str {
        match self {
            Language::English => en::button(button),
            Language::Japanese => ja::button(button),
        }
    }
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phrase<'a> {
    /// Heading: a registration.
    Register,
    /// Heading: a sign-in.
    SignIn,
    /// Heading: one of them; the platform does not say which.
    RegisterOrSignIn,
    /// Heading: a program lists, changes and removes credentials.
    ManageCredentials,
    /// Heading: a program stores data for sites.
    StoreData,
    /// Heading: a program changes the settings of this authenticator.
    Configure,
    /// Heading: a program wants to know that somebody is here.
    Select,
    /// Heading: all credentials of the card are erased, and what that means.
    Reset,
    /// Heading: the card's PIN is changed to one that was typed elsewhere; tries left of the old one.
    ChangePin(u8),
    /// Which site asks.
    Site(&'a str),
    /// What the site calls itself.
    CallsItself(&'a str),
    /// Which account.
    Account(&'a str),
    /// The certificate goes to the site.
    CertificateShown,
    /// It does not, though the site would take it.
    CertificateNotShown,
    /// The credential's key is the card's own.
    CardKeyUsed,
    /// It could have been.
    CardKeyNotUsed,
    /// The card is in this reader.
    Reader(&'a str),
    /// Question: show the certificate? True if the site asks who the person is.
    ShowCertificate(bool),
    /// Question: use the card's own key? True if the site accepts nothing else.
    UseCardKey(bool),
    /// Question: remember the site?
    Remember,
    /// What is wrong, and what to do.
    Problem(Problem<'a>),
    /// How many tries are left.
    TriesLeft(u8),
    /// The PIN is entered on the reader's PIN pad.
    PinOnPad,
    /// Label of the field for the PIN.
    PinLabel,
    /// Question: which account? This is number so many of so many.
    ChooseAccount(usize, usize),
    /// When an account was registered.
    Registered(&'a str),
}

/// What is on a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Button {
    /// Ends it.
    Cancel,
    /// Goes on.
    Continue,
    /// There is nothing to decide.
    Close,
    /// Registers.
    Register,
    /// Signs in.
    SignIn,
    /// Shows the certificate.
    Show,
    /// Does not.
    DoNotShow,
    /// Uses the card's own key.
    UseCardKey,
    /// Does not.
    DoNotUseCardKey,
    /// Remembers the site.
    Remember,
    /// Does not.
    OnlyThisTime,
    /// Risks the last try.
    RiskIt,
    /// Does not.
    DoNotRiskIt,
    /// This account.
    ThisOne,
    /// Shows the next account.
    NextOne,
    /// Erases.
    Erase,
    /// Does not.
    DoNotErase,
    /// Changes the PIN.
    ChangePin,
    /// Does not.
    DoNotChangePin,
    /// Lets this authenticator be used.
    Use,
}

#[cfg(test)]
mod tests;
