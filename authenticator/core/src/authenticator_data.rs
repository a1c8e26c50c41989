//! Authenticator data (WebAuthn L3 §6.1) and the COSE key in it.

use sha2::{Digest, Sha256};

use crate::authenticator::AAGUID;
use crate::cbor::{self, Map, Value};
use crate::credential::{CredentialId, CredentialKind};

const UP: u8 = 0x01;
const UV: u8 = 0x04;
const BE: u8 = 0x08;
const BS: u8 = 0x10;
const AT: u8 = 0x40;
const ED: u8 = 0x80;

/// What the flags say.
#[derive(Clone, Copy)]
pub(crate) struct Flags {
    /// UP: the person was there.
    pub(crate) present: bool,
    /// UV: the card verified their PIN.
    pub(crate) verified: bool,
    /// BE: a pairwise credential can be backed up, so it says so from the start. A card credential's key
    /// never leaves the card.
    pub(crate) kind: CredentialKind,
    /// BS, where there is BE.
    pub(crate) backed_up: bool,
}

impl Flags {
    fn byte(self) -> u8 {
        let present = if self.present { UP } else { 0 };
        let verified = if self.verified { UV } else { 0 };
        let backup = match self.kind {
            CredentialKind::Pairwise if self.backed_up => BE | BS,
            CredentialKind::Pairwise => BE,
            CredentialKind::Card => 0,
        };
        present | verified | backup
    }
}

/// SHA-256 of the RP ID.
pub(crate) fn rp_id_hash(rp_id: &str) -> [u8; 32] {
    Sha256::digest(rp_id).into()
}

/// For an assertion: rpIdHash ‖ flags ‖ signCount, and the extensions' outputs if there are any. The counter is constant 0: a key that lives in
/// backups, or is used from several computers, has no counter that would mean anything (WebAuthn L3 §6.1.1).
pub(crate) fn for_assertion(rp_id_hash: &[u8; 32], flags: Flags, extensions: Map) -> Vec<u8> {
    let mut data = rp_id_hash.to_vec();
    data.push(flags.byte());
    data.extend([0; 4]);
    with_extensions(data, extensions)
}

/// For an attestation: the same with AT, and AAGUID ‖ credentialIdLength ‖ credentialId ‖ key.
pub(crate) fn for_attestation(
    rp_id_hash: &[u8; 32],
    flags: Flags,
    id: &CredentialId,
    public_key: &Value,
    extensions: Map,
) -> Vec<u8> {
    let mut data = rp_id_hash.to_vec();
    data.push(flags.byte() | AT);
    data.extend([0; 4]);
    data.extend(AAGUID);
    data.extend((CredentialId::LENGTH as u16).to_be_bytes());
    data.extend(id.as_bytes());
    data.extend(cbor::encode(public_key));
    with_extensions(data, extensions)
}

/// With ED and the outputs, if there are any.
fn with_extensions(mut data: Vec<u8>, extensions: Map) -> Vec<u8> {
    if !extensions.is_empty() {
        if let Some(flags) = data.get_mut(32) {
            *flags |= ED;
        }
        data.extend(cbor::encode(&extensions.into()));
    }
    data
}
