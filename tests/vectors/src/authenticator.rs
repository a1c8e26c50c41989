//! The authenticator: authenticator data as it makes it, and (in the files beside) its registrations and sign-ins, computed from
//! the documents with every byte on the way.

mod register;
mod sign_in;

pub(crate) use register::{Registered, Scenario, register};
pub(crate) use sign_in::{SignIn, sign_in};

use crate::bytes::sha256;
use crate::credential::Kind;
use crate::world::RP_ID;

const AAGUID: [u8; 16] = [
    0x40, 0x40, 0xb4, 0x79, 0x5c, 0x83, 0x49, 0x07, 0x89, 0x90, 0x2e, 0xa0, 0x8a, 0xb2, 0x03, 0xa9,
];

/// Flags of authenticator data (WebAuthn L3 §6.1).
pub(crate) mod flag {
    pub(crate) const UP: u8 = 0x01;
    pub(crate) const UV: u8 = 0x04;
    pub(crate) const BE: u8 = 0x08;
    pub(crate) const BS: u8 = 0x10;
    pub(crate) const AT: u8 = 0x40;
    pub(crate) const ED: u8 = 0x80;
}

/// Authenticator data up to the signature counter.
pub(crate) fn auth_data_head(rp_id: &str, flags: u8) -> Vec<u8> {
    [&sha256(rp_id.as_bytes())[..], &[flags, 0, 0, 0, 0]].concat()
}

/// Authenticator data of a registration; `after` is the credential's key and whatever follows.
pub(crate) fn auth_data(flags: u8, aaguid: &[u8; 16], id: &[u8], after: &[u8]) -> Vec<u8> {
    let length = (id.len() as u16).to_be_bytes();
    [
        &auth_data_head(RP_ID, flags),
        &aaguid[..],
        &length,
        id,
        after,
    ]
    .concat()
}

/// BE: a pairwise credential can be backed up, the card's own key cannot.
fn backup_eligible(kind: Kind) -> u8 {
    match kind {
        Kind::Pairwise => flag::BE,
        Kind::Card => 0,
    }
}
