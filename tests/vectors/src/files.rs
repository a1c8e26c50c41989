//! Which files there are.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::ceremonies::Ceremonies;
use crate::model::{Assertion, Expected, ExpectedAssertion, Registration};
use crate::world::World;
use crate::{accepted, assertions, refused, rules};

/// Folders of which every file is written here.
const WRITTEN: [&str; 5] = [
    "certificates",
    "registrations/accepted",
    "registrations/refused",
    "assertions/accepted",
    "assertions/refused",
];

/// Contents by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

pub(crate) fn all(folder: &Path) -> Files {
    let world = World::new(folder);
    let installation = world.installation();
    let ceremonies = Ceremonies::new(&world, &installation);

    let mut files = Files::new();
    for anchor in world.anchors() {
        files.insert(anchor.file.to_owned(), anchor.certificate);
    }
    for card in [&world.card, &world.card_of_generation_2] {
        files.insert(card.certificate_file(), card.certificate.clone());
    }
    files.insert("rules.json".to_owned(), json(&rules::RULES));
    let registrations = [
        accepted::registrations(&world, &ceremonies),
        refused::registrations(&world, &ceremonies),
    ];
    for registration in registrations.concat() {
        let path = path_of_registration(&registration);
        assert!(
            files.insert(path.clone(), json(&registration)).is_none(),
            "{path} twice"
        );
    }
    let assertions = [
        assertions::accepted(&ceremonies),
        assertions::refused(&world, &ceremonies),
    ];
    for assertion in assertions.concat() {
        let path = path_of_assertion(&assertion);
        assert!(
            files.insert(path.clone(), json(&assertion)).is_none(),
            "{path} twice"
        );
    }
    files
}

fn path_of_registration(registration: &Registration) -> String {
    let outcome = match registration.expected {
        Expected::Accepted(_) => "accepted",
        Expected::Refused(_) => "refused",
    };
    format!("registrations/{outcome}/{}.json", registration.name)
}

fn path_of_assertion(assertion: &Assertion) -> String {
    let outcome = match assertion.expected {
        ExpectedAssertion::Accepted { .. } => "accepted",
        ExpectedAssertion::Refused(_) => "refused",
    };
    format!("assertions/{outcome}/{}.json", assertion.name)
}

fn json(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap();
    text.push(b'\n');
    text
}

pub(crate) fn write(folder: &Path, files: &Files) {
    for written in WRITTEN {
        let folder = folder.join(written);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
    }
    for (path, contents) in files {
        std::fs::write(folder.join(path), contents).unwrap();
    }
}

/// The paths whose contents are others, or that are there and should not be.
pub(crate) fn differing(folder: &Path, files: &Files) -> Vec<String> {
    let mut differing: Vec<String> = files
        .iter()
        .filter(|(path, contents)| {
            std::fs::read(folder.join(path)).ok().as_ref() != Some(*contents)
        })
        .map(|(path, _)| path.clone())
        .collect();
    for written in WRITTEN {
        for entry in std::fs::read_dir(folder.join(written)).unwrap() {
            let name = entry.unwrap().file_name();
            let path = format!("{written}/{}", name.to_str().unwrap());
            if !files.contains_key(&path) {
                differing.push(path);
            }
        }
    }
    differing
}
