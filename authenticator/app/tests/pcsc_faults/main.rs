//! Every command of every ceremony, with everything that can go wrong at it: through the real program, the real pcscd and the
//! practice card.
//!
//! | module | what it is |
//! |---|---|
//! | `ceremony` | the ceremonies, as data |
//! | `fault` | what goes wrong, and what may come of it |
//! | `death` | what another program can do with the card of a program that was killed
//! | `desk` | a computer with a reader and a card, and a person who does what they are told |
//!
//! First a ceremony is made undisturbed and the card's log tells its commands; then it is made again for each
//! command and each fault. Cases run on several desks at once, for most of their time is waiting.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod ceremony;
mod death;
mod desk;
mod fault;
#[path = "../host/mod.rs"]
mod host;

use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ceremony::CEREMONIES;
use desk::{Desk, Template};
use fault::{FAULTS, Fault, may_come_of};

/// More than there are processors: a case mostly waits for pcscd to notice something.
const DESKS: usize = 16;

/// Makes every case of a ceremony, on several desks at once.
fn every_fault_at_every_command(name: &str) {
    let ceremony = CEREMONIES
        .iter()
        .find(|ceremony| ceremony.name == name)
        .unwrap();
    let template = Template::make();
    let commands = Desk::at(&template).commands_of(ceremony);
    let cases: Vec<(usize, Fault)> = (0..commands.len())
        .flat_map(|at| FAULTS.iter().map(move |fault| (at, *fault)))
        .collect();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..DESKS {
            scope.spawn(|| {
                let mut desk = Desk::at(&template);
                while let Some(&(at, fault)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let command = commands[at];
                    let expected = may_come_of(command, fault, at + 1 == commands.len());
                    let made =
                        panic::catch_unwind(AssertUnwindSafe(|| desk.make(ceremony, at, fault)));
                    let outcome = match made {
                        Ok(outcome) if outcome.is(expected) => continue,
                        Ok(outcome) => outcome.to_string(),
                        Err(_) => {
                            mem::replace(&mut desk, Desk::at(&template)).give_up();
                            "see above".to_owned()
                        }
                    };
                    let case = format!("command {at} ({command:?}), {fault}: {outcome}");
                    wrong.lock().unwrap().push(case);
                }
            });
        }
    });
    println!("{name}: {} commands, {} cases", commands.len(), cases.len());
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

macro_rules! ceremonies {
    ($($test:ident: $name:literal;)+) => {
        $(
            #[test]
            fn $test() {
                every_fault_at_every_command($name);
            }
        )+

        #[test]
        fn every_ceremony_has_its_test() {
            let tested = [$($name),+];
            assert!(CEREMONIES.iter().map(|ceremony| ceremony.name).eq(tested));
        }
    };
}

ceremonies! {
    registering_a_pairwise_credential_without_attestation: "register pairwise, none";
    registering_a_pairwise_credential_with_self_attestation: "register pairwise, packed";
    registering_a_pairwise_credential_with_the_certificate: "register pairwise, eid-x509";
    registering_a_card_credential_without_attestation: "register card, none";
    registering_a_card_credential_with_self_attestation: "register card, packed";
    registering_a_card_credential_with_the_certificate: "register card, eid-x509";
    signing_in_with_a_named_pairwise_credential: "sign in pairwise, named";
    signing_in_with_a_chosen_pairwise_credential: "sign in pairwise, chosen";
    signing_in_after_a_wrong_pin: "sign in pairwise, a wrong PIN first";
    signing_in_with_a_card_credential: "sign in card, named";
    signing_in_with_a_card_credential_of_another_computer: "sign in card, elsewhere";
}
