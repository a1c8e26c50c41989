//! A signature that the card made.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// An RSA-2048 PKCS#1 v1.5 signature by the card, already verified under the certificate's key.
///
/// It is treated as a secret: a signature may be what a sealing key is derived from, so the bytes
/// are zeroised on drop and do not appear in `Debug` output. [`Signature::to_vec`] is for those
/// that are meant to be published.
pub struct Signature(Box<[u8; Signature::LENGTH]>);

impl Signature {
    /// Number of bytes.
    pub const LENGTH: usize = 256;

    #[cfg(feature = "pcsc")]
    pub(crate) fn new(bytes: Box<[u8; Signature::LENGTH]>) -> Signature {
        Signature(bytes)
    }

    /// The signature, big-endian as it goes into an attestation statement.
    pub fn as_bytes(&self) -> &[u8; Signature::LENGTH] {
        &self.0
    }

    /// A copy to publish, which nobody zeroises.
    pub fn to_vec(&self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl Drop for Signature {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Signature {}

/// Says that there is a signature, and nothing about it.
impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(…)")
    }
}
