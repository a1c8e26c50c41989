//! What a backup file holds, once its passphrase has opened it.
//!
//! ```text
//! "jpki-authenticator backup " ‖ version ‖ "\n" ‖ length of the CBOR (4, big-endian) ‖ CBOR ‖ private keys (32 each, in the credentials' order)
//! CBOR       = {1: made at, 2: card-key hash, 3: [credential, …]}
//! credential = {1: credential ID, 2: RP ID, 3: user handle, 4: discoverable, 5: created at, ?6: name, ?7: displayName, ?8: label,
//!               ?9: credProtect (2 or 3), ?10: largeBlobKey (true), ?11: credBlob (1 to 32 bytes)}
//! ```
//!
//! The version is 2 where a credential has a member from 9 on, and 1 otherwise: an older program reads what it can hold, and
//! says of the rest that it is newer.
//!
//! The CBOR is the CTAP2 canonical form; times are seconds since 1970. The private keys stand apart from it, so that they
//! are only ever in memory that is zeroised. Anything else than exactly this is refused.

use std::collections::BTreeSet;

use eid_card::CardKeyHash;
use zeroize::Zeroizing;

use super::OpenCredential;
use crate::cbor::{self, Map, Value};
use crate::credential::{CredentialId, CredentialKind, KeyMaterial, MAX_CRED_BLOB, PairwiseKey};
use crate::extensions::CredProtect;
use crate::ports::AccountName;

const NAME: &[u8] = b"jpki-authenticator backup ";
const VERSION_1: &[u8] = b"1\n";
const VERSION_2: &[u8] = b"2\n";
const KEY: usize = 32;

/// The contents of one backup file.
#[derive(Debug)]
pub struct Backup {
    /// When it was made, in seconds since 1970.
    pub made_at: u64,
    /// The card that the credentials were sealed under.
    pub card: CardKeyHash,
    /// The credentials, each ID once.
    pub credentials: Vec<OpenCredential>,
}

/// Why bytes are no backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    /// They begin as no backup of this program does.
    #[error("this is not a backup of this program")]
    NotABackup,
    /// Another version of the format.
    #[error("the backup was made by a newer version of this program")]
    Newer,
    /// The rest is not what the format says.
    #[error("the backup's contents are not what they should be")]
    Malformed,
    /// More than a backup may hold.
    #[error("the backup is too large")]
    TooLarge,
}

impl Backup {
    /// The most bytes that a backup has: more than ten thousand credentials.
    pub const MAX_LENGTH: usize = 4 * 1024 * 1024;

    /// The bytes, in memory that is zeroised.
    ///
    /// # Errors
    ///
    /// [`BackupError::TooLarge`].
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, BackupError> {
        let credentials: Vec<Value> = self.credentials.iter().map(to_cbor).collect();
        let map = Map::new()
            .with(1, unsigned(self.made_at))
            .with(2, self.card.as_bytes().as_slice())
            .with(3, Value::Array(credentials));
        let encoded = cbor::encode(&map.into());
        let length = u32::try_from(encoded.len()).map_err(|_| BackupError::TooLarge)?;
        let version = version(&self.credentials);
        let total = NAME.len() + version.len() + 4 + encoded.len() + KEY * self.credentials.len();
        if total > Backup::MAX_LENGTH {
            return Err(BackupError::TooLarge);
        }
        // Never longer than this, so never moved to another place.
        let mut bytes = Zeroizing::new(Vec::with_capacity(total));
        bytes.extend_from_slice(NAME);
        bytes.extend_from_slice(version);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(&encoded);
        for credential in &self.credentials {
            bytes.extend_from_slice(&*credential.key.key.scalar());
        }
        Ok(bytes)
    }

    /// Reads back what [`Backup::to_bytes`] made, and nothing else.
    ///
    /// # Errors
    ///
    /// [`BackupError`].
    pub fn parse(bytes: &[u8]) -> Result<Backup, BackupError> {
        if bytes.len() > Backup::MAX_LENGTH {
            return Err(BackupError::TooLarge);
        }
        let rest = bytes.strip_prefix(NAME).ok_or(BackupError::NotABackup)?;
        let (said, rest) = rest
            .split_at_checked(VERSION_1.len())
            .filter(|(said, _)| [VERSION_1, VERSION_2].contains(said))
            .ok_or(BackupError::Newer)?;
        parse_rest(rest)
            .filter(|backup| version(&backup.credentials) == said)
            .ok_or(BackupError::Malformed)
    }
}

/// The version that can hold these credentials.
fn version(credentials: &[OpenCredential]) -> &'static [u8] {
    let is_new = |credential: &OpenCredential| {
        credential.cred_protect != CredProtect::default()
            || credential.large_blob_key
            || !credential.key.cred_blob.is_empty()
    };
    if credentials.iter().any(is_new) {
        VERSION_2
    } else {
        VERSION_1
    }
}

fn parse_rest(rest: &[u8]) -> Option<Backup> {
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (encoded, keys) = rest.split_at_checked(length)?;
    let map = cbor::decode(encoded).ok()?;
    let map = map.as_map().filter(|map| map.len() == 3)?;
    let listed = map.get(3)?.as_array()?;
    let (keys, nothing) = keys.as_chunks::<KEY>();
    if keys.len() != listed.len() || !nothing.is_empty() {
        return None;
    }
    let credentials: Option<Vec<OpenCredential>> = listed
        .iter()
        .zip(keys)
        .map(|(credential, key)| from_cbor(credential, key))
        .collect();
    let credentials = credentials?;
    let ids: BTreeSet<CredentialId> = credentials.iter().map(|each| each.id).collect();
    if ids.len() != credentials.len() {
        return None;
    }
    Some(Backup {
        made_at: moment(map, 1)?,
        card: CardKeyHash::from_bytes(map.get(2)?.as_bytes()?.try_into().ok()?),
        credentials,
    })
}

fn to_cbor(credential: &OpenCredential) -> Value {
    let mut map = Map::new()
        .with(1, credential.id.as_bytes().as_slice())
        .with(2, credential.rp_id.as_str())
        .with(3, credential.user_handle.as_slice())
        .with(4, credential.discoverable)
        .with(5, unsigned(credential.created_at));
    let texts = [
        (6, &credential.account.name),
        (7, &credential.account.display_name),
        (8, &credential.label),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            map.insert(key, text.as_str());
        }
    }
    if credential.cred_protect != CredProtect::default() {
        map.insert(9, i64::from(credential.cred_protect.level()));
    }
    if credential.large_blob_key {
        map.insert(10, true);
    }
    if !credential.key.cred_blob.is_empty() {
        map.insert(11, credential.key.cred_blob.as_slice());
    }
    map.into()
}

fn from_cbor(value: &Value, key: &[u8; KEY]) -> Option<OpenCredential> {
    let map = value.as_map()?;
    let known = |key: &Value| matches!(key.as_integer(), Some(1..=11));
    if !map.iter().all(|(key, _)| known(key)) {
        return None;
    }
    let text = |key| match map.get(key) {
        None => Some(None),
        Some(value) => value.as_text().map(|text| Some(text.to_owned())),
    };
    let rp_id = map.get(2)?.as_text()?;
    let user_handle = map.get(3)?.as_bytes()?;
    // A domain: it is shown to the person, so nothing else can hide in it.
    let is_domain = (1..=255).contains(&rp_id.len()) && rp_id.bytes().all(|b| b.is_ascii_graphic());
    if !is_domain || !(1..=64).contains(&user_handle.len()) {
        return None;
    }
    let cred_protect = match map.get(9) {
        None => CredProtect::default(),
        Some(level) => CredProtect::from_level(level.as_integer()?)
            .filter(|level| *level != CredProtect::default())?,
    };
    let large_blob_key = match map.get(10) {
        None => false,
        Some(Value::Bool(true)) => true,
        Some(_) => return None,
    };
    let cred_blob = match map.get(11) {
        None => &[],
        Some(blob) => blob
            .as_bytes()
            .filter(|blob| (1..=MAX_CRED_BLOB).contains(&blob.len()))?,
    };
    Some(OpenCredential {
        id: CredentialId::from_bytes(map.get(1)?.as_bytes()?)
            .filter(|id| id.kind() == CredentialKind::Pairwise)?,
        rp_id: rp_id.to_owned(),
        user_handle: user_handle.to_vec(),
        discoverable: map.get(4)?.as_bool()?,
        cred_protect,
        large_blob_key,
        account: AccountName {
            name: text(6)?,
            display_name: text(7)?,
        },
        label: text(8)?,
        created_at: moment(map, 5)?,
        key: KeyMaterial {
            key: PairwiseKey::from_scalar(key)?,
            cred_blob: Zeroizing::new(cred_blob.to_vec()),
        },
    })
}

/// Seconds that every store of ours can hold.
fn moment(map: &Map, key: i64) -> Option<u64> {
    u64::try_from(map.get(key)?.as_integer()?).ok()
}

fn unsigned(seconds: u64) -> Value {
    Value::Unsigned(seconds)
}
