//! What the commands about credentials refuse, each under its code.

use std::io::Write;

use age::secrecy::SecretString;
use age::{Decryptor, scrypt};

use super::*;

/// Runs a command at a terminal, types lines where these questions are asked, and expects it to fail with this code.
fn refused(computer: &Computer, arguments: &[&str], answers: &[(&str, &str)], code: &str) {
    let mut terminal = AtTerminal::run(computer, arguments);
    for (question, answer) in answers {
        terminal.shows(question).types(answer);
    }
    let (succeeded, shown) = terminal.ends();
    assert!(!succeeded, "{shown}");
    let code = format!("Code: {code}");
    assert!(
        shown.lines().any(|line| line.trim() == code),
        "{code}: {shown}"
    );
}

const CHOSEN: [(&str, &str); 2] = [
    ("Passphrase: ", PASSPHRASE),
    ("The same again: ", PASSPHRASE),
];
const OPENS: (&str, &str) = ("Passphrase of the backup: ", PASSPHRASE);

#[test]
fn a_file_that_is_no_backup_of_this_program_is_told_from_a_broken_one() {
    let person = BackedUp::new();
    let computer = &person.bench.computer;
    let other = person.folder.path().join("other.age");
    let restore = ["restore", other.to_str().unwrap()];
    fs::write(&other, "a shopping list").unwrap();
    // What its beginning shows is said before anybody types a passphrase.
    refused(computer, &restore, &[], "JPKI-not-a-backup");
    let content = fs::read(person.file()).unwrap();
    for length in [10, 30, 100, 140] {
        fs::write(&other, &content[..length]).unwrap();
        refused(computer, &restore, &[], "JPKI-backup-damaged");
    }

    // As a later version would write it, with a byte of the form that says so.
    let passphrase = || SecretString::from(PASSPHRASE.to_owned());
    let decryptor = Decryptor::new_buffered(&content[..]).unwrap();
    let identity = scrypt::Identity::new(passphrase());
    let mut plaintext = Vec::new();
    let mut reader = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .unwrap();
    std::io::Read::read_to_end(&mut reader, &mut plaintext).unwrap();
    let mut recipient = scrypt::Recipient::new(passphrase());
    recipient.set_work_factor(2);
    let name = b"jpki-authenticator backup ";
    assert!(plaintext.starts_with(name));
    plaintext[name.len()] = b'9';
    fs::write(&other, age::encrypt(&recipient, &plaintext).unwrap()).unwrap();
    refused(computer, &restore, &[OPENS], "JPKI-backup-newer");

    // Encrypted again by another tool, with sixteen times the work.
    let text = String::from_utf8_lossy(&content[..200]).into_owned();
    let header = text.lines().nth(1).unwrap();
    let at = text.find(header).unwrap() + header.len();
    assert_eq!(&content[at - 3..at], b" 18");
    let mut costly = content;
    costly[at - 2..at].copy_from_slice(b"22");
    fs::write(&other, costly).unwrap();
    refused(computer, &restore, &[], "JPKI-backup-too-much-work");

    let file = fs::File::create(&other).unwrap();
    (&file).write_all(b"age-encryption.org/v1\n").unwrap();
    file.set_len(1 << 30).unwrap();
    refused(computer, &restore, &[], "JPKI-backup-too-large");
}

#[test]
fn a_card_that_has_nothing_to_do_with_it_is_told() {
    let mut person = BackedUp::new();
    let path = person.path();
    let from = ["rebind", "--from", &path];
    let computer = person.bench.computer.clone();
    refused(&computer, &from, &[OPENS], "JPKI-backup-of-this-card");
    let new = person.folder.path().join("new.age").display().to_string();
    let empty = person.another_computer();
    refused(&empty, &["rebind"], &[], "JPKI-nothing-to-rebind");
    refused(&empty, &["backup", &new], &[], "JPKI-nothing-to-back-up");
    assert!(!empty.data().exists());
    person.replace_the_card();
    refused(
        &computer,
        &["backup", &new],
        &CHOSEN,
        "JPKI-nothing-of-this-card",
    );
}

#[test]
fn a_card_that_was_taken_out_while_its_pin_was_typed_is_another() {
    let person = BackedUp::new();
    let there = person.another_computer();
    let path = person.path();
    let mut terminal = person.until_the_pin(&there, &["restore", &path]);
    person.bench.card(0).remove();
    person.bench.put_back(0);
    terminal.types(&host::bench::person("p01").pin);
    let (succeeded, shown) = terminal.ends();
    assert!(
        !succeeded && shown.contains("Code: JPKI-card-changed"),
        "{shown}"
    );
    assert_eq!(person.bench.tries(0), 3);
}

#[test]
fn an_id_that_begins_several_is_not_enough() {
    let mut bench = Bench::with_card_of("p01");
    let mut first = Vec::new();
    // Sixteen digits: at the seventeenth two begin alike.
    for number in 0..17_u8 {
        let user = json!({"id": format!("AQI{}", (b'A' + number) as char), "name": "x", "displayName": "x"});
        bench.register("p01", with(plain(), "user", user), false);
        first = credentials(&bench.computer)
            .lines()
            .skip(1)
            .take_while(|line| !line.is_empty())
            .map(|line| line[..1].to_owned())
            .collect();
        first.sort();
        if first.windows(2).any(|pair| pair[0] == pair[1]) {
            break;
        }
    }
    let alike = first.windows(2).find(|pair| pair[0] == pair[1]).unwrap();
    refused(
        &bench.computer,
        &["credentials", "rename", &alike[0], "x"],
        &[],
        "JPKI-several-such-credentials",
    );
}

#[test]
fn a_store_that_is_not_as_it_was_is_said_to_be() {
    let mut person = BackedUp::new();
    fs::remove_file(person.file()).unwrap();
    let computer = person.bench.computer.clone();
    let path = person.path();
    let backup = ["backup", &path];
    let database = computer.data().join("credentials.sqlite");
    let change = |statement: &str| {
        let connection = rusqlite::Connection::open(&database).unwrap();
        connection.execute_batch(statement).unwrap();
    };
    // What nobody has backed up is said at once.
    change("UPDATE credentials SET backed_up = 0");
    let doctor_says = |words: &str| {
        let doctor = computer.program().arg("doctor").output().unwrap();
        let doctor = String::from_utf8(doctor.stdout).unwrap();
        assert!(doctor.contains(words), "{doctor}");
    };
    doctor_says("1 credential is in no backup.");
    doctor_says("Code: JPKI-not-backed-up\n");

    change("UPDATE credentials SET sealed_key = zeroblob(length(sealed_key))");
    person.bench.type_pin_elsewhere();
    let pin = host::bench::person("p01").pin.clone();
    let answers = [CHOSEN[0], CHOSEN[1], ("tries left): ", pin.as_str())];
    refused(&computer, &backup, &answers, "JPKI-seal-broken");

    let secrets = computer.data().join("secrets");
    let kept = fs::read(&secrets).unwrap();
    fs::write(&secrets, &kept[1..]).unwrap();
    refused(&computer, &backup, &[], "JPKI-secrets-damaged");
    doctor_says("Code: JPKI-secrets-damaged\n");
    fs::remove_file(&secrets).unwrap();
    refused(&computer, &backup, &[], "JPKI-secrets-missing");
    doctor_says("Code: JPKI-secrets-missing\n");

    change("PRAGMA user_version = 1000");
    refused(&computer, &["credentials"], &[], "JPKI-storage-newer");
    fs::write(&database, [0x55; 8192]).unwrap();
    refused(&computer, &["credentials"], &[], "JPKI-storage");
}
