//! The SQLite query set.

mod challenges;
mod credentials;
mod enrolment;
mod link_codes;
mod operator;
mod people;
mod rates;
mod sessions;
mod upgrade;

use std::{path::Path, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteQueryResult,
        SqliteSynchronous,
    },
};
use uuid::Uuid;

use super::StoreError;

/// How long a write waits for another process's write.
const BUSY: Duration = Duration::from_secs(5);
/// How often a health check writes at most, in seconds.
const HEALTH_EVERY: i64 = 5;

/// The store.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens the database, makes it where there is none (readable by its owner only), and brings its tables up to date.
    ///
    /// # Errors
    /// The file cannot be opened or is from a newer version of this program.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        make_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let pool = SqlitePoolOptions::new()
            .max_connections(8)
            .acquire_timeout(BUSY)
            .connect_with(options)
            .await
            .map_err(|error| not_a_database(error, path))?;
        sqlx::migrate!("migrations/sqlite").run(&pool).await?;
        Ok(Self { pool })
    }

    /// Binds the database to a key file at first use, and refuses another one ever after.
    ///
    /// # Errors
    /// The database belongs to another key file, or failed.
    pub async fn bind_to_key(&self, check: &[u8; 32], now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO installation (one, key_check, healthy_at) VALUES (1, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(check.as_slice())
        .bind(now)
        .execute(&self.pool)
        .await?;
        let stored: Vec<u8> = sqlx::query_scalar("SELECT key_check FROM installation")
            .fetch_one(&self.pool)
            .await?;
        if stored == check {
            Ok(())
        } else {
            Err(StoreError::OtherKeyFile)
        }
    }

    /// Whether the database answers and can be written. Writes at most every few seconds.
    ///
    /// # Errors
    /// It does not answer, is full, or read-only.
    pub async fn check_health(&self, now: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE installation SET healthy_at = ? WHERE one = 1 AND healthy_at < ?")
            .bind(now)
            .bind(now - HEALTH_EVERY)
            .execute(&self.pool)
            .await?;
        let found: i64 = sqlx::query_scalar("SELECT one FROM installation")
            .fetch_one(&self.pool)
            .await?;
        if found == 1 {
            Ok(())
        } else {
            Err(StoreError::Unexpected("installation"))
        }
    }

    /// Deletes what has expired: challenges, link codes, counts, and sessions idle since before `idle_since`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sweep(&self, now: i64, idle_since: i64) -> Result<u64, StoreError> {
        let challenges = sqlx::query("DELETE FROM challenges WHERE expires_at <= ?")
            .bind(now)
            .execute(&self.pool)
            .await?;
        let sessions = sqlx::query("DELETE FROM sessions WHERE expires_at <= ? OR seen_at <= ?")
            .bind(now)
            .bind(idle_since)
            .execute(&self.pool)
            .await?;
        let codes = sqlx::query("DELETE FROM link_codes WHERE expires_at <= ?")
            .bind(now)
            .execute(&self.pool)
            .await?;
        let rates = sqlx::query("DELETE FROM rates WHERE ends_at <= ?")
            .bind(now)
            .execute(&self.pool)
            .await?;
        Ok([challenges, sessions, codes, rates]
            .iter()
            .map(SqliteQueryResult::rows_affected)
            .sum())
    }

    /// The journal mode, and how much a commit waits for the disk.
    #[cfg(test)]
    pub(in crate::store) async fn durability(&self) -> Result<(String, i64), StoreError> {
        let journal = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&self.pool)
            .await?;
        let synchronous = sqlx::query_scalar("PRAGMA synchronous")
            .fetch_one(&self.pool)
            .await?;
        Ok((journal, synchronous))
    }

    /// Writes everything back and closes the database.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// SQLITE_NOTADB: said when the file is first read, and not always by the same step.
fn not_a_database(error: sqlx::Error, path: &Path) -> StoreError {
    match &error {
        sqlx::Error::Database(database) if database.code().as_deref() == Some("26") => {
            StoreError::NotADatabase(path.display().to_string())
        }
        _ => error.into(),
    }
}

fn uuid(bytes: &[u8], column: &'static str) -> Result<Uuid, StoreError> {
    Uuid::from_slice(bytes).map_err(|_| StoreError::Unexpected(column))
}

/// SQLite gives its side files (`-wal`, `-shm`) the permissions of the database file, so that one decides.
#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    match std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
    {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .map(drop)
}
