//! The same requests to OpenSK and to this project's authenticator: are the statuses and the shapes of the answers alike?
//! And can Firefox read each answer?
//!
//! Where they are not, one of the lists has to say why. A disagreement that is not listed fails the test, and so does
//! a listed one that no longer exists.
#![allow(
    dead_code,
    unused_imports,
    reason = "the world is that of the core's own tests, which use more of it"
)]

mod firefox;
mod item;
mod list;
mod mutations;
mod parties;
mod platform;
#[path = "../../../../../authenticator/core/tests/ctap/requests.rs"]
mod requests;
mod sequences;
mod shape;
mod side;
mod templates;
#[path = "../../../../../authenticator/core/tests/ctap/world/mod.rs"]
mod world;

use std::collections::BTreeSet;

use item::Item;
use list::Disagreement;
use platform::CHANNEL;
use side::Side;
use templates::Template;

/// The two, and whether they are as they were made.
struct Pair {
    opensk: Side,
    ours: Side,
}

impl Pair {
    fn new() -> Pair {
        Pair {
            opensk: Side::opensk(),
            ours: Side::ours(),
        }
    }

    /// A reset has to come soon after power-up.
    fn prepare(&mut self, template: &Template) {
        if template.command == 0x07 {
            for side in [&mut self.opensk, &mut self.ours] {
                side.party.power_up();
            }
        }
    }

    /// Sends both the same; true if either may have changed by it.
    fn ask(
        &mut self,
        template: &Template,
        case: &str,
        parameters: Option<&Item>,
        found: &mut BTreeSet<Disagreement>,
    ) -> bool {
        let mut answers = [&mut self.opensk, &mut self.ours].map(|side| {
            let token = side.token(template);
            let request = match parameters {
                Some(parameters) => side.fill(template.command, parameters, token.as_ref()),
                None => vec![template.command],
            };
            let response = side.party.send(CHANNEL, &request);
            firefox::reads(&request, &response);
            shape::of(&request, &response)
        });
        let [opensk, ours] = answers.each_mut().map(std::mem::take);
        // What counted as a wrong PIN, or succeeded in changing something.
        let changed = [&opensk, &ours]
            .into_iter()
            .any(|answer| match &answer[..4] {
                "0x31" | "0x32" | "0x34" => true,
                "0x00" => template.changes,
                _ => false,
            });
        if opensk != ours {
            found.insert(Disagreement {
                case: case.to_owned(),
                ours,
                opensk,
            });
        }
        changed
    }
}

#[test]
fn changed_requests_are_answered_alike() {
    let mut found = BTreeSet::new();
    let mut cases = 0;
    for template in templates::all() {
        let mut pair = Pair::new();
        pair.prepare(&template);
        let name = template.name;
        let changes = match &template.parameters {
            Some(parameters) => mutations::of(parameters),
            None => vec![(" and an empty map".to_owned(), Item::Raw(vec![0xA0]))],
        };
        let unchanged = (String::new(), template.parameters.clone());
        let changes = changes
            .into_iter()
            .map(|(change, item)| (change, Some(item)));
        for (change, parameters) in std::iter::once(unchanged).chain(changes) {
            let case = format!("{name}{change}");
            if pair.ask(&template, &case, parameters.as_ref(), &mut found) {
                pair = Pair::new();
                pair.prepare(&template);
            }
            cases += 1;
        }
    }
    assert!(cases > 3000, "only {cases} cases");
    list::compare("requests.json", &found);
}

#[test]
fn sequences_of_requests_are_answered_alike() {
    list::compare("sequences.json", &sequences::run());
}
