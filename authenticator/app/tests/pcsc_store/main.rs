//! Every system call by which the store is written, with everything that can go wrong at it: through the real program, in whole
//! ceremonies with the real pcscd and the practice card.
//!
//! First a ceremony is made under `strace`, which tells the calls; then it is made again for each of them, and `strace` kills
//! the program before the call, or has the call fail. (What is on the disk after a call is what is there before the next one, so
//! "killed after each" is "killed before the next"; after the last one the program has ended anyway.)
//!
//! | module | what it is |
//! |---|---|
//! | `calls` | the system calls of a ceremony |
//! | `disks` | a disk that is full, or that cannot be written |

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

mod calls;
mod disks;
#[path = "../host/mod.rs"]
mod host;

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use calls::{Call, Mishap, calls_in, recorded, struck};
use host::bench::{Bench, assert_signed_in, card_of, person, pins_in};
use host::{Computer, Host, ORIGIN, creation_options, request_options, with};
use serde_json::{Value, json};

const PERSON: &str = "p01";
/// More than there are processors: a case mostly waits for other processes.
const DESKS: usize = 8;

/// What the store is made to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// A registration on a computer that has no store yet.
    FirstUse,
    /// A registration beside another credential.
    Registration,
    /// A registration that takes the place of another credential.
    Replacement,
    /// A sign-in.
    Use,
}

impl Work {
    fn begin(self, computer: &Computer, template: &Template) -> Host {
        let other_user = json!({"id": "bmV3", "name": "jiro", "displayName": "次郎"});
        match self {
            Self::FirstUse | Self::Replacement => computer.create(ORIGIN, creation_options()),
            Self::Registration => {
                computer.create(ORIGIN, with(creation_options(), "user", other_user))
            }
            Self::Use => computer.get(ORIGIN, named(&template.taro)),
        }
    }

    fn computer(self, template: &Template, bench: &Bench) -> Computer {
        let socket = bench.pcscd.socket();
        match self {
            Self::FirstUse => Computer::with_pcscd(&socket),
            _ => template.computer.copied(&socket, "en"),
        }
    }
}

/// A computer with one credential, and what the site got of it.
struct Template {
    computer: Computer,
    taro: Value,
}

impl Template {
    fn make() -> Self {
        let mut bench = Bench::with_card_of(PERSON);
        let taro = bench.register(PERSON, creation_options(), false);
        let computer = bench.computer.copied(&bench.pcscd.socket(), "en");
        Self { computer, taro }
    }
}

/// Options of a sign-in with this credential.
fn named(credential: &Value) -> Value {
    let allowed = json!([{"type": "public-key", "id": credential["id"]}]);
    with(request_options(), "allowCredentials", allowed)
}

fn id_of(credential: &Value) -> String {
    credential["id"].as_str().unwrap().to_owned()
}

/// A reader with a card in it.
struct Desk {
    bench: Bench,
}

impl Desk {
    fn new() -> Self {
        let mut bench = Bench::with_readers(1);
        bench.insert(0, card_of(PERSON));
        Self { bench }
    }

    /// The calls of work that nothing disturbs.
    fn record(&self, work: Work, template: &Template) -> Vec<Call> {
        let mut computer = work.computer(template, &self.bench);
        let log = tempfile::NamedTempFile::new().unwrap();
        computer.run_under(recorded(&computer.data(), log.path()));
        let mut host = work.begin(&computer, template);
        assert_eq!(go_through(&mut host).unwrap()["type"], "result");
        host.end();
        calls_in(
            &std::fs::read_to_string(log.path()).unwrap(),
            &computer.data(),
        )
    }

    /// Does the work with a mishap at a call; then whatever comes after one. Tells how the work ended.
    fn strike(&mut self, work: Work, template: &Template, call: &Call, mishap: Mishap) -> String {
        let mut computer = work.computer(template, &self.bench);
        computer.run_under(struck(&computer.data(), call, mishap));
        let mut host = work.begin(&computer, template);
        let message = go_through(&mut host);
        let log = host.end().log;
        computer.run_under(Vec::new());
        let end = match &message {
            None => "killed".to_owned(),
            Some(message) if message["type"] == "result" => "result".to_owned(),
            Some(message) => {
                let code = message["code"].as_str().unwrap();
                assert!(log.contains(&format!("[{code}]")), "{log}");
                code.to_owned()
            }
        };
        assert!(mishap == Mishap::Killed || end != "killed", "{log}");
        self.look_after(
            work,
            template,
            &computer,
            message.filter(|_| end == "result"),
        );
        self.bench.spent_so_far(pins_in(&self.bench.log(0)));
        end
    }

    /// What was acknowledged is there and can be used, nothing else is, and the next ceremony works.
    fn look_after(
        &mut self,
        work: Work,
        template: &Template,
        computer: &Computer,
        result: Option<Value>,
    ) {
        let new = result
            .filter(|_| work != Work::Use)
            .map(|message| message["response"].clone());
        let before: BTreeSet<String> = match work {
            Work::FirstUse => BTreeSet::new(),
            _ => [id_of(&template.taro)].into(),
        };
        // The program first, so that whatever it has to clear up is cleared up by it.
        let after = computer.program().arg("history").output().unwrap();
        assert!(
            after.status.success(),
            "{}",
            String::from_utf8_lossy(&after.stderr)
        );
        let stored = computer.stored();
        match &new {
            Some(new) => {
                let mut expected = before;
                if work == Work::Replacement {
                    expected.clear();
                }
                expected.insert(id_of(new));
                assert_eq!(stored, expected);
                sign_in(&mut self.bench, computer, new);
            }
            None if stored == before => {}
            // Stored, and killed before it could be told: then it is whole.
            None => {
                let more: Vec<&String> = stored.difference(&before).collect();
                assert_eq!(more.len(), 1, "{stored:?}");
                let kept = if work == Work::Replacement {
                    1
                } else {
                    before.len() + 1
                };
                assert_eq!(stored.len(), kept, "{stored:?}");
                assert_ne!(work, Work::Use);
                let response = ceremony(&mut self.bench, computer, named(&json!({"id": more[0]})));
                assert_eq!(response["id"], *more[0].as_str());
            }
        }
        if stored.contains(&id_of(&template.taro)) {
            sign_in(&mut self.bench, computer, &template.taro);
        }
        // The next registration works, and so do the secrets that it was made with.
        let user = json!({"id": "bmV4dA", "name": "saburo", "displayName": "三郎"});
        let mut host = computer.create(ORIGIN, with(creation_options(), "user", user));
        let registered = go_through(&mut host).unwrap()["response"].clone();
        host.end();
        sign_in(&mut self.bench, computer, &registered);
    }

    /// Lets go of what a failed case has left behind.
    fn give_up(mut self) {
        self.bench.spent_so_far(pins_in(&self.bench.log(0)));
    }
}

/// Types the right PIN wherever it is asked for, until the message that ends the ceremony; none if the program ends first.
fn go_through(host: &mut Host) -> Option<Value> {
    loop {
        let message = host.last_message()?;
        match (message["type"].as_str().unwrap(), message["kind"].as_str()) {
            ("prompt", Some("register" | "sign-in")) => {
                let pin = json!({"pin": person(PERSON).pin, "disclose": true});
                host.answer(&message, "approve", pin);
            }
            // A program that was killed may hold the card for a moment still.
            ("prompt", Some("insert-card")) => {}
            ("prompt", _) => panic!("{message}"),
            _ => return Some(message),
        }
    }
}

fn ceremony(bench: &mut Bench, computer: &Computer, options: Value) -> Value {
    let mut host = computer.get(ORIGIN, options);
    let message = go_through(&mut host).unwrap();
    assert_eq!(message["type"], "result", "{message} {}", host.end().log);
    bench.spent_so_far(pins_in(&bench.log(0)));
    message["response"].clone()
}

fn sign_in(bench: &mut Bench, computer: &Computer, credential: &Value) {
    let response = ceremony(bench, computer, named(credential));
    assert_signed_in(credential, &response);
}

fn every_mishap_at_every_call(work: Work) {
    let template = Template::make();
    let desk = Desk::new();
    let calls = desk.record(work, &template);
    desk.give_up();
    assert!(calls.len() > 5, "{calls:?}");
    let cases: Vec<(&Call, Mishap)> = calls
        .iter()
        .flat_map(|call| Mishap::ALL.iter().map(move |mishap| (call, *mishap)))
        .collect();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let ends = Mutex::new(BTreeMap::<String, usize>::new());
    thread::scope(|scope| {
        for _ in 0..DESKS {
            scope.spawn(|| {
                let mut desk = Desk::new();
                while let Some(&(call, mishap)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let made = panic::catch_unwind(AssertUnwindSafe(|| {
                        desk.strike(work, &template, call, mishap)
                    }));
                    let end = made.unwrap_or_else(|_| {
                        mem::replace(&mut desk, Desk::new()).give_up();
                        "see above".to_owned()
                    });
                    if !mishap.may_end(&end) {
                        wrong
                            .lock()
                            .unwrap()
                            .push(format!("{call} {mishap:?}: {end}"));
                    }
                    *ends.lock().unwrap().entry(end).or_insert(0) += 1;
                }
                desk.give_up();
            });
        }
    });
    let ends = ends.into_inner().unwrap();
    println!(
        "{work:?}: {} calls, {} cases: {ends:?}",
        calls.len(),
        cases.len()
    );
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{work:?}:\n{}", wrong.join("\n"));
}

#[test]
fn every_mishap_at_first_use() {
    every_mishap_at_every_call(Work::FirstUse);
}

#[test]
fn every_mishap_at_a_registration() {
    every_mishap_at_every_call(Work::Registration);
}

#[test]
fn every_mishap_at_a_registration_that_replaces_another() {
    every_mishap_at_every_call(Work::Replacement);
}

#[test]
fn every_mishap_at_a_sign_in() {
    every_mishap_at_every_call(Work::Use);
}
