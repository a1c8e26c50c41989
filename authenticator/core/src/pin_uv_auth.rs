//! PIN/UV auth protocols one and two (CTAP 2.3 §6.5.6, §6.5.7), from the authenticator's side.
//!
//! | | one | two |
//! |---|---|---|
//! | keys | SHA-256(Z), for both | HKDF-SHA-256(salt 0³², Z, "CTAP2 HMAC key") and "CTAP2 AES key" |
//! | encrypt | AES-256-CBC, IV 0 | IV ‖ AES-256-CBC, IV random |
//! | authenticate | HMAC-SHA-256, first 16 bytes | HMAC-SHA-256 |
//!
//! Z is the x-coordinate of the ECDH of the platform's key with ours on P-256.

mod token;

use aes::Aes256;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hkdf::Hkdf;
use p256::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::{FromEncodedPoint, ToEncodedPoint};
use p256::{EncodedPoint, PublicKey, SecretKey};
use rand_core::CryptoRngCore;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::cbor::{Map, Value};
use crate::credential::{hmac, random};
use crate::failure::Failure;
use crate::parameters::{required, unsigned};

pub(crate) use token::Token;

const BLOCK: usize = 16;

/// A PIN/UV auth protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    One,
    Two,
}

impl Protocol {
    /// Those that are supported, most preferred first (`pinUvAuthProtocols`).
    pub(crate) const ALL: [Protocol; 2] = [Protocol::Two, Protocol::One];

    /// Its number.
    pub(crate) fn number(self) -> i64 {
        match self {
            Protocol::One => 1,
            Protocol::Two => 2,
        }
    }

    /// The parameter `pinUvAuthProtocol`, which must be there.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidParameter`] for a protocol that is not supported.
    pub(crate) fn from_parameter(map: &Map, key: i64) -> Result<Protocol, Failure> {
        let number = required(map, key, "pinUvAuthProtocol", unsigned)?;
        match number {
            1 => Ok(Protocol::One),
            2 => Ok(Protocol::Two),
            _ => Err(Failure::InvalidParameter("pinUvAuthProtocol")),
        }
    }

    /// `verify`: whether `signature` authenticates the concatenation of `message` under `key`.
    pub(crate) fn verifies(self, key: &[u8; 32], message: &[&[u8]], signature: &[u8]) -> bool {
        let mac = hmac(key, message);
        let expected = match self {
            Protocol::One => mac.get(..16).unwrap_or_default(),
            Protocol::Two => mac.as_slice(),
        };
        expected.ct_eq(signature).into()
    }
}

/// Our half of a key agreement. Zeroised on drop.
pub(crate) struct KeyAgreement(SecretKey);

impl KeyAgreement {
    /// `regenerate`.
    pub(crate) fn generate(rng: &mut dyn CryptoRngCore) -> Result<KeyAgreement, Failure> {
        loop {
            // Once in 2³² the bytes are no scalar of P-256.
            if let Ok(key) = SecretKey::from_slice(&*random::<32>(rng)?) {
                return Ok(KeyAgreement(key));
            }
        }
    }

    /// `getPublicKey`: a COSE_Key with the algorithm identifier that CTAP prescribes, which is not what is done with it.
    pub(crate) fn public_key(&self) -> Result<Value, Failure> {
        let point = self.0.public_key().to_encoded_point(false);
        let (Some(x), Some(y)) = (point.x(), point.y()) else {
            return Err(Failure::Internal("a public key without coordinates"));
        };
        let key = Map::new()
            .with(1, 2)
            .with(3, ECDH_ES_HKDF_256)
            .with(-1, 1)
            .with(-2, x.as_slice())
            .with(-3, y.as_slice());
        Ok(key.into())
    }

    /// `decapsulate`: the secret shared with the owner of a platform key-agreement key.
    ///
    /// # Errors
    ///
    /// [`Failure::InvalidParameter`] if it is not a point of P-256 in the form that CTAP prescribes.
    pub(crate) fn shared_secret(
        &self,
        protocol: Protocol,
        platform: &Map,
    ) -> Result<SharedSecret, Failure> {
        const BAD: Failure = Failure::InvalidParameter("keyAgreement");
        let number = |label: i64| platform.get(label).and_then(Value::as_integer);
        if (number(1), number(3), number(-1)) != (Some(2), Some(ECDH_ES_HKDF_256), Some(1)) {
            return Err(BAD);
        }
        let coordinate =
            |label: i64| -> Option<[u8; 32]> { platform.get(label)?.as_bytes()?.try_into().ok() };
        let (x, y) = coordinate(-2).zip(coordinate(-3)).ok_or(BAD)?;
        let point = EncodedPoint::from_affine_coordinates(&x.into(), &y.into(), false);
        let theirs: Option<PublicKey> = PublicKey::from_encoded_point(&point).into();
        let theirs = theirs.ok_or(BAD)?;
        let z = diffie_hellman(self.0.to_nonzero_scalar(), theirs.as_affine());
        SharedSecret::derive(protocol, z.raw_secret_bytes())
    }
}

/// COSE algorithm identifier of ECDH-ES + HKDF-256 (RFC 9053 §6.3.1).
const ECDH_ES_HKDF_256: i64 = -25;

/// What platform and authenticator share; zeroised on drop.
pub(crate) struct SharedSecret {
    protocol: Protocol,
    hmac_key: Zeroizing<[u8; 32]>,
    aes_key: Zeroizing<[u8; 32]>,
}

impl SharedSecret {
    /// `kdf`.
    fn derive(protocol: Protocol, z: &[u8]) -> Result<SharedSecret, Failure> {
        let (hmac_key, aes_key) = match protocol {
            Protocol::One => {
                let key = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(z)));
                (key.clone(), key)
            }
            Protocol::Two => {
                let kdf = Hkdf::<Sha256>::new(Some(&[0; 32]), z);
                let key = |info: &[u8]| {
                    let mut key = Zeroizing::new([0; 32]);
                    let made = kdf.expand(info, &mut *key);
                    made.map(|()| key)
                        .map_err(|_| Failure::Internal("HKDF refused 32 bytes"))
                };
                (key(b"CTAP2 HMAC key")?, key(b"CTAP2 AES key")?)
            }
        };
        Ok(SharedSecret {
            protocol,
            hmac_key,
            aes_key,
        })
    }

    /// `verify`, with the secret as the key.
    pub(crate) fn verifies(&self, message: &[&[u8]], signature: &[u8]) -> bool {
        self.protocol.verifies(&self.hmac_key, message, signature)
    }

    /// `encrypt`: whole blocks. Protocol two draws an IV of 16 bytes.
    pub(crate) fn encrypt(
        &self,
        plaintext: &[u8],
        rng: &mut dyn CryptoRngCore,
    ) -> Result<Vec<u8>, Failure> {
        let iv = match self.protocol {
            Protocol::One => Zeroizing::new([0; BLOCK]),
            Protocol::Two => random::<BLOCK>(rng)?,
        };
        let mut blocks = plaintext.to_vec();
        let (whole, []) = blocks.as_chunks_mut::<BLOCK>() else {
            return Err(Failure::Internal("a plaintext of no whole blocks"));
        };
        let mut cipher = cbc::Encryptor::<Aes256>::new((&*self.aes_key).into(), (&*iv).into());
        for block in whole {
            cipher.encrypt_block(block.into());
        }
        Ok(match self.protocol {
            Protocol::One => blocks,
            Protocol::Two => [iv.as_slice(), &blocks].concat(),
        })
    }

    /// `decrypt`: `None` unless it is whole blocks, and for protocol two an IV before them.
    pub(crate) fn decrypt(&self, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (iv, blocks) = match self.protocol {
            Protocol::One => (&[0; BLOCK], ciphertext),
            Protocol::Two => ciphertext.split_first_chunk::<BLOCK>()?,
        };
        let mut blocks = Zeroizing::new(blocks.to_vec());
        let (whole, []) = blocks.as_chunks_mut::<BLOCK>() else {
            return None;
        };
        let mut cipher = cbc::Decryptor::<Aes256>::new((&*self.aes_key).into(), iv.into());
        for block in whole {
            cipher.decrypt_block(block.into());
        }
        Some(blocks)
    }
}

#[cfg(test)]
mod tests;
