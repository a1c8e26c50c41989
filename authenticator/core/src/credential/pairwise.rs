//! The key of a pairwise credential: P-256, made fresh for one registration.

use hkdf::Hkdf;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use rand_core::CryptoRngCore;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::keys::hmac;
use super::kind::ES256;
use super::names::Point;
use super::{CredentialId, random};
use crate::cbor::{Map, Value};
use crate::failure::Failure;
use crate::ports::Secrets;

const PROBE_LABEL: &[u8] = b"JPKI for WebAuthn silent probe v1";

/// A private key, zeroised on drop.
pub(crate) struct PairwiseKey(SigningKey);

impl PairwiseKey {
    /// Makes a key; draws 32 bytes, again while they are not a scalar of P-256 (once in 2³²).
    pub(crate) fn generate(rng: &mut dyn CryptoRngCore) -> Result<PairwiseKey, Failure> {
        loop {
            let scalar = random::<32>(rng)?;
            if let Some(key) = PairwiseKey::from_scalar(&*scalar) {
                return Ok(key);
            }
        }
    }

    /// Takes a key that was unsealed.
    pub(crate) fn from_scalar(scalar: &[u8]) -> Option<PairwiseKey> {
        SigningKey::from_slice(scalar).ok().map(PairwiseKey)
    }

    /// A key that belongs to no credential, for the signature that a silent probe is answered with:
    /// well-formed, the same for equal inputs, and good for nothing.
    pub(crate) fn for_probe(secrets: &Secrets, id: &CredentialId) -> Option<PairwiseKey> {
        (0..=u8::MAX).find_map(|attempt| {
            let scalar = hmac(secrets.device(), &[PROBE_LABEL, id.as_bytes(), &[attempt]]);
            PairwiseKey::from_scalar(&*scalar)
        })
    }

    /// The scalar, to be sealed.
    pub(crate) fn scalar(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes().into())
    }

    /// A secret that follows from the private key, another one for each label (HKDF-SHA-256 without salt). Whoever has
    /// the private key has it too, so it is worth no more and no less, and comes along wherever the key goes.
    pub(crate) fn derived(&self, label: &[u8]) -> Result<Zeroizing<[u8; 32]>, Failure> {
        let mut secret = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, &*self.scalar())
            .expand(label, &mut *secret)
            .map_err(|_| Failure::Internal("HKDF refused 32 bytes"))?;
        Ok(secret)
    }

    /// The public key.
    pub(crate) fn point(&self) -> Result<Point, Failure> {
        let encoded = self.0.verifying_key().to_encoded_point(false);
        let point = encoded.as_bytes().last_chunk::<64>();
        point
            .copied()
            .ok_or(Failure::Internal("a public key without coordinates"))
    }

    /// Signs (RFC 6979, so equal inputs give equal bytes); ASN.1 DER (WebAuthn L3 §6.5.5).
    pub(crate) fn sign(&self, authenticator_data: &[u8], client_data_hash: &[u8; 32]) -> Vec<u8> {
        let signature: Signature = self
            .0
            .sign(&[authenticator_data, client_data_hash.as_slice()].concat());
        signature.to_der().as_bytes().to_vec()
    }
}

/// A public key as COSE_Key (RFC 9053 §7.1.1, WebAuthn L3 §5.8.5).
pub(crate) fn pairwise_public_key(point: &Point) -> Value {
    let (x, y) = point.split_at(32);
    Map::new()
        .with(1, 2)
        .with(3, ES256)
        .with(-1, 1)
        .with(-2, x)
        .with(-3, y)
        .into()
}
