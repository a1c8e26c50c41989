//! A store in memory.

use std::collections::BTreeMap;

use authenticator_core::{
    CredentialId, CredentialRecord, Disclosure, Registration, Secrets, Settings, Storage,
    StorageError,
};
use eid_card::CardKeyHash;
use zeroize::Zeroizing;

use super::Script;
use super::known::{credentials, installation};

#[derive(Clone, PartialEq)]
pub(super) struct MemoryStorage {
    pub(super) records: Vec<CredentialRecord>,
    pub(super) disclosures: Vec<Disclosure>,
    pub(super) site_added: bool,
    pub(super) large_blobs: BTreeMap<[u8; 32], Vec<u8>>,
    pub(super) settings: Settings,
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
            large_blobs: BTreeMap::new(),
            settings: Settings::default(),
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

    fn credentials_of(
        &mut self,
        card: &CardKeyHash,
    ) -> Result<Vec<CredentialRecord>, StorageError> {
        self.read()?;
        let records = self.records.iter().filter(|record| record.card == *card);
        Ok(records.cloned().collect())
    }

    fn commit_removal(
        &mut self,
        card: &CardKeyHash,
        id: &CredentialId,
    ) -> Result<bool, StorageError> {
        self.write()?;
        let before = self.records.len();
        self.records
            .retain(|record| (record.id, record.card) != (*id, *card));
        Ok(self.records.len() < before)
    }

    fn commit_names(
        &mut self,
        card: &CardKeyHash,
        id: &CredentialId,
        sealed_names: Option<&[u8]>,
    ) -> Result<bool, StorageError> {
        self.write()?;
        let found = |record: &&mut CredentialRecord| (record.id, record.card) == (*id, *card);
        let Some(record) = self.records.iter_mut().find(found) else {
            return Ok(false);
        };
        record.sealed_names = sealed_names.map(<[u8]>::to_vec);
        Ok(true)
    }

    fn large_blobs(&mut self, card: &CardKeyHash) -> Result<Option<Vec<u8>>, StorageError> {
        self.read()?;
        Ok(self.large_blobs.get(card.as_bytes()).cloned())
    }

    fn commit_large_blobs(
        &mut self,
        card: &CardKeyHash,
        serialized: &[u8],
    ) -> Result<(), StorageError> {
        self.write()?;
        self.large_blobs
            .insert(*card.as_bytes(), serialized.to_vec());
        Ok(())
    }

    fn settings(&mut self) -> Result<Settings, StorageError> {
        self.read()?;
        Ok(self.settings.clone())
    }

    fn commit_settings(&mut self, settings: &Settings) -> Result<(), StorageError> {
        self.write()?;
        self.settings = settings.clone();
        Ok(())
    }

    fn commit_reset(&mut self, card: &CardKeyHash) -> Result<(), StorageError> {
        self.write()?;
        self.records.retain(|record| record.card != *card);
        self.large_blobs.remove(card.as_bytes());
        self.settings = Settings::default();
        Ok(())
    }
}
