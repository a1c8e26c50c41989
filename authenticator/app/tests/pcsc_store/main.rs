//! Every system call by which the store is written, with everything that can go wrong at it: through the real program, in whole
//! ceremonies with the real pcscd and the practice card.
//!
//! First a ceremony is made under `strace`, which tells the calls; then it is made again for each of them, and `strace` kills
//! the program before the call, or has the call fail. (What is on the disk after a call is what is there before the next one, so
//! "killed after each" is "killed before the next"; after the last one the program has ended anyway.)
//!
//! | module | what it is |
//! |---|---|
//! | `calls` | the system calls by which the store is written |
//! | `disks` | a disk that is full, or that cannot be written |
//! | `keeping` | the same for what the person does with their credentials: rename, remove, back up, restore, rebind |
//! | `upgrade` | the same for a store of an older version |

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
mod keeping;
#[path = "../terminal/mod.rs"]
mod terminal;
mod upgrade;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use calls::{Call, Mishap, calls_in, recorded, struck, was_struck};
use host::bench::{Bench, assert_signed_in, card_of, person, pins_in};
use host::{Computer, Host, ORIGIN, creation_options, request_options, with};
use serde_json::{Value, json};

const PERSON: &str = "p01";
/// More than there are processors: a case mostly waits for other processes.
const DESKS: usize = 8;

/// How often a call is tried that is not always made.
const TRIES: usize = 3;

/// How work ended, and whether the mishap came.
struct Struck {
    end: String,
    struck: bool,
}

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
        calls_of(&mut computer, |computer| {
            let mut host = work.begin(computer, template);
            assert_eq!(go_through(&mut host).unwrap()["type"], "result");
            host.end();
        })
    }

    /// Does the work with a mishap at a call; then whatever comes after one. Tells how the work ended.
    fn strike(&mut self, work: Work, template: &Template, call: &Call, mishap: Mishap) -> Struck {
        let mut computer = work.computer(template, &self.bench);
        let ((message, log), struck) = with_mishap(&mut computer, call, mishap, |computer| {
            let mut host = work.begin(computer, template);
            (go_through(&mut host), host.end().log)
        });
        let end = match &message {
            None => "killed".to_owned(),
            Some(message) if message["type"] == "result" => "result".to_owned(),
            Some(message) => {
                let code = message["code"].as_str().unwrap();
                assert!(log.contains(&format!("[JPKI-{code}]")), "{log}");
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
        Struck { end, struck }
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
        // A first use that failed may leave no store, and looking makes none.
        let is_there = computer.data().join("credentials.sqlite").exists();
        let stored = match work {
            Work::FirstUse if !is_there => BTreeSet::new(),
            _ => computer.stored(),
        };
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

/// The folder around the program's own.
fn base(computer: &Computer) -> PathBuf {
    computer.data().parent().unwrap().to_owned()
}

/// The calls of what this computer does.
fn calls_of(computer: &mut Computer, does: impl FnOnce(&Computer)) -> Vec<Call> {
    let log = tempfile::NamedTempFile::new().unwrap();
    computer.run_under(recorded(&base(computer), log.path()));
    does(computer);
    computer.run_under(Vec::new());
    let calls = calls_in(&fs::read_to_string(log.path()).unwrap(), &base(computer));
    assert!(calls.len() > 5, "{calls:?}");
    calls
}

/// Does something with a mishap at a call of it. The second is false if this call was not made.
fn with_mishap<T>(
    computer: &mut Computer,
    call: &Call,
    mishap: Mishap,
    does: impl FnOnce(&Computer) -> T,
) -> (T, bool) {
    let log = tempfile::NamedTempFile::new().unwrap();
    computer.run_under(struck(&base(computer), log.path(), call, mishap));
    let done = does(computer);
    computer.run_under(Vec::new());
    let log = fs::read_to_string(log.path()).unwrap();
    let was_struck = was_struck(&log, &base(computer), call, mishap);
    (done, was_struck)
}

fn every_mishap_at_every_call(work: Work) {
    let template = Template::make();
    let desk = Desk::new();
    let calls = desk.record(work, &template);
    desk.give_up();
    every_mishap(
        &format!("{work:?}"),
        DESKS,
        &calls,
        Desk::new,
        |desk, call, mishap| desk.strike(work, &template, call, mishap),
        Desk::give_up,
    );
}

/// Every mishap at each of these calls, at several desks at once.
fn every_mishap<D>(
    what: &str,
    desks: usize,
    calls: &[Call],
    desk: impl Fn() -> D + Sync,
    strike: impl Fn(&mut D, &Call, Mishap) -> Struck + Sync,
    give_up: impl Fn(D) + Sync,
) {
    let cases: Vec<(&Call, Mishap)> = calls
        .iter()
        .flat_map(|call| Mishap::ALL.map(|mishap| (call, mishap)))
        .collect();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let ends = Mutex::new(BTreeMap::<String, usize>::new());
    thread::scope(|scope| {
        for _ in 0..desks {
            scope.spawn(|| {
                let mut at = desk();
                while let Some(&(call, mishap)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let made = panic::catch_unwind(AssertUnwindSafe(|| {
                        // The program may end before it has closed the store.
                        (0..TRIES)
                            .map(|_| strike(&mut at, call, mishap))
                            .find(|made| made.struck)
                            .map_or("ended before".to_owned(), |made| made.end)
                    }));
                    let end = made.unwrap_or_else(|_| {
                        give_up(mem::replace(&mut at, desk()));
                        "see above".to_owned()
                    });
                    if end != "ended before" && !mishap.may_end(&end) {
                        wrong
                            .lock()
                            .unwrap()
                            .push(format!("{call} {mishap:?}: {end}"));
                    }
                    *ends.lock().unwrap().entry(end).or_insert(0) += 1;
                }
                give_up(at);
            });
        }
    });
    let ends = ends.into_inner().unwrap();
    println!(
        "{what}: {} calls, {} cases: {ends:?}",
        calls.len(),
        cases.len()
    );
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{what}:\n{}", wrong.join("\n"));
    assert_eq!(ends.values().sum::<usize>(), cases.len());
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
