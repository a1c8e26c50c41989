//! What the person does with their credentials outside of ceremonies: list, rename, remove, back up, restore, rebind.

use std::collections::BTreeSet;

use authenticator_core::{CredentialId, CredentialKey, CredentialRecord};
use rusqlite::{Connection, params};

use super::database::{record, seconds};
use super::{Store, StoreError};

/// A stored credential with the name that the person gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The credential.
    pub(crate) record: CredentialRecord,
    /// The person's name for it.
    pub(crate) label: Option<String>,
}

/// A pairwise credential as a card has sealed it just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    /// The credential.
    pub(crate) record: CredentialRecord,
    /// The person's name for it, where it is not stored yet.
    pub(crate) label: Option<String>,
    /// How it was stored before; none if it was not.
    pub(crate) before: Option<CredentialRecord>,
}

impl Store {
    /// Every credential, by RP ID and age.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn everything(&mut self) -> Result<Vec<Kept>, StoreError> {
        let mut query = self
            .connection
            .prepare("SELECT * FROM credentials ORDER BY rp_id, created_at, id")?;
        let rows = query.query_and_then((), |row| {
            Ok(Kept {
                record: record(row)?,
                label: row.get("label")?,
            })
        })?;
        rows.collect()
    }

    /// Gives a credential a name, or takes it away; false if there is no such credential.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn rename(
        &mut self,
        id: &CredentialId,
        label: Option<&str>,
    ) -> Result<bool, StoreError> {
        let changed = self.connection.execute(
            "UPDATE credentials SET label = ? WHERE id = ?",
            params![label, id.as_bytes()],
        )?;
        Ok(changed > 0)
    }

    /// Removes a credential; its entry in the history stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn remove(&mut self, id: &CredentialId) -> Result<(), StoreError> {
        self.connection
            .execute("DELETE FROM credentials WHERE id = ?", [id.as_bytes()])?;
        Ok(())
    }

    /// Notes, for all or for none, that a backup holds these credentials.
    ///
    /// # Errors
    /// [`StoreError`]; then none was noted.
    pub(crate) fn mark_backed_up(&mut self, ids: &[CredentialId]) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        for id in ids {
            let mark = "UPDATE credentials SET backed_up = 1 WHERE id = ?";
            transaction.execute(mark, [id.as_bytes()])?;
        }
        Ok(transaction.commit()?)
    }

    /// Stores pairwise credentials as they are sealed now, all in one transaction, and tells how many that changed.
    ///
    /// Another process may have written since they were read: one that was not stored is added if it still is not, and one that
    /// was is changed if it still is as it was. A name that the person gave, the last use and a backup that was made stay. What sites
    /// keep as large blobs goes with those that change their card; the keys to it do too.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was changed.
    pub(crate) fn put_sealed(&mut self, credentials: &[Sealed]) -> Result<usize, StoreError> {
        let transaction = self.begin()?;
        let mut changed = 0;
        let mut moves = BTreeSet::new();
        for sealed in credentials {
            let rows = match &sealed.before {
                None => insert(&transaction, sealed)?,
                Some(before) => update(&transaction, sealed, before)?,
            };
            if rows > 0 {
                changed += 1;
                let before = sealed.before.as_ref().map(|before| *before.card.as_bytes());
                moves.extend(before.map(|before| (before, *sealed.record.card.as_bytes())));
            }
        }
        for (old, new) in moves {
            move_large_blobs(&transaction, &old, &new)?;
        }
        transaction.commit()?;
        Ok(changed)
    }
}

/// Gives the new card the old one's large blobs, unless it has some of its own. They stay with the old one too as long as it has
/// credentials, or if the new one did not get them.
fn move_large_blobs(
    connection: &Connection,
    old: &[u8; 32],
    new: &[u8; 32],
) -> Result<(), StoreError> {
    let copy = "INSERT INTO large_blobs (card, serialized)
                SELECT ?2, serialized FROM large_blobs WHERE card = ?1
                ON CONFLICT (card) DO NOTHING";
    let clear = "DELETE FROM large_blobs WHERE card = ?1 AND ?1 <> ?2
                 AND NOT EXISTS (SELECT 1 FROM credentials WHERE card = ?1)
                 AND serialized = (SELECT serialized FROM large_blobs WHERE card = ?2)";
    for statement in [copy, clear] {
        connection.execute(statement, [old, new])?;
    }
    Ok(())
}

/// Adds a credential, unless it is there; how many rows that made.
fn insert(
    connection: &Connection,
    Sealed { record, label, .. }: &Sealed,
) -> Result<usize, StoreError> {
    Ok(connection.execute(
        "INSERT INTO credentials (id, kind, rp_id, user_handle, discoverable, card, sealed_key, sealed_names,
             backed_up, created_at, label, cred_protect, large_blob_key)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING",
        params![
            record.id.as_bytes(),
            record.kind().name(),
            record.rp_id,
            record.user_handle,
            record.discoverable,
            record.card.as_bytes(),
            sealed_key(record)?,
            record.sealed_names,
            record.backed_up,
            seconds(record.created_at, "created_at")?,
            label,
            record.cred_protect.level(),
            record.large_blob_key,
        ],
    )?)
}

/// Changes a credential, if it is as it was; how many rows that changed.
fn update(
    connection: &Connection,
    Sealed { record, .. }: &Sealed,
    before: &CredentialRecord,
) -> Result<usize, StoreError> {
    Ok(connection.execute(
        "UPDATE credentials SET card = ?, sealed_key = ?, sealed_names = ?, backed_up = max(backed_up, ?)
         WHERE id = ? AND rp_id = ? AND user_handle = ? AND card = ? AND sealed_key = ? AND sealed_names IS ?",
        params![
            record.card.as_bytes(),
            sealed_key(record)?,
            record.sealed_names,
            record.backed_up,
            record.id.as_bytes(),
            // Sealed for these: a file cannot give the credential of a site to another one.
            record.rp_id,
            record.user_handle,
            before.card.as_bytes(),
            sealed_key(before)?,
            // A platform may have changed the account's names.
            before.sealed_names,
        ],
    )?)
}

fn sealed_key(record: &CredentialRecord) -> Result<&[u8], StoreError> {
    match &record.key {
        CredentialKey::Sealed(sealed) => Ok(sealed),
        CredentialKey::InCard => Err(StoreError::Impossible("kind")),
    }
}

#[cfg(test)]
#[path = "keeping_tests.rs"]
mod tests;
