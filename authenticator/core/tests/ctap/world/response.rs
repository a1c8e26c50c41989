//! Responses as a relying party reads them: taken apart strictly, signatures verified.

use authenticator_core::cbor::{Map, Value, decode};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::EncodedPoint;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest, Sha256};

/// What a registration returned.
pub struct Attestation {
    pub keys: Vec<i64>,
    pub format: String,
    pub statement: Map,
    pub auth_data: Vec<u8>,
    pub client_data_hash: [u8; 32],
    pub enterprise: Option<bool>,
    pub rp_id_hash: [u8; 32],
    pub flags: u8,
    pub sign_count: u32,
    pub aaguid: [u8; 16],
    pub id: Vec<u8>,
    pub key: Key,
    /// Outputs of extensions.
    pub extensions: Option<Map>,
    pub large_blob_key: Option<Vec<u8>>,
}

/// A credential's public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    Pairwise(VerifyingKey),
    Card(RsaPublicKey),
}

impl Attestation {
    pub fn read(response: &Value, client_data_hash: &[u8; 32]) -> Attestation {
        let map = response.as_map().unwrap();
        let auth_data = map.get(2).unwrap().as_bytes().unwrap().to_vec();
        let id_length = u16::from_be_bytes([auth_data[53], auth_data[54]]) as usize;
        let (id, rest) = auth_data[55..].split_at(id_length);
        let length = (1..=rest.len()).find(|length| decode(&rest[..*length]).is_ok());
        let (cose, rest) = rest.split_at(length.unwrap());
        Attestation {
            keys: map
                .iter()
                .map(|(key, _)| key.as_integer().unwrap())
                .collect(),
            format: map.get(1).unwrap().as_text().unwrap().to_owned(),
            statement: map.get(3).unwrap().as_map().unwrap().clone(),
            client_data_hash: *client_data_hash,
            enterprise: map.get(4).map(|value| value.as_bool().unwrap()),
            rp_id_hash: auth_data[..32].try_into().unwrap(),
            flags: auth_data[32],
            sign_count: u32::from_be_bytes(auth_data[33..37].try_into().unwrap()),
            aaguid: auth_data[37..53].try_into().unwrap(),
            id: id.to_vec(),
            key: public_key(cose),
            extensions: extensions(auth_data[32], rest),
            large_blob_key: map.get(5).map(|key| key.as_bytes().unwrap().to_vec()),
            auth_data,
        }
    }

    /// What an attestation statement signs.
    pub fn signed(&self) -> Vec<u8> {
        [self.auth_data.as_slice(), &self.client_data_hash].concat()
    }

    pub fn signature(&self) -> &[u8] {
        self.statement.get("sig").unwrap().as_bytes().unwrap()
    }

    pub fn algorithm(&self) -> i64 {
        self.statement.get("alg").unwrap().as_integer().unwrap()
    }
}

impl Key {
    /// A COSE_Key.
    pub fn read(cose: &Value) -> Key {
        public_key(&authenticator_core::cbor::encode(cose))
    }
}

/// What follows: outputs of extensions if the flag ED says so, and otherwise nothing.
fn extensions(flags: u8, rest: &[u8]) -> Option<Map> {
    if flags & 0x80 == 0 {
        assert!(rest.is_empty());
        return None;
    }
    Some(decode(rest).unwrap().as_map().unwrap().clone())
}

/// The COSE key must be exactly EC2, ES256, P-256, x, y; or RSA, RS256, n of 256 bytes, e of 3.
fn public_key(cose: &[u8]) -> Key {
    let key = decode(cose).unwrap();
    let key = key.as_map().unwrap();
    let number = |label| key.get(label).unwrap().as_integer().unwrap();
    let bytes = |label| key.get(label).unwrap().as_bytes().unwrap();
    if number(1) == 3 {
        assert_eq!((key.len(), number(3)), (4, -257));
        let (n, e) = (bytes(-1), bytes(-2));
        assert_eq!((n.len(), n[0] >> 7, e.len()), (256, 1, 3));
        let number = BigUint::from_bytes_be;
        return Key::Card(RsaPublicKey::new(number(n), number(e)).unwrap());
    }
    assert_eq!(key.len(), 5);
    assert_eq!((number(1), number(3), number(-1)), (2, -7, 1));
    let (x, y) = (bytes(-2), bytes(-3));
    let point = EncodedPoint::<p256::NistP256>::from_affine_coordinates(x.into(), y.into(), false);
    Key::Pairwise(VerifyingKey::from_encoded_point(&point).unwrap())
}

/// Whether `signature` is a signature by `key` over `message`; it must be well-formed.
pub fn verifies(key: &Key, message: &[u8], signature: &[u8]) -> bool {
    match key {
        Key::Pairwise(key) => {
            let signature =
                Signature::from_der(signature).expect("the signature is not well-formed");
            key.verify(message, &signature).is_ok()
        }
        Key::Card(key) => {
            assert_eq!(signature.len(), 256, "the signature is not well-formed");
            let digest = Sha256::digest(message);
            key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, signature)
                .is_ok()
        }
    }
}

/// What a sign-in returned.
pub struct Assertion {
    pub keys: Vec<i64>,
    pub id: Vec<u8>,
    pub auth_data: Vec<u8>,
    pub flags: u8,
    pub signature: Vec<u8>,
    pub user: Option<Map>,
    /// Outputs of extensions.
    pub extensions: Option<Map>,
    pub large_blob_key: Option<Vec<u8>>,
    client_data_hash: [u8; 32],
}

impl Assertion {
    pub fn read(response: &Value, client_data_hash: &[u8; 32]) -> Assertion {
        let map = response.as_map().unwrap();
        let descriptor = map.get(1).unwrap().as_map().unwrap();
        assert_eq!(descriptor.len(), 2);
        assert_eq!(
            descriptor.get("type").unwrap().as_text(),
            Some("public-key")
        );
        let auth_data = map.get(2).unwrap().as_bytes().unwrap().to_vec();
        Assertion {
            keys: map
                .iter()
                .map(|(key, _)| key.as_integer().unwrap())
                .collect(),
            id: descriptor.get("id").unwrap().as_bytes().unwrap().to_vec(),
            flags: auth_data[32],
            extensions: extensions(auth_data[32], &auth_data[37..]),
            large_blob_key: map.get(7).map(|key| key.as_bytes().unwrap().to_vec()),
            auth_data,
            signature: map.get(3).unwrap().as_bytes().unwrap().to_vec(),
            user: map.get(4).map(|user| user.as_map().unwrap().clone()),
            client_data_hash: *client_data_hash,
        }
    }

    /// Whether it was signed by the key of a registration.
    pub fn verifies(&self, key: &Key) -> bool {
        let message = [self.auth_data.as_slice(), &self.client_data_hash].concat();
        verifies(key, &message, &self.signature)
    }
}
