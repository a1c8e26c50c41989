//! A store in memory.

use authenticator_core::{
    CredentialId, CredentialRecord, Disclosure, Registration, Secrets, Storage, StorageError,
};
use zeroize::Zeroizing;

use super::Script;
use super::known::{credentials, installation};

#[derive(Clone, PartialEq)]
pub(super) struct MemoryStorage {
    pub(super) records: Vec<CredentialRecord>,
    pub(super) disclosures: Vec<Disclosure>,
    pub(super) site_added: bool,
    remembered: bool,
    broken: bool,
    full: bool,
}

impl MemoryStorage {
    pub(super) fn empty() -> MemoryStorage {
        MemoryStorage {
            records: Vec::new(),
            disclosures: Vec::new(),
            site_added: false,
            remembered: false,
            broken: false,
            full: false,
        }
    }

    /// With the credentials of the vectors.
    pub(super) fn new(script: &Script) -> MemoryStorage {
        MemoryStorage {
            records: credentials().records.clone(),
            broken: script.bit(3),
            full: script.bit(4),
            remembered: script.bit(5),
            ..MemoryStorage::empty()
        }
    }

    fn read(&self) -> Result<(), StorageError> {
        if self.broken {
            Err(StorageError)
        } else {
            Ok(())
        }
    }

    fn write(&self) -> Result<(), StorageError> {
        if self.full {
            Err(StorageError)
        } else {
            self.read()
        }
    }
}

impl Storage for MemoryStorage {
    fn secrets(&mut self) -> Result<Secrets, StorageError> {
        self.read()?;
        Ok(Secrets::new(
            Zeroizing::new(installation().device_secret),
            Zeroizing::new(installation().salt),
        ))
    }

    fn credential(&mut self, id: &CredentialId) -> Result<Option<CredentialRecord>, StorageError> {
        self.read()?;
        Ok(self.records.iter().find(|record| record.id == *id).cloned())
    }

    fn credentials(&mut self, rp_id: &str) -> Result<Vec<CredentialRecord>, StorageError> {
        self.read()?;
        let records = self.records.iter().filter(|record| record.rp_id == rp_id);
        Ok(records.cloned().collect())
    }

    fn site_remembered(&mut self, _: &str) -> Result<bool, StorageError> {
        self.read()?;
        Ok(self.remembered)
    }

    fn commit_registration(&mut self, registration: &Registration) -> Result<(), StorageError> {
        self.write()?;
        self.records
            .retain(|record| !registration.replaces.contains(&record.id));
        self.records.push(registration.credential.clone());
        self.disclosures.extend(registration.disclosure.clone());
        self.site_added |= registration.remember_site;
        Ok(())
    }

    fn commit_use(&mut self, id: &CredentialId, at: u64) -> Result<(), StorageError> {
        self.write()?;
        for record in self.records.iter_mut().filter(|record| record.id == *id) {
            record.last_used_at = Some(at);
        }
        Ok(())
    }
}
