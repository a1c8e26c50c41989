//! What is kept on the computer.

use std::collections::BTreeSet;
use std::fmt;

use eid_card::CardKeyHash;
use zeroize::Zeroizing;

use crate::credential::{CredentialId, CredentialKind};
use crate::extensions::CredProtect;

/// The user's private store. Every `commit_…` is durable when it returns, whole or not at all.
///
/// The rule "the same RP ID and user handle on one card is one discoverable credential" is the
/// core's: it holds the card exclusively from looking for older ones to committing their removal.
pub trait Storage {
    /// The secrets of this installation; made at first use, the same ever after.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn secrets(&mut self) -> Result<Secrets, StorageError>;

    /// The credential with this ID.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn credential(&mut self, id: &CredentialId) -> Result<Option<CredentialRecord>, StorageError>;

    /// All credentials for an RP ID, of every card, in any order.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn credentials(&mut self, rp_id: &str) -> Result<Vec<CredentialRecord>, StorageError>;

    /// Whether the person chose to remember this site (the list `sites`).
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn site_remembered(&mut self, rp_id: &str) -> Result<bool, StorageError>;

    /// Stores everything about one registration in one transaction.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; then nothing of it was stored.
    fn commit_registration(&mut self, registration: &Registration) -> Result<(), StorageError>;

    /// Sets [`CredentialRecord::last_used_at`], before an assertion leaves.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn commit_use(&mut self, id: &CredentialId, at: u64) -> Result<(), StorageError>;

    /// All credentials of a card, of every RP ID, in any order.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn credentials_of(&mut self, card: &CardKeyHash)
    -> Result<Vec<CredentialRecord>, StorageError>;

    /// Removes a credential of a card; whether it was still there. What the history of disclosures says of it stays.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn commit_removal(
        &mut self,
        card: &CardKeyHash,
        id: &CredentialId,
    ) -> Result<bool, StorageError>;

    /// Replaces [`CredentialRecord::sealed_names`] of a credential of a card; whether it was still there.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn commit_names(
        &mut self,
        card: &CardKeyHash,
        id: &CredentialId,
        sealed_names: Option<&[u8]>,
    ) -> Result<bool, StorageError>;

    /// The serialized large-blob array that was last committed for a card.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn large_blobs(&mut self, card: &CardKeyHash) -> Result<Option<Vec<u8>>, StorageError>;

    /// Replaces the serialized large-blob array of a card.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; then it is what it was.
    fn commit_large_blobs(
        &mut self,
        card: &CardKeyHash,
        serialized: &[u8],
    ) -> Result<(), StorageError>;

    /// What authenticatorConfig has set.
    ///
    /// # Errors
    ///
    /// [`StorageError`].
    fn settings(&mut self) -> Result<Settings, StorageError>;

    /// Replaces all of the settings.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; then they are what they were.
    fn commit_settings(&mut self, settings: &Settings) -> Result<(), StorageError>;

    /// Erases the credentials and large blobs of a card, and every setting: authenticatorReset. The history of
    /// disclosures stays.
    ///
    /// # Errors
    ///
    /// [`StorageError`]; then nothing was erased.
    fn commit_reset(&mut self, card: &CardKeyHash) -> Result<(), StorageError>;
}

/// What authenticatorConfig sets, of this installation and whatever card is presented.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Enterprise attestation was enabled, for requests over CTAPHID.
    pub enterprise_attestation: bool,
    /// The RP IDs that may learn the PIN's minimum length (`minPinLengthRPIDs`).
    pub min_pin_length_rp_ids: BTreeSet<String>,
}

/// The store could not be read or written.
///
/// The reason stays with the implementation, which knows paths and remedies and should log it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the credentials' store cannot be read or written")]
pub struct StorageError;

/// The two secrets of an installation. Zeroised on drop, not shown by `Debug`.
#[derive(Clone)]
pub struct Secrets {
    device: Zeroizing<[u8; 32]>,
    salt: Zeroizing<[u8; 32]>,
}

impl Secrets {
    /// Takes both as they are stored: the device secret, and the salt that makes what the card
    /// signs unpredictable to everybody else. Each is 32 random bytes, independent of the other.
    pub fn new(device: Zeroizing<[u8; 32]>, salt: Zeroizing<[u8; 32]>) -> Secrets {
        Secrets { device, salt }
    }

    pub(crate) fn device(&self) -> &[u8; 32] {
        &self.device
    }

    pub(crate) fn salt(&self) -> &[u8; 32] {
        &self.salt
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// A credential as it is stored. Keys and names are sealed already; nothing in it needs more secrecy
/// than the user's own files.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialRecord {
    /// Its ID: the primary key. Its kind is the key's.
    pub id: CredentialId,
    /// Its private key, as far as it is here.
    pub key: CredentialKey,
    /// The RP ID it belongs to.
    pub rp_id: String,
    /// `user.id` (WebAuthn: the user handle), 1 to 64 bytes.
    pub user_handle: Vec<u8>,
    /// Made with `rk`: found without an allowList.
    pub discoverable: bool,
    /// The card it is sealed under, or whose own key it is.
    pub card: CardKeyHash,
    /// When it may be found and used.
    pub cred_protect: CredProtect,
    /// It was made with a largeBlobKey, which follows from its private key.
    pub large_blob_key: bool,
    /// The account's names, sealed under a key of their own; only where there are any to show.
    pub sealed_names: Option<Vec<u8>>,
    /// A backup of it was made: the authenticator data's BS flag. Never of a card credential.
    pub backed_up: bool,
    /// Seconds since 1970.
    pub created_at: u64,
    /// Seconds since 1970; `None` before the first use.
    pub last_used_at: Option<u64>,
}

impl CredentialRecord {
    /// What its key is.
    pub fn kind(&self) -> CredentialKind {
        self.key.kind()
    }
}

/// Where the private key of a stored credential is.
#[derive(Clone, PartialEq, Eq)]
pub enum CredentialKey {
    /// Pairwise: here, sealed under card and device secret.
    Sealed(Vec<u8>),
    /// Card: in the card, which never gives it away.
    InCard,
}

impl CredentialKey {
    /// What the key is.
    pub fn kind(&self) -> CredentialKind {
        match self {
            CredentialKey::Sealed(_) => CredentialKind::Pairwise,
            CredentialKey::InCard => CredentialKind::Card,
        }
    }
}

/// Says whose it is not: neither user handle nor card.
impl fmt::Debug for CredentialRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialRecord")
            .field("id", &self.id)
            .field("kind", &self.kind())
            .field("rp_id", &self.rp_id)
            .field("discoverable", &self.discoverable)
            .finish_non_exhaustive()
    }
}

/// One registration, to be stored whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The new credential.
    pub credential: CredentialRecord,
    /// Credentials that it takes the place of; they are removed.
    pub replaces: Vec<CredentialId>,
    /// The entry for the history of disclosures, when something was released that is the same everywhere.
    pub disclosure: Option<Disclosure>,
    /// Add the RP ID to the remembered sites.
    pub remember_site: bool,
}

/// An entry of the history that the person can read: what is one and the same everywhere left for a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// What.
    pub what: Disclosed,
    /// To whom.
    pub rp_id: String,
    /// With which credential.
    pub credential: CredentialId,
    /// Of which card.
    pub card: CardKeyHash,
    /// Seconds since 1970.
    pub at: u64,
}

/// What left for a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disclosed {
    /// The certificate. The card's public key is in it.
    Certificate,
    /// The card's public key, as that of a card credential, without the certificate.
    CardKey,
}

impl Disclosed {
    /// Everything that can be disclosed.
    pub const ALL: [Disclosed; 2] = [Disclosed::Certificate, Disclosed::CardKey];

    /// Its name in storage.
    pub fn name(self) -> &'static str {
        match self {
            Disclosed::Certificate => "certificate",
            Disclosed::CardKey => "card-key",
        }
    }

    /// What has this name in storage.
    pub fn from_name(name: &str) -> Option<Disclosed> {
        Disclosed::ALL.into_iter().find(|what| what.name() == name)
    }
}
