//! hmac-secret (CTAP 2.3 §12.7): a secret of the credential, hashed with salts that the relying party chooses. WebAuthn's
//! `prf` is made of it.
//!
//! ```text
//! CredRandomWithUV = HKDF-SHA-256(ikm = private key, no salt, info = "JPKI for WebAuthn hmac-secret v1\0"), 32 bytes
//! output           = HMAC-SHA-256(CredRandomWithUV, salt1) ‖ HMAC-SHA-256(CredRandomWithUV, salt2), encrypted for the platform
//! ```
//!
//! So every pairwise credential has it, asked for at registration or not, and a restored one has the same. The standard's
//! second secret, for use without user verification, does not exist: it could never be used.

use rand_core::CryptoRngCore;
use zeroize::Zeroizing;

use super::Inputs;
use crate::cbor::{Map, Value};
use crate::credential::{PairwiseKey, hmac};
use crate::failure::Failure;
use crate::parameters::required;
use crate::pin_uv_auth::{Protocol, SharedSecret};
use crate::session::Session;

/// Its name.
pub(super) const NAME: &str = "hmac-secret";

const LABEL: &[u8] = b"JPKI for WebAuthn hmac-secret v1\0";

const SALT: usize = 32;

/// At registration: whether it is asked for.
pub(super) fn is_asked(inputs: Inputs<'_>) -> Result<bool, Failure> {
    Ok(inputs.read(NAME, Value::as_bool)?.unwrap_or(false))
}

/// Salts as the platform sends them.
pub(crate) struct EncryptedSalts {
    protocol: Protocol,
    platform_key: Map,
    encrypted: Vec<u8>,
    authenticated: Vec<u8>,
}

/// One salt, or two, and the key for the answer.
pub(crate) struct Salts {
    secret: SharedSecret,
    salts: Zeroizing<Vec<u8>>,
}

impl EncryptedSalts {
    /// The input of hmac-secret at a sign-in, and of hmac-secret-mc.
    pub(super) fn read(
        inputs: Inputs<'_>,
        name: &'static str,
    ) -> Result<Option<EncryptedSalts>, Failure> {
        let Some(input) = inputs.read(name, Value::as_map)? else {
            return Ok(None);
        };
        Ok(Some(EncryptedSalts {
            platform_key: required(input, 0x01, "keyAgreement", Value::as_map)?.clone(),
            encrypted: required(input, 0x02, "saltEnc", Value::as_bytes)?.to_vec(),
            authenticated: required(input, 0x03, "saltAuth", Value::as_bytes)?.to_vec(),
            // Absent, it is one.
            protocol: match input.get(0x04) {
                None => Protocol::One,
                Some(_) => Protocol::from_parameter(input, 0x04)?,
            },
        }))
    }

    /// Decrypts them, as the steps of `authenticatorGetAssertion` say.
    pub(crate) fn open(
        &self,
        session: &mut Session,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Salts, Failure> {
        let ours = session.key_agreement(self.protocol, rng)?;
        let secret = ours.shared_secret(self.protocol, &self.platform_key)?;
        if !secret.verifies(&[&self.encrypted], &self.authenticated) {
            return Err(Failure::PinAuthInvalid);
        }
        let salts = secret
            .decrypt(&self.encrypted)
            .filter(|salts| [SALT, 2 * SALT].contains(&salts.len()))
            .ok_or(Failure::InvalidParameter("saltEnc"))?;
        Ok(Salts { secret, salts })
    }
}

impl Salts {
    /// The output. Protocol two draws an initialisation vector (16 bytes).
    pub(crate) fn output(
        &self,
        key: &PairwiseKey,
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Vec<u8>, Failure> {
        let mut output = Zeroizing::new(Vec::with_capacity(self.salts.len()));
        for salt in self.salts.chunks(SALT) {
            output.extend_from_slice(&*secret(key, salt)?);
        }
        self.secret.encrypt(&output, rng)
    }
}

/// What the credential makes of a salt.
pub(super) fn secret(key: &PairwiseKey, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, Failure> {
    Ok(hmac(&*key.derived(LABEL)?, &[salt]))
}
