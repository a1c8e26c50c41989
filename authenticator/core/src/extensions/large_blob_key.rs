//! largeBlobKey (CTAP 2.3 §12.3): the key with which a platform encrypts a credential's large blob
//! (`large_blobs.rs`).
//!
//! ```text
//! largeBlobKey = HKDF-SHA-256(ikm = private key, no salt, info = "JPKI for WebAuthn largeBlobKey v1\0"), 32 bytes
//! ```
//!
//! So nothing is stored but that there is one, and a restored credential has the same.

use zeroize::Zeroizing;

use super::Inputs;
use crate::cbor::Value;
use crate::credential::PairwiseKey;
use crate::failure::Failure;

/// Its name.
pub(super) const NAME: &str = "largeBlobKey";

const LABEL: &[u8] = b"JPKI for WebAuthn largeBlobKey v1\0";

/// Whether it is asked for; it cannot be declined.
pub(super) fn is_asked(inputs: Inputs<'_>) -> Result<bool, Failure> {
    match inputs.read(NAME, Value::as_bool)? {
        Some(false) => Err(Failure::InvalidOption(NAME)),
        asked => Ok(asked.is_some()),
    }
}

/// The key of a credential.
pub(crate) fn large_blob_key(key: &PairwiseKey) -> Result<Zeroizing<[u8; 32]>, Failure> {
    key.derived(LABEL)
}
