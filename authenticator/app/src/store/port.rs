//! The store as the core's port.

use authenticator_core::{
    CredentialId, CredentialRecord, Registration, Secrets, Settings, Storage, StorageError,
};
use eid_card::CardKeyHash;

use super::{Store, StoreError};

impl Storage for Store {
    fn secrets(&mut self) -> Result<Secrets, StorageError> {
        Self::secrets(self).map_err(told)
    }

    fn credential(&mut self, id: &CredentialId) -> Result<Option<CredentialRecord>, StorageError> {
        Self::credential(self, id).map_err(told)
    }

    fn credentials(&mut self, rp_id: &str) -> Result<Vec<CredentialRecord>, StorageError> {
        Self::credentials(self, rp_id).map_err(told)
    }

    fn site_remembered(&mut self, rp_id: &str) -> Result<bool, StorageError> {
        Self::site_remembered(self, rp_id).map_err(told)
    }

    fn commit_registration(&mut self, registration: &Registration) -> Result<(), StorageError> {
        Self::commit_registration(self, registration).map_err(told)
    }

    fn commit_use(&mut self, id: &CredentialId, at: u64) -> Result<(), StorageError> {
        Self::commit_use(self, id, at).map_err(told)
    }

    fn credentials_of(
        &mut self,
        card: &CardKeyHash,
    ) -> Result<Vec<CredentialRecord>, StorageError> {
        Self::credentials_of(self, card).map_err(told)
    }

    fn commit_removal(
        &mut self,
        card: &CardKeyHash,
        id: &CredentialId,
    ) -> Result<bool, StorageError> {
        self.remove_of(card, id).map_err(told)
    }

    fn commit_names(
        &mut self,
        card: &CardKeyHash,
        id: &CredentialId,
        sealed_names: Option<&[u8]>,
    ) -> Result<bool, StorageError> {
        self.put_names(card, id, sealed_names).map_err(told)
    }

    fn large_blobs(&mut self, card: &CardKeyHash) -> Result<Option<Vec<u8>>, StorageError> {
        Self::large_blobs(self, card).map_err(told)
    }

    fn commit_large_blobs(
        &mut self,
        card: &CardKeyHash,
        serialized: &[u8],
    ) -> Result<(), StorageError> {
        self.put_large_blobs(card, serialized).map_err(told)
    }

    fn settings(&mut self) -> Result<Settings, StorageError> {
        Self::settings(self).map_err(told)
    }

    fn commit_settings(&mut self, settings: &Settings) -> Result<(), StorageError> {
        self.put_settings(settings).map_err(told)
    }

    fn commit_reset(&mut self, card: &CardKeyHash) -> Result<(), StorageError> {
        self.reset(card).map_err(told)
    }
}

/// The core learns only that the store failed; the reason goes to standard error.
fn told(error: StoreError) -> StorageError {
    crate::log::store(&error);
    StorageError
}
