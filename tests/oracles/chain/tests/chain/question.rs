//! What the oracles are asked: the certificates of the test vectors, and one of J-LIS's test cards.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One certificate, with everything it takes to judge it.
pub struct Question {
    /// The vector, or the first of several with the same question.
    pub name: String,
    pub certificate: Vec<u8>,
    /// The pinned anchors of the profiles in use.
    pub anchors: Vec<Vec<u8>>,
    /// The policies of those profiles.
    pub policies: Vec<String>,
    /// Unix seconds.
    pub at: u64,
    /// Whether all of our rules about the certificate hold.
    pub accepted: bool,
}

#[derive(Deserialize)]
struct Registration {
    name: String,
    at: u64,
    profiles: Vec<String>,
    attestation: Option<Attestation>,
    expected: Expected,
}

#[derive(Deserialize)]
struct Attestation {
    #[serde(default)]
    x5c: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expected {
    Accepted {},
    Refused(Refused),
}

#[derive(Deserialize)]
struct Refused {
    rule: Option<String>,
}

/// The rules about the certificate: all steps of the verification procedure from 4 to 15.
#[derive(Deserialize)]
struct Rule {
    step: u8,
    rule: String,
}

#[derive(Deserialize)]
struct Profile {
    anchors: Vec<Anchor>,
    certificate: Certificate,
}

#[derive(Deserialize)]
struct Anchor {
    file: String,
}

#[derive(Deserialize)]
struct Certificate {
    policies: Vec<String>,
}

pub fn all() -> Vec<Question> {
    let rules: Vec<Rule> = serde_json::from_slice(&read("tests/vectors/rules.json")).unwrap();
    let mut questions = BTreeMap::new();
    for folder in ["registrations/accepted", "registrations/refused"] {
        let folder = root().join("tests/vectors").join(folder);
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        for path in paths {
            let vector: Registration =
                serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let Some([certificate]) = vector.attestation.as_ref().map(|it| it.x5c.as_slice())
            else {
                continue;
            };
            let certificate = hex::decode(certificate).unwrap();
            let key = (certificate.clone(), vector.at, vector.profiles.clone());
            let accepted = match &vector.expected {
                Expected::Accepted {} => true,
                Expected::Refused(refused) => rules
                    .iter()
                    .find(|rule| Some(&rule.rule) == refused.rule.as_ref())
                    .is_none_or(|rule| !(4..=15).contains(&rule.step)),
            };
            let question = question(vector, certificate, accepted);
            let first = questions.entry(key).or_insert(question);
            assert_eq!(first.accepted, accepted, "{}", path.display());
        }
    }
    let real = "relying-party/attestation/tests/fixtures/jpki-test-authentication.cer";
    let mut all: Vec<Question> = questions.into_values().collect();
    all.push(asked(
        "jlis_test_card",
        read(real),
        &["jpki-test".to_owned()],
        1_780_272_000,
        true,
    ));
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn question(vector: Registration, certificate: Vec<u8>, accepted: bool) -> Question {
    asked(
        &vector.name,
        certificate,
        &vector.profiles,
        vector.at,
        accepted,
    )
}

fn asked(
    name: &str,
    certificate: Vec<u8>,
    profiles: &[String],
    at: u64,
    accepted: bool,
) -> Question {
    let (mut anchors, mut policies) = (Vec::new(), Vec::new());
    for name in profiles {
        let folder = match name.as_str() {
            "jpki" | "jpki-test" => "relying-party/attestation/profiles",
            _ => "tests/vectors/profiles",
        };
        let text = read(&format!("{folder}/{name}.toml"));
        let profile: Profile = toml::from_str(std::str::from_utf8(&text).unwrap()).unwrap();
        for anchor in profile.anchors {
            anchors.push(read(&format!("{folder}/{}", anchor.file)));
        }
        policies.extend(profile.certificate.policies);
    }
    Question {
        name: name.to_owned(),
        certificate,
        anchors,
        policies,
        at,
        accepted,
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
