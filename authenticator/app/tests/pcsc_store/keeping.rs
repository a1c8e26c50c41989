//! What the person does with their credentials, with everything that can go wrong at every system call of it.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use rexpect::process::WaitStatus;
use serde_json::{Value, json};

use crate::calls::{BACKUP, Call, Mishap, STICK};
use crate::host::bench::{Bench, card_of, person, pins_in};
use crate::host::{Computer, creation_options, with, with_database};
use crate::terminal::AtTerminal;
use crate::upgrade::content;
use crate::{
    DESKS, Desk, PERSON, Struck, base, calls_of, every_mishap, id_of, sign_in, with_mishap,
};

const PASSPHRASE: &str = "Pferd battery 7 korrekt";
/// The card that takes the place of the other one.
const NEW_CARD: &str = "p02";
const LABEL: &str = "仕事";

/// How a command ended, and what it showed.
pub(crate) struct Ran {
    /// `killed`, `storage`, `result`.
    pub(crate) end: String,
    pub(crate) shown: String,
}

impl Ran {
    /// Runs a command that asks nothing.
    pub(crate) fn of(computer: &Computer, arguments: &[&str]) -> Self {
        let output = computer.program().args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let killed = output.status.signal() == Some(9);
        Self::ended(
            killed,
            output.status.success(),
            String::from_utf8(text).unwrap(),
        )
    }

    /// Runs a command at a terminal, and types lines where these questions are asked.
    fn at_terminal(computer: &Computer, arguments: &[&str], answers: &[(&str, &str)]) -> Self {
        let mut terminal = AtTerminal::run(computer, arguments);
        for (question, answer) in answers {
            if !terminal.shows_unless_it_ends(question) {
                break;
            }
            terminal.types(answer);
        }
        let (status, shown) = terminal.ends_somehow();
        // Each byte comes as a character of its own.
        let bytes: Vec<u8> = shown
            .chars()
            .map(|byte| u8::try_from(byte).unwrap())
            .collect();
        let shown = String::from_utf8(bytes).unwrap();
        let killed = matches!(status, WaitStatus::Signaled(..));
        Self::ended(killed, matches!(status, WaitStatus::Exited(_, 0)), shown)
    }

    fn ended(killed: bool, succeeded: bool, shown: String) -> Self {
        let end = match (killed, succeeded) {
            (true, _) => "killed",
            (_, true) => "result",
            // What it says to do.
            (_, false) if shown.contains("→ ") => "storage",
            _ => "failed without a word",
        };
        Self {
            end: end.to_owned(),
            shown,
        }
    }
}

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Rename,
    Remove,
    Backup,
    Restore,
    Rebind,
}

/// A row of a stored credential, as far as it is the same whoever sealed it; and whether it is sealed as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stored {
    id: Vec<u8>,
    card: Vec<u8>,
    backed_up: bool,
    label: Option<String>,
    sealed_key: Vec<u8>,
}

fn stored(computer: &Computer) -> Vec<Stored> {
    let path = computer.data().join("credentials.sqlite");
    with_database(&path, |connection| {
        let query = "SELECT id, card, backed_up, label, sealed_key FROM credentials ORDER BY id";
        let mut query = connection.prepare(query).unwrap();
        let rows = query.query_map((), |row| {
            Ok(Stored {
                id: row.get(0)?,
                card: row.get(1)?,
                backed_up: row.get(2)?,
                label: row.get(3)?,
                sealed_key: row.get(4)?,
            })
        });
        rows.unwrap().map(Result::unwrap).collect()
    })
}

/// A computer with the credentials of two accounts, and a backup of them.
struct Ground {
    command: Command,
    computer: Computer,
    before: Vec<Stored>,
    taro: Value,
    backup: PathBuf,
    _folder: tempfile::TempDir,
}

impl Ground {
    fn make(command: Command) -> Self {
        let mut bench = Bench::with_card_of(PERSON);
        let taro = bench.register(PERSON, creation_options(), false);
        let jiro = json!({"id": "bmV3", "name": "jiro", "displayName": "次郎"});
        bench.register(PERSON, with(creation_options(), "user", jiro), false);
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("backup.age");
        let computer = bench.computer.copied(&bench.pcscd.socket(), "en");
        if matches!(command, Command::Restore | Command::Rebind) {
            let path = backup.display().to_string();
            let made = bench.computer.clone();
            let ran = Ran::at_terminal(&made, &["backup", &path], &answers(Command::Backup));
            assert_eq!(ran.end, "result", "{}", ran.shown);
            lighten(&backup);
        }
        if command == Command::Restore {
            let id = short(&taro);
            let ran = Ran::of(&computer, &["credentials", "remove", &id, "--yes"]);
            assert_eq!(ran.end, "result", "{}", ran.shown);
        }
        bench.spent_so_far(pins_in(&bench.log(0)));
        Self {
            command,
            before: stored(&computer),
            computer,
            taro,
            backup,
            _folder: folder,
        }
    }

    /// The computer as it is before the command.
    fn copied(&self, bench: &Bench) -> Computer {
        let computer = self.computer.copied(&bench.pcscd.socket(), "en");
        fs::create_dir(base(&computer).join(STICK)).unwrap();
        computer
    }

    fn run(&self, computer: &Computer) -> Ran {
        let id = short(&self.taro);
        let made = base(computer).join(BACKUP).display().to_string();
        let backup = self.backup.display().to_string();
        match self.command {
            Command::Rename => Ran::of(computer, &["credentials", "rename", &id, LABEL]),
            Command::Remove => Ran::of(computer, &["credentials", "remove", &id, "--yes"]),
            Command::Backup => self.asked(computer, &["backup", &made]),
            Command::Restore => self.asked(computer, &["restore", &backup]),
            Command::Rebind => self.asked(computer, &["rebind", "--from", &backup]),
        }
    }

    fn asked(&self, computer: &Computer, arguments: &[&str]) -> Ran {
        Ran::at_terminal(computer, arguments, &answers(self.command))
    }

    /// What is shown once it is done.
    fn acknowledged(&self, shown: &str) -> bool {
        shown.contains(match self.command {
            Command::Rename => "It is called",
            Command::Remove => "still lists it",
            Command::Backup => "Keep it on something",
            Command::Restore => "was restored",
            Command::Rebind => "now sealed under the new card",
        })
    }

    /// Whether the store is as it is afterwards. If not, it is as before, to the last byte.
    fn is_done(&self, computer: &Computer) -> bool {
        let found = stored(computer);
        if found == self.before {
            return false;
        }
        let id = raw_id(&self.taro);
        let mut expected = self.before.clone();
        match self.command {
            Command::Rename => {
                for row in expected.iter_mut().filter(|row| row.id == id) {
                    row.label = Some(LABEL.to_owned());
                }
            }
            Command::Remove => expected.retain(|row| row.id != id),
            Command::Backup => expected.iter_mut().for_each(|row| row.backed_up = true),
            Command::Restore => {
                let new: Vec<&Stored> = found.iter().filter(|row| row.id == id).collect();
                assert!(new.len() == 1 && new[0].backed_up && new[0].card == expected[0].card);
                expected.push(new[0].clone());
                expected.sort();
            }
            Command::Rebind => {
                assert_eq!(found.len(), expected.len());
                for (row, new) in expected.iter_mut().zip(&found) {
                    assert!(new.card != row.card && new.sealed_key != row.sealed_key);
                    row.card = found[0].card.clone();
                    row.sealed_key = new.sealed_key.clone();
                    row.backed_up = true;
                }
            }
        }
        assert_eq!(found, expected, "neither before nor after");
        true
    }

    /// What was acknowledged is there and can be used; what was not is there whole or not at all, and can be done again.
    fn look_after(&self, desk: &mut Desk, computer: &Computer, ran: &Ran) {
        let listed = Ran::of(computer, &["credentials"]);
        assert_eq!(listed.end, "result", "{}", listed.shown);
        content(computer);
        let done = self.is_done(computer);
        assert!(done || !self.acknowledged(&ran.shown), "{}", ran.shown);
        if self.command == Command::Backup {
            // Marked as backed up is only what can be read back. Making another one takes a second each: that it works is shown elsewhere.
            if done {
                open(&base(computer).join(BACKUP));
            }
            return;
        }
        if !done {
            let again = self.run(computer);
            assert_eq!(again.end, "result", "{}", again.shown);
            assert!(self.is_done(computer));
        }
        if matches!(self.command, Command::Restore | Command::Rebind) {
            sign_in_with(&mut desk.bench, computer, &self.taro, self.card());
        }
    }

    fn card(&self) -> &'static str {
        match self.command {
            Command::Rebind => NEW_CARD,
            _ => PERSON,
        }
    }

    fn desk(&self) -> Desk {
        let mut bench = Bench::with_readers(1);
        bench.insert(0, card_of(self.card()));
        Desk { bench }
    }
}

/// What is asked, and what is typed.
fn answers(command: Command) -> Vec<(&'static str, &'static str)> {
    let pin = |id: &str| ("tries left): ", person(id).pin.as_str());
    let passphrase = ("Passphrase of the backup: ", PASSPHRASE);
    match command {
        Command::Rename | Command::Remove => vec![],
        Command::Backup => vec![
            ("Passphrase: ", PASSPHRASE),
            ("The same again: ", PASSPHRASE),
            pin(PERSON),
        ],
        Command::Restore => vec![passphrase, pin(PERSON)],
        Command::Rebind => vec![passphrase, pin(NEW_CARD)],
    }
}

fn secret() -> SecretString {
    SecretString::from(PASSPHRASE.to_owned())
}

/// What is in a backup.
fn open(file: &Path) -> Vec<u8> {
    let mut identity = age::scrypt::Identity::new(secret());
    // Otherwise it takes no more than what it measures to be a few seconds' work, which on a busy machine may be too little.
    identity.set_max_work_factor(20);
    age::decrypt(&identity, &fs::read(file).unwrap()).unwrap()
}

/// Encrypts a backup with little work instead of a second's, for it is opened hundreds of times.
fn lighten(file: &Path) {
    let plaintext = open(file);
    let mut recipient = age::scrypt::Recipient::new(secret());
    recipient.set_work_factor(1);
    fs::write(file, age::encrypt(&recipient, &plaintext).unwrap()).unwrap();
}

fn raw_id(credential: &Value) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(id_of(credential))
        .unwrap()
}

/// The ID as `credentials` takes it.
fn short(credential: &Value) -> String {
    let id = raw_id(credential);
    id[1..9].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sign_in_with(bench: &mut Bench, computer: &Computer, credential: &Value, id: &str) {
    if id == PERSON {
        return sign_in(bench, computer, credential);
    }
    let mut host = computer.get(crate::ORIGIN, crate::named(credential));
    let prompt = host.prompt("sign-in");
    bench.type_pin(&mut host, &prompt, &person(id).pin, json!({}));
    crate::assert_signed_in(credential, &host.result());
}

fn every_mishap_at(command: Command, desks: usize) {
    let ground = Ground::make(command);
    let desk = ground.desk();
    let mut computer = ground.copied(&desk.bench);
    let mut calls = calls_of(&mut computer, |computer| {
        let ran = ground.run(computer);
        assert_eq!(ran.end, "result", "{}", ran.shown);
        assert!(ground.acknowledged(&ran.shown), "{}", ran.shown);
    });
    assert!(ground.is_done(&computer));
    desk.give_up();
    if command == Command::Backup {
        // A second of work for each case: what comes before the file is opening the store, as every other command does.
        let file = calls.iter().position(|call| call.file == BACKUP).unwrap();
        calls.drain(..file);
    }
    let strike = |desk: &mut Desk, call: &Call, mishap: Mishap| {
        let mut computer = ground.copied(&desk.bench);
        let (ran, struck) =
            with_mishap(&mut computer, call, mishap, |computer| ground.run(computer));
        ground.look_after(desk, &computer, &ran);
        desk.bench.spent_so_far(pins_in(&desk.bench.log(0)));
        Struck {
            end: ran.end,
            struck,
        }
    };
    every_mishap(
        &format!("{command:?}"),
        desks,
        &calls,
        || ground.desk(),
        strike,
        Desk::give_up,
    );
}

#[test]
fn every_mishap_at_renaming() {
    every_mishap_at(Command::Rename, DESKS);
}

#[test]
fn every_mishap_at_removing() {
    every_mishap_at(Command::Remove, DESKS);
}

/// Two at once: each takes 256 MiB.
#[test]
fn every_mishap_at_a_backup() {
    every_mishap_at(Command::Backup, 2);
}

#[test]
fn every_mishap_at_restoring() {
    every_mishap_at(Command::Restore, DESKS);
}

#[test]
fn every_mishap_at_rebinding() {
    every_mishap_at(Command::Rebind, DESKS);
}
