//! A computer with a reader and a card, and a person who does what they are told.

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant};

use jpki_lab::card::Entry;
use serde_json::{Value, json};

use crate::ceremony::{Ceremony, Kind, named, preferring_the_card};
use crate::fault::{Command, Expected, Fault};
use crate::host::bench::{
    Bench, assert_signed_in, card_of, forgot_the_pin, person, pins_in, wrong_pin,
};
use crate::host::{Computer, Host, ORIGIN, creation_options, with};

const PERSON: &str = "p01";
/// How long the person waits before taking a card off that does not work: longer than it takes to notice one.
const LIFTED_AFTER: Duration = Duration::from_millis(2500);
const LOOK_EVERY: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(60);

/// Computers on which accounts were registered, and what the site got.
pub(crate) struct Template {
    /// With two pairwise credentials.
    pairwise: Computer,
    /// And with one of the card.
    card: Computer,
    registered: [Value; 3],
}

impl Template {
    pub(crate) fn make() -> Self {
        let mut bench = Bench::with_card_of(PERSON);
        let user = |id, name| json!({"id": id, "name": name, "displayName": name});
        let hanako = with(creation_options(), "user", user("aGFuYWtv", "hanako"));
        let saburo = with(creation_options(), "user", user("c2FidXJv", "saburo"));
        let taro = bench.register(PERSON, creation_options(), false);
        let hanako = bench.register(PERSON, hanako, false);
        let socket = bench.pcscd.socket();
        let pairwise = bench.computer.copied(&socket, "en");
        let mut host = bench.computer.create(ORIGIN, preferring_the_card(saburo));
        let prompt = host.prompt("register");
        let agreed = json!({"cardCredential": true});
        bench.type_pin(&mut host, &prompt, &person(PERSON).pin, agreed);
        let saburo = host.result();
        host.end();
        Self {
            pairwise,
            card: bench.computer.copied(&socket, "en"),
            registered: [taro, hanako, saburo],
        }
    }

    /// The computer for a ceremony, and the credentials on it.
    fn computer(&self, kind: Kind) -> (&Computer, &[Value]) {
        match kind {
            Kind::Card => (&self.card, &self.registered),
            Kind::Pairwise | Kind::CardElsewhere => (&self.pairwise, &self.registered[..2]),
        }
    }

    /// The credential to sign in with.
    fn credential(&self, kind: Kind) -> &Value {
        match kind {
            Kind::Pairwise => &self.registered[0],
            Kind::Card | Kind::CardElsewhere => &self.registered[2],
        }
    }
}

/// How a ceremony went: what the person was told in between, and its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    told: Vec<String>,
    end: String,
}

impl Outcome {
    /// Whether this may come of it.
    pub(crate) fn is(&self, expected: Expected) -> bool {
        let wanted = |told: &String| {
            expected.told == Some(told.as_str()) || expected.passing.contains(&told.as_str())
        };
        self.told.iter().all(wanted)
            && expected
                .told
                .is_none_or(|told| self.told.iter().any(|said| said == told))
            && expected.ends.contains(&self.end.as_str())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for told in &self.told {
            write!(f, "{told}, ")?;
        }
        f.write_str(&self.end)
    }
}

pub(crate) struct Desk<'a> {
    template: &'a Template,
    bench: Bench,
    cases: usize,
}

impl<'a> Desk<'a> {
    pub(crate) fn at(template: &'a Template) -> Self {
        let mut bench = Bench::unpluggable(1);
        bench.insert(0, card_of(PERSON));
        // So that each ceremony begins with a card that was just powered up.
        bench.wait_until_unpowered(0);
        Self {
            template,
            bench,
            cases: 0,
        }
    }

    /// The commands of a ceremony that nothing disturbs.
    pub(crate) fn commands_of(&mut self, ceremony: &Ceremony) -> Vec<Command> {
        let before = self.bench.log(0).len();
        let outcome = self.make(ceremony, usize::MAX, Fault::Corrupts);
        assert_eq!(outcome.to_string(), "result");
        // Up to the end of the ceremony's power.
        let log = &self.bench.log(0)[before..];
        let end = if ceremony.wrong_pin_first { 2 } else { 1 };
        let ends: Vec<usize> = (0..log.len())
            .filter(|at| log[*at].event == jpki_lab::card::Event::PowerOff)
            .collect();
        commands(&log[..ends[end - 1]])
    }

    /// Makes a ceremony with this fault at the command with this number, counted from 0; then whatever comes after a mishap.
    pub(crate) fn make(&mut self, ceremony: &Ceremony, at: usize, fault: Fault) -> Outcome {
        self.cases += 1;
        let language = if self.cases.is_multiple_of(2) {
            "ja"
        } else {
            "en"
        };
        let socket = self.bench.pcscd.socket();
        let (computer, registered) = self.template.computer(ceremony.kind);
        let computer = computer.copied(&socket, language);
        let known = self.template.credential(ceremony.kind);
        let before = self.bench.log(0).len();
        if at != usize::MAX {
            let fault = fault.to_the_card(at + 1).parse().unwrap();
            self.bench.card(0).with_card(|card| card.add_fault(fault));
        }
        let options = ceremony.options(known);
        let mut host = if ceremony.registers() {
            computer.create(ORIGIN, options)
        } else {
            computer.get(ORIGIN, options)
        };
        let mut person = Person::new(ceremony, fault);
        let message = person.go_through(&mut host, &mut self.bench);
        let mut outcome = Outcome {
            told: person.told.clone(),
            end: String::new(),
        };
        let ended = host.end();
        let killed = message["type"] == "killed";
        assert!(killed || ended.status.success(), "{}", ended.log);
        outcome.end = if killed || message["type"] == "result" {
            message["type"].as_str().unwrap().to_owned()
        } else {
            assert_eq!(message["type"], "error", "{message}");
            let code = message["code"].as_str().unwrap();
            assert_told(&ended.log, code, language);
            code.to_owned()
        };

        // What the card saw.
        let log = self.bench.log(0)[before..].to_vec();
        let presented = pins_in(&log);
        assert!(
            presented <= person.typed,
            "{presented} PINs of {} typed",
            person.typed
        );
        let left = usize::from(self.bench.tries(0));
        assert!(left + person.typed_wrong >= 3, "{left} tries left");
        // Nobody is left to unpower the card of a program that was killed: pcscd does it, later.
        let within = if killed {
            PATIENCE
        } else {
            Duration::from_secs(3)
        };
        self.wait_until_forgotten(before, within);

        // What the store says.
        self.bench.card(0).with_card(|card| card.clear_faults());
        person.mend(&mut self.bench);
        let id_of = |response: &Value| response["id"].as_str().unwrap().to_owned();
        let mut expected: BTreeSet<String> = registered.iter().map(id_of).collect();
        let response = &message["response"];
        if ceremony.registers() && outcome.end == "result" {
            expected.insert(id_of(response));
        }
        assert_eq!(computer.stored(), expected, "{outcome}");

        // The next ceremony: with what was made just now, or with what was there before.
        let credential = if ceremony.registers() && outcome.end == "result" {
            response
        } else {
            known
        };
        self.sign_in(&computer, credential);
        self.bench.spent_so_far(pins_in(&self.bench.log(0)));
        outcome
    }

    /// Lets go of what a failed case has left behind.
    pub(crate) fn give_up(mut self) {
        self.bench.spent_so_far(pins_in(&self.bench.log(0)));
    }

    fn sign_in(&mut self, computer: &Computer, credential: &Value) {
        let mut host = computer.get(ORIGIN, named(credential));
        let begun = Instant::now();
        let prompt = loop {
            let message = host.next();
            assert!(begun.elapsed() < PATIENCE);
            match message["kind"].as_str() {
                Some("insert-card") => {}
                Some("sign-in") => break message,
                _ => panic!("{message}"),
            }
        };
        host.answer(
            &prompt,
            "approve",
            json!({"pin": person(PERSON).pin, "lastTry": prompt["pin"]["lastTry"]}),
        );
        assert_signed_in(credential, &host.result());
        host.end();
        assert_eq!(self.bench.tries(0), 3);
        self.bench.wait_until_unpowered(0);
    }

    fn wait_until_forgotten(&self, before: usize, within: Duration) {
        let begun = Instant::now();
        while !forgot_the_pin(&self.bench.log(0)[before..]) {
            assert!(begun.elapsed() < within, "the card keeps the PIN");
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

/// What is done in a ceremony by a person who does as they are told.
struct Person {
    agreement: Value,
    fault: Fault,
    wrong: usize,
    typed: usize,
    typed_wrong: usize,
    told: Vec<String>,
    stalled: bool,
    broken: bool,
}

impl Person {
    fn new(ceremony: &Ceremony, fault: Fault) -> Self {
        Self {
            agreement: ceremony.agreement(),
            fault,
            wrong: usize::from(ceremony.wrong_pin_first),
            typed: 0,
            typed_wrong: 0,
            told: Vec::new(),
            stalled: false,
            broken: false,
        }
    }

    /// Until the message that ends the ceremony.
    fn go_through(&mut self, host: &mut Host, bench: &mut Bench) -> Value {
        let begun = Instant::now();
        let mut lift_at = None;
        loop {
            assert!(begun.elapsed() < PATIENCE, "the ceremony does not end");
            if !self.stalled && bench.card(0).with_card(|card| card.is_stalled()) {
                self.stalled = true;
                if self.fault == Fault::ProgramDies {
                    host.kill();
                    bench.card(0).with_card(|card| card.go_on());
                    return json!({"type": "killed"});
                }
                self.strike(bench);
            }
            if lift_at.is_some_and(|at| Instant::now() > at) {
                lift_at = None;
                bench.card(0).remove();
                bench.card(0).insert();
            }
            let Some(message) = host.next_within(LOOK_EVERY) else {
                continue;
            };
            lift_at = None;
            match (message["type"].as_str().unwrap(), message["kind"].as_str()) {
                ("progress", _) => {}
                ("prompt", Some("register" | "sign-in")) => self.type_pin(host, &message),
                ("prompt", Some("choose-account")) => {
                    host.answer(&message, "choose", json!({"index": 0}))
                }
                ("prompt", Some("insert-card")) => {
                    let problem = message["problem"].as_str().unwrap().to_owned();
                    if self.told.last() != Some(&problem) {
                        self.told.push(problem);
                    }
                    if !self.mend(bench) {
                        lift_at = Some(Instant::now() + LIFTED_AFTER);
                    }
                }
                ("prompt", Some(_)) => host.answer(&message, "approve", json!({})),
                _ => return message,
            }
        }
    }

    fn type_pin(&mut self, host: &mut Host, prompt: &Value) {
        self.typed += 1;
        let pin = if self.wrong > 0 {
            self.wrong -= 1;
            self.typed_wrong += 1;
            wrong_pin(PERSON)
        } else {
            &person(PERSON).pin
        };
        let mut members = self.agreement.clone();
        members["pin"] = json!(pin);
        members["lastTry"] = prompt["pin"]["lastTry"].clone();
        host.answer(prompt, "approve", members);
    }

    /// Does what is to go wrong while the card is at work.
    fn strike(&mut self, bench: &mut Bench) {
        match self.fault {
            Fault::ReaderGoes => {
                bench.pcscd.unplug().unwrap();
                // The reader has no power any more, and so neither has the card.
                bench.card(0).with_card(|card| {
                    card.go_on();
                    card.power_off();
                });
            }
            Fault::PcscdDies => {
                bench.pcscd.kill().unwrap();
                bench.card(0).with_card(|card| card.go_on());
            }
            _ => panic!("nothing else stalls the card"),
        }
        self.broken = true;
    }

    /// Does what the program asks for; false if there was nothing to do.
    fn mend(&mut self, bench: &mut Bench) -> bool {
        let broken = std::mem::take(&mut self.broken);
        match self.fault {
            Fault::ReaderGoes if broken => bench.pcscd.plug_in().unwrap(),
            Fault::PcscdDies if broken => bench.pcscd.restart().unwrap(),
            _ if !bench.card(0).with_card(|card| card.is_present()) => bench.card(0).insert(),
            _ => return false,
        }
        true
    }
}

/// What the commands of a log are for.
fn commands(log: &[Entry]) -> Vec<Command> {
    let mut shown = false;
    let mut reading = false;
    let mut found: Vec<Command> = Vec::new();
    for entry in log {
        let Some(name) = entry.name.as_deref() else {
            continue;
        };
        shown |= reading && name != "READ BINARY";
        found.push(match name {
            "SELECT" if entry.sw.as_deref() == Some("6F00") && shown => Command::FirstSelectAgain,
            "SELECT" if entry.sw.as_deref() == Some("6F00") => Command::FirstSelect,
            "SELECT" if found.last() == Some(&Command::FirstSelectAgain) => {
                Command::SecondSelectAgain
            }
            "SELECT" if shown => Command::Select,
            "SELECT" if found.contains(&Command::Probe) => Command::Open,
            "SELECT" => Command::Probe,
            "READ BINARY" if reading => Command::Part,
            "READ BINARY" => Command::FirstPart,
            "GET TRIES" => Command::ReadTries,
            "VERIFY" => Command::Verify,
            "SIGN" => Command::Sign,
            name => panic!("{name}: a command that no ceremony has"),
        });
        reading |= name == "READ BINARY";
    }
    found
}

/// The program says on standard error what happened and what to do, in this language.
fn assert_told(log: &str, code: &str, language: &str) {
    let line = log
        .lines()
        .find(|line| line.contains(&format!("[JPKI-{code}] ")))
        .unwrap_or_else(|| panic!("{code} is not told: {log}"));
    let sentences = match language {
        "ja" => line.matches('。').count(),
        _ => line.matches(". ").count() + 1,
    };
    assert!(sentences >= 2, "no next step: {line}");
    let is_english = line.replace(['’', '“', '”'], "").is_ascii();
    assert_eq!(is_english, language == "en", "{line}");
}
