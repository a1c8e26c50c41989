//! A disk that is full, or that cannot be written; and other processes at the same store. Real ones.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::host::bench::{Bench, assert_signed_in, pins_in};
use crate::host::{creation_options, with_database};
use crate::{Desk, PERSON, Template, Work, go_through, id_of, named, sign_in};

/// Runs the program on a disk of `$2` KiB of which `$3` KiB are free, and brings back what it left there.
const SMALL_DISK: &str = r#"
folder=$1 size=$2 free=$3; shift 3
home=$(mktemp -d) && cp -a "$folder/." "$home" || exit 99
mount -t tmpfs -o "size=${size}k,mode=700" small "$folder" && cp -a "$home/." "$folder" || exit 99
dd if=/dev/zero of="$folder/filler" bs=4k status=none 2>/dev/null
truncate -s "-${free}K" "$folder/filler" || exit 99
"$@"
status=$?
rm "$folder/filler"
rm -rf "$home"/* && cp -a "$folder/." "$home" && umount "$folder" && rm -rf "$folder"/* && cp -a "$home/." "$folder" && rm -rf "$home" || exit 99
exit $status
"#;

/// Runs the program where the folder cannot be written.
const READ_ONLY: &str = r#"
folder=$1; shift
mount --bind "$folder" "$folder" && mount -o remount,bind,ro "$folder" || exit 99
exec "$@"
"#;

/// A shell script that mounts something and then runs the program.
fn mounted(script: &str, arguments: &[&str]) -> Vec<OsString> {
    let mut under: Vec<OsString> = vec!["/usr/bin/unshare".into()];
    if !rustix::process::geteuid().is_root() {
        under.push("--map-root-user".into());
    }
    under.extend(["--mount", "/bin/sh", "-c", script, "sh"].map(OsString::from));
    under.extend(arguments.iter().map(OsString::from));
    under
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Closes a database in order, by which SQLite removes its log.
fn remove_log(database: &Path) {
    with_database(database, |connection| {
        connection
            .query_row("SELECT count(*) FROM credentials", (), |_| Ok(()))
            .unwrap();
    });
    assert!(!database.with_extension("sqlite-wal").exists());
}

/// As little free space as there can be, then a page more each time, until the ceremony succeeds. Returns how often there was
/// too little.
fn until_there_is_room(work: Work, has_log: bool) -> usize {
    let template = Template::make();
    let mut desk = Desk::new();
    let mut refused = 0;
    for free in (0..).step_by(4) {
        let mut computer = work.computer(&template, &desk.bench);
        std::fs::create_dir_all(computer.data()).unwrap();
        if !has_log && work != Work::FirstUse {
            remove_log(&computer.data().join("credentials.sqlite"));
        }
        let folder = text(&computer.data());
        computer.run_under(mounted(SMALL_DISK, &[&folder, "1024", &free.to_string()]));
        let mut host = work.begin(&computer, &template);
        let message = go_through(&mut host).unwrap();
        let ended = host.end();
        assert!(ended.status.success(), "{}", ended.log);
        computer.run_under(Vec::new());
        let result = message["type"] == "result";
        assert!(result || message["code"] == "storage", "{message}");
        assert!(
            result || ended.log.contains("[JPKI-storage]"),
            "{}",
            ended.log
        );
        desk.look_after(work, &template, &computer, Some(message).filter(|_| result));
        if result {
            break;
        }
        refused += 1;
        assert!(refused < 200, "never enough");
    }
    println!("{work:?}: {refused} times too little");
    desk.give_up();
    refused
}

#[test]
fn a_disk_too_full_for_first_use() {
    assert!(until_there_is_room(Work::FirstUse, false) > 1);
}

#[test]
fn a_disk_too_full_for_a_registration() {
    assert!(until_there_is_room(Work::Registration, false) > 1);
}

/// The log keeps its size, so there is room in it.
#[test]
fn a_full_disk_with_room_in_the_log_takes_a_registration() {
    assert_eq!(until_there_is_room(Work::Registration, true), 0);
}

#[test]
fn a_disk_that_cannot_be_written() {
    let template = Template::make();
    let mut desk = Desk::new();
    for work in [
        Work::FirstUse,
        Work::Registration,
        Work::Replacement,
        Work::Use,
    ] {
        let mut computer = work.computer(&template, &desk.bench);
        std::fs::create_dir_all(computer.data()).unwrap();
        let before = pins_in(&desk.bench.log(0));
        computer.run_under(mounted(READ_ONLY, &[&text(&computer.data())]));
        let mut host = work.begin(&computer, &template);
        let message = go_through(&mut host).unwrap();
        assert_eq!(message["code"], "storage", "{work:?}: {message}");
        assert!(host.end().log.contains("[JPKI-storage]"));
        assert_eq!(
            pins_in(&desk.bench.log(0)),
            before,
            "no PIN for what cannot be stored"
        );
        computer.run_under(Vec::new());
        desk.look_after(work, &template, &computer, None);
    }
    desk.give_up();
}

/// Many processes at first use: one makes the store, the others find it.
#[test]
fn other_processes_at_first_use() {
    for _ in 0..10 {
        let mut bench = Bench::with_card_of(PERSON);
        // The options page's question makes the store where there is none; `history` takes it as it is.
        let askers: Vec<_> = (0..4)
            .map(|_| {
                let mut host = bench.computer.greeted();
                host.send(json!({"type": "records"}));
                host
            })
            .collect();
        let history = || {
            let mut command = bench.computer.program();
            command.arg("history").stdout(Stdio::null());
            command.spawn().unwrap()
        };
        let mut others: Vec<_> = (0..4).map(|_| history()).collect();
        let registered = bench.register(PERSON, creation_options(), false);
        for mut asker in askers {
            assert_eq!(asker.next()["type"], "records");
        }
        for other in &mut others {
            assert!(other.wait().unwrap().success());
        }
        let signed_in = bench.sign_in(PERSON, named(&registered));
        assert_signed_in(&registered, &signed_in);
    }
}

/// Another process writes for longer than anyone waits, and for less.
#[test]
fn another_process_that_keeps_the_store_locked() {
    let template = Template::make();
    let mut desk = Desk::new();
    for (keeps, end) in [
        (Duration::from_secs(2), "result"),
        (Duration::from_secs(25), "storage"),
    ] {
        let computer = Work::Registration.computer(&template, &desk.bench);
        let database = computer.data().join("credentials.sqlite");
        let (locked, wait) = std::sync::mpsc::channel();
        let keeper = thread::spawn(move || {
            with_database(&database, |connection| {
                connection.execute_batch("BEGIN IMMEDIATE").unwrap();
                locked.send(()).unwrap();
                thread::sleep(keeps);
                connection.execute_batch("ROLLBACK").unwrap();
            });
        });
        wait.recv().unwrap();
        let mut host = Work::Registration.begin(&computer, &template);
        let message = go_through(&mut host).unwrap();
        let log = host.end().log;
        keeper.join().unwrap();
        let ended = message["code"].as_str().unwrap_or("result");
        assert_eq!(ended, end, "{log}");
        desk.look_after(
            Work::Registration,
            &template,
            &computer,
            Some(message).filter(|_| end == "result"),
        );
    }
    desk.give_up();
}

/// Two registrations at once, on one computer with one card: both succeed, or one is told that the card is in use; what was
/// acknowledged is there.
#[test]
fn two_registrations_at_once() {
    let template = Template::make();
    let mut desk = Desk::new();
    let computer = Work::Registration.computer(&template, &desk.bench);
    let works = [Work::Registration, Work::Replacement];
    let messages: Vec<Value> = thread::scope(|scope| {
        let (computer, template) = (&computer, &template);
        let threads = works.map(|work| {
            scope.spawn(move || go_through(&mut work.begin(computer, template)).unwrap())
        });
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let mut expected: BTreeSet<String> = [id_of(&template.taro)].into();
    for (work, message) in works.iter().zip(&messages) {
        if message["type"] == "result" {
            if *work == Work::Replacement {
                expected.remove(&id_of(&template.taro));
            }
            expected.insert(id_of(&message["response"]));
            sign_in(&mut desk.bench, &computer, &message["response"]);
        } else {
            assert_eq!(message["code"], "card-busy", "{message}");
        }
    }
    assert!(messages.iter().any(|message| message["type"] == "result"));
    assert_eq!(computer.stored(), expected);
    assert_eq!(desk.bench.tries(0), 3);
    desk.give_up();
}
