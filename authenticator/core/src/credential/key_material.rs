//! What is sealed as a pairwise credential's key: the private key, and what the relying party stored with it.
//!
//! ```text
//! private key (32) ‖ credBlob (0 to 32)
//! ```

use zeroize::Zeroizing;

use super::PairwiseKey;

const SCALAR: usize = 32;

/// The most bytes of a credBlob (`maxCredBlobLength`; CTAP 2.3 §12.2 demands at least 32).
pub(crate) const MAX_CRED_BLOB: usize = 32;

/// A pairwise credential out of its seal; zeroised on drop.
pub(crate) struct KeyMaterial {
    /// The private key.
    pub(crate) key: PairwiseKey,
    /// The credBlob; empty if the relying party stored none.
    pub(crate) cred_blob: Zeroizing<Vec<u8>>,
}

impl KeyMaterial {
    /// The bytes to seal.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        // Never longer than this, so never moved to another place.
        let mut bytes = Zeroizing::new(Vec::with_capacity(SCALAR + self.cred_blob.len()));
        bytes.extend_from_slice(&*self.key.scalar());
        bytes.extend_from_slice(&self.cred_blob);
        bytes
    }

    /// Reads back what [`KeyMaterial::to_bytes`] made; `None` if it is something else.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<KeyMaterial> {
        let (scalar, cred_blob) = bytes.split_at_checked(SCALAR)?;
        if cred_blob.len() > MAX_CRED_BLOB {
            return None;
        }
        Some(KeyMaterial {
            key: PairwiseKey::from_scalar(scalar)?,
            cred_blob: Zeroizing::new(cred_blob.to_vec()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_and_blob_are_read_back() {
        for blob in [&[][..], &[7], &[0; MAX_CRED_BLOB]] {
            let bytes = [&[1; SCALAR][..], blob].concat();
            let read = KeyMaterial::from_bytes(&bytes).unwrap();
            assert_eq!(*read.key.scalar(), [1; SCALAR]);
            assert_eq!(*read.cred_blob, blob);
            assert_eq!(*read.to_bytes(), bytes);
        }
    }

    #[test]
    fn other_bytes_are_refused() {
        for bytes in [&[][..], &[1; 31], &[0; 32], &[1; 65]] {
            assert!(KeyMaterial::from_bytes(bytes).is_none());
        }
    }
}
