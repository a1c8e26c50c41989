//! Authenticator data (WebAuthn L3 §6.1) of a registration, to its last byte.
//!
//! What it says about RP ID, algorithm and credential is the WebAuthn library's business. Here it must be unambiguous: the
//! card signed these bytes, and the library must find in them what we do.

use crate::cbor::Reader;
use crate::credential_key::CoseKey;
use crate::faults::{AuthenticatorDataFault, CredentialKeyFault};

const UP: u8 = 1 << 0;
const UV: u8 = 1 << 2;
const BE: u8 = 1 << 3;
const BS: u8 = 1 << 4;
const AT: u8 = 1 << 6;
const ED: u8 = 1 << 7;

/// rpIdHash.
const RP_ID_HASH: usize = 32;
/// signCount and aaguid.
const SIGN_COUNT_AND_AAGUID: usize = 4 + 16;
/// WebAuthn L3 §7.1: longer credential IDs are refused.
const MAX_CREDENTIAL_ID: usize = 1023;

/// Checks that `data` is complete and consistent, was made with user presence and verification, and holds one credential;
/// returns the credential's key.
///
/// The two reserved flags may have any value: WebAuthn gives them no meaning, so they may get one.
pub(crate) fn check(data: &[u8]) -> Result<CoseKey<'_>, AuthenticatorDataFault> {
    let (_, rest) = split(data, RP_ID_HASH)?;
    let (&flags, rest) = rest
        .split_first()
        .ok_or(AuthenticatorDataFault::EndsEarly)?;
    let has = |flag: u8| flags & flag != 0;
    if !has(AT) {
        return Err(AuthenticatorDataFault::NoCredential);
    }
    if !has(UP) {
        return Err(AuthenticatorDataFault::UserNotPresent);
    }
    if !has(UV) {
        return Err(AuthenticatorDataFault::UserNotVerified);
    }
    if has(BS) && !has(BE) {
        return Err(AuthenticatorDataFault::BackedUpButNotEligible);
    }

    let (_, rest) = split(rest, SIGN_COUNT_AND_AAGUID)?;
    let [high, low, rest @ ..] = rest else {
        return Err(AuthenticatorDataFault::EndsEarly);
    };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if length == 0 || length > MAX_CREDENTIAL_ID {
        return Err(AuthenticatorDataFault::CredentialIdLength { bytes: length });
    }
    let (_, rest) = split(rest, length)?;

    let mut reader = Reader::new(rest);
    let key = reader
        .item()
        .map_err(CredentialKeyFault::Encoding)
        .and_then(CoseKey::parse)
        .map_err(AuthenticatorDataFault::CredentialKey)?;
    if has(ED) {
        let outputs = reader.item().map_err(AuthenticatorDataFault::Extensions)?;
        Reader::new(outputs)
            .map("extensions")
            .map_err(AuthenticatorDataFault::Extensions)?;
    }
    match reader.rest().len() {
        0 => Ok(key),
        bytes => Err(AuthenticatorDataFault::TrailingBytes { bytes }),
    }
}

fn split(data: &[u8], length: usize) -> Result<(&[u8], &[u8]), AuthenticatorDataFault> {
    data.split_at_checked(length)
        .ok_or(AuthenticatorDataFault::EndsEarly)
}
