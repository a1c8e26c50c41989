//! What the files say about the authenticator; `tests/vectors/README.md` explains every member.

use std::path::{Path, PathBuf};

use authenticator_core::{
    CredProtect, CredentialId, CredentialKey, CredentialKind, CredentialRecord,
};
use eid_card::CardKeyHash;
use serde::Deserialize;

pub fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors")
}

pub fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A vector that says how the authenticator makes it.
pub struct Vector<T> {
    pub name: String,
    pub kind: String,
    /// Of a registration.
    pub format: Option<String>,
    /// authData ‖ hash of the client data.
    pub signed: Hex,
    pub authenticator: T,
}

/// The vectors of these folders that say how the authenticator makes them.
pub fn made_by_us<T: for<'de> Deserialize<'de>>(folders: [&str; 2]) -> Vec<Vector<T>> {
    let mut found = Vec::new();
    for folder in folders {
        for entry in std::fs::read_dir(vectors().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let vector: serde_json::Value = read(&path);
            if let Some(authenticator) = vector.get("authenticator") {
                let text = |pointer| Some(vector.pointer(pointer)?.as_str()?.to_owned());
                let signed = text("/signed").or_else(|| text("/attestation/signed"));
                let made = serde_json::from_value(authenticator.clone());
                found.push(Vector {
                    name: text("/name").unwrap(),
                    kind: text("/kind").unwrap(),
                    format: text("/attestation/fmt"),
                    signed: Hex::try_from(signed.unwrap()).unwrap(),
                    authenticator: made.unwrap_or_else(|error| panic!("{error}")),
                });
            }
        }
    }
    found
}

/// Bytes that a file shows as hex.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct Hex(pub Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Hex, hex::FromHexError> {
        hex::decode(text).map(Hex)
    }
}

impl std::fmt::Debug for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl Hex {
    pub fn array<const N: usize>(&self) -> [u8; N] {
        self.0.as_slice().try_into().unwrap()
    }
}

#[derive(Deserialize)]
pub struct Registering {
    pub installation: Installation,
    pub card: CardFiles,
    pub now: u64,
    pub request: Hex,
    pub person: Answers,
    pub randomness: Vec<Draw>,
    pub credential: Credential,
    pub sealed: Vec<Sealed>,
    pub stored: Stored,
    pub disclosed: Option<String>,
    pub response: Hex,
}

#[derive(Clone, Deserialize)]
pub struct Installation {
    pub device_secret: Hex,
    pub salt: Hex,
}

#[derive(Deserialize)]
pub struct CardFiles {
    pub certificate: String,
    pub key: String,
    pub key_hash: Hex,
}

#[derive(Default, Deserialize)]
pub struct Answers {
    pub pin: String,
    pub disclose_certificate: Option<bool>,
    pub card_credential: Option<bool>,
    pub choose_account: Option<String>,
}

#[derive(Deserialize)]
pub struct Draw {
    pub bytes: Hex,
}

#[derive(Deserialize)]
pub struct Credential {
    pub id_input: Hex,
    pub id_key: Option<Hex>,
    pub id: Hex,
    pub private_key: Option<Hex>,
}

#[derive(Deserialize)]
pub struct Sealed {
    #[serde(flatten)]
    pub opened: Opened,
    pub nonce: Hex,
    pub associated_data: Hex,
    pub plaintext: Hex,
    pub sealed: Hex,
}

#[derive(Deserialize)]
pub struct Opened {
    pub what: String,
    pub message: Hex,
    pub message_sha512: Hex,
    pub card_signature: Hex,
    pub kek: Hex,
}

impl Opened {
    /// The HKDF's `info`: the label with which M begins.
    pub fn label(&self) -> &[u8] {
        let end = self.message.0.iter().position(|byte| *byte == 0).unwrap();
        &self.message.0[..=end]
    }
}

#[derive(Deserialize)]
pub struct Stored {
    pub id: Hex,
    pub kind: String,
    pub rp_id: String,
    pub user_handle: Hex,
    pub discoverable: bool,
    pub card_key_hash: Hex,
    pub sealed_key: Option<Hex>,
    pub sealed_names: Option<Hex>,
    pub backed_up: bool,
    pub created_at: u64,
}

impl Stored {
    pub fn record(&self) -> CredentialRecord {
        CredentialRecord {
            id: CredentialId::from_bytes(&self.id.0).unwrap(),
            key: match (
                CredentialKind::from_name(&self.kind).unwrap(),
                &self.sealed_key,
            ) {
                (CredentialKind::Pairwise, Some(sealed)) => CredentialKey::Sealed(sealed.0.clone()),
                (CredentialKind::Card, None) => CredentialKey::InCard,
                _ => panic!("a sealed key is what a pairwise credential has, and it alone"),
            },
            rp_id: self.rp_id.clone(),
            user_handle: self.user_handle.0.clone(),
            discoverable: self.discoverable,
            card: CardKeyHash::from_bytes(self.card_key_hash.array()),
            cred_protect: CredProtect::default(),
            large_blob_key: false,
            sealed_names: self.sealed_names.as_ref().map(|names| names.0.clone()),
            backed_up: self.backed_up,
            created_at: self.created_at,
            last_used_at: None,
        }
    }
}

#[derive(Deserialize)]
pub struct Asserting {
    pub installation: Installation,
    pub card: CardFiles,
    pub now: u64,
    pub request: Hex,
    pub person: Option<Answers>,
    pub stored: Vec<String>,
    pub backed_up: bool,
    pub opened: Vec<Opened>,
    pub response: Hex,
}
