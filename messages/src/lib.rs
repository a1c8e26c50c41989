//! Makes `problems.json` into constants, for the build scripts of the programs that say what stands there.
//!
//! The whole file is looked at for each of them. A code that is there twice, a text that is missing in a language or has other blanks in one
//! than in the other, fails the build.
#![forbid(unsafe_code)]
#![allow(
    clippy::panic,
    clippy::print_stdout,
    reason = "so a build script fails, and speaks to cargo"
)]

mod groups;

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use groups::Groups;
use serde_json::{Map, Value};

/// The file.
const SOURCE: &str = include_str!("../problems.json");

/// What is no group: where each message appears, and the tests that show it.
const APPEARS: &str = "appears";

/// Where another text than the usual one is needed, and what such a place is called in a program.
const PLACES: [(&str, &str); 7] = [
    ("ceremony", "Ceremony"),
    ("waiting", "Waiting"),
    ("idle", "Idle"),
    ("asking", "Asking"),
    ("window", "Window"),
    ("one", "One"),
    ("similar", "Similar"),
];

/// What is said at a place.
#[derive(Debug)]
pub struct Text {
    /// The place as programs call it: `Usual`, or one of its own.
    pub place: &'static str,
    /// In English and Japanese: what happened, what to do.
    pub words: [(String, String); 2],
}

/// Writes `problems.rs` for a build script: for each code of `groups` a constant of the type `Entry`, whose member `code` is the code and
/// whose member `texts` is what `texts` makes of the texts, the usual one first.
pub fn write_constants(groups: &[&str], texts: impl Fn(&[Text]) -> String) {
    // The file is part of this crate: where it changes, so does the build script.
    println!("cargo::rerun-if-changed=build.rs");
    let made = constants(SOURCE, groups, texts);
    let folder = env::var_os("OUT_DIR").unwrap_or_else(|| panic!("cargo says where to"));
    let file = Path::new(&folder).join("problems.rs");
    fs::write(&file, made).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

fn constants(source: &str, wanted: &[&str], texts: impl Fn(&[Text]) -> String) -> String {
    let Groups(groups) = serde_json::from_str(source).unwrap_or_else(|error| panic!("{error}"));
    for name in wanted {
        assert!(groups.iter().any(|(group, _)| group == name), "{name}");
    }
    let mut seen = Vec::new();
    let mut made = String::new();
    for (group, entries) in groups.iter().filter(|(group, _)| group != APPEARS) {
        for (code, entry) in entries {
            assert!(!seen.contains(&code), "{code} is there twice");
            seen.push(code);
            let all = texts_of(code, object(code, entry));
            if wanted.contains(&&**group) {
                constant(&mut made, code, &texts(&all));
            }
        }
    }
    made
}

/// The constant for an entry.
fn constant(made: &mut String, code: &str, texts: &str) {
    let name = code.replace('-', "_").to_uppercase();
    writeln!(
        made,
        "/// `{code}`.\npub(crate) static {name}: Entry = Entry {{\n    code: {code:?},\n    texts: {texts},\n}};"
    )
    .unwrap_or_else(|error| panic!("{code}: {error}"));
}

/// What an entry says: as usual, and at each place that has words of its own.
fn texts_of(code: &str, entry: &Map<String, Value>) -> Vec<Text> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    assert!(code.split('-').all(is_word), "{code}: words and hyphens");
    let usual = [Words::of(code, entry, "en"), Words::of(code, entry, "ja")];
    for words in usual {
        assert!(!words.what.is_empty() && !words.action.is_empty(), "{code}");
    }
    let mut texts = vec![text(code, "Usual", usual)];
    for (name, said) in entry
        .iter()
        .filter(|(name, _)| !["en", "ja"].contains(&&***name))
    {
        let place = PLACES.iter().find(|(place, _)| place == name);
        let Some((_, place)) = place else {
            panic!("{code}: {name} is no place");
        };
        let said = object(code, said);
        let [english, japanese] = usual;
        let words = [
            Words::of(code, said, "en").or(english),
            Words::of(code, said, "ja").or(japanese),
        ];
        texts.push(text(code, place, words));
    }
    texts
}

/// One of an entry's texts, in both languages.
fn text(code: &str, place: &'static str, words: [Words<'_>; 2]) -> Text {
    let [english, japanese] = words;
    for (english, japanese) in [
        (english.what, japanese.what),
        (english.action, japanese.action),
    ] {
        assert_eq!(blanks(english), blanks(japanese), "{code}: {place}");
        assert!(!japanese.is_ascii(), "{code}: {place}");
    }
    let words = words.map(|Words { what, action }| (what.to_owned(), action.to_owned()));
    Text { place, words }
}

/// What happened and what to do; empty where it is as usual.
#[derive(Clone, Copy)]
struct Words<'a> {
    what: &'a str,
    action: &'a str,
}

impl<'a> Words<'a> {
    fn of(code: &str, texts: &'a Map<String, Value>, language: &str) -> Self {
        let Some(said) = texts.get(language) else {
            panic!("{code}: nothing in {language}");
        };
        let said = object(code, said);
        for member in said.keys() {
            assert!(["what", "do"].contains(&&**member), "{code}: {member}");
        }
        let text = |member| said.get(member).and_then(Value::as_str).unwrap_or_default();
        let (what, action) = (text("what"), text("do"));
        Self { what, action }
    }

    fn or(self, usual: Self) -> Self {
        let or = |one: &'a str, other| if one.is_empty() { other } else { one };
        let (what, action) = (or(self.what, usual.what), or(self.action, usual.action));
        Self { what, action }
    }
}

/// The names of a text's blanks, each once, in order.
fn blanks(text: &str) -> Vec<&str> {
    let parts = text.split('{').skip(1);
    let mut names: Vec<_> = parts
        .filter_map(|part| Some(part.split_once('}')?.0))
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn object<'a>(name: &str, value: &'a Value) -> &'a Map<String, Value> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("{name} is no object"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const ENTRY: &str = r#"{ "en": { "what": "Full: {path}.", "do": "Wait." }, "ja": { "what": "{path} は満杯です。", "do": "お待ちください。" } }"#;

    fn made(pages: &str, service: &str) -> Option<String> {
        let source = format!(
            r#"{{ "pages": {{ {pages} }}, "service": {{ {service} }}, "appears": {{ "full": {{ "in": [] }} }} }}"#
        );
        let made = || constants(&source, &["service"], |texts| format!("{texts:?}"));
        std::panic::catch_unwind(made).ok()
    }

    fn entry(code: &str) -> String {
        format!("\"{code}\": {ENTRY}")
    }

    #[test]
    fn a_program_has_the_constants_of_its_own_groups_only() {
        let made = made(&entry("full"), &entry("too-full")).unwrap();
        assert!(made.contains("static TOO_FULL: Entry"), "{made}");
        assert!(made.contains("\"too-full\""), "{made}");
        assert!(!made.contains("static FULL"), "{made}");
    }

    #[test]
    fn a_code_that_is_there_twice_does_not_build() {
        assert!(made(&entry("full"), &entry("empty")).is_some());
        assert!(made(&entry("full"), &entry("full")).is_none());
        let twice = format!("{}, {}", entry("full"), entry("full"));
        assert!(made("", &twice).is_none());
    }

    #[test]
    fn a_text_that_is_missing_or_has_other_blanks_does_not_build_whosever_it_is() {
        for (there, instead) in [
            ("what", "that"),
            ("\"ja\"", "\"de\""),
            ("お待ちください。", ""),
            ("お待ちください。", "Wait."),
            ("{path} は", "{folder} は"),
            ("{path} は", ""),
            ("\"en\": {", "\"nowhere\": {}, \"en\": {"),
        ] {
            let entry = entry("full").replace(there, instead);
            assert!(made(&entry, "").is_none(), "{entry}");
            assert!(made("", &entry).is_none(), "{entry}");
        }
        assert!(made("", &entry("Full")).is_none());
    }

    #[test]
    fn a_place_has_the_usual_words_where_it_has_none_of_its_own() {
        let asking =
            r#""asking": { "en": { "do": "Wait?" }, "ja": { "do": "待ちますか。" } }, "en""#;
        let made = made("", &entry("full").replacen("\"en\"", asking, 1)).unwrap();
        let words = r#"[("Full: {path}.", "Wait?"), ("{path} は満杯です。", "待ちますか。")]"#;
        assert!(
            made.contains(&format!("place: \"Asking\", words: {words}")),
            "{made}"
        );
    }
}
