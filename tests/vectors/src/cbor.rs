//! CBOR as CTAP and WebAuthn want it: the maps here are given in canonical order.

use ciborium::Value;
use rsa::RsaPrivateKey;
use rsa::traits::PublicKeyParts;

/// Definite lengths and shortest forms; maps stay in the order given, right or wrong.
pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// A map with names as keys.
pub(crate) fn named<const N: usize>(members: [(&str, Value); N]) -> Value {
    let pairs = members.map(|(name, value)| (text(name), value));
    Value::Map(pairs.to_vec())
}

/// A map with numbers as keys.
pub(crate) fn numbered(members: impl IntoIterator<Item = (i64, Value)>) -> Value {
    let pair = |(number, value): (i64, Value)| (Value::from(number), value);
    Value::Map(members.into_iter().map(pair).collect())
}

pub(crate) fn bytes(bytes: impl AsRef<[u8]>) -> Value {
    Value::Bytes(bytes.as_ref().to_vec())
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A COSE_Key for ES256 (RFC 9053 §7.1.1) from an uncompressed point.
pub(crate) fn es256_key(point: &[u8]) -> Vec<u8> {
    encode(&numbered([
        (1, 2.into()),
        (3, (-7).into()),
        (-1, 1.into()),
        (-2, bytes(&point[1..33])),
        (-3, bytes(&point[33..65])),
    ]))
}

/// A COSE_Key for RS256 (RFC 8230 §4, RFC 8812 §2).
pub(crate) fn rs256_key(key: &RsaPrivateKey) -> Vec<u8> {
    rsa_key(-257, &key.n().to_bytes_be(), &key.e().to_bytes_be())
}

/// A COSE_Key of type RSA from its numbers, right or wrong.
pub(crate) fn rsa_key(alg: i64, n: &[u8], e: &[u8]) -> Vec<u8> {
    encode(&numbered([
        (1, 3.into()),
        (3, alg.into()),
        (-1, bytes(n)),
        (-2, bytes(e)),
    ]))
}

/// An attestation object (WebAuthn L3 §6.5.4).
pub(crate) fn attestation_object(fmt: &str, statement: Value, auth_data: &[u8]) -> Vec<u8> {
    encode(&named([
        ("fmt", text(fmt)),
        ("attStmt", statement),
        ("authData", bytes(auth_data)),
    ]))
}
