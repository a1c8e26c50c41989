//! The disagreements that have an explanation.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

/// Two answers to one request that are not alike.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disagreement {
    pub case: String,
    pub ours: String,
    pub opensk: String,
}

/// Disagreements that have one explanation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    /// Names of cases; `*` stands for anything.
    cases: Vec<String>,
    /// The answers; `*` stands for anything.
    ours: String,
    opensk: String,
    /// Who is right, or why both are.
    because: String,
    /// Where it is written.
    #[serde(rename = "section")]
    _section: String,
}

impl Listed {
    fn pattern_for(&self, found: &Disagreement) -> Option<&String> {
        if !matches(&self.ours, &found.ours) || !matches(&self.opensk, &found.opensk) {
            return None;
        }
        self.cases.iter().find(|case| matches(case, &found.case))
    }
}

/// Fails unless every disagreement is listed in this file, and every listed one was found.
pub fn compare(file: &str, found: &BTreeSet<Disagreement>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let list: Vec<Listed> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for disagreement in found {
        let listed = list.iter().enumerate().find_map(|(index, listed)| {
            listed
                .pattern_for(disagreement)
                .map(|case| (index, case.clone()))
        });
        match listed {
            Some(listed) => drop(used.insert(listed)),
            None => wrong.push(format!(
                "not listed: {}\n  ours   {}\n  OpenSK {}",
                disagreement.case, disagreement.ours, disagreement.opensk
            )),
        }
    }
    for (index, listed) in list.iter().enumerate() {
        assert!(!listed.because.is_empty());
        for case in &listed.cases {
            if !used.contains(&(index, case.clone())) {
                wrong.push(format!(
                    "listed, but not so: {case} (ours {}, OpenSK {})",
                    listed.ours, listed.opensk
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {file}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Whether a name fits a pattern in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
