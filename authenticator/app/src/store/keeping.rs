//! What the person does with their credentials outside of ceremonies: list, rename, remove, back up, restore, rebind.

use authenticator_core::{CredentialId, CredentialKey, CredentialRecord};
use sqlx::Connection;
use sqlx::Row;

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

    /// Gives a credential a name, or takes it away.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn rename(
        &mut self,
        id: &CredentialId,
        label: Option<&str>,
    ) -> Result<(), StoreError> {
        let query = sqlx::query("UPDATE credentials SET label = ? WHERE id = ?")
            .bind(label)
            .bind(id.as_bytes().as_slice());
        self.runtime.block_on(query.execute(&mut self.connection))?;
        Ok(())
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

    /// Stores pairwise credentials as they are sealed now, all or none: new ones, and the same ones in place of how they were
    /// sealed before. A name that the person gave, the last use and a backup that was made stay.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was changed.
    pub(crate) fn put_sealed(&mut self, credentials: &[Kept]) -> Result<(), StoreError> {
        self.runtime.block_on(async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            for Kept { record, label } in credentials {
                let CredentialKey::Sealed(sealed_key) = &record.key else {
                    return Err(StoreError::Impossible("kind"));
                };
                sqlx::query(
                    "INSERT INTO credentials (id, kind, rp_id, user_handle, discoverable, card, sealed_key, sealed_names,
                         backed_up, created_at, label)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                     ON CONFLICT (id) DO UPDATE SET card = excluded.card, sealed_key = excluded.sealed_key,
                         sealed_names = excluded.sealed_names, user_handle = excluded.user_handle,
                         backed_up = max(backed_up, excluded.backed_up), label = coalesce(label, excluded.label)
                     WHERE rp_id = excluded.rp_id",
                )
                .bind(record.id.as_bytes().as_slice())
                .bind(record.kind().name())
                .bind(&record.rp_id)
                .bind(record.user_handle.as_slice())
                .bind(record.discoverable)
                .bind(record.card.as_bytes().as_slice())
                .bind(sealed_key.as_slice())
                .bind(record.sealed_names.as_deref())
                .bind(record.backed_up)
                .bind(seconds(record.created_at, "created_at")?)
                .bind(label.as_deref())
                .execute(&mut *transaction)
                .await?;
            }
            transaction.commit().await?;
            Ok(())
        })
    }
}
