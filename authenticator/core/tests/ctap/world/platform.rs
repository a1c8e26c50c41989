//! A platform that speaks PIN/UV auth protocols one and two, written from CTAP 2.3 §6.5.6 and §6.5.7: nothing here calls
//! the authenticator's own cryptography. The fuzz targets use it too.

use aes::Aes256;
use authenticator_core::cbor::{Map, Value, encode};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hkdf::Hkdf;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use p256::ecdh::diffie_hellman;
use p256::elliptic_curve::sec1::{FromEncodedPoint, ToEncodedPoint};
use p256::{EncodedPoint, PublicKey, SecretKey};
use sha2::{Digest, Sha256};

/// Permissions of a token (§6.5.5.7).
pub const MC: i64 = 0x01;
pub const GA: i64 = 0x02;
pub const CM: i64 = 0x04;
pub const BE: i64 = 0x08;
pub const LBW: i64 = 0x10;
pub const ACFG: i64 = 0x20;

/// A platform that has agreed on a secret.
pub struct Platform {
    pub protocol: i64,
    pub public_key: Map,
    hmac_key: Vec<u8>,
    aes_key: [u8; 32],
}

impl Platform {
    /// The platform's half.
    pub fn with_key(protocol: i64, authenticator: &Value) -> Platform {
        let theirs = authenticator.as_map().unwrap();
        assert_eq!(theirs.len(), 5);
        for (label, value) in [(1, 2), (3, -25), (-1, 1)] {
            assert_eq!(theirs.get(label).unwrap().as_integer(), Some(value));
        }
        let coordinate = |label| -> [u8; 32] {
            let bytes = theirs.get(label).unwrap().as_bytes().unwrap();
            bytes.try_into().unwrap()
        };
        let (x, y) = (coordinate(-2), coordinate(-3));
        let point = EncodedPoint::from_affine_coordinates(&x.into(), &y.into(), false);
        let theirs = PublicKey::from_encoded_point(&point).unwrap();

        let ours = SecretKey::from_slice(&[0x42; 32]).unwrap();
        let point = ours.public_key().to_encoded_point(false);
        let public_key = Map::new()
            .with(1, 2)
            .with(3, -25)
            .with(-1, 1)
            .with(-2, point.x().unwrap().as_slice())
            .with(-3, point.y().unwrap().as_slice());

        let z = diffie_hellman(ours.to_nonzero_scalar(), theirs.as_affine());
        let z = z.raw_secret_bytes();
        let derive = |info: &[u8]| {
            let mut key = [0; 32];
            Hkdf::<Sha256>::new(Some(&[0; 32]), z)
                .expand(info, &mut key)
                .unwrap();
            key
        };
        let (hmac_key, aes_key) = match protocol {
            1 => (Sha256::digest(z).into(), Sha256::digest(z).into()),
            2 => (derive(b"CTAP2 HMAC key"), derive(b"CTAP2 AES key")),
            other => panic!("no protocol {other}"),
        };
        Platform {
            protocol,
            public_key,
            hmac_key: hmac_key.to_vec(),
            aes_key,
        }
    }

    pub fn encrypt(&self, plaintext: &[u8]) -> Vec<u8> {
        let iv = match self.protocol {
            1 => [0; 16],
            _ => [0x1F; 16],
        };
        let mut blocks = plaintext.to_vec();
        let mut cipher = cbc::Encryptor::<Aes256>::new(&self.aes_key.into(), &iv.into());
        for block in blocks.as_chunks_mut::<16>().0 {
            cipher.encrypt_block(block.into());
        }
        match self.protocol {
            1 => blocks,
            _ => [iv.as_slice(), &blocks].concat(),
        }
    }

    pub fn decrypt(&self, ciphertext: &[u8]) -> Vec<u8> {
        let (iv, blocks) = match self.protocol {
            1 => ([0; 16], ciphertext),
            _ => (ciphertext[..16].try_into().unwrap(), &ciphertext[16..]),
        };
        let mut blocks = blocks.to_vec();
        let mut cipher = cbc::Decryptor::<Aes256>::new(&self.aes_key.into(), &iv.into());
        for block in blocks.as_chunks_mut::<16>().0 {
            cipher.decrypt_block(block.into());
        }
        blocks
    }

    /// authenticate, with the shared secret as the key.
    pub fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        authenticate(self.protocol, &self.hmac_key, message)
    }

    /// The parameters that name protocol, subcommand and key.
    pub fn parameters(&self, subcommand: i64) -> Map {
        Map::new()
            .with(1, self.protocol)
            .with(2, subcommand)
            .with(3, self.public_key.clone())
    }

    /// LEFT(SHA-256(PIN), 16), encrypted.
    pub fn pin_hash(&self, pin: &str) -> Vec<u8> {
        self.encrypt(&Sha256::digest(pin)[..16])
    }

    /// getPinUvAuthTokenUsingPinWithPermissions.
    pub fn with_pin(&self, pin: &str, permissions: i64, rp_id: Option<&str>) -> Vec<u8> {
        let asked = self.parameters(9).with(6, self.pin_hash(pin));
        client_pin(for_site(asked.with(9, permissions), rp_id))
    }

    /// getPinUvAuthTokenUsingUvWithPermissions.
    pub fn with_uv(&self, permissions: i64, rp_id: Option<&str>) -> Vec<u8> {
        let asked = self.parameters(6).with(9, permissions);
        client_pin(for_site(asked, rp_id))
    }

    /// getPinToken.
    pub fn pin_token(&self, pin: &str) -> Vec<u8> {
        client_pin(self.parameters(5).with(6, self.pin_hash(pin)))
    }

    /// changePIN.
    pub fn change_pin(&self, old: &str, new: &str) -> Map {
        let mut padded = [0; 64];
        padded[..new.len()].copy_from_slice(new.as_bytes());
        let (new, hash) = (self.encrypt(&padded), self.pin_hash(old));
        let param = self.authenticate(&[new.as_slice(), &hash].concat());
        let asked = self.parameters(4);
        asked.with(4, param).with(5, new).with(6, hash)
    }

    /// The token in a response.
    pub fn token(&self, response: &Value) -> Token {
        let response = response.as_map().unwrap();
        assert_eq!(response.len(), 1);
        let encrypted = response.get(2).unwrap().as_bytes().unwrap();
        let value = self.decrypt(encrypted);
        assert_eq!(value.len(), 32);
        Token {
            protocol: self.protocol,
            value,
        }
    }
}

fn for_site(map: Map, rp_id: Option<&str>) -> Map {
    match rp_id {
        Some(rp_id) => map.with(10, rp_id),
        None => map,
    }
}

fn authenticate(protocol: i64, key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).unwrap();
    mac.update(message);
    let mut mac = mac.finalize().into_bytes().to_vec();
    if protocol == 1 {
        mac.truncate(16);
    }
    mac
}

/// A pinUvAuthToken, as the platform has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub protocol: i64,
    pub value: Vec<u8>,
}

impl Token {
    pub fn authenticate(&self, message: &[u8]) -> Vec<u8> {
        authenticate(self.protocol, &self.value, message)
    }
}

/// authenticatorClientPIN.
pub fn client_pin(parameters: Map) -> Vec<u8> {
    [&[6], encode(&parameters.into()).as_slice()].concat()
}
