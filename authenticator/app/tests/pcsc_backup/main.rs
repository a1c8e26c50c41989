//! `backup`, `restore`, `rebind` and `credentials`: the real program at a terminal, the real pcscd, practice cards.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../host/mod.rs"]
mod host;
mod killed;
mod pin;
mod rebind;
mod refused;
#[path = "../terminal/mod.rs"]
mod terminal;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use host::bench::{Bench, assert_signed_in, bytes, card_of, forgot_the_pin, person, wrong_pin};
use host::{Computer, ORIGIN, creation_options, request_options, with};
use jpki_lab::vpcd::Pace;
use serde_json::{Value, json};
use terminal::AtTerminal;

const PASSPHRASE: &str = "Pferd battery 7 korrekt";

/// A person with a card, a registration, and a backup of it.
struct BackedUp {
    bench: Bench,
    registered: Value,
    folder: tempfile::TempDir,
}

impl BackedUp {
    fn new() -> Self {
        let mut bench = Bench::with_readers(2);
        bench.insert(0, card_of("p01"));
        let registered = bench.register("p01", plain(), false);
        let folder = tempfile::tempdir().unwrap();
        let mut made = Self {
            bench,
            registered,
            folder,
        };
        let (succeeded, shown) = made.back_up();
        assert!(succeeded, "{shown}");
        made
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("backup.age")
    }

    fn path(&self) -> String {
        self.file().display().to_string()
    }

    fn back_up(&mut self) -> (bool, String) {
        let path = self.path();
        let mut terminal = AtTerminal::run(&self.bench.computer, &["backup", &path]);
        terminal.shows("Passphrase: ").types(PASSPHRASE);
        terminal.shows("The same again: ").types(PASSPHRASE);
        self.bench.type_pin_elsewhere();
        terminal.shows("tries left): ").types(&person("p01").pin);
        terminal.ends()
    }

    /// Another computer with the same readers.
    fn another_computer(&self) -> Computer {
        Computer::with_pcscd(&self.bench.pcscd.socket())
    }

    /// Runs a command that reads the backup, up to the question for the PIN.
    fn until_the_pin(&self, computer: &Computer, arguments: &[&str]) -> AtTerminal {
        let mut terminal = AtTerminal::run(computer, arguments);
        terminal
            .shows("Passphrase of the backup: ")
            .types(PASSPHRASE);
        terminal.shows("tries left): ");
        terminal
    }

    fn restore(&mut self, computer: &Computer) -> (bool, String) {
        let path = self.path();
        let mut terminal = self.until_the_pin(computer, &["restore", &path]);
        self.bench.type_pin_elsewhere();
        terminal.types(&person("p01").pin);
        terminal.ends()
    }

    /// Signs in with this person's card, and checks it under the key of the registration. Returns the flags.
    fn sign_in(&mut self, computer: &Computer, id: &str) -> u8 {
        let named = json!([{"type": "public-key", "id": self.registered["id"]}]);
        let options = with(request_options(), "allowCredentials", named);
        let mut host = computer.get(ORIGIN, options);
        let prompt = host.prompt("sign-in");
        self.bench
            .type_pin(&mut host, &prompt, &person(id).pin, json!({}));
        let response = host.result();
        assert_signed_in(&self.registered, &response);
        bytes(&response, "authenticatorData")[32]
    }

    /// Takes the card out of the first reader and puts somebody else's into the second.
    fn replace_the_card(&mut self) {
        self.bench.card(0).remove();
        self.bench.insert(1, card_of("p02"));
    }
}

/// A registration that discloses nothing.
fn plain() -> Value {
    with(creation_options(), "attestation", json!("none"))
}

fn credentials(computer: &Computer) -> String {
    let output = computer.program().arg("credentials").output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_backup_restored_on_another_computer_signs_in() {
    let mut person = BackedUp::new();
    let path = person.path();
    let found = fs::metadata(person.file()).unwrap();
    assert_eq!(found.mode() & 0o777, 0o600);
    let content = fs::read(person.file()).unwrap();
    let text = String::from_utf8_lossy(&content);
    assert!(text.starts_with("age-encryption.org/v1\n-> scrypt "));
    assert!(!text.contains("example.jp") && !text.contains("taro"));
    let listed = credentials(&person.bench.computer);
    assert!(
        listed.contains("example.jp") && listed.contains("  yes"),
        "{listed}"
    );

    let there = person.another_computer();
    let (succeeded, shown) = person.restore(&there);
    assert!(
        succeeded && shown.contains("1 credential was restored."),
        "{shown}"
    );
    assert!(
        shown.contains("holds 1 credential, for: example.jp."),
        "{shown}"
    );
    // UP, UV, BE, BS: also where it was made.
    assert_eq!(person.sign_in(&there, "p01"), 0b0001_1101);
    let here = person.bench.computer.clone();
    assert_eq!(person.sign_in(&here, "p01"), 0b0001_1101);

    // Again, it changes nothing and asks for no PIN.
    let mut terminal = AtTerminal::run(&there, &["restore", &path]);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    let (succeeded, shown) = terminal.ends();
    assert!(succeeded && shown.contains("was here already"), "{shown}");
    person.bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&person.bench.log(0)));
}

#[test]
fn nothing_that_is_secret_is_echoed() {
    let mut person = BackedUp::new();
    fs::remove_file(person.file()).unwrap();
    let (succeeded, shown) = person.back_up();
    assert!(succeeded);
    assert!(!shown.contains(PASSPHRASE), "{shown}");
    assert!(!shown.contains(&host::bench::person("p01").pin), "{shown}");
    // The terminal echoes again afterwards: the question of `remove` shows its answer.
    let id = credentials(&person.bench.computer).lines().nth(1).unwrap()[..8].to_owned();
    let mut terminal = AtTerminal::run(&person.bench.computer, &["credentials", "remove", &id]);
    terminal.shows("remove it: ").types("nope");
    let (succeeded, shown) = terminal.ends();
    assert!(!succeeded && shown.contains("nope"), "{shown}");
    assert!(credentials(&person.bench.computer).contains(&id));
}

#[test]
fn a_wrong_passphrase_and_a_cut_off_file_say_so_and_ask_for_no_pin() {
    let person = BackedUp::new();
    let there = person.another_computer();
    let said = |file: &Path, passphrase: &str| {
        let path = file.display().to_string();
        let mut terminal = AtTerminal::run(&there, &["restore", &path]);
        terminal
            .shows("Passphrase of the backup: ")
            .types(passphrase);
        let (succeeded, shown) = terminal.ends();
        assert!(!succeeded);
        assert!(!shown.contains("PIN"), "{shown}");
        shown
    };
    let shown = said(&person.file(), "not the passphrase");
    assert!(shown.contains("The passphrase does not open"), "{shown}");
    assert!(shown.contains("Code: JPKI-wrong-passphrase"), "{shown}");
    let content = fs::read(person.file()).unwrap();
    let cut_off = person.folder.path().join("cut-off.age");
    fs::write(&cut_off, &content[..content.len() - 1]).unwrap();
    let shown = said(&cut_off, PASSPHRASE);
    assert!(shown.contains("was cut off or altered"), "{shown}");
    assert!(shown.contains("Code: JPKI-backup-damaged"), "{shown}");
    let listed = credentials(&there);
    assert!(listed.contains("There are no credentials"), "{listed}");
    // What is no file at all is said before anything is asked.
    let missing = person.folder.path().join("missing.age");
    let (succeeded, shown) =
        AtTerminal::run(&there, &["restore", &missing.display().to_string()]).ends();
    assert!(!succeeded && shown.contains("There is no file"), "{shown}");
    assert!(shown.contains("memory stick"), "{shown}");
    assert!(shown.contains("Code: JPKI-no-file"), "{shown}");
    let nowhere = person.folder.path().join("no-stick/new.age");
    let (succeeded, shown) =
        AtTerminal::run(&there, &["backup", &nowhere.display().to_string()]).ends();
    assert!(
        !succeeded && shown.contains("There is no folder"),
        "{shown}"
    );
    assert!(shown.contains("Code: JPKI-no-folder"), "{shown}");
}

#[test]
fn an_existing_file_is_not_replaced_and_a_backup_that_was_given_up_leaves_none() {
    let person = BackedUp::new();
    let before = fs::read(person.file()).unwrap();
    let path = person.path();
    let (succeeded, shown) = AtTerminal::run(&person.bench.computer, &["backup", &path]).ends();
    assert!(!succeeded && shown.contains("exists already"), "{shown}");
    assert!(shown.contains("Code: JPKI-file-exists"), "{shown}");
    assert_eq!(fs::read(person.file()).unwrap(), before);
    let other = person.folder.path().join("other.age");
    let path = other.display().to_string();
    let mut terminal = AtTerminal::run(&person.bench.computer, &["backup", &path]);
    terminal.shows("Passphrase: ").types("short");
    terminal
        .shows("too easy to guess")
        .shows("Code: JPKI-weak-passphrase");
    terminal.shows("Passphrase: ").types(PASSPHRASE);
    terminal.shows("again: ").types("something else altogether");
    terminal
        .shows("not the same")
        .shows("Code: JPKI-passphrases-differ");
    terminal.shows("Passphrase: ").types("");
    terminal.shows("shown this once");
    terminal.shows("again: ").interrupts();
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("Nothing was changed"),
        "{shown}"
    );
    assert!(shown.contains("Code: JPKI-cancelled"), "{shown}");
    assert!(!other.exists());
}

#[test]
fn another_card_is_refused_before_its_pin_is_asked_for() {
    let mut person = BackedUp::new();
    person.replace_the_card();
    let there = person.another_computer();
    let path = person.path();
    let mut terminal = AtTerminal::run(&there, &["restore", &path]);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    let (succeeded, shown) = terminal.ends();
    assert!(!succeeded && !shown.contains("PIN"), "{shown}");
    assert!(shown.contains("made with another card"), "{shown}");
    assert!(shown.contains(&format!("rebind --from {path}")), "{shown}");
    assert!(
        shown.contains("Code: JPKI-backup-of-another-card"),
        "{shown}"
    );
}

/// Types the PIN of a card where it was asked for. Returns what was shown until the end, of a command that succeeds.
fn finish(bench: &mut Bench, mut terminal: AtTerminal, id: &str) -> String {
    bench.type_pin_elsewhere();
    terminal.types(&person(id).pin);
    let (succeeded, shown) = terminal.ends();
    assert!(succeeded, "{shown}");
    shown
}

/// The ID of the only credential of a computer, as it is listed.
fn listed_id(computer: &Computer) -> String {
    credentials(computer).lines().nth(1).unwrap()[..8].to_owned()
}

fn run(computer: &Computer, arguments: &[&str]) {
    let output = computer.program().args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn credentials_are_listed_named_and_removed() {
    let mut person = BackedUp::new();
    let computer = person.bench.computer.clone();
    let said = |arguments: &[&str]| {
        let output = computer.program().args(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (_, listed, _) = said(&["credentials", "list"]);
    let line = listed.lines().nth(1).unwrap();
    assert!(line.contains("example.jp") && line.contains("pairwise") && line.contains("A (here)"));
    assert!(!listed.contains("taro"), "names are sealed: {listed}");
    let id = &line[..8];
    let (succeeded, out, _) = said(&["credentials", "rename", id, "仕事"]);
    assert!(succeeded && out.contains("unencrypted"), "{out}");
    assert!(said(&["credentials"]).1.contains("仕事"));
    let (succeeded, _, err) = said(&["credentials", "rename", id, "\u{1b}[2J"]);
    assert!(!succeeded && err.ends_with("Code: JPKI-unusable-label\n"));
    let (succeeded, _, err) = said(&["credentials", "rename", "ffffffffffff", "x"]);
    assert!(
        !succeeded && err.contains("No credential has the ID"),
        "{err}"
    );
    assert!(err.ends_with("Code: JPKI-no-such-credential\n"), "{err}");

    let mut terminal = AtTerminal::run(&computer, &["credentials", "list", "--names"]);
    person.bench.type_pin_elsewhere();
    terminal
        .shows("3 tries left): ")
        .types(&host::bench::person("p01").pin);
    let (succeeded, shown) = terminal.ends();
    assert!(succeeded && shown.contains("  taro, "), "{shown}");

    // Without a terminal nobody can be asked, so nothing is removed.
    let (succeeded, _, err) = said(&["credentials", "remove", id]);
    assert!(
        !succeeded && err.ends_with("Code: JPKI-no-terminal\n"),
        "{err}"
    );
    let (succeeded, out, _) = said(&["credentials", "remove", id, "--yes"]);
    assert!(succeeded && out.contains("still lists it"), "{out}");
    assert!(
        said(&["credentials"])
            .1
            .contains("There are no credentials")
    );
}
