//! Responses as a relying party reads them: taken apart strictly, signatures verified.

use authenticator_core::cbor::{Map, Value, decode};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::EncodedPoint;

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
    pub key: VerifyingKey,
}

impl Attestation {
    pub fn read(response: &Value, client_data_hash: &[u8; 32]) -> Attestation {
        let map = response.as_map().unwrap();
        let auth_data = map.get(2).unwrap().as_bytes().unwrap().to_vec();
        let id_length = u16::from_be_bytes([auth_data[53], auth_data[54]]) as usize;
        let (id, cose) = auth_data[55..].split_at(id_length);
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

/// The COSE key must be exactly EC2, ES256, P-256, x, y.
fn public_key(cose: &[u8]) -> VerifyingKey {
    let key = decode(cose).unwrap();
    let key = key.as_map().unwrap();
    assert_eq!(key.len(), 5);
    for (label, value) in [(1, 2), (3, -7), (-1, 1)] {
        assert_eq!(key.get(label).unwrap().as_integer(), Some(value));
    }
    let coordinate = |label| key.get(label).unwrap().as_bytes().unwrap();
    let (x, y) = (coordinate(-2), coordinate(-3));
    let point = EncodedPoint::<p256::NistP256>::from_affine_coordinates(x.into(), y.into(), false);
    VerifyingKey::from_encoded_point(&point).unwrap()
}

/// Whether `signature` is a well-formed ES256 signature by `key` over `message`.
pub fn verifies(key: &VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    let signature = Signature::from_der(signature).expect("the signature is not well-formed");
    key.verify(message, &signature).is_ok()
}

/// What a sign-in returned.
pub struct Assertion {
    pub keys: Vec<i64>,
    pub id: Vec<u8>,
    pub auth_data: Vec<u8>,
    pub flags: u8,
    pub signature: Vec<u8>,
    pub user: Option<Map>,
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
        assert_eq!(auth_data.len(), 37);
        Assertion {
            keys: map
                .iter()
                .map(|(key, _)| key.as_integer().unwrap())
                .collect(),
            id: descriptor.get("id").unwrap().as_bytes().unwrap().to_vec(),
            flags: auth_data[32],
            auth_data,
            signature: map.get(3).unwrap().as_bytes().unwrap().to_vec(),
            user: map.get(4).map(|user| user.as_map().unwrap().clone()),
            client_data_hash: *client_data_hash,
        }
    }

    /// Whether it was signed by the key of a registration.
    pub fn verifies(&self, key: &VerifyingKey) -> bool {
        let message = [self.auth_data.as_slice(), &self.client_data_hash].concat();
        verifies(key, &message, &self.signature)
    }
}
