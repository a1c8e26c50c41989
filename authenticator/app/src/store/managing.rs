//! What a platform manages over CTAP: credentials of a card, its large-blob array, and settings of the authenticator.

use authenticator_core::{CredentialId, CredentialRecord, Settings};
use eid_card::CardKeyHash;
use sqlx::Connection;

use super::database::record;
use super::{Store, StoreError};

impl Store {
    /// All credentials of a card.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn credentials_of(
        &mut self,
        card: &CardKeyHash,
    ) -> Result<Vec<CredentialRecord>, StoreError> {
        let query = sqlx::query("SELECT * FROM credentials WHERE card = ?")
            .bind(card.as_bytes().as_slice());
        let rows = self
            .runtime
            .block_on(query.fetch_all(&mut self.connection))?;
        rows.iter().map(record).collect()
    }

    /// Removes a credential of a card; its entry in the history stays. Whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn remove_of(
        &mut self,
        card: &CardKeyHash,
        id: &CredentialId,
    ) -> Result<bool, StoreError> {
        let query = sqlx::query("DELETE FROM credentials WHERE id = ? AND card = ?")
            .bind(id.as_bytes().as_slice())
            .bind(card.as_bytes().as_slice());
        let done = self.runtime.block_on(query.execute(&mut self.connection))?;
        Ok(done.rows_affected() > 0)
    }

    /// Replaces the names of a credential's account, sealed under this card. Whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn put_names(
        &mut self,
        card: &CardKeyHash,
        id: &CredentialId,
        sealed_names: Option<&[u8]>,
    ) -> Result<bool, StoreError> {
        // Another process may have sealed the credential under another card since it was read.
        let query =
            sqlx::query("UPDATE credentials SET sealed_names = ? WHERE id = ? AND card = ?")
                .bind(sealed_names)
                .bind(id.as_bytes().as_slice())
                .bind(card.as_bytes().as_slice());
        let done = self.runtime.block_on(query.execute(&mut self.connection))?;
        Ok(done.rows_affected() > 0)
    }

    /// The serialized large-blob array of a card.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn large_blobs(
        &mut self,
        card: &CardKeyHash,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let query = sqlx::query_scalar("SELECT serialized FROM large_blobs WHERE card = ?")
            .bind(card.as_bytes().as_slice());
        Ok(self
            .runtime
            .block_on(query.fetch_optional(&mut self.connection))?)
    }

    /// Stores the serialized large-blob array of a card: on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError`]; then the array is what it was.
    pub(crate) fn put_large_blobs(
        &mut self,
        card: &CardKeyHash,
        serialized: &[u8],
    ) -> Result<(), StoreError> {
        let query = sqlx::query(
            "INSERT INTO large_blobs (card, serialized) VALUES (?, ?)
             ON CONFLICT (card) DO UPDATE SET serialized = excluded.serialized",
        )
        .bind(card.as_bytes().as_slice())
        .bind(serialized);
        self.runtime.block_on(query.execute(&mut self.connection))?;
        Ok(())
    }

    /// What authenticatorConfig has set.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn settings(&mut self) -> Result<Settings, StoreError> {
        self.runtime.block_on(async {
            let enterprise_attestation: Option<bool> =
                sqlx::query_scalar("SELECT enterprise_attestation FROM settings")
                    .fetch_optional(&mut self.connection)
                    .await?;
            let rp_ids: Vec<String> =
                sqlx::query_scalar("SELECT rp_id FROM min_pin_length_rp_ids ORDER BY rp_id")
                    .fetch_all(&mut self.connection)
                    .await?;
            Ok(Settings {
                enterprise_attestation: enterprise_attestation.unwrap_or(false),
                min_pin_length_rp_ids: rp_ids.into_iter().collect(),
            })
        })
    }

    /// Stores what authenticatorConfig sets, all of it: on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError`]; then the settings are what they were.
    pub(crate) fn put_settings(&mut self, settings: &Settings) -> Result<(), StoreError> {
        self.runtime.block_on(async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            sqlx::query(
                "INSERT INTO settings (only, enterprise_attestation) VALUES (1, ?)
                 ON CONFLICT (only) DO UPDATE SET enterprise_attestation = excluded.enterprise_attestation",
            )
            .bind(settings.enterprise_attestation)
            .execute(&mut *transaction)
            .await?;
            sqlx::query("DELETE FROM min_pin_length_rp_ids")
                .execute(&mut *transaction)
                .await?;
            for rp_id in &settings.min_pin_length_rp_ids {
                sqlx::query("INSERT INTO min_pin_length_rp_ids (rp_id) VALUES (?)")
                    .bind(rp_id)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await?;
            Ok(())
        })
    }

    /// Erases a card's credentials and large blobs, and every setting, in one transaction. The history stays, and so do
    /// the remembered sites, which are the person's own list.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was erased.
    pub(crate) fn reset(&mut self, card: &CardKeyHash) -> Result<(), StoreError> {
        self.runtime.block_on(async {
            let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
            for erase in [
                "DELETE FROM credentials WHERE card = ?",
                "DELETE FROM large_blobs WHERE card = ?",
            ] {
                sqlx::query(erase)
                    .bind(card.as_bytes().as_slice())
                    .execute(&mut *transaction)
                    .await?;
            }
            for erase in ["DELETE FROM settings", "DELETE FROM min_pin_length_rp_ids"] {
                sqlx::query(erase).execute(&mut *transaction).await?;
            }
            transaction.commit().await?;
            Ok(())
        })
    }
}

#[cfg(test)]
#[path = "managing_tests.rs"]
mod tests;
