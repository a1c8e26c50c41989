//! What the person does with their credentials outside of ceremonies: list, rename, remove, back up, restore, rebind.

use std::collections::BTreeSet;

use authenticator_core::{CredentialId, CredentialKey, CredentialRecord};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Connection, Row, Sqlite, SqliteConnection};

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
        let query = sqlx::query("SELECT * FROM credentials ORDER BY rp_id, created_at, id");
        let rows = self
            .runtime
            .block_on(query.fetch_all(&mut self.connection))?;
        rows.iter()
            .map(|row| {
                Ok(Kept {
                    record: record(row)?,
                    label: row.try_get("label")?,
                })
            })
            .collect()
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
        let query = sqlx::query("UPDATE credentials SET label = ? WHERE id = ?")
            .bind(label)
            .bind(id.as_bytes().as_slice());
        let done = self.runtime.block_on(query.execute(&mut self.connection))?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes a credential; its entry in the history stays.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn remove(&mut self, id: &CredentialId) -> Result<(), StoreError> {
        let query =
            sqlx::query("DELETE FROM credentials WHERE id = ?").bind(id.as_bytes().as_slice());
        self.runtime.block_on(query.execute(&mut self.connection))?;
        Ok(())
    }

    /// Notes, for all or for none, that a backup holds these credentials.
    ///
    /// # Errors
    /// [`StoreError`]; then none was noted.
    pub(crate) fn mark_backed_up(&mut self, ids: &[CredentialId]) -> Result<(), StoreError> {
        self.runtime.block_on(async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            for id in ids {
                sqlx::query("UPDATE credentials SET backed_up = 1 WHERE id = ?")
                    .bind(id.as_bytes().as_slice())
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            Ok(())
        })
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
        self.runtime.block_on(async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            let mut changed = 0;
            let mut moves = BTreeSet::new();
            for sealed in credentials {
                let done = match &sealed.before {
                    None => insert(sealed)?.execute(&mut *transaction).await?,
                    Some(before) => update(sealed, before)?.execute(&mut *transaction).await?,
                };
                if done.rows_affected() > 0 {
                    changed += 1;
                    let before = sealed.before.as_ref().map(|before| *before.card.as_bytes());
                    moves.extend(before.map(|before| (before, *sealed.record.card.as_bytes())));
                }
            }
            for (old, new) in moves {
                move_large_blobs(&mut transaction, &old, &new).await?;
            }
            transaction.commit().await?;
            Ok(changed)
        })
    }
}

/// Gives the new card the old one's large blobs, unless it has some of its own. They stay with the old one too as long as it has
/// credentials, or if the new one did not get them.
async fn move_large_blobs(
    connection: &mut SqliteConnection,
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
        sqlx::query(statement)
            .bind(old.as_slice())
            .bind(new.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

type Query<'a> = sqlx::query::Query<'a, Sqlite, SqliteArguments>;

fn insert(Sealed { record, label, .. }: &Sealed) -> Result<Query<'_>, StoreError> {
    let query = sqlx::query(
        "INSERT INTO credentials (id, kind, rp_id, user_handle, discoverable, card, sealed_key, sealed_names,
             backed_up, created_at, label, cred_protect, large_blob_key)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING",
    );
    Ok(query
        .bind(record.id.as_bytes().as_slice())
        .bind(record.kind().name())
        .bind(&record.rp_id)
        .bind(record.user_handle.as_slice())
        .bind(record.discoverable)
        .bind(record.card.as_bytes().as_slice())
        .bind(sealed_key(record)?)
        .bind(record.sealed_names.as_deref())
        .bind(record.backed_up)
        .bind(seconds(record.created_at, "created_at")?)
        .bind(label.as_deref())
        .bind(record.cred_protect.level())
        .bind(record.large_blob_key))
}

fn update<'a>(sealed: &'a Sealed, before: &'a CredentialRecord) -> Result<Query<'a>, StoreError> {
    let record = &sealed.record;
    let query = sqlx::query(
        "UPDATE credentials SET card = ?, sealed_key = ?, sealed_names = ?, backed_up = max(backed_up, ?)
         WHERE id = ? AND rp_id = ? AND user_handle = ? AND card = ? AND sealed_key = ? AND sealed_names IS ?",
    );
    Ok(query
        .bind(record.card.as_bytes().as_slice())
        .bind(sealed_key(record)?)
        .bind(record.sealed_names.as_deref())
        .bind(record.backed_up)
        .bind(record.id.as_bytes().as_slice())
        // Sealed for these: a file cannot give the credential of a site to another one.
        .bind(&record.rp_id)
        .bind(record.user_handle.as_slice())
        .bind(before.card.as_bytes().as_slice())
        .bind(sealed_key(before)?)
        // A platform may have changed the account's names.
        .bind(before.sealed_names.as_deref()))
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
