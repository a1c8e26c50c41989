//! Makes `messages/problems.json` into constants. A text that is missing in a language, or has other blanks in one than in the other, fails the
//! build.
#![allow(clippy::panic, reason = "so a build script fails")]

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value};

const SOURCE: &str = "../../messages/problems.json";

/// Where another text than the usual one is needed, and what such a place is called in the program.
const PLACES: [(&str, &str); 6] = [
    ("ceremony", "Ceremony"),
    ("waiting", "Waiting"),
    ("idle", "Idle"),
    ("asking", "Asking"),
    ("window", "Window"),
    ("one", "One"),
];

fn main() {
    println!("cargo::rerun-if-changed={SOURCE}");
    let text = fs::read_to_string(SOURCE).unwrap_or_else(|error| panic!("{SOURCE}: {error}"));
    let source: Value =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{SOURCE}: {error}"));
    let mut made = String::new();
    for group in ["pages", "program"] {
        for (code, entry) in object(group, source.get(group).unwrap_or(&Value::Null)) {
            made.push_str(&constant(code, object(code, entry)));
        }
    }
    let folder = env::var_os("OUT_DIR").unwrap_or_else(|| panic!("cargo says where to"));
    let file = Path::new(&folder).join("problems.rs");
    fs::write(&file, made).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

/// The constant for an entry.
fn constant(code: &str, entry: &Map<String, Value>) -> String {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase());
    assert!(code.split('-').all(is_word), "{code}: words and hyphens");
    let mut made = format!(
        "/// `{code}`.\npub(crate) static {}: Entry = Entry {{\n    code: {code:?},\n    texts: &[\n",
        code.replace('-', "_").to_uppercase(),
    );
    let usual = [Words::of(code, entry, "en"), Words::of(code, entry, "ja")];
    for words in usual {
        assert!(!words.what.is_empty() && !words.action.is_empty(), "{code}");
    }
    line(&mut made, code, "Usual", usual);
    for (name, texts) in entry
        .iter()
        .filter(|(name, _)| !["en", "ja"].contains(&&***name))
    {
        let place = PLACES.iter().find(|(place, _)| place == name);
        let Some((_, place)) = place else {
            panic!("{code}: {name} is no place");
        };
        let texts = object(code, texts);
        let words = [
            Words::of(code, texts, "en").or(usual[0]),
            Words::of(code, texts, "ja").or(usual[1]),
        ];
        line(&mut made, code, place, words);
    }
    made.push_str("    ],\n};\n");
    made
}

/// One of an entry's texts, in both languages.
fn line(made: &mut String, code: &str, place: &str, [english, japanese]: [Words<'_>; 2]) {
    for (english, japanese) in [
        (english.what, japanese.what),
        (english.action, japanese.action),
    ] {
        assert_eq!(blanks(english), blanks(japanese), "{code}: {place}");
        assert!(!japanese.is_ascii(), "{code}: {place}");
    }
    let both = [english, japanese].map(|Words { what, action }| format!("({what:?}, {action:?})"));
    let written = writeln!(made, "        (Place::{place}, [{}]),", both.join(", "));
    written.unwrap_or_else(|error| panic!("{code}: {error}"));
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
