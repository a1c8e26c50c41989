//! Credential IDs: opaque to everybody, bound to one RP ID. The version says which kind it is.
//!
//! ```text
//! pairwise: version (1 byte, 0x01) ‖ nonce (32) ‖ HMAC-SHA-256(k, version ‖ nonce ‖ rpIdHash), first 16 bytes
//!           k = HMAC-SHA-256(device secret, "JPKI for WebAuthn credential ID v1")
//! card:     version (1 byte, 0x02) ‖ nonce (32) ‖ SHA-256(label ‖ card-key hash ‖ rpIdHash ‖ nonce), first 16 bytes
//!           label = "JPKI for WebAuthn card credential ID v1\0"
//! ```
//!
//! Pairwise: random to everybody else, and another one for each installation and RP ID even for one nonce. One counts as ours
//! if the store holds exactly it for the RP ID that asks ([`super::stored_pairwise`]): it may have come here in a backup, made
//! with the secret of another computer. Nothing in it comes from the card.
//!
//! Card: made again on any computer from the certificate, without a PIN. Whoever knows the card's public
//! key can make and recognise one, which opens nothing without card and PIN
//! (`docs/decisions/0023-card-credentials.md`). To everybody else two IDs of one card have nothing in common.

use std::fmt;

use eid_card::CardKeyHash;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::CredentialKind;
use super::keys::hmac;
use crate::ports::Secrets;

const PAIRWISE: u8 = 0x01;
const CARD: u8 = 0x02;
const NONCE: usize = 32;
const TAG: usize = 16;
const KEY_LABEL: &[u8] = b"JPKI for WebAuthn credential ID v1";
const CARD_LABEL: &[u8] = b"JPKI for WebAuthn card credential ID v1\0";

/// The ID of one of our credentials.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CredentialId([u8; CredentialId::LENGTH]);

impl CredentialId {
    /// Number of bytes.
    pub const LENGTH: usize = 1 + NONCE + TAG;

    /// Takes an ID from storage. `None` if it has not the right length or version.
    pub fn from_bytes(bytes: &[u8]) -> Option<CredentialId> {
        let id = CredentialId(bytes.try_into().ok()?);
        matches!(id.0.first(), Some(&(PAIRWISE | CARD))).then_some(id)
    }

    /// Which kind of credential it is the ID of.
    pub fn kind(&self) -> CredentialKind {
        if self.0.first() == Some(&CARD) {
            CredentialKind::Card
        } else {
            CredentialKind::Pairwise
        }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; CredentialId::LENGTH] {
        &self.0
    }

    /// Makes the ID of a pairwise credential for a fresh `nonce`.
    pub(crate) fn pairwise(
        secrets: &Secrets,
        rp_id_hash: &[u8; 32],
        nonce: &[u8; NONCE],
    ) -> CredentialId {
        let key = hmac(secrets.device(), &[KEY_LABEL]);
        let tag = hmac(&key, &[&[PAIRWISE], nonce, rp_id_hash]);
        CredentialId::assemble(PAIRWISE, nonce, *tag)
    }

    /// Makes the ID of a card credential for a fresh `nonce`.
    pub(crate) fn of_card(
        card: &CardKeyHash,
        rp_id_hash: &[u8; 32],
        nonce: &[u8; NONCE],
    ) -> CredentialId {
        let tag = Sha256::new()
            .chain_update(CARD_LABEL)
            .chain_update(card.as_bytes())
            .chain_update(rp_id_hash)
            .chain_update(nonce)
            .finalize();
        CredentialId::assemble(CARD, nonce, tag.into())
    }

    fn assemble(version: u8, nonce: &[u8; NONCE], tag: [u8; 32]) -> CredentialId {
        let mut id = [0; CredentialId::LENGTH];
        let parts = [version].into_iter().chain(*nonce).chain(tag);
        // The tag is cut off where the ID is full.
        for (byte, part) in id.iter_mut().zip(parts) {
            *byte = part;
        }
        CredentialId(id)
    }

    /// Whether it is the ID of a card credential of this card for this RP ID.
    pub(crate) fn is_of_card(&self, card: &CardKeyHash, rp_id_hash: &[u8; 32]) -> bool {
        let genuine = CredentialId::of_card(card, rp_id_hash, &self.nonce());
        genuine.0.ct_eq(&self.0).into()
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
    fn an_id_is_another_one_for_each_installation_and_rp_id() {
        let id = CredentialId::pairwise(&secrets(1), &[2; 32], &[3; 32]);
        assert_eq!(id.kind(), CredentialKind::Pairwise);
        assert_eq!(id, CredentialId::pairwise(&secrets(1), &[2; 32], &[3; 32]));
        for other in [
            CredentialId::pairwise(&secrets(7), &[2; 32], &[3; 32]),
            CredentialId::pairwise(&secrets(1), &[7; 32], &[3; 32]),
            CredentialId::pairwise(&secrets(1), &[2; 32], &[7; 32]),
        ] {
            assert_ne!(id, other);
        }
    }

    #[test]
    fn an_id_of_a_card_credential_is_recognised_by_card_and_rp_id_only() {
        let card = |byte| CardKeyHash::from_bytes([byte; 32]);
        let id = CredentialId::of_card(&card(1), &[2; 32], &[3; 32]);
        assert_eq!(id.kind(), CredentialKind::Card);
        assert!(id.is_of_card(&card(1), &[2; 32]));
        assert!(!id.is_of_card(&card(7), &[2; 32]));
        assert!(!id.is_of_card(&card(1), &[7; 32]));
        for altered in alterations(id) {
            assert!(!altered.is_of_card(&card(1), &[2; 32]));
        }
    }

    #[test]
    fn bytes_of_another_length_or_version_are_no_id() {
        let id = *CredentialId::pairwise(&secrets(1), &[2; 32], &[3; 32]).as_bytes();
        assert!(CredentialId::from_bytes(&id).is_some());
        assert!(CredentialId::from_bytes(&[]).is_none());
        assert!(CredentialId::from_bytes(&id[..48]).is_none());
        assert!(CredentialId::from_bytes(&[id.as_slice(), &[0]].concat()).is_none());
        for version in [0, 3, 0xFF] {
            let mut other = id;
            other[0] = version;
            assert!(CredentialId::from_bytes(&other).is_none());
        }
    }

    /// The ID with one bit changed, as far as that is an ID.
    fn alterations(id: CredentialId) -> impl Iterator<Item = CredentialId> {
        (0..CredentialId::LENGTH * 8).filter_map(move |bit| {
            let mut altered = *id.as_bytes();
            altered[bit / 8] ^= 1 << (bit % 8);
            CredentialId::from_bytes(&altered)
        })
    }

    /// Stored credentials hang on these bytes: a change needs another version.
    #[test]
    fn version_1_stays_as_it_is() {
        assert_eq!(
            shown(CredentialId::pairwise(&secrets(1), &[2; 32], &[3; 32])),
            concat!(
                "01",
                "0303030303030303030303030303030303030303030303030303030303030303",
                "5ea104d1306589ef80b44ba6d5a8355e"
            )
        );
    }

    /// Relying parties keep these bytes, and other computers make them again.
    #[test]
    fn version_2_stays_as_it_is() {
        let card = CardKeyHash::from_bytes([1; 32]);
        assert_eq!(
            shown(CredentialId::of_card(&card, &[2; 32], &[3; 32])),
            concat!(
                "02",
                "0303030303030303030303030303030303030303030303030303030303030303",
                "ce7beede78d0a4f0c87aca11d25e8305"
            )
        );
    }

    fn shown(id: CredentialId) -> String {
        id.as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
