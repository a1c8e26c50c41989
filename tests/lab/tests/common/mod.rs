//! A reader with a card in it, and other people's programs that use it.

#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use jpki_lab::{
    card::{FileMemory, Log, Personalisation, VirtualCard},
    pcscd::{PrivatePcscd, SOCKET_VARIABLE},
    pki::{Person, Pki, shared},
    vpcd::{Attachment, Pace},
};
use std::{
    path::PathBuf,
    process::{Command, Output},
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Ample: nothing waits this long unless it is broken.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn practice() -> &'static Pki {
    shared().unwrap()
}

pub(crate) fn person(id: &str) -> &'static Person {
    practice().person(id).unwrap()
}

/// A private pcscd, and a folder for whatever a test writes.
pub(crate) struct Bench {
    pub(crate) pcscd: PrivatePcscd,
    pub(crate) folder: TempDir,
}

impl Bench {
    pub(crate) fn new(slots: usize) -> Self {
        Bench {
            pcscd: PrivatePcscd::start(slots).unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// One whose readers can be unplugged.
    pub(crate) fn unpluggable() -> Self {
        Bench {
            pcscd: PrivatePcscd::start_unpluggable(1).unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A person's card with counters and log in files, as `jpki-lab card` has it.
    pub(crate) fn card(&self, id: &str) -> VirtualCard {
        let (memory, pins) = FileMemory::open(&self.path(&format!("{id}-state.json"))).unwrap();
        let card = Personalisation::of(practice(), person(id)).unwrap();
        let mut card = VirtualCard::with_memory(card, pins, Box::new(memory));
        card.set_log(Log::to_file(&self.path(&format!("{id}.log"))).unwrap());
        card
    }

    /// Puts a card into a slot and waits until pcscd saw it.
    pub(crate) fn insert(&self, card: VirtualCard, slot: usize) -> Attachment {
        let address = *self.pcscd.slots().get(slot).unwrap();
        let attachment = Attachment::new(card, address, Pace::default());
        assert!(
            attachment.wait_until_noticed(PATIENCE),
            "pcscd has not noticed the card"
        );
        attachment
    }

    /// How many commands in the log presented a PIN.
    pub(crate) fn pin_tries(&self, id: &str) -> usize {
        self.log(id).matches(r#""pin_try":true"#).count()
    }

    pub(crate) fn log(&self, id: &str) -> String {
        std::fs::read_to_string(self.path(&format!("{id}.log"))).unwrap()
    }

    /// A program that finds our pcscd.
    pub(crate) fn client(&self, program: &str, arguments: &[&str]) -> Output {
        Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .env(SOCKET_VARIABLE, self.pcscd.socket())
            // No settings or cached certificates of whoever runs the test.
            .env("HOME", self.folder.path())
            .env("XDG_CACHE_HOME", self.folder.path())
            .env("LC_ALL", "C")
            .output()
            .unwrap_or_else(|error| panic!("{program}: {error}; is Debian's opensc installed?"))
    }

    /// The same, of which success is expected; its output.
    pub(crate) fn succeeds(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.client(program, arguments);
        let text = text(&output);
        assert!(output.status.success(), "{program} {arguments:?}: {text}");
        text
    }

    /// The readers with a card, by their number, as OpenSC sees them.
    pub(crate) fn occupied(&self) -> Vec<usize> {
        text(&self.client("opensc-tool", &["--list-readers"]))
            .lines()
            .filter(|line| line.split_whitespace().nth(1) == Some("Yes"))
            .filter_map(|line| line.split_whitespace().next()?.parse().ok())
            .collect()
    }

    pub(crate) fn wait_until_occupied(&self, expected: &[usize]) {
        eventually(|| self.occupied() == expected, || format!("{expected:?}"));
    }
}

/// Standard output, then standard error.
pub(crate) fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

pub(crate) fn eventually(condition: impl Fn() -> bool, wanted: impl Fn() -> String) {
    let begun = Instant::now();
    while !condition() {
        assert!(
            begun.elapsed() < PATIENCE,
            "waited in vain for {}",
            wanted()
        );
        thread::sleep(Duration::from_millis(50));
    }
}
