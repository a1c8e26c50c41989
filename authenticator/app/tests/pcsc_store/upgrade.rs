//! A store of an older version, and everything that can go wrong while it is brought to today's: at every system call.
//!
//! The older versions are texts of SQL (`schemas`), not what today's migrations make of an empty file, so that a migration that
//! was changed after it was published is noticed.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use rusqlite::Connection;

use crate::calls::{Call, Mishap};
use crate::host::bench::Bench;
use crate::host::{Computer, creation_options, with_database};
use crate::keeping::Ran;
use crate::{Desk, PERSON, Struck, calls_of, every_mishap, pins_in, sign_in, with_mishap};

const FIRST: &str = include_str!("schemas/1.sql");
const THIRD: &str = include_str!("schemas/3.sql");
const FIFTH: &str = include_str!("schemas/5.sql");

/// Everything in a database: its tables' definitions and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content(pub(crate) Vec<(String, Vec<Vec<String>>)>);

/// The columns of a table.
fn columns(connection: &Connection, table: &str) -> Vec<String> {
    let mut query = connection
        .prepare("SELECT name FROM pragma_table_info(?)")
        .unwrap();
    let names = query.query_map([table], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

/// What is in a sound database, as SQL has it.
pub(crate) fn content(computer: &Computer) -> Content {
    let path = computer.data().join("credentials.sqlite");
    with_database(&path, |connection| {
        let sound: String = connection
            .query_row("PRAGMA integrity_check", (), |row| row.get(0))
            .unwrap();
        assert_eq!(sound, "ok");
        let mut schema = connection
            .prepare("SELECT name, sql, type FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
            .unwrap();
        let entries = schema.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let mut content = vec![("version".to_owned(), vec![vec![version(connection)]])];
        for entry in entries.unwrap() {
            let (name, sql, kind): (String, String, String) = entry.unwrap();
            let rows = if kind == "table" {
                rows(connection, &name)
            } else {
                Vec::new()
            };
            content.push((format!("{name}: {sql}"), rows));
        }
        Content(content)
    })
}

fn version(connection: &Connection) -> String {
    let version: i64 = connection
        .query_row("PRAGMA user_version", (), |row| row.get(0))
        .unwrap();
    version.to_string()
}

/// A table's rows, each value as SQL has it.
fn rows(connection: &Connection, table: &str) -> Vec<Vec<String>> {
    let quoted: Vec<String> = columns(connection, table)
        .iter()
        .map(|column| format!("quote({column})"))
        .collect();
    let mut query = connection
        .prepare(&format!("SELECT {} FROM {table}", quoted.join(", ")))
        .unwrap();
    let rows = query.query_map((), |row| (0..quoted.len()).map(|at| row.get(at)).collect());
    rows.unwrap().map(Result::unwrap).collect()
}

/// A computer with the store of a version that made this, and in it what is in another computer's.
fn older(schema: &'static str, newer: &Computer, bench: &Bench) -> Computer {
    let computer = Computer::with_pcscd(&bench.pcscd.socket());
    let data = computer.data();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&data)
        .unwrap();
    for file in ["secrets", "lock"] {
        fs::copy(newer.data().join(file), data.join(file)).unwrap();
    }
    let path = data.join("credentials.sqlite");
    let mut private = fs::OpenOptions::new();
    private
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)
        .unwrap();
    let source = newer.data().join("credentials.sqlite");
    with_database(&path, |connection| {
        connection
            .execute_batch("PRAGMA journal_mode = WAL")
            .unwrap();
        connection.execute_batch(schema).unwrap();
        connection
            .execute("ATTACH ? AS newer", [source.display().to_string()])
            .unwrap();
        for table in ["credentials", "sites", "disclosures"] {
            let columns = columns(connection, table).join(", ");
            let copy =
                format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}");
            connection.execute(&copy, ()).unwrap();
        }
        connection.execute_batch("DETACH newer").unwrap();
    });
    computer
}

fn every_mishap_at_an_upgrade(what: &str, schema: &'static str) {
    let mut bench = Bench::with_card_of(PERSON);
    let taro = bench.register(PERSON, creation_options(), true);
    let newer = bench.computer.copied(&bench.pcscd.socket(), "en");
    let today = content(&newer);
    let old = older(schema, &newer, &bench);
    assert_ne!(content(&old), today);
    let socket = bench.pcscd.socket();
    let copied = || old.copied(&socket, "en");

    // Undisturbed, it is today's store in every row, and signs in.
    let mut upgraded = copied();
    let calls = calls_of(&mut upgraded, |computer| {
        assert_eq!(history(computer).end, "result");
    });
    assert_eq!(content(&upgraded), today);
    sign_in(&mut bench, &upgraded, &taro);

    let strike = |(): &mut (), call: &Call, mishap: Mishap| {
        let mut computer = copied();
        let (ran, struck) = with_mishap(&mut computer, call, mishap, history);
        if ran.end == "result" {
            assert_eq!(content(&computer), today);
        }
        // The next start completes it.
        assert_eq!(history(&computer).end, "result");
        assert_eq!(content(&computer), today);
        Struck {
            end: ran.end,
            struck,
        }
    };
    every_mishap(what, crate::DESKS, &calls, || (), strike, |()| ());
    let mut desk = Desk { bench };
    desk.bench.spent_so_far(pins_in(&desk.bench.log(0)));
    desk.give_up();
}

/// What opens the store and needs no card.
fn history(computer: &Computer) -> Ran {
    let ran = Ran::of(computer, &["history"]);
    if ran.end == "result" {
        assert!(ran.shown.contains("example.jp"), "{}", ran.shown);
    }
    ran
}

#[test]
fn every_mishap_at_the_upgrade_of_the_first_version() {
    every_mishap_at_an_upgrade("Upgrade from 1", FIRST);
}

#[test]
fn every_mishap_at_the_upgrade_of_the_third_version() {
    every_mishap_at_an_upgrade("Upgrade from 3", THIRD);
}

/// It has today's tables already; only the version is kept elsewhere.
#[test]
fn every_mishap_at_the_upgrade_of_the_fifth_version() {
    every_mishap_at_an_upgrade("Upgrade from 5", FIFTH);
}
