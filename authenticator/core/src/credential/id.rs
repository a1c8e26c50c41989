//! Credential IDs: opaque to everybody, authenticated by us, bound to one RP ID.
//!
//! ```text
//! version (1 byte, 0x01) ‖ nonce (32) ‖ HMAC-SHA-256(k, version ‖ nonce ‖ rpIdHash), first 16 bytes
//! k = HMAC-SHA-256(device secret, "JPKI for WebAuthn credential ID v1")
//! ```
//!
//! Whoever lacks the device secret cannot make one, and an ID shown to another RP ID than its own is
//! the same to us as random bytes: it is refused before the store is asked. Nothing in it comes from
//! the card. The version says what the rest is, so that other kinds can follow.

use std::fmt;

use subtle::ConstantTimeEq;

use super::keys::hmac;
use crate::ports::Secrets;

const VERSION: u8 = 0x01;
const NONCE: usize = 32;
const TAG: usize = 16;
const KEY_LABEL: &[u8] = b"JPKI for WebAuthn credential ID v1";

/// The ID of one of our credentials.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CredentialId([u8; CredentialId::LENGTH]);

impl CredentialId {
    /// Number of bytes.
    pub const LENGTH: usize = 1 + NONCE + TAG;

    /// Takes an ID from storage. `None` if it has not the right length or version.
    pub fn from_bytes(bytes: &[u8]) -> Option<CredentialId> {
        let id = CredentialId(bytes.try_into().ok()?);
        (id.0.first() == Some(&VERSION)).then_some(id)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; CredentialId::LENGTH] {
        &self.0
    }

    /// Makes the ID for a fresh `nonce`.
    pub(crate) fn new(
        secrets: &Secrets,
        rp_id_hash: &[u8; 32],
        nonce: &[u8; NONCE],
    ) -> CredentialId {
        let mut id = [0; CredentialId::LENGTH];
        let key = hmac(secrets.device(), &[KEY_LABEL]);
        let tag = hmac(&key, &[&[VERSION], nonce, rp_id_hash]);
        let parts = [VERSION].into_iter().chain(*nonce).chain(*tag);
        // The tag is cut off where the ID is full.
        for (byte, part) in id.iter_mut().zip(parts) {
            *byte = part;
        }
        CredentialId(id)
    }

    /// Takes an ID that a relying party sent; `None` unless this installation made it for this RP ID.
    pub(crate) fn recognise(
        secrets: &Secrets,
        rp_id_hash: &[u8; 32],
        bytes: &[u8],
    ) -> Option<CredentialId> {
        let id = CredentialId::from_bytes(bytes)?;
        let genuine = CredentialId::new(secrets, rp_id_hash, &id.nonce()).0;
        bool::from(genuine.ct_eq(&id.0)).then_some(id)
    }

    /// The credential's nonce, which is part of what the card signs for it.
    pub(crate) fn nonce(&self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        for (byte, part) in nonce.iter_mut().zip(self.0.iter().skip(1)) {
            *byte = *part;
        }
        nonce
    }
}

/// The first bytes, enough to tell credentials apart in a log.
impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CredentialId(")?;
        for byte in self.0.iter().take(5) {
            write!(f, "{byte:02x}")?;
        }
        f.write_str("…)")
    }
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn secrets(device: u8) -> Secrets {
        Secrets::new(Zeroizing::new([device; 32]), Zeroizing::new([9; 32]))
    }

    #[test]
    fn an_id_is_recognised_by_its_installation_and_rp_id_only() {
        let id = CredentialId::new(&secrets(1), &[2; 32], &[3; 32]);
        let recognised = |device, rp_id_hash, bytes: &[u8]| {
            CredentialId::recognise(&secrets(device), rp_id_hash, bytes)
        };
        assert_eq!(recognised(1, &[2; 32], id.as_bytes()), Some(id));
        assert_eq!(recognised(7, &[2; 32], id.as_bytes()), None);
        assert_eq!(recognised(1, &[7; 32], id.as_bytes()), None);
        assert_eq!(recognised(1, &[2; 32], &[]), None);
        assert_eq!(
            recognised(1, &[2; 32], &[id.as_bytes().as_slice(), &[0]].concat()),
            None
        );
        for position in 0..CredentialId::LENGTH {
            let mut altered = *id.as_bytes();
            altered[position] ^= 1;
            assert_eq!(recognised(1, &[2; 32], &altered), None, "byte {position}");
        }
    }

    /// Stored credentials hang on these bytes: a change needs another version.
    #[test]
    fn version_1_stays_as_it_is() {
        let id = CredentialId::new(&secrets(1), &[2; 32], &[3; 32]);
        let shown: String = id
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            shown,
            concat!(
                "01",
                "0303030303030303030303030303030303030303030303030303030303030303",
                "5ea104d1306589ef80b44ba6d5a8355e"
            )
        );
    }
}
