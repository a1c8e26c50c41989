//! A store in memory.

use std::collections::BTreeSet;

use authenticator_core::{
    CredentialId, CredentialRecord, Disclosure, Registration, Secrets, Storage, StorageError,
};
use zeroize::Zeroizing;

pub struct MemoryStorage {
    pub device: [u8; 32],
    pub salt: [u8; 32],
    pub records: Vec<CredentialRecord>,
    pub disclosures: Vec<Disclosure>,
    pub sites: BTreeSet<String>,
    pub broken: bool,
    /// Only committing fails: a full disk.
    pub full: bool,
}

impl Default for MemoryStorage {
    fn default() -> MemoryStorage {
        MemoryStorage {
            device: [0xD1; 32],
            salt: [0x5A; 32],
            records: Vec::new(),
            disclosures: Vec::new(),
            sites: BTreeSet::new(),
            broken: false,
            full: false,
        }
    }
}

impl MemoryStorage {
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
            Zeroizing::new(self.device),
            Zeroizing::new(self.salt),
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

    fn site_remembered(&mut self, rp_id: &str) -> Result<bool, StorageError> {
        self.read()?;
        Ok(self.sites.contains(rp_id))
    }

    fn commit_registration(&mut self, registration: &Registration) -> Result<(), StorageError> {
        self.write()?;
        self.records
            .retain(|record| !registration.replaces.contains(&record.id));
        self.records.push(registration.credential.clone());
        self.disclosures.extend(registration.disclosure.clone());
        if registration.remember_site {
            self.sites.insert(registration.credential.rp_id.clone());
        }
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
