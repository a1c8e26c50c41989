//! Documents name the tests that show what they say; so these must exist, and be called that.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Where the tests of a part are, and how one is introduced there.
fn part(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "card" => ("authenticator/card", "fn "),
        "core" => ("authenticator/core", "fn "),
        "app" => ("authenticator/app", "fn "),
        "attestation" => ("relying-party/attestation", "fn "),
        "server" => ("relying-party/server", "fn "),
        "extension" => ("browser-ext/tests", "test(\""),
        "e2e" => ("tests/e2e/cases", "name: \""),
        "kernel" => ("tests/e2e/kernel/cases", "name: \""),
        "fuzz" => ("tests/fuzz", "name = \""),
        "oracles" => ("tests/oracles", "fn "),
        _ => return None,
    })
}

/// All sources below a folder, in one text.
fn sources(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}")) {
        let path = entry.unwrap().path();
        let named = |extension: &str| path.extension().is_some_and(|found| found == extension);
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            sources(&path, text);
        } else if ["rs", "ts", "mjs", "toml"].into_iter().any(named) {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// Looks for every test that a document names; how many they are.
fn look_for_tests(document: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut named = 0;
    for quoted in document.split('`').skip(1).step_by(2) {
        let Some((part_name, test)) = quoted.split_once(": ") else {
            continue;
        };
        let Some((folder, introduction)) = part(part_name) else {
            continue;
        };
        let mut text = String::new();
        sources(&root.join(folder), &mut text);
        let ending = if introduction == "fn " { "(" } else { "\"" };
        let wanted = format!("{introduction}{test}{ending}");
        assert!(text.contains(&wanted), "{quoted}: there is no such test");
        named += 1;
    }
    named
}

#[test]
fn every_test_that_the_threat_model_names_exists() {
    let named = look_for_tests(include_str!("../../../docs/threat-model.md"));
    assert!(named > 50, "only {named} tests were found in the document");
}

#[test]
fn every_test_that_the_table_of_faults_names_exists() {
    let named = look_for_tests(include_str!("../../../docs/faults.md"));
    assert!(named > 10, "only {named} tests were found in the document");
}

#[test]
fn every_test_that_the_table_of_conformance_names_exists() {
    let document = include_str!("../../../docs/conformance.md");
    let named = look_for_tests(document);
    assert!(named > 30, "only {named} tests were found in the document");
    // Whatever is claimed names a test.
    let claimed = document
        .split("## What is done otherwise")
        .next()
        .unwrap_or_default();
    let lines: Vec<&str> = claimed.lines().collect();
    let is_heading = |row: &[&str]| row[1].starts_with("|---");
    let rows = lines.windows(2).filter(|row| row[0].starts_with("| "));
    for row in rows.filter(|row| !is_heading(row)).map(|row| row[0]) {
        let shown_by = row
            .trim_end_matches(" |")
            .rsplit(" | ")
            .next()
            .unwrap_or_default();
        assert!(shown_by.contains("`"), "nothing shows this: {row}");
    }
}

#[test]
fn every_test_that_the_table_of_web_platform_tests_names_exists() {
    let document = include_str!("../../../docs/web-platform-tests.md");
    let named = look_for_tests(document);
    assert!(named > 50, "only {named} tests were found in the document");
    let rows = document.lines().filter(|line| line.starts_with("| `"));
    let files: Vec<_> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    assert!(
        files.len() > 50,
        "only {} files are in the list",
        files.len()
    );
    for (at, file) in files.iter().enumerate() {
        assert!(!files[..at].contains(file), "{file} is there twice");
    }
}

/// The code stands in the test that is to make it appear: as people see it, or in quotation marks as the protocols say it. A word
/// that happens to be a code is none.
fn is_seen_by(code: &str, quoted: &str) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (part_name, test) = quoted.split_once(": ").unwrap();
    let (folder, introduction) = part(part_name).unwrap();
    let mut text = String::new();
    sources(&root.join(folder), &mut text);
    let ending = if introduction == "fn " { "(" } else { "\"" };
    let (_, body) = text
        .split_once(&format!("{introduction}{test}{ending}"))
        .unwrap_or_else(|| panic!("{quoted}: there is no such test"));
    let next = match introduction {
        "fn " => "#[test]",
        "test(\"" => "\ntest(",
        _ => "\n    name: \"",
    };
    let body = body.split(next).next().unwrap_or_default();
    let ends = |after: &str| !after.starts_with(|c: char| c.is_ascii_lowercase() || c == '-');
    body.match_indices(code).any(|(at, _)| {
        let (before, after) = (&body[..at], &body[at + code.len()..]);
        let quoted = |mark: char| before.ends_with(mark) && after.starts_with(mark);
        before.ends_with("JPKI-") && ends(after) || quoted('"') || quoted('\'')
    })
}

#[test]
fn a_test_that_says_nothing_of_a_code_does_not_show_it() {
    // The word is in it, and in the next one; the code is not.
    let named = "extension: a program that never answers does not make the page wait for ever";
    assert!(is_seen_by("timed-out", named));
    for other in ["page", "program", "cancelled"] {
        assert!(!is_seen_by(other, named), "{other}");
    }
}

const ERRORS: &str = "../../docs/errors.md";

/// Every code of the catalogue, what is said under it, where, and which test makes it appear.
fn errors() -> String {
    let catalogue: Value =
        serde_json::from_str(include_str!("../../../messages/problems.json")).unwrap();
    let mut entries: Vec<(&String, &Value)> = ["pages", "program", "service"]
        .into_iter()
        .flat_map(|group| catalogue[group].as_object().unwrap())
        .collect();
    entries.sort_by_key(|(code, _)| *code);
    let mut text = String::from(
        "# Errors\n\nEvery message about something that went wrong, by the code that stands beside it: what happened, and what to do. A code says nothing about a person, a card or a site.\n\n\
         Written from [messages/problems.json](../messages/problems.json) ([decision 0055](decisions/0055-one-catalogue-of-problems.md)) by `WRITE_DOCUMENTS=1 cargo test -p authenticator-core --test documents`.\n\
         What stands in braces is filled in where it is said. *Shown by* names the tests that make it appear, as in [the threat model](threat-model.md).\n",
    );
    for (code, entry) in entries {
        let appears = &catalogue["appears"][code];
        let list = |member: &str| {
            let list = appears[member].as_array();
            let list = list.unwrap_or_else(|| panic!("{code} has no {member}"));
            assert!(!list.is_empty(), "{code} has no {member}");
            let list = list.iter().map(|each| each.as_str().unwrap());
            list.collect::<Vec<_>>()
        };
        let places = list("in").into_iter().map(|place| match place {
            "prompt" => "the extension’s prompt",
            "popup" => "the extension’s popup and options page",
            "window" => "the system’s windows",
            "terminal" => "the terminal",
            "log" => "the log",
            "service" => "the relying party’s pages",
            "api" => "its JSON answers",
            _ => panic!("{code}: {place} is no place"),
        });
        let places = places.collect::<Vec<_>>().join(", ");
        writeln!(text, "\n## JPKI-{code}\n").unwrap();
        said(&mut text, "", entry, entry);
        // Their order is the file's or the alphabet's, by what else is built.
        let mut said_at: Vec<_> = entry.as_object().unwrap().iter().collect();
        said_at.sort_by_key(|(place, _)| *place);
        for (place, words) in said_at {
            let place = match place.as_str() {
                "en" | "ja" => continue,
                "ceremony" => "At the end of a ceremony: ",
                "waiting" => "While it waits: ",
                "idle" => "In popup and options page: ",
                "asking" => "With a question: ",
                "window" => "In a window of the system: ",
                "one" => "Of one: ",
                "similar" => "Where something of a similar name is there: ",
                _ => panic!("{code}: {place}"),
            };
            said(&mut text, place, words, entry);
        }
        let tests: Vec<_> = list("tests")
            .iter()
            .map(|test| format!("`{test}`"))
            .collect();
        writeln!(text, "- *In*: {places}. *Shown by*: {}", tests.join(" ")).unwrap();
    }
    text
}

/// A pair, in both languages; what it leaves out is as usual.
fn said(text: &mut String, place: &str, words: &Value, usual: &Value) {
    for language in ["en", "ja"] {
        let word = |member: &str| {
            let own = words[language].get(member);
            let word = own.unwrap_or(&usual[language][member]).as_str().unwrap();
            word.replace('\n', " ")
        };
        let place = if language == "en" { place } else { "" };
        writeln!(text, "- {place}**{}** {}", word("what"), word("do")).unwrap();
    }
}

#[test]
fn the_list_of_errors_is_what_the_catalogue_says_and_each_has_a_test_that_makes_it_appear() {
    let errors = errors();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(ERRORS);
    if std::env::var_os("WRITE_DOCUMENTS").is_some() {
        fs::write(&path, &errors).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == errors,
        "docs/errors.md is out of date: WRITE_DOCUMENTS=1 cargo test -p authenticator-core --test documents"
    );
    let mut code = "";
    let mut tests = 0;
    for line in errors.lines() {
        code = line.strip_prefix("## JPKI-").unwrap_or(code);
        let shown_by = line
            .split_once("*Shown by*: ")
            .map_or("", |(_, tests)| tests);
        for quoted in shown_by.split('`').skip(1).step_by(2) {
            assert!(is_seen_by(code, quoted), "{quoted} does not see {code}");
            tests += 1;
        }
    }
    assert!(tests > 150, "only {tests} tests");
    let catalogue: Value =
        serde_json::from_str(include_str!("../../../messages/problems.json")).unwrap();
    for code in catalogue["appears"].as_object().unwrap().keys() {
        assert!(errors.contains(&format!("## JPKI-{code}\n")), "{code}");
    }
}
