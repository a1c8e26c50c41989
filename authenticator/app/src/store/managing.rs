//! What a platform manages over CTAP: credentials of a card, its large-blob array, and settings of the authenticator.

use authenticator_core::{CredentialId, CredentialRecord, Settings};
use eid_card::CardKeyHash;
use rusqlite::{OptionalExtension, params};

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
        let query = "SELECT * FROM credentials WHERE card = ?";
        self.records(query, [card.as_bytes()])
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
        let removed = self.connection.execute(
            "DELETE FROM credentials WHERE id = ? AND card = ?",
            params![id.as_bytes(), card.as_bytes()],
        )?;
        Ok(removed > 0)
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
        let changed = self.connection.execute(
            "UPDATE credentials SET sealed_names = ? WHERE id = ? AND card = ?",
            params![sealed_names, id.as_bytes(), card.as_bytes()],
        )?;
        Ok(changed > 0)
    }

    /// The serialized large-blob array of a card.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn large_blobs(
        &mut self,
        card: &CardKeyHash,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let query = "SELECT serialized FROM large_blobs WHERE card = ?";
        let found = self
            .connection
            .query_row(query, [card.as_bytes()], |row| row.get(0));
        Ok(found.optional()?)
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
        self.connection.execute(
            "INSERT INTO large_blobs (card, serialized) VALUES (?, ?)
             ON CONFLICT (card) DO UPDATE SET serialized = excluded.serialized",
            params![card.as_bytes(), serialized],
        )?;
        Ok(())
    }

    /// What authenticatorConfig has set.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) fn settings(&mut self) -> Result<Settings, StoreError> {
        let enterprise_attestation = self
            .connection
            .query_row("SELECT enterprise_attestation FROM settings", (), |row| {
                row.get(0)
            })
            .optional()?
            .unwrap_or(false);
        let mut query = self
            .connection
            .prepare("SELECT rp_id FROM min_pin_length_rp_ids")?;
        let min_pin_length_rp_ids = query
            .query_map((), |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Settings {
            enterprise_attestation,
            min_pin_length_rp_ids,
        })
    }

    /// Stores what authenticatorConfig sets, all of it: on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError`]; then the settings are what they were.
    pub(crate) fn put_settings(&mut self, settings: &Settings) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        transaction.execute(
            "INSERT INTO settings (only, enterprise_attestation) VALUES (1, ?)
             ON CONFLICT (only) DO UPDATE SET enterprise_attestation = excluded.enterprise_attestation",
            [settings.enterprise_attestation],
        )?;
        transaction.execute("DELETE FROM min_pin_length_rp_ids", ())?;
        for rp_id in &settings.min_pin_length_rp_ids {
            let insert = "INSERT INTO min_pin_length_rp_ids (rp_id) VALUES (?)";
            transaction.execute(insert, [rp_id])?;
        }
        Ok(transaction.commit()?)
    }

    /// Erases a card's credentials and large blobs, and every setting, in one transaction. The history stays, and so do
    /// the remembered sites, which are the person's own list.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was erased.
    pub(crate) fn reset(&mut self, card: &CardKeyHash) -> Result<(), StoreError> {
        let transaction = self.begin()?;
        for erase in [
            "DELETE FROM credentials WHERE card = ?",
            "DELETE FROM large_blobs WHERE card = ?",
        ] {
            transaction.execute(erase, [card.as_bytes()])?;
        }
        for erase in ["DELETE FROM settings", "DELETE FROM min_pin_length_rp_ids"] {
            transaction.execute(erase, ())?;
        }
        Ok(transaction.commit()?)
    }
}

#[cfg(test)]
#[path = "managing_tests.rs"]
mod tests;
