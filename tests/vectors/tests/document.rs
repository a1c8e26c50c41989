//! `docs/attestation-format.md` says what the vectors show: document and data cannot drift apart.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ciborium::Value as Cbor;
use serde_json::Value as Json;

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn document() -> String {
    std::fs::read_to_string(here().join("../../docs/attestation-format.md")).unwrap()
}

/// The text between a heading and the next one of its level.
fn section<'d>(document: &'d str, heading: &str) -> &'d str {
    let start = document
        .find(&format!("## {heading}\n"))
        .unwrap_or_else(|| panic!("the document has no section {heading}"));
    let rest = &document[start + 3..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The number that follows `before`, written with spaces between thousands.
fn number_after(text: &str, before: &str) -> usize {
    let start = text.find(before).unwrap() + before.len();
    let digits = text[start..]
        .chars()
        .take_while(|c| c.is_ascii_digit() || c.is_whitespace())
        .filter(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap()
}

fn vectors(folder: &str) -> Vec<Json> {
    let entries = std::fs::read_dir(here().join(folder)).unwrap();
    let paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    assert!(!paths.is_empty());
    paths
        .iter()
        .map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
        .collect()
}

fn bytes(json: &Json) -> Vec<u8> {
    hex::decode(json.as_str().unwrap()).unwrap()
}

/// A map's keys in the order in which they are encoded, and their values.
fn members(map: &Cbor) -> Vec<(&str, &Cbor)> {
    map.as_map()
        .unwrap()
        .iter()
        .map(|(key, value)| (key.as_text().unwrap(), value))
        .collect()
}

fn names<'m>(members: &[(&'m str, &Cbor)]) -> Vec<&'m str> {
    members.iter().map(|(name, _)| *name).collect()
}

/// The attestation objects that a relying party accepts.
fn accepted_objects() -> Vec<Vec<u8>> {
    let vectors = vectors("registrations/accepted");
    vectors
        .iter()
        .map(|vector| bytes(&vector["attestation_object"]))
        .collect()
}

#[test]
fn the_format_identifier_is_that_of_the_vectors() {
    let document = document();
    let row = document
        .lines()
        .find(|line| line.contains("Attestation statement format identifier |"))
        .unwrap();
    let [identifier] = quoted(row)[..] else {
        panic!("{row}")
    };
    let syntax = section(&document, "Syntax");
    assert!(syntax.contains(&format!("fmt: \"{identifier}\"")));
    let template = section(
        &document,
        "IANA considerations: registration template (RFC 8809 §2.1)",
    );
    assert!(template.contains(&format!(
        "WebAuthn Attestation Statement Format Identifier:** {identifier}\n"
    )));
    for object in accepted_objects() {
        let object: Cbor = ciborium::from_reader(object.as_slice()).unwrap();
        assert_eq!(members(&object)[0].1.as_text(), Some(identifier));
    }
}

#[test]
fn members_and_their_order_are_those_of_the_vectors() {
    let document = document();
    let syntax = section(&document, "Syntax");

    let start = syntax.find("eidX509StmtFormat = {").unwrap();
    let grammar = &syntax[start..start + syntax[start..].find('}').unwrap()];
    let in_grammar: Vec<&str> = grammar
        .lines()
        .skip(1)
        .map(|line| line.trim().split(':').next().unwrap())
        .collect();
    let order = &syntax[syntax.find("keys of the map are in the order").unwrap()..];
    let in_order = quoted(order.split('.').next().unwrap());
    let (of_statement, of_object) = in_order.split_at(3);
    assert_eq!(in_grammar, of_statement);

    for object in accepted_objects() {
        let object: Cbor = ciborium::from_reader(object.as_slice()).unwrap();
        let object = members(&object);
        assert_eq!(names(&object), of_object);
        let statement = members(object[1].1);
        assert_eq!(names(&statement), of_statement);
        assert!(statement[0].1.is_integer());
        assert!(statement[1].1.is_bytes());
        let certificates = statement[2].1.as_array().unwrap();
        assert_eq!(certificates.len(), 1, "x5c has exactly one element");
        assert!(certificates[0].is_bytes());
    }
}

#[test]
fn the_algorithms_are_those_of_the_vectors() {
    let document = document();
    let documented: BTreeSet<i64> = section(&document, "Syntax")
        .lines()
        .filter_map(|line| line.strip_prefix("| −"))
        .map(|row| -row.split(' ').next().unwrap().parse::<i64>().unwrap())
        .collect();
    let used: BTreeSet<i64> = vectors("registrations/accepted")
        .iter()
        .map(|vector| vector["attestation"]["alg"].as_i64().unwrap())
        .collect();
    assert_eq!(documented, used);
}

#[test]
fn the_size_caps_are_those_of_the_vectors() {
    let document = document();
    let procedure = section(&document, "Verification procedure");
    let largest_object = number_after(procedure, "The attestation object has at most ");
    let largest_certificate = number_after(procedure, "The certificate has at most ");

    let objects = accepted_objects();
    let sizes = objects.iter().map(Vec::len);
    assert_eq!(sizes.max(), Some(largest_object));
    let certificate = |vector: &Json| bytes(&vector["attestation"]["x5c"][0]).len();
    let accepted = vectors("registrations/accepted");
    assert_eq!(
        accepted.iter().map(certificate).max(),
        Some(largest_certificate)
    );

    // And one byte more is refused.
    let refused = |name: &str| {
        let path = here().join(format!("registrations/refused/{name}.json"));
        serde_json::from_slice::<Json>(&std::fs::read(path).unwrap()).unwrap()
    };
    let object = refused("attestation_object_one_byte_too_large");
    assert_eq!(
        bytes(&object["attestation_object"]).len(),
        largest_object + 1
    );
    let with_certificate = refused("certificate_one_byte_too_large");
    assert_eq!(certificate(&with_certificate), largest_certificate + 1);
}

/// The steps of the verification procedure, each with the rules that it names at its end.
fn steps(procedure: &str) -> Vec<(u64, Vec<String>)> {
    let mut steps: Vec<String> = Vec::new();
    for line in procedure.lines() {
        let number = line.split_once(". ").map(|(number, _)| number);
        if number.is_some_and(|number| number.parse::<u64>().is_ok()) {
            steps.push(line.to_owned());
        } else if let (Some(step), true) = (steps.last_mut(), line.starts_with("  ")) {
            step.push_str(line);
        }
    }
    let rules = |(step, number): (&String, u64)| {
        assert!(step.starts_with(&format!("{number}. ")), "{step}");
        let parenthesis = &step[step.rfind('(').unwrap()..];
        let rules = quoted(parenthesis).into_iter().map(str::to_owned);
        (number, rules.collect())
    };
    steps.iter().zip(1..).map(rules).collect()
}

#[test]
fn the_rules_and_their_order_are_those_of_the_list() {
    let document = document();
    let documented = steps(section(&document, "Verification procedure"));
    let list: Vec<Json> =
        serde_json::from_slice(&std::fs::read(here().join("rules.json")).unwrap()).unwrap();
    let mut listed: Vec<(u64, Vec<String>)> = Vec::new();
    for rule in &list {
        let step = rule["step"].as_u64().unwrap();
        let name = rule["rule"].as_str().unwrap().to_owned();
        match listed.last_mut() {
            Some((last, rules)) if *last == step => rules.push(name),
            _ => listed.push((step, vec![name])),
        }
    }
    assert_eq!(documented, listed);
}

/// A link in the document to the data, and one sentence about each vector.
#[test]
fn every_vector_says_why() {
    assert!(document().contains("`tests/vectors/`"));
    for folder in [
        "registrations/accepted",
        "registrations/refused",
        "assertions/accepted",
        "assertions/refused",
    ] {
        for vector in vectors(folder) {
            let about = vector["about"].as_str().unwrap();
            assert!(about.ends_with('.'), "{}: {about}", vector["name"]);
        }
    }
}

/// The README's numbers of files.
#[test]
fn the_readme_counts_right() {
    let readme = std::fs::read_to_string(here().join("README.md")).unwrap();
    let count = |folder| vectors(folder).len();
    for row in [
        format!(
            "| `registrations/accepted/` | {} |",
            count("registrations/accepted")
        ),
        format!(
            "| `registrations/refused/` | {} |",
            count("registrations/refused")
        ),
        format!(
            "| `assertions/accepted/`, `assertions/refused/` | {}, {} |",
            count("assertions/accepted"),
            count("assertions/refused")
        ),
    ] {
        assert!(readme.contains(&row), "README.md lacks {row}");
    }
}
