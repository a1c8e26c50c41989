//! `docs/attestation-format.md` says what the vectors show: document and data cannot drift apart.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::collections::{BTreeMap, BTreeSet};
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

/// The members of the COSE key in a registration's authenticator data.
fn cose_key(vector: &Json) -> BTreeMap<i128, Cbor> {
    let auth_data = bytes(&vector["attestation"]["auth_data"]);
    let length = usize::from(u16::from_be_bytes([auth_data[53], auth_data[54]]));
    let key: Cbor = ciborium::from_reader(&auth_data[55 + length..]).unwrap();
    let members = key.as_map().unwrap().iter();
    members
        .map(|(label, value)| (label.as_integer().unwrap().into(), value.clone()))
        .collect()
}

/// A certificate's key as it is in its BIT STRING.
fn subject_public_key(certificate: &[u8]) -> Vec<u8> {
    use x509_cert::der::Decode;
    let certificate = x509_cert::Certificate::from_der(certificate).unwrap();
    let spki = certificate.tbs_certificate().subject_public_key_info();
    spki.subject_public_key.raw_bytes().to_vec()
}

/// The rows of a table, found by how its heading begins.
fn rows<'d>(section: &'d str, heading: &str) -> Vec<&'d str> {
    let table = &section[section.find(heading).unwrap()..];
    let rows = table.lines().skip(2);
    rows.take_while(|line| line.starts_with('|')).collect()
}

#[test]
fn the_kinds_of_credential_are_those_of_the_vectors() {
    let document = document();
    let section = section(&document, "Credential keys");
    let documented: BTreeSet<&str> = rows(section, "| kind |")
        .iter()
        .map(|row| quoted(row)[0])
        .collect();
    let accepted = vectors("registrations/accepted");
    let kind = |vector: &Json| vector["kind"].as_str().unwrap().to_owned();
    let used: BTreeSet<String> = accepted.iter().map(kind).collect();
    assert!(used.iter().eq(documented.iter()), "{used:?}");

    for vector in &accepted {
        let name = &vector["name"];
        let key = cose_key(vector);
        let certified = subject_public_key(&bytes(&vector["attestation"]["x5c"][0]));
        let part = |label| key[&label].as_bytes().unwrap().as_slice();
        let own = match key.len() {
            4 => certified
                .windows(part(-1).len())
                .any(|window| window == part(-1)),
            _ => certified.ends_with(&[part(-2), part(-3)].concat()),
        };
        assert_eq!(own, vector["kind"] == "card", "{name}");
        let said = &vector["expected"]["accepted"]["credential_key"];
        assert_eq!(said == "certificate", own, "{name}");
        // "It cannot be backed up (BE = BS = 0)."
        let flags = bytes(&vector["attestation"]["auth_data"])[32];
        assert!(!own || flags & 0x18 == 0, "{name}");
    }
}

/// Type, algorithm and number of other members in the document's table, and in the registrations whose key is not refused.
#[test]
fn credential_keys_are_those_of_the_vectors() {
    let document = document();
    let documented: BTreeSet<(i128, i128, usize)> =
        rows(section(&document, "Credential keys"), "| `kty` |")
            .iter()
            .map(|row| {
                let cells: Vec<&str> = row.split('|').map(str::trim).collect();
                let kty = cells[1].split(' ').next().unwrap().parse().unwrap();
                let alg: i128 = cells[2].strip_prefix('−').unwrap().parse().unwrap();
                (kty, -alg, quoted(cells[3]).len())
            })
            .collect();
    let mut found = BTreeSet::new();
    let refused = vectors("registrations/refused");
    let by_webauthn = refused
        .iter()
        .filter(|vector| vector["expected"]["refused"]["by"] == "webauthn");
    for vector in vectors("registrations/accepted").iter().chain(by_webauthn) {
        let key = cose_key(vector);
        let number = |label| i128::from(key[&label].as_integer().unwrap());
        found.insert((number(1), number(3), key.len() - 2));
        if number(1) == 3 {
            assert_eq!(key[&-2].as_bytes().unwrap(), &[1, 0, 1]);
            assert_ne!(key[&-1].as_bytes().unwrap()[0], 0);
        }
    }
    assert_eq!(documented, found);
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
