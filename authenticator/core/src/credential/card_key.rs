//! The key of a card credential: the card's own, of which the core sees the public half.

use eid_card::Certificate;

use super::CredentialId;
use super::keys::hmac;
use super::kind::RS256;
use crate::cbor::{Map, Value};
use crate::failure::Failure;
use crate::ports::{CardError, Secrets};

const PROBE_LABEL: &[u8] = b"JPKI for WebAuthn silent probe of a card credential v1";

/// The public key as COSE_Key (RFC 8230 §4, WebAuthn L3 §5.8.5): modulus of 256 bytes, exponent of 3.
///
/// # Errors
///
/// [`CardError::Unsupported`] for an exponent of another length. That of JPKI is 65537.
pub(crate) fn card_public_key(certificate: &Certificate) -> Result<Value, Failure> {
    let (modulus, exponent) = certificate.rsa_public_key();
    if (modulus.len(), exponent.len()) != (256, 3) {
        return Err(CardError::Unsupported.into());
    }
    let key = Map::new()
        .with(1, 3)
        .with(3, RS256)
        .with(-1, modulus)
        .with(-2, exponent);
    Ok(key.into())
}

/// The signature that a silent probe of a card credential is answered with: well-formed, the same for
/// equal inputs, and good for nothing.
///
/// As a number it is less than any modulus of 2048 bits.
pub(crate) fn card_probe_signature(secrets: &Secrets, id: &CredentialId) -> Vec<u8> {
    let mut signature: Vec<u8> = (0..8_u8)
        .flat_map(|part| *hmac(secrets.device(), &[PROBE_LABEL, id.as_bytes(), &[part]]))
        .collect();
    if let Some(first) = signature.first_mut() {
        *first &= 0x7F;
    }
    signature
}
