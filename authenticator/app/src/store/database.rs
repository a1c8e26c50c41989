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
use rusqlite::{Connection, OpenFlags, Params, Row, Transaction, TransactionBehavior, params};

use super::{PrivateDir, StoreError, migrations, secrets};

/// The database's name in the private folder.
const FILE: &str = "credentials.sqlite";
/// The length at which the write-ahead log is kept, in bytes: about as much as ten registrations write.
const LOG: u64 = 32 * 4096;
/// How long to wait for another process to finish its transaction.
const BUSY: Duration = Duration::from_secs(10);
/// What holds for this connection; the write-ahead log, for the database.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;";

/// The user's store, open.
pub(crate) struct Store {
    folder: PrivateDir,
    pub(super) connection: Connection,
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

    /// Opens the store in the user's data folder if there is one: where nothing is kept, looking makes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn open_if_there() -> Result<Option<Self>, StoreError> {
        let folder = PrivateDir::default_path()?;
        match fs::symlink_metadata(folder.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            // Whatever else is wrong is said by opening it.
            _ => Self::open(&folder).map(Some),
        }
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
        // SQLite's migrations have no lock of their own against another process doing the same.
        let lock = folder.lock()?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(folder.file(FILE), flags)?;
        connection.busy_timeout(BUSY)?;
        connection.execute_batch(SETTINGS)?;
        migrations::to_latest(&mut connection)?;
        // Whatever is in a database was committed, and a first commit makes the folder's names durable.
        if new {
            folder.sync()?;
        }
        drop(lock);
        Ok(Self { folder, connection })
    }

    /// Keeps the write-ahead log at [`LOG`] bytes, so that the next commits overwrite what is there: then the disk alone is waited
    /// for, and not the file system's journal (`docs/decisions/0045-a-log-of-constant-size.md`). A log that has grown is moved
    /// into the database and begun anew.
    ///
    /// Nothing depends on this: whatever fails is left to the next ceremony. Other processes are not waited for.
    pub(crate) fn tidy_up(mut self) {
        let log = self.folder.file(&format!("{FILE}-wal"));
        if fs::metadata(&log).is_ok_and(|log| log.len() != LOG) {
            let _ = self.make_room(&log);
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
            let query = "SELECT NOT EXISTS (SELECT 1 FROM credentials)";
            Ok(self.connection.query_row(query, (), |row| row.get(0))?)
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
        let query = "SELECT * FROM credentials WHERE id = ?";
        Ok(self.records(query, [id.as_bytes()])?.pop())
    }

    /// All credentials of a relying party.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn credentials(&mut self, rp_id: &str) -> Result<Vec<CredentialRecord>, StoreError> {
        self.records("SELECT * FROM credentials WHERE rp_id = ?", [rp_id])
    }

    /// The credentials that a query finds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn records(
        &self,
        query: &str,
        parameters: impl Params,
    ) -> Result<Vec<CredentialRecord>, StoreError> {
        let mut query = self.connection.prepare(query)?;
        let rows = query.query_and_then(parameters, record)?;
        rows.collect()
    }

    /// How many pairwise credentials of a card there are, and how many of them no backup holds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn count(&mut self, card: &CardKeyHash) -> Result<Count, StoreError> {
        let query = "SELECT count(*), count(*) FILTER (WHERE backed_up = 0)
             FROM credentials WHERE kind = ? AND card = ?";
        let parameters = params![CredentialKind::Pairwise.name(), card.as_bytes()];
        self.connection
            .query_row_and_then(query, parameters, |row| {
                Ok(Count {
                    pairwise: unsigned(row.get(0)?, "pairwise")?,
                    not_backed_up: unsigned(row.get(1)?, "not_backed_up")?,
                })
            })
    }

    /// Whether the person chose to remember this site.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn site_remembered(&mut self, rp_id: &str) -> Result<bool, StoreError> {
        let query = "SELECT EXISTS (SELECT 1 FROM sites WHERE rp_id = ?)";
        Ok(self
            .connection
            .query_row(query, [rp_id], |row| row.get(0))?)
    }

    /// The RP IDs of the sites that the person chose to remember, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn remembered_sites(&mut self) -> Result<Vec<String>, StoreError> {
        let mut query = self
            .connection
            .prepare("SELECT rp_id FROM sites ORDER BY remembered_at DESC, rp_id")?;
        let rows = query.query_map((), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets a site, if it is remembered: on the disk when this returns. Its entries in the history stay.
    ///
    /// # Errors
    /// [`StoreError`]; then the site is still remembered.
    pub(crate) fn forget_site(&mut self, rp_id: &str) -> Result<(), StoreError> {
        self.connection
            .execute("DELETE FROM sites WHERE rp_id = ?", [rp_id])?;
        Ok(())
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
        let transaction = self.begin()?;
        for replaced in replaces {
            transaction.execute(
                "DELETE FROM credentials WHERE id = ?",
                [replaced.as_bytes()],
            )?;
        }
        transaction.execute(
            "INSERT INTO credentials (id, kind, rp_id, user_handle, discoverable, card, sealed_key, sealed_names,
                 backed_up, created_at, last_used_at, cred_protect, large_blob_key)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                credential.id.as_bytes(),
                credential.kind().name(),
                credential.rp_id,
                credential.user_handle,
                credential.discoverable,
                credential.card.as_bytes(),
                sealed_key,
                credential.sealed_names,
                credential.backed_up,
                created_at,
                last_used_at,
                credential.cred_protect.level(),
                credential.large_blob_key,
            ],
        )?;
        if let Some((entry, at)) = disclosure.as_ref().zip(disclosed_at) {
            transaction.execute(
                "INSERT INTO disclosures (at, what, rp_id, credential, card) VALUES (?, ?, ?, ?, ?)",
                params![
                    at,
                    entry.what.name(),
                    entry.rp_id,
                    entry.credential.as_bytes(),
                    entry.card.as_bytes(),
                ],
            )?;
        }
        if *remember_site {
            transaction.execute(
                "INSERT INTO sites (rp_id, remembered_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                params![credential.rp_id, created_at],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// Notes when a credential was used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn commit_use(&mut self, id: &CredentialId, at: u64) -> Result<(), StoreError> {
        let at = seconds(at, "last_used_at")?;
        self.connection.execute(
            "UPDATE credentials SET last_used_at = ? WHERE id = ?",
            params![at, id.as_bytes()],
        )?;
        Ok(())
    }

    /// The history of disclosures, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn disclosures(&mut self) -> Result<Vec<DisclosureEntry>, StoreError> {
        let mut query = self
            .connection
            .prepare("SELECT at, what, rp_id FROM disclosures ORDER BY entry")?;
        let rows = query.query_and_then((), |row| {
            let what: String = row.get("what")?;
            Ok(DisclosureEntry {
                at: unsigned(row.get("at")?, "at")?,
                what: Disclosed::from_name(&what).ok_or(StoreError::Impossible("what"))?,
                rp_id: row.get("rp_id")?,
            })
        })?;
        rows.collect()
    }

    /// Begins a transaction that writes: other processes wait until it ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(super) fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Makes the write-ahead log [`LOG`] bytes long; none if something is in the way.
    fn make_room(&mut self, log: &Path) -> Option<()> {
        self.connection.busy_timeout(Duration::ZERO).ok()?;
        if fs::metadata(log).ok()?.len() > LOG {
            let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
            self.connection.execute_batch(checkpoint).ok()?;
        }
        // Nobody else writes to the log, or empties it, until this is dropped.
        let alone = self.begin().ok()?;
        fill(log).ok()?;
        alone.rollback().ok()
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

pub(super) fn record(row: &Row<'_>) -> Result<CredentialRecord, StoreError> {
    let id: Vec<u8> = row.get("id")?;
    let id = CredentialId::from_bytes(&id).ok_or(StoreError::Impossible("id"))?;
    let kind: String = row.get("kind")?;
    let kind = CredentialKind::from_name(&kind)
        .filter(|kind| *kind == id.kind())
        .ok_or(StoreError::Impossible("kind"))?;
    let sealed_key: Option<Vec<u8>> = row.get("sealed_key")?;
    let key = match (kind, sealed_key) {
        (CredentialKind::Pairwise, Some(sealed)) => CredentialKey::Sealed(sealed),
        (CredentialKind::Card, None) => CredentialKey::InCard,
        _ => return Err(StoreError::Impossible("sealed_key")),
    };
    let card: Vec<u8> = row.get("card")?;
    let card = card
        .try_into()
        .map_err(|_| StoreError::Impossible("card"))?;
    let cred_protect: i64 = row.get("cred_protect")?;
    let last_used_at: Option<i64> = row.get("last_used_at")?;
    Ok(CredentialRecord {
        id,
        key,
        rp_id: row.get("rp_id")?,
        user_handle: row.get("user_handle")?,
        discoverable: row.get("discoverable")?,
        card: CardKeyHash::from_bytes(card),
        cred_protect: CredProtect::from_level(cred_protect)
            .ok_or(StoreError::Impossible("cred_protect"))?,
        large_blob_key: row.get("large_blob_key")?,
        sealed_names: row.get("sealed_names")?,
        backed_up: row.get("backed_up")?,
        created_at: unsigned(row.get("created_at")?, "created_at")?,
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
