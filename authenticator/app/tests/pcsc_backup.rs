//! `backup`, `restore`, `rebind` and `credentials`: the real program at a terminal, the real pcscd, practice cards.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;
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
    let content = fs::read(person.file()).unwrap();
    let cut_off = person.folder.path().join("cut-off.age");
    fs::write(&cut_off, &content[..content.len() - 1]).unwrap();
    assert!(said(&cut_off, PASSPHRASE).contains("was cut off or altered"));
    let listed = credentials(&there);
    assert!(listed.contains("There are no credentials"), "{listed}");
    // What is no file at all is said before anything is asked.
    let missing = person.folder.path().join("missing.age");
    let (succeeded, shown) =
        AtTerminal::run(&there, &["restore", &missing.display().to_string()]).ends();
    assert!(!succeeded && shown.contains("There is no file"), "{shown}");
    assert!(shown.contains("memory stick"), "{shown}");
    let nowhere = person.folder.path().join("no-stick/new.age");
    let (succeeded, shown) =
        AtTerminal::run(&there, &["backup", &nowhere.display().to_string()]).ends();
    assert!(
        !succeeded && shown.contains("There is no folder"),
        "{shown}"
    );
}

#[test]
fn an_existing_file_is_not_replaced_and_a_backup_that_was_given_up_leaves_none() {
    let person = BackedUp::new();
    let before = fs::read(person.file()).unwrap();
    let path = person.path();
    let (succeeded, shown) = AtTerminal::run(&person.bench.computer, &["backup", &path]).ends();
    assert!(!succeeded && shown.contains("exists already"), "{shown}");
    assert_eq!(fs::read(person.file()).unwrap(), before);
    let other = person.folder.path().join("other.age");
    let path = other.display().to_string();
    let mut terminal = AtTerminal::run(&person.bench.computer, &["backup", &path]);
    terminal.shows("Passphrase: ").types("short");
    terminal.shows("too easy to guess");
    terminal.shows("Passphrase: ").types(PASSPHRASE);
    terminal.shows("again: ").types("something else altogether");
    terminal.shows("not the same");
    terminal.shows("Passphrase: ").types("");
    terminal.shows("shown this once");
    terminal.shows("again: ").interrupts();
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("Nothing was changed"),
        "{shown}"
    );
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
}

#[test]
fn a_backup_rebound_to_another_card_signs_in_with_it_and_no_longer_with_the_old_one() {
    let mut person = BackedUp::new();
    let computer = person.bench.computer.clone();
    person.replace_the_card();
    let path = person.path();
    let mut terminal = person.until_the_pin(&computer, &["rebind", "--from", &path]);
    person.bench.type_pin_elsewhere();
    let (succeeded, shown) = {
        terminal.types(&host::bench::person("p02").pin);
        terminal.ends()
    };
    assert!(succeeded && shown.contains("under the new card"), "{shown}");
    assert_eq!(person.sign_in(&computer, "p02"), 0b0001_1101);
    the_old_card_knows_nothing(&mut person);
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

/// Runs a command that reads the backup until it waits for a card, which it does not see until it is let go on.
fn held_before_the_card(person: &BackedUp, computer: &Computer, arguments: &[&str]) -> AtTerminal {
    let mut terminal = AtTerminal::run(computer, arguments);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    terminal.shows("no card");
    terminal.holds();
    person.bench.wait_until_unpowered(0);
    terminal
}

#[test]
fn what_another_process_restored_in_the_meantime_stays_as_it_made_it() {
    let mut person = BackedUp::new();
    let there = person.another_computer();
    let path = person.path();
    person.bench.card(0).remove();
    let mut slow = held_before_the_card(&person, &there, &["restore", &path]);
    person.bench.put_back(0);
    let (succeeded, shown) = person.restore(&there);
    assert!(
        succeeded && shown.contains("1 credential was restored."),
        "{shown}"
    );
    run(
        &there,
        &["credentials", "rename", &listed_id(&there), "仕事"],
    );
    person.sign_in(&there, "p01");
    let before = credentials(&there);
    slow.goes_on().shows("tries left): ");
    let shown = finish(&mut person.bench, slow, "p01");
    assert!(
        shown.contains("1 credential was here already. Nothing was changed."),
        "{shown}"
    );
    assert_eq!(credentials(&there), before);
    assert_eq!(person.sign_in(&there, "p01"), 0b0001_1101);
}

#[test]
fn what_another_process_removed_while_rebinding_does_not_come_back() {
    let mut person = BackedUp::new();
    let removed = listed_id(&person.bench.computer);
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    person
        .bench
        .register("p01", with(plain(), "user", hanako), false);
    person.bench.insert(1, card_of("p02"));
    let mut terminal = AtTerminal::run(&person.bench.computer, &["rebind"]);
    person.bench.type_pin_elsewhere();
    terminal
        .shows("tries left): ")
        .types(&host::bench::person("p01").pin);
    terminal.shows("PCD 00 01").shows("tries left): ");
    run(
        &person.bench.computer,
        &["credentials", "remove", &removed, "--yes"],
    );
    let shown = finish(&mut person.bench, terminal, "p02");
    assert!(
        shown.contains("1 credential is now sealed under the new card."),
        "{shown}"
    );
    assert!(
        shown.contains("1 credential was changed or removed by another program"),
        "{shown}"
    );
    assert!(!shown.contains("still under the old card"), "{shown}");
    let listed = credentials(&person.bench.computer);
    assert_eq!(listed.matches("example.jp").count(), 1, "{listed}");
    assert!(!listed.contains(&removed), "{listed}");
}

#[test]
fn rebinding_from_a_backup_counts_what_it_moved_and_says_what_it_did_not() {
    let mut person = BackedUp::new();
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    person
        .bench
        .register("p01", with(plain(), "user", hanako), false);
    let computer = person.bench.computer.clone();
    let path = person.path();
    let arguments = ["rebind", "--from", &path];
    person.bench.card(0).remove();
    let mut second = held_before_the_card(&person, &computer, &arguments);
    person.bench.insert(1, card_of("p02"));
    let first = person.until_the_pin(&computer, &arguments);
    let shown = finish(&mut person.bench, first, "p02");
    assert!(
        shown.contains("1 credential is now sealed under the new card."),
        "{shown}"
    );
    assert!(
        shown.contains("1 credential is still under the old card."),
        "{shown}"
    );
    assert!(!shown.contains("another program"), "{shown}");
    let after = credentials(&computer);
    // The other one was to move the same credential, which is no longer as it was.
    second.goes_on().shows("tries left): ");
    let shown = finish(&mut person.bench, second, "p02");
    assert!(shown.contains("No credential was moved"), "{shown}");
    assert!(
        shown.contains("1 credential was changed or removed by another program"),
        "{shown}"
    );
    assert_eq!(credentials(&computer), after);
    assert_eq!(person.sign_in(&computer, "p02"), 0b0001_1101);
    // Once more, it asks for no PIN.
    let mut terminal = AtTerminal::run(&computer, &arguments);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("is on this computer, under this card"),
        "{shown}"
    );
    assert!(shown.contains("There is nothing to do"), "{shown}");
}

#[test]
fn the_old_card_hands_over_to_the_new_one_beside_it() {
    let mut person = BackedUp::new();
    let computer = person.bench.computer.clone();
    person.bench.insert(1, card_of("p02"));
    let mut terminal = AtTerminal::run(&computer, &["rebind"]);
    for (id, reader) in [("p01", "PCD 00 00"), ("p02", "PCD 00 01")] {
        person.bench.type_pin_elsewhere();
        terminal
            .shows(reader)
            .shows("tries left): ")
            .types(&host::bench::person(id).pin);
    }
    let (succeeded, shown) = terminal.ends();
    assert!(succeeded && shown.contains("under the new card"), "{shown}");
    for reader in [0, 1] {
        person.bench.wait_until_unpowered(reader);
        assert!(forgot_the_pin(&person.bench.log(reader)));
    }
    person.bench.card(0).remove();
    person.sign_in(&computer, "p02");
    the_old_card_knows_nothing(&mut person);
}

fn the_old_card_knows_nothing(person: &mut BackedUp) {
    person.bench.card(1).remove();
    person.bench.put_back(0);
    let mut host = person.bench.computer.get(ORIGIN, request_options());
    host.prompt("no-credential");
}

#[test]
fn killed_at_any_moment_the_store_holds_all_or_nothing() {
    let mut person = BackedUp::new();
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    person
        .bench
        .register("p01", with(plain(), "user", hanako), false);
    fs::remove_file(person.file()).unwrap();
    assert!(person.back_up().0);
    person.bench.card(0).set_pace(Pace {
        command: Duration::ZERO,
        signature: Duration::from_millis(60),
    });
    let path = person.path();
    // Two keys and the names: three signatures, then the commit, which may or may not have happened.
    let moments = [(1, 0), (2, 0), (3, 0), (3, 5), (3, 10), (3, 20), (3, 40)];
    let mut restored = 0;
    for (signed, later) in moments {
        let there = person.another_computer();
        let before = signatures(&person.bench, 0);
        let mut terminal = person.until_the_pin(&there, &["restore", &path]);
        person.bench.type_pin_elsewhere();
        terminal.types(&host::bench::person("p01").pin);
        while signatures(&person.bench, 0) < before + signed {
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_millis(later));
        terminal.kill();
        let listed = credentials(&there).matches("example.jp").count();
        assert!(listed == 0 || listed == 2, "{listed} of two");
        restored += listed / 2;
        person.bench.wait_until_unpowered(0);
        if listed == 0 {
            let (succeeded, shown) = person.restore(&there);
            assert!(
                succeeded && shown.contains("2 credentials were restored"),
                "{shown}"
            );
        }
        person.sign_in(&there, "p01");
    }
    assert!(restored < moments.len(), "it was never killed in time");
}

/// How often the card in a reader has signed.
fn signatures(bench: &Bench, reader: usize) -> usize {
    let log = bench.log(reader);
    let signed = log
        .iter()
        .filter(|entry| entry.name.as_deref() == Some("SIGN"));
    signed.count()
}

#[test]
fn killed_while_rebinding_every_credential_is_still_under_one_card() {
    let mut bench = Bench::with_readers(2);
    bench.insert(0, card_of("p01"));
    let hanako = json!({"id": "aGFuYWtv", "name": "hanako", "displayName": "花子"});
    bench.register("p01", plain(), false);
    let registered = bench.register("p01", with(plain(), "user", hanako), false);
    bench.insert(1, card_of("p02"));
    let slowly = Pace {
        command: Duration::ZERO,
        signature: Duration::from_millis(60),
    };
    let people = ["p01", "p02"];
    // The card that opens them now, by its reader.
    let mut owner = 0;
    let mut stayed = 0;
    let moments = [
        (0, 2, 0),
        (1, 1, 0),
        (1, 2, 0),
        (1, 3, 0),
        (1, 3, 5),
        (1, 3, 15),
        (1, 3, 40),
    ];
    for (turn, signed, later) in moments {
        // First the old card opens two keys and the names, then the new one seals as many.
        let readers = [owner, 1 - owner];
        let before = readers.map(|reader| signatures(&bench, reader));
        bench.card(0).set_pace(slowly);
        bench.card(1).set_pace(slowly);
        let mut terminal = AtTerminal::run(&bench.computer, &["rebind"]);
        for reader in readers.iter().take(turn + 1) {
            bench.type_pin_elsewhere();
            terminal
                .shows("tries left): ")
                .types(&person(people[*reader]).pin);
        }
        while signatures(&bench, readers[turn]) < before[turn] + signed {
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_millis(later));
        terminal.kill();
        for reader in [0, 1] {
            bench.card(reader).set_pace(Pace::default());
            bench.wait_until_unpowered(reader);
        }
        // All of them are under the one card or all under the other: it is shown as here, the other has none.
        bench.card(1 - owner).remove();
        let listed = credentials(&bench.computer);
        let here = listed.matches("(here)").count();
        assert!(here == 0 || here == 2, "{listed}");
        bench.put_back(1 - owner);
        if here == 0 {
            owner = 1 - owner;
        } else {
            stayed += 1;
        }
    }
    assert!(stayed > 0, "it was never killed in time");
    bench.card(1 - owner).remove();
    let named = json!([{"type": "public-key", "id": registered["id"]}]);
    let response = bench.sign_in(
        people[owner],
        with(request_options(), "allowCredentials", named),
    );
    assert_signed_in(&registered, &response);
}

#[test]
fn ctrl_c_while_the_card_works_changes_nothing_and_unpowers_the_card() {
    let mut person = BackedUp::new();
    person.bench.card(0).set_pace(Pace {
        command: Duration::ZERO,
        signature: Duration::from_millis(700),
    });
    let there = person.another_computer();
    let path = person.path();
    let mut terminal = person.until_the_pin(&there, &["restore", &path]);
    person.bench.type_pin_elsewhere();
    terminal.types(&host::bench::person("p01").pin);
    terminal.shows("Leave the card").interrupts();
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("Nothing was changed"),
        "{shown}"
    );
    person.bench.wait_until_unpowered(0);
    assert!(forgot_the_pin(&person.bench.log(0)));
    assert!(credentials(&there).contains("There are no credentials"));
}

#[test]
fn the_pins_tries_are_as_sacred_at_the_terminal() {
    let mut person = BackedUp::new();
    let there = person.another_computer();
    let path = person.path();
    let right = &host::bench::person("p01").pin;
    let mut terminal = person.until_the_pin(&there, &["restore", &path]);
    for impossible in ["", "123", "12345", "12a4"] {
        terminal.types(impossible);
        terminal.shows("no try was spent").shows("3 tries left): ");
    }
    for left in ["2 tries left): ", "risk the last try"] {
        person.bench.type_pin_elsewhere();
        terminal.types(wrong_pin("p01"));
        terminal.shows("The PIN is wrong.").shows(left);
    }
    assert_eq!(person.bench.tries(0), 1);
    terminal.types("y");
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("Nothing was changed"),
        "{shown}"
    );
    assert_eq!(person.bench.tries(0), 1);
    // With an explicit yes it is spent.
    let mut terminal = AtTerminal::run(&there, &["restore", &path]);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    terminal.shows("risk the last try").types("yes");
    person.bench.type_pin_elsewhere();
    terminal.shows("1 try left): ").types(right);
    assert!(terminal.ends().0);
    assert_eq!(person.bench.tries(0), 3);
}

/// The yes is an answer to the question only if the question was there to be read.
#[test]
fn a_yes_typed_ahead_does_not_risk_the_last_try() {
    let mut person = BackedUp::new();
    person.bench.set_tries(0, 2);
    let there = person.another_computer();
    let path = person.path();
    let mut terminal = person.until_the_pin(&there, &["restore", &path]);
    person.bench.type_pin_elsewhere();
    terminal.types(wrong_pin("p01")).types("yes");
    terminal.shows("risk the last try").types("no");
    let (succeeded, shown) = terminal.ends();
    assert!(!succeeded && !shown.contains("1 try left"), "{shown}");
    assert_eq!(person.bench.tries(0), 1);
}

#[test]
fn a_locked_pin_is_said_and_no_pin_is_asked_for() {
    let person = BackedUp::new();
    person.bench.set_tries(0, 0);
    let there = person.another_computer();
    let mut terminal = AtTerminal::run(&there, &["restore", &person.path()]);
    terminal
        .shows("Passphrase of the backup: ")
        .types(PASSPHRASE);
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("locked") && !shown.contains("digits"),
        "{shown}"
    );
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
    assert!(!said(&["credentials", "rename", id, "\u{1b}[2J"]).0);
    let (succeeded, _, err) = said(&["credentials", "rename", "ffffffffffff", "x"]);
    assert!(
        !succeeded && err.contains("No credential has the ID"),
        "{err}"
    );

    let mut terminal = AtTerminal::run(&computer, &["credentials", "list", "--names"]);
    person.bench.type_pin_elsewhere();
    terminal
        .shows("3 tries left): ")
        .types(&host::bench::person("p01").pin);
    let (succeeded, shown) = terminal.ends();
    assert!(succeeded && shown.contains("  taro, "), "{shown}");

    // Without a terminal nobody can be asked, so nothing is removed.
    let (succeeded, _, err) = said(&["credentials", "remove", id]);
    assert!(!succeeded, "{err}");
    let (succeeded, out, _) = said(&["credentials", "remove", id, "--yes"]);
    assert!(succeeded && out.contains("still lists it"), "{out}");
    assert!(
        said(&["credentials"])
            .1
            .contains("There are no credentials")
    );
}
