//! Bytes: shown as hex, drawn from labels, hashed.

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256, Sha512};

/// Bytes that a file shows as hex.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Hex(pub(crate) Vec<u8>);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<B: AsRef<[u8]>> From<B> for Hex {
    fn from(bytes: B) -> Hex {
        Hex(bytes.as_ref().to_vec())
    }
}

/// What stands for randomness: SHA-256 over what it is for, so that equal runs write equal files.
pub(crate) fn random<const N: usize>(vector: &str, what: &str) -> [u8; N] {
    let mut bytes = [0; N];
    for (number, chunk) in bytes.chunks_mut(32).enumerate() {
        let label = format!("jpki-vectors 1\0{vector}\0{what}\0{number}");
        let length = chunk.len();
        chunk.copy_from_slice(&sha256(label.as_bytes())[..length]);
    }
    bytes
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(crate) fn sha512(bytes: &[u8]) -> [u8; 64] {
    Sha512::digest(bytes).into()
}
