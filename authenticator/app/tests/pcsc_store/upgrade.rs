//! A store of an older version, and everything that can go wrong while it is brought to today's: at every system call.
//!
//! The older versions are texts of SQL (`schemas`), not what today's migrations make of an empty file, so that a migration that
//! was changed after it was published is noticed.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

use crate::calls::{Call, Mishap};
use crate::host::bench::Bench;
use crate::host::{Computer, creation_options};
use crate::keeping::Ran;
use crate::{Desk, PERSON, Struck, calls_of, every_mishap, pins_in, sign_in, with_mishap};

const FIRST: &str = include_str!("schemas/1.sql");
const THIRD: &str = include_str!("schemas/3.sql");

/// Everything in a database: its tables' definitions and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Content(pub(crate) Vec<(String, Vec<Vec<String>>)>);

/// Does something with a database.
pub(crate) fn with_database<T>(
    path: &Path,
    does: impl AsyncFnOnce(&mut SqliteConnection) -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal);
    runtime.block_on(async {
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let done = does(&mut connection).await;
        connection.close().await.unwrap();
        done
    })
}

/// The columns of a table.
async fn columns(connection: &mut SqliteConnection, table: &str) -> Vec<String> {
    let rows = sqlx::query("SELECT name FROM pragma_table_info(?)")
        .bind(table)
        .fetch_all(connection)
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// What is in a sound database, as SQL has it. When migrations were made does not count.
pub(crate) fn content(computer: &Computer) -> Content {
    let path = computer.data().join("credentials.sqlite");
    with_database(&path, async |connection| {
        let sound = sqlx::query("PRAGMA integrity_check")
            .fetch_one(&mut *connection)
            .await
            .unwrap();
        assert_eq!(sound.get::<String, _>(0), "ok");
        let tables = sqlx::query(
            "SELECT name, sql, type FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .fetch_all(&mut *connection)
        .await
        .unwrap();
        let mut content = Vec::new();
        for table in &tables {
            let name: String = table.get(0);
            let all = columns(&mut *connection, &name).await;
            let timeless = all
                .iter()
                .filter(|column| !["installed_on", "execution_time"].contains(&column.as_str()));
            let quoted: Vec<String> = timeless.map(|column| format!("quote({column})")).collect();
            let mut rows = Vec::new();
            if table.get::<String, _>(2) == "table" {
                let query = format!("SELECT {} FROM {name}", quoted.join(", "));
                let found = sqlx::query(AssertSqlSafe(query))
                    .fetch_all(&mut *connection)
                    .await
                    .unwrap();
                rows = found
                    .iter()
                    .map(|row| (0..quoted.len()).map(|at| row.get(at)).collect())
                    .collect();
            }
            content.push((format!("{name}: {}", table.get::<String, _>(1)), rows));
        }
        Content(content)
    })
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
    with_database(&path, async |connection| {
        connection.execute(sqlx::raw_sql(schema)).await.unwrap();
        let attach = format!("ATTACH '{}' AS newer", source.display());
        connection
            .execute(sqlx::raw_sql(AssertSqlSafe(attach)))
            .await
            .unwrap();
        for table in ["credentials", "sites", "disclosures"] {
            let columns = columns(&mut *connection, table).await.join(", ");
            let copy =
                format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM newer.{table}");
            connection
                .execute(sqlx::raw_sql(AssertSqlSafe(copy)))
                .await
                .unwrap();
        }
        connection
            .execute(sqlx::raw_sql("DETACH newer"))
            .await
            .unwrap();
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
