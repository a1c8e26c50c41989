//! The catalogue of what can be said to have gone wrong: `messages/problems.json`, which the browser extension reads too.

use std::borrow::Cow;
use std::fmt;

use eid_card::Operation;

use super::terminal::Date;
use super::{Language, program, restart_pcscd, set_up_security_key, start_pcscd};

/// The catalogue's entries, by their codes.
pub(crate) mod problems {
    #![allow(dead_code, reason = "some are said by the extension alone")]
    use super::{Entry, Place};
    include!(concat!(env!("OUT_DIR"), "/problems.rs"));
}

/// An entry of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The code, without what stands before it where people see it.
    pub(crate) code: &'static str,
    /// By place, in English and Japanese: what happened, what to do. The first is the usual one.
    texts: &'static [(Place, [(&'static str, &'static str); 2])],
}

/// Where something is said: some places need other words than the usual ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "some are the extension's")]
pub(crate) enum Place {
    /// At a terminal; and everywhere that has no words of its own.
    Usual,
    /// At the end of a ceremony that a site began.
    Ceremony,
    /// While a ceremony waits for the person to put it right.
    Waiting,
    /// In the extension's popup and options page.
    Idle,
    /// With a question of a ceremony.
    Asking,
    /// The same in a window of the system, whose lines are short.
    Window,
    /// Of one thing instead of several.
    One,
    /// Where something of a similar name is there.
    Similar,
}

/// Something to be said: an entry of the catalogue, and what its blanks are filled with.
#[derive(Debug)]
pub(crate) struct Message<'a> {
    entry: &'static Entry,
    place: Place,
    blanks: Vec<(&'static str, Blank<'a>)>,
}

/// What fills a blank.
#[derive(Debug)]
enum Blank<'a> {
    /// This text.
    Text(Cow<'a, str>),
    /// More about it, if there is more, in whatever way the language adds it to a sentence.
    Detail(&'a str),
    /// A day.
    Day(Date),
    /// What the card was asked.
    Operation(Operation),
}

/// What happened, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The code in the catalogue.
    pub(crate) code: &'static str,
    /// What happened: one sentence.
    pub(crate) what: String,
    /// What to do: one or two sentences.
    pub(crate) action: String,
}

impl Pair {
    /// The code as people see it, can search for and quote: it says whose it is.
    pub(crate) fn shown_code(&self) -> String {
        format!("JPKI-{}", self.code)
    }
}

/// In a line of a log.
impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, action, .. } = self;
        write!(f, "[{}] {what} {action}", self.shown_code())
    }
}

impl<'a> Message<'a> {
    /// The usual words of an entry.
    pub(crate) fn of(entry: &'static Entry) -> Self {
        Self {
            entry,
            place: Place::Usual,
            blanks: Vec::new(),
        }
    }

    /// As it is said there.
    pub(crate) fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Fills a blank with a text.
    pub(crate) fn with(self, name: &'static str, text: impl Into<Cow<'a, str>>) -> Self {
        self.filled(name, Blank::Text(text.into()))
    }

    /// Fills the blank `detail`.
    pub(crate) fn detail(self, detail: &'a str) -> Self {
        self.filled("detail", Blank::Detail(detail))
    }

    /// Fills the blank `day`.
    pub(crate) fn day(self, day: Date) -> Self {
        self.filled("day", Blank::Day(day))
    }

    /// Fills the blank `operation`.
    pub(crate) fn operation(self, operation: Operation) -> Self {
        self.filled("operation", Blank::Operation(operation))
    }

    fn filled(mut self, name: &'static str, blank: Blank<'a>) -> Self {
        self.blanks.push((name, blank));
        self
    }

    fn blank(&self, name: &str, language: Language) -> Option<Cow<'_, str>> {
        // What every text may name.
        match name {
            "program" => return Some(program().into()),
            "set-up" => return Some(set_up_security_key().into()),
            "start-pcscd" => return Some(start_pcscd().into()),
            "restart-pcscd" => return Some(restart_pcscd().into()),
            _ => {}
        }
        let (_, blank) = self.blanks.iter().find(|(known, _)| *known == name)?;
        Some(blank.written(language))
    }

    /// Fills the blanks of a text. What fills them is not looked at again.
    fn fill(&self, text: &str, language: Language) -> String {
        let mut parts = text.split('{');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or(("", part));
            let filling = self.blank(name, language);
            // Whatever the tests have said leaves none empty.
            #[cfg(test)]
            assert!(filling.is_some(), "{}: {{{name}}}", self.entry.code);
            filled.push_str(&filling.unwrap_or_default());
            filled.push_str(rest);
        }
        filled
    }
}

impl Blank<'_> {
    fn written(&self, language: Language) -> Cow<'_, str> {
        match (self, language) {
            (Self::Text(text), _) => text.as_ref().into(),
            (Self::Detail(""), _) => "".into(),
            (Self::Detail(detail), Language::English) => {
                format!(": {}", detail.trim_end_matches('.')).into()
            }
            (Self::Detail(detail), Language::Japanese) => {
                format!("({})", detail.trim_end_matches('.')).into()
            }
            (Self::Day(day), _) => day.written(language).into(),
            (Self::Operation(operation), Language::English) => operation.to_string().into(),
            (Self::Operation(operation), Language::Japanese) => in_japanese(*operation).into(),
        }
    }
}

fn in_japanese(operation: Operation) -> &'static str {
    match operation {
        Operation::Select => "公的個人認証の選択",
        Operation::ReadCertificate => "電子証明書の読み出し",
        Operation::ReadTokenInfo => "カードの種類の読み出し",
        Operation::ReadTries => "残り回数の読み出し",
        Operation::VerifyPin => "暗証番号の照合",
        Operation::ChangePin => "暗証番号の変更",
        Operation::SignSha256 => "署名(SHA-256)",
        Operation::SignSha512 => "署名(SHA-512)",
    }
}

impl Language {
    /// The pair for a message.
    pub(crate) fn pair(self, message: &Message<'_>) -> Pair {
        let Message { entry, place, .. } = message;
        let texts = entry.texts;
        let here = texts.iter().find(|(known, _)| known == place);
        let [english, japanese] = here
            .or(texts.first())
            .map_or([("", ""); 2], |(_, both)| *both);
        let (what, action) = match self {
            Self::English => english,
            Self::Japanese => japanese,
        };
        Pair {
            code: entry.code,
            what: message.fill(what, self),
            action: message.fill(action, self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fills_a_blank_is_not_taken_for_a_blank() {
        let message = Message::of(&problems::COMMAND_FAILED)
            .with("command", "echo {error} {program}")
            .with("error", "{command}");
        let pair = Language::English.pair(&message);
        assert_eq!(pair.what, "`echo {error} {program}` failed: {command}.");
    }

    #[test]
    #[should_panic(expected = "command-failed: {error}")]
    fn a_blank_that_nobody_fills_is_noticed_in_tests() {
        let message = Message::of(&problems::COMMAND_FAILED).with("command", "echo");
        Language::English.pair(&message);
    }

    #[test]
    fn a_place_without_words_of_its_own_has_the_usual_ones() {
        let message = |place| Message::of(&problems::PIN_LOCKED).at(place);
        let usual = Language::English.pair(&message(Place::Usual));
        assert_eq!(Language::English.pair(&message(Place::Ceremony)), usual);
        assert_eq!(usual.shown_code(), "JPKI-pin-locked");
    }
}
