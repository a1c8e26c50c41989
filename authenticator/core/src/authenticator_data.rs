//! Authenticator data (WebAuthn L3 §6.1) and the COSE key in it.

use sha2::{Digest, Sha256};

use crate::authenticator::AAGUID;
use crate::cbor::{self, Value};
use crate::credential::CredentialId;

const UP: u8 = 0x01;
const UV: u8 = 0x04;
const BE: u8 = 0x08;
const BS: u8 = 0x10;
const AT: u8 = 0x40;

/// What the flags say.
#[derive(Clone, Copy)]
pub(crate) struct Flags {
    /// UP and UV: the person was there and the card verified their PIN. Here neither comes alone.
    pub(crate) verified: bool,
    /// BS. BE is always set: a pairwise credential can be backed up, so it says so from the start.
    pub(crate) backed_up: bool,
}

impl Flags {
    fn byte(self) -> u8 {
        let verified = if self.verified { UP | UV } else { 0 };
        let backed_up = if self.backed_up { BS } else { 0 };
        verified | backed_up | BE
    }
}

/// SHA-256 of the RP ID.
pub(crate) fn rp_id_hash(rp_id: &str) -> [u8; 32] {
    Sha256::digest(rp_id).into()
}

/// For an assertion: rpIdHash ‖ flags ‖ signCount. The counter is constant 0: a key that lives in
/// backups has no counter that would mean anything (WebAuthn L3 §6.1.1).
pub(crate) fn for_assertion(rp_id_hash: &[u8; 32], flags: Flags) -> Vec<u8> {
    let mut data = rp_id_hash.to_vec();
    data.push(flags.byte());
    data.extend([0; 4]);
    data
}

/// For an attestation: the same with AT, and AAGUID ‖ credentialIdLength ‖ credentialId ‖ key.
pub(crate) fn for_attestation(
    rp_id_hash: &[u8; 32],
    flags: Flags,
    id: &CredentialId,
    public_key: &Value,
) -> Vec<u8> {
    let mut data = rp_id_hash.to_vec();
    data.push(flags.byte() | AT);
    data.extend([0; 4]);
    data.extend(AAGUID);
    data.extend((CredentialId::LENGTH as u16).to_be_bytes());
    data.extend(id.as_bytes());
    data.extend(cbor::encode(public_key));
    data
}
