//! Asks OpenSSL, `rustls-webpki` and `certval` about the certificate of every test vector: does it chain to an anchor of the
//! profiles in use, at that time, for client authentication under the profile's policy?
//!
//! Where an oracle and `eid-attestation` disagree, `disagreements.json` has to name the vector and
//! `docs/decisions/0031-oracles-on-the-chain.md` has to say why. A disagreement that is not listed fails the test, and so does
//! a listed one that no longer exists.

mod by_certval;
mod by_openssl;
mod by_webpki;
mod question;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use question::Question;
use serde::Deserialize;

/// An oracle's answer: the reason, if it refuses.
type Answer = Result<(), String>;

type Oracle = (&'static str, fn(&Question) -> Answer);

const ORACLES: [Oracle; 3] = [
    ("openssl", by_openssl::ask),
    ("webpki", by_webpki::ask),
    ("certval", by_certval::ask),
];

/// Disagreements of one oracle that have one explanation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    oracle: String,
    /// What the oracle does where we do the opposite: `accepts` or `refuses`.
    does: String,
    because: String,
    vectors: Vec<String>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Disagreement {
    oracle: String,
    does: String,
    vector: String,
}

#[test]
fn every_disagreement_is_listed_and_every_listed_one_exists() {
    let questions = question::all();
    assert!(questions.len() > 60, "{} questions", questions.len());

    let mut found = BTreeMap::new();
    for question in &questions {
        for (oracle, ask) in ORACLES {
            let answer = ask(question);
            if answer.is_ok() != question.accepted {
                let disagreement = Disagreement {
                    oracle: oracle.to_owned(),
                    does: if answer.is_ok() { "accepts" } else { "refuses" }.to_owned(),
                    vector: question.name.clone(),
                };
                found.insert(disagreement, answer.err().unwrap_or_default());
            }
        }
    }

    let mut listed = BTreeSet::new();
    for group in list() {
        for vector in group.vectors {
            let disagreement = Disagreement {
                oracle: group.oracle.clone(),
                does: group.does.clone(),
                vector,
            };
            assert!(
                listed.insert(disagreement),
                "a disagreement is listed twice"
            );
        }
    }
    let mut wrong = Vec::new();
    for (disagreement, reason) in &found {
        if !listed.contains(disagreement) {
            wrong.push(format!("not listed: {disagreement} ({reason})"));
        }
    }
    for disagreement in &listed {
        if !found.contains_key(disagreement) {
            wrong.push(format!("listed, but not so: {disagreement}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_explanation_is_in_the_decision_record() {
    let record = read("../../../docs/decisions/0031-oracles-on-the-chain.md");
    let mut explained = BTreeSet::new();
    for group in list() {
        let heading = format!("\n### `{}`", group.because);
        assert!(record.contains(&heading), "no explanation {heading}");
        explained.insert(group.because);
    }
    for heading in record.lines().filter_map(|line| line.strip_prefix("### `")) {
        let name = heading.split('`').next().unwrap();
        assert!(explained.contains(name), "{name} explains nothing");
    }
}

fn list() -> Vec<Listed> {
    serde_json::from_str(&read("disagreements.json")).unwrap()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.oracle, self.does, self.vector)
    }
}
