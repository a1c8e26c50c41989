//! The database.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::mem;
use std::path::Path;
use std::time::Duration;

use authenticator_core::{
    CredProtect, CredentialId, CredentialKey, CredentialKind, CredentialRecord, Disclosed,
    Registration, Secrets,
};
use eid_card::CardKeyHash;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteRow, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Row};
use tokio::runtime::{Builder, Runtime};

use super::{PrivateDir, StoreError, secrets};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The database's name in the private folder.
const FILE: &str = "credentials.sqlite";
/// The length at which the write-ahead log is kept, in bytes: about as much as ten registrations write.
const LOG: u64 = 32 * 4096;
/// How long to wait for another process to finish its transaction.
const BUSY: Duration = Duration::from_secs(10);

/// The user's store, open.
pub(crate) struct Store {
    folder: PrivateDir,
    pub(super) runtime: Runtime,
    pub(super) connection: SqliteConnection,
}

/// An entry of the history of disclosures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DisclosureEntry {
    /// Seconds since 1970.
    pub(crate) at: u64,
    /// What.
    pub(crate) what: Disclosed,
    /// To whom.
    pub(crate) rp_id: String,
}

/// How many pairwise credentials there are for one card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    /// All of them.
    pub(crate) pairwise: u64,
    /// Those that no backup holds.
    pub(crate) not_backed_up: u64,
}

impl Store {
    /// Opens the store in the user's data folder, and makes it at first use.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn open_default() -> Result<Self, StoreError> {
        Self::open(&PrivateDir::default_path()?)
    }

    /// Whether there is a store in the user's data folder.
    pub(crate) fn is_there() -> bool {
        PrivateDir::default_path().is_ok_and(|folder| folder.join(FILE).is_file())
    }

    /// Opens the store in a folder, and makes it at first use.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let folder = PrivateDir::open(path)?;
        // SQLite gives its other files the mode of the database, so this one is made first.
        let new = folder
            .open_file(FILE)?
            .metadata()
            .map_err(|error| StoreError::io(path, error))?
            .len()
            == 0;
        let options = SqliteConnectOptions::new()
            .filename(folder.file(FILE))
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            .disable_statement_logging();
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::io(path, error))?;
        // SQLite's migrations have no lock of their own against another process doing the same.
        let lock = folder.lock()?;
        let connection = runtime.block_on(async {
            let mut connection = options.connect().await?;
            if !is_up_to_date(&mut connection).await {
                MIGRATIONS
                    .run_direct(None, &mut connection, false)
                    .await
                    .map_err(|error| match error {
                        MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
                            StoreError::Newer
                        }
                        error => StoreError::Database(error.into()),
                    })?;
            }
            Ok::<_, StoreError>(connection)
        })?;
        // Whatever is in a database was committed, and a first commit makes the folder's names durable.
        if new {
            folder.sync()?;
        }
        drop(lock);
        Ok(Self {
            folder,
            runtime,
            connection,
        })
    }

    /// Keeps the write-ahead log at [`LOG`] bytes, so that the next commits overwrite what is there: then the disk alone is waited
    /// for, and not the file system's journal (`docs/decisions/0045-a-log-of-constant-size.md`). A log that has grown is moved
    /// into the database and begun anew.
    ///
    /// Nothing depends on this: whatever fails is left to the next ceremony. Other processes are not waited for.
    pub(crate) fn tidy_up(mut self) {
        let log = self.folder.file(&format!("{FILE}-wal"));
        if fs::metadata(&log).is_ok_and(|log| log.len() != LOG) {
            let connection = &mut self.connection;
            let _ = self.runtime.block_on(async {
                sqlx::query("PRAGMA busy_timeout = 0")
                    .execute(&mut *connection)
                    .await?;
                if fs::metadata(&log)?.len() > LOG {
                    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                        .execute(&mut *connection)
                        .await?;
                }
                // Nobody else writes to the log, or empties it, until this is dropped.
                let alone = connection.begin_with("BEGIN IMMEDIATE").await?;
                fill(&log)?;
                alone.rollback().await
            });
        }
        // The process ends now. Closing would remove the log, and the next commit would wait for a new one.
        mem::forget(self);
    }

    /// The installation's secrets, made at first use.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn secrets(&mut self) -> Result<Secrets, StoreError> {
        let folder = self.folder.clone();
        secrets::open_or_create(&folder, || {
            let any: i64 = self.runtime.block_on(
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM credentials)")
                    .fetch_one(&mut self.connection),
            )?;
            Ok(any == 0)
        })
    }

    /// The credential with this ID.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn credential(
        &mut self,
        id: &CredentialId,
    ) -> Result<Option<CredentialRecord>, StoreError> {
        let query =
            sqlx::query("SELECT * FROM credentials WHERE id = ?").bind(id.as_bytes().as_slice());
        let row = self
            .runtime
            .block_on(query.fetch_optional(&mut self.connection))?;
        row.map(|row| record(&row)).transpose()
    }

    /// All credentials of a relying party.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn credentials(&mut self, rp_id: &str) -> Result<Vec<CredentialRecord>, StoreError> {
        let query = sqlx::query("SELECT * FROM credentials WHERE rp_id = ?").bind(rp_id);
        let rows = self
            .runtime
            .block_on(query.fetch_all(&mut self.connection))?;
        rows.iter().map(record).collect()
    }

    /// How many pairwise credentials of a card there are, and how many of them no backup holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn count(&mut self, card: &CardKeyHash) -> Result<Count, StoreError> {
        let query = sqlx::query(
            "SELECT count(*) AS pairwise, count(*) FILTER (WHERE backed_up = 0) AS not_backed_up
             FROM credentials WHERE kind = ? AND card = ?",
        )
        .bind(CredentialKind::Pairwise.name())
        .bind(card.as_bytes().as_slice());
        let row = self
            .runtime
            .block_on(query.fetch_one(&mut self.connection))?;
        Ok(Count {
            pairwise: unsigned(row.try_get("pairwise")?, "pairwise")?,
            not_backed_up: unsigned(row.try_get("not_backed_up")?, "not_backed_up")?,
        })
    }

    /// Whether the person chose to remember this site.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn site_remembered(&mut self, rp_id: &str) -> Result<bool, StoreError> {
        let query =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sites WHERE rp_id = ?)").bind(rp_id);
        let found: i64 = self
            .runtime
            .block_on(query.fetch_one(&mut self.connection))?;
        Ok(found != 0)
    }

    /// Stores a registration whole or not at all: on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of it was stored.
    pub(crate) fn commit_registration(
        &mut self,
        registration: &Registration,
    ) -> Result<(), StoreError> {
        let Registration {
            credential,
            replaces,
            disclosure,
            remember_site,
        } = registration;
        let sealed_key = match &credential.key {
            CredentialKey::Sealed(sealed) => Some(sealed.as_slice()),
            CredentialKey::InCard => None,
        };
        let created_at = seconds(credential.created_at, "created_at")?;
        let last_used_at = credential
            .last_used_at
            .map(|at| seconds(at, "last_used_at"))
            .transpose()?;
        let disclosed_at = disclosure
            .as_ref()
            .map(|entry| seconds(entry.at, "at"))
            .transpose()?;
        self.runtime.block_on(async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            for replaced in replaces {
                sqlx::query("DELETE FROM credentials WHERE id = ?")
                    .bind(replaced.as_bytes().as_slice())
                    .execute(&mut *transaction)
                    .await?;
            }
            sqlx::query(
                "INSERT INTO credentials (id, kind, rp_id, user_handle, discoverable, card, sealed_key, sealed_names,
                     backed_up, created_at, last_used_at, cred_protect, large_blob_key)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(credential.id.as_bytes().as_slice())
            .bind(credential.kind().name())
            .bind(&credential.rp_id)
            .bind(credential.user_handle.as_slice())
            .bind(credential.discoverable)
            .bind(credential.card.as_bytes().as_slice())
            .bind(sealed_key)
            .bind(credential.sealed_names.as_deref())
            .bind(credential.backed_up)
            .bind(created_at)
            .bind(last_used_at)
            .bind(credential.cred_protect.level())
            .bind(credential.large_blob_key)
            .execute(&mut *transaction)
            .await?;
            if let Some((entry, at)) = disclosure.as_ref().zip(disclosed_at) {
                sqlx::query(
                    "INSERT INTO disclosures (at, what, rp_id, credential, card) VALUES (?, ?, ?, ?, ?)",
                )
                .bind(at)
                .bind(entry.what.name())
                .bind(&entry.rp_id)
                .bind(entry.credential.as_bytes().as_slice())
                .bind(entry.card.as_bytes().as_slice())
                .execute(&mut *transaction)
                .await?;
            }
            if *remember_site {
                sqlx::query("INSERT INTO sites (rp_id, remembered_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
                    .bind(&credential.rp_id)
                    .bind(created_at)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            Ok(())
        })
    }

    /// Notes when a credential was used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn commit_use(&mut self, id: &CredentialId, at: u64) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE credentials SET last_used_at = ? WHERE id = ?")
            .bind(seconds(at, "last_used_at")?)
            .bind(id.as_bytes().as_slice());
        self.runtime.block_on(query.execute(&mut self.connection))?;
        Ok(())
    }

    /// The history of disclosures, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn disclosures(&mut self) -> Result<Vec<DisclosureEntry>, StoreError> {
        let query = sqlx::query("SELECT at, what, rp_id FROM disclosures ORDER BY entry");
        let rows = self
            .runtime
            .block_on(query.fetch_all(&mut self.connection))?;
        rows.iter()
            .map(|row| {
                let what: String = row.try_get("what")?;
                Ok(DisclosureEntry {
                    at: unsigned(row.try_get("at")?, "at")?,
                    what: Disclosed::from_name(&what).ok_or(StoreError::Impossible("what"))?,
                    rp_id: row.try_get("rp_id")?,
                })
            })
            .collect()
    }
}

/// Appends zeros to a write-ahead log until it has [`LOG`] bytes. To SQLite its end is where it was: zeros are no frame.
///
/// # Errors
/// Those of the disk; then it may have become somewhat longer.
fn fill(log: &Path) -> io::Result<()> {
    // Never made anew, and never written to but at its end.
    let mut log = OpenOptions::new().append(true).open(log)?;
    let missing = LOG.saturating_sub(log.metadata()?.len());
    log.write_all(&vec![0; usize::try_from(missing).unwrap_or_default()])?;
    log.sync_all()
}

/// Whether exactly our migrations were run, by one question; the migrator itself asks several. It has the word when not.
async fn is_up_to_date(connection: &mut SqliteConnection) -> bool {
    let query =
        sqlx::query("SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version");
    let Ok(rows) = query.fetch_all(connection).await else {
        return false;
    };
    let applied = rows.iter().map(|row| {
        let success: bool = row.try_get("success").ok()?;
        let checksum: Vec<u8> = row.try_get("checksum").ok()?;
        Some((row.try_get("version").ok()?, checksum)).filter(|_| success)
    });
    let ours = MIGRATIONS
        .iter()
        .map(|migration| Some((migration.version, migration.checksum.to_vec())));
    applied.eq(ours)
}

pub(super) fn record(row: &SqliteRow) -> Result<CredentialRecord, StoreError> {
    let id: Vec<u8> = row.try_get("id")?;
    let id = CredentialId::from_bytes(&id).ok_or(StoreError::Impossible("id"))?;
    let kind: String = row.try_get("kind")?;
    let kind = CredentialKind::from_name(&kind)
        .filter(|kind| *kind == id.kind())
        .ok_or(StoreError::Impossible("kind"))?;
    let sealed_key: Option<Vec<u8>> = row.try_get("sealed_key")?;
    let key = match (kind, sealed_key) {
        (CredentialKind::Pairwise, Some(sealed)) => CredentialKey::Sealed(sealed),
        (CredentialKind::Card, None) => CredentialKey::InCard,
        _ => return Err(StoreError::Impossible("sealed_key")),
    };
    let card: Vec<u8> = row.try_get("card")?;
    let card = card
        .try_into()
        .map_err(|_| StoreError::Impossible("card"))?;
    let cred_protect: i64 = row.try_get("cred_protect")?;
    let last_used_at: Option<i64> = row.try_get("last_used_at")?;
    Ok(CredentialRecord {
        id,
        key,
        rp_id: row.try_get("rp_id")?,
        user_handle: row.try_get("user_handle")?,
        discoverable: row.try_get("discoverable")?,
        card: CardKeyHash::from_bytes(card),
        cred_protect: CredProtect::from_level(cred_protect)
            .ok_or(StoreError::Impossible("cred_protect"))?,
        large_blob_key: row.try_get("large_blob_key")?,
        sealed_names: row.try_get("sealed_names")?,
        backed_up: row.try_get("backed_up")?,
        created_at: unsigned(row.try_get("created_at")?, "created_at")?,
        last_used_at: last_used_at
            .map(|at| unsigned(at, "last_used_at"))
            .transpose()?,
    })
}

pub(super) fn seconds(at: u64, column: &'static str) -> Result<i64, StoreError> {
    at.try_into().map_err(|_| StoreError::Impossible(column))
}

fn unsigned(at: i64, column: &'static str) -> Result<u64, StoreError> {
    at.try_into().map_err(|_| StoreError::Impossible(column))
}

#[cfg(test)]
#[path = "database_tests.rs"]
mod tests;
