//! Documents name the tests that show what they say; so these must exist, and be called that.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::Path;

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
