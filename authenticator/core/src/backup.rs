//! Pairwise credentials outside of their seal: opened under one card, sealed again under another card or on another
//! computer, and in between in memory or in a [`Backup`].
//!
//! Every step that needs the card goes through [`VerifiedCard`], so the rules of PIN and tries are the ceremonies' own.

mod payload;

use std::borrow::Borrow;
use std::fmt;

use rand_core::CryptoRngCore;

use crate::authenticator_data::rp_id_hash;
use crate::ceremony::VerifiedCard;
use crate::credential::{
    Binding, CredentialId, KeyMaterial, SealingKey, SealingMessage, names, random,
};
use crate::extensions::CredProtect;
use crate::failure::Failure;
use crate::ports::{AccountName, CredentialKey, CredentialRecord, Holder, Secrets};

pub use payload::{Backup, BackupError};

/// A pairwise credential with its private key, out of its seal. The key is zeroised on drop.
pub struct OpenCredential {
    /// Its ID, which a relying party knows and which therefore never changes.
    pub id: CredentialId,
    /// The RP ID it belongs to.
    pub rp_id: String,
    /// `user.id` (WebAuthn: the user handle), 1 to 64 bytes.
    pub user_handle: Vec<u8>,
    /// Found without an allowList.
    pub discoverable: bool,
    /// When it may be found and used.
    pub cred_protect: CredProtect,
    /// It was made with a largeBlobKey, which follows from its private key.
    pub large_blob_key: bool,
    /// The account's names, where they are stored.
    pub account: AccountName,
    /// The name that the person gave it.
    pub label: Option<String>,
    /// Seconds since 1970.
    pub created_at: u64,
    /// The private key, and what the relying party stored with it.
    key: KeyMaterial,
}

/// Says which one it is, and nothing else.
impl fmt::Debug for OpenCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenCredential")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl VerifiedCard<'_> {
    /// Opens pairwise credentials of this card. One signature of the card for each, and one for all names together.
    ///
    /// # Errors
    ///
    /// [`Failure::SealBroken`] if one is not this card's, is not pairwise, or was altered.
    pub fn open(
        &mut self,
        holder: &mut dyn Holder,
        secrets: &Secrets,
        records: &[CredentialRecord],
    ) -> Result<Vec<OpenCredential>, Failure> {
        let accounts = self.open_names(holder, secrets, records)?;
        records
            .iter()
            .zip(accounts)
            .map(|(record, account)| {
                Ok(OpenCredential {
                    id: record.id,
                    rp_id: record.rp_id.clone(),
                    user_handle: record.user_handle.clone(),
                    discoverable: record.discoverable,
                    cred_protect: record.cred_protect,
                    large_blob_key: record.large_blob_key,
                    account,
                    label: None,
                    created_at: record.created_at,
                    key: self.open_key(holder, secrets, record)?,
                })
            })
            .collect()
    }

    /// Opens the account names of credentials of this card, in their order; none where none are stored. One signature of
    /// the card if there are any.
    ///
    /// # Errors
    ///
    /// [`Failure::SealBroken`] if one is not this card's or was altered.
    pub fn open_names(
        &mut self,
        holder: &mut dyn Holder,
        secrets: &Secrets,
        records: &[impl Borrow<CredentialRecord>],
    ) -> Result<Vec<AccountName>, Failure> {
        let opened = self.open_names_with_keys(holder, secrets, records)?;
        Ok(opened.into_iter().map(|(account, _)| account).collect())
    }

    /// The same, with the public keys that are sealed beside them.
    pub(crate) fn open_names_with_keys(
        &mut self,
        holder: &mut dyn Holder,
        secrets: &Secrets,
        records: &[impl Borrow<CredentialRecord>],
    ) -> Result<Vec<(AccountName, Option<names::Point>)>, Failure> {
        let mut key = None;
        let mut accounts = Vec::with_capacity(records.len());
        for record in records {
            let record = record.borrow();
            let Some(sealed) = &record.sealed_names else {
                accounts.push((AccountName::default(), None));
                continue;
            };
            let key = self.names_key(&mut key, holder, secrets)?;
            let opened = key.open(Binding::of(record, &rp_id_hash(&record.rp_id)), sealed)?;
            accounts.push(names::from_bytes(&opened).ok_or(Failure::SealBroken)?);
        }
        Ok(accounts)
    }

    /// Seals credentials under this card and these secrets. They come out as backed up, for they exist elsewhere: the
    /// caller knows better when they do not. One signature of the card for each, and one for all names together.
    ///
    /// # Errors
    ///
    /// [`Failure`]; a signature that does not verify is used for nothing.
    pub fn seal(
        &mut self,
        holder: &mut dyn Holder,
        secrets: &Secrets,
        credentials: &[OpenCredential],
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Vec<CredentialRecord>, Failure> {
        let card = self.certificate().key_hash();
        let mut names_key = None;
        let mut records = Vec::with_capacity(credentials.len());
        for credential in credentials {
            let rp_id_hash = rp_id_hash(&credential.rp_id);
            let binding = Binding {
                id: &credential.id,
                rp_id_hash: &rp_id_hash,
                user_handle: &credential.user_handle,
                card: &card,
            };
            let message = SealingMessage::for_key(secrets, &rp_id_hash, &credential.id, &card);
            let key = self.sealing_key(holder, secrets, &message)?;
            let sealed_key = key.seal(binding, &*random::<24>(rng)?, &credential.key.to_bytes())?;
            let public_key = credential.key.key.point()?;
            let sealed_names = match names::to_bytes(&credential.account, Some(&public_key)) {
                None => None,
                Some(names) => {
                    let key = self.names_key(&mut names_key, holder, secrets)?;
                    Some(key.seal(binding, &*random::<24>(rng)?, &names)?)
                }
            };
            records.push(CredentialRecord {
                id: credential.id,
                key: CredentialKey::Sealed(sealed_key),
                rp_id: credential.rp_id.clone(),
                user_handle: credential.user_handle.clone(),
                discoverable: credential.discoverable,
                card,
                cred_protect: credential.cred_protect,
                large_blob_key: credential.large_blob_key,
                sealed_names,
                backed_up: true,
                created_at: credential.created_at,
                last_used_at: None,
            });
        }
        Ok(records)
    }

    /// Opens the key of a pairwise credential of this card. One signature of the card.
    pub(crate) fn open_key(
        &mut self,
        holder: &mut dyn Holder,
        secrets: &Secrets,
        record: &CredentialRecord,
    ) -> Result<KeyMaterial, Failure> {
        let CredentialKey::Sealed(sealed) = &record.key else {
            return Err(Failure::SealBroken);
        };
        let rp_id_hash = rp_id_hash(&record.rp_id);
        let message = SealingMessage::for_key(secrets, &rp_id_hash, &record.id, &record.card);
        let key = self.sealing_key(holder, secrets, &message)?;
        let opened = key.open(Binding::of(record, &rp_id_hash), sealed)?;
        KeyMaterial::from_bytes(&opened).ok_or(Failure::SealBroken)
    }

    /// The key for the names of this card's accounts, made at first use.
    fn names_key<'k>(
        &mut self,
        key: &'k mut Option<SealingKey>,
        holder: &mut dyn Holder,
        secrets: &Secrets,
    ) -> Result<&'k SealingKey, Failure> {
        let made = match key.take() {
            Some(key) => key,
            None => {
                let message = SealingMessage::for_names(secrets, &self.certificate().key_hash());
                self.sealing_key(holder, secrets, &message)?
            }
        };
        Ok(key.insert(made))
    }
}
