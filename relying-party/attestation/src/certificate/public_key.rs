//! Keys and the signatures they make. Verified with aws-lc-rs.

use aws_lc_rs::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_EC_PUBLIC_KEY, RSA_ENCRYPTION,
    SECP_256_R_1, SECP_384_R_1, SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION,
    SHA_512_WITH_RSA_ENCRYPTION,
};
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Tag, Tagged};
use serde::Deserialize;
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::strict_der::{self, Value};
use crate::credential_key::CoseKey;
use crate::faults::{EncodingFault, KeyKind};

/// A certificate's public key.
#[derive(Clone, Copy)]
pub(crate) struct PublicKey<'a> {
    kind: KeyKind,
    /// RSA: DER RSAPublicKey. EC: uncompressed point.
    bytes: &'a [u8],
}

impl<'a> PublicKey<'a> {
    pub(crate) fn from_spki(spki: &'a [u8]) -> Result<Self, EncodingFault> {
        let spki = SubjectPublicKeyInfoRef::from_der(spki).map_err(|_| EncodingFault::Structure)?;
        let bytes = spki
            .subject_public_key
            .as_bytes()
            .ok_or(EncodingFault::Structure)?;
        let kind = kind_of(&spki.algorithm, bytes).unwrap_or(KeyKind::Other);
        Ok(Self { kind, bytes })
    }

    pub(crate) const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key's bytes in the form of its kind, to verify with later.
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether the credential's key is this one.
    pub(crate) fn is(&self, other: &CoseKey<'_>) -> bool {
        match (self.kind, other) {
            (KeyKind::Rsa { .. }, CoseKey::Rsa { modulus, exponent }) => {
                rsa_numbers(self.bytes) == Some((modulus, exponent))
            }
            (KeyKind::P256 | KeyKind::P384, CoseKey::Ec { curve, x, y }) => {
                self.kind == *curve && self.bytes == [&[0x04], *x, *y].concat()
            }
            _ => false,
        }
    }

    pub(crate) const fn from_parts(kind: KeyKind, bytes: &'a [u8]) -> Self {
        Self { kind, bytes }
    }

    /// Whether this key made `signature` over `message` with `algorithm`.
    #[must_use]
    pub(crate) fn verifies(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        algorithm.with(self.kind).is_some_and(|algorithm| {
            UnparsedPublicKey::new(algorithm, self.bytes)
                .verify(message, signature)
                .is_ok()
        })
    }
}

/// `None` for a key that we would not know how to use.
fn kind_of(algorithm: &AlgorithmIdentifierRef<'_>, key: &[u8]) -> Option<KeyKind> {
    match algorithm.oid {
        RSA_ENCRYPTION => {
            // RFC 3279 §2.3.1: the parameters are NULL.
            if !is_null(algorithm.parameters) {
                return None;
            }
            rsa_kind(key)
        }
        ID_EC_PUBLIC_KEY => {
            let curve: ObjectIdentifier = algorithm.parameters?.decode_as().ok()?;
            // RFC 5480 §2.2: uncompressed. WebAuthn and this format know no other.
            match (curve, key) {
                (SECP_256_R_1, [0x04, point @ ..]) if point.len() == 64 => Some(KeyKind::P256),
                (SECP_384_R_1, [0x04, point @ ..]) if point.len() == 96 => Some(KeyKind::P384),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_null(parameters: Option<AnyRef<'_>>) -> bool {
    parameters.is_some_and(|parameters| parameters.tag() == Tag::Null)
}

/// Modulus and exponent of an RSAPublicKey (RFC 8017 §A.1.1), big endian, without leading zero bytes.
fn rsa_numbers(key: &[u8]) -> Option<(&[u8], &[u8])> {
    strict_der::check(key).ok()?;
    let members = Value::only(key).ok()?.members().ok()?;
    let [modulus, exponent] = members.as_slice() else {
        return None;
    };
    Some((positive(modulus)?, positive(exponent)?))
}

fn rsa_kind(key: &[u8]) -> Option<KeyKind> {
    let (modulus, exponent) = rsa_numbers(key)?;
    let bits = modulus.len() * 8 - usize::try_from(modulus.first()?.leading_zeros()).ok()?;
    let exponent = (exponent.len() <= 4).then(|| {
        exponent
            .iter()
            .fold(0, |value, byte| (value << 8) | u32::from(*byte))
    });
    Some(KeyKind::Rsa { bits, exponent })
}

/// A positive INTEGER's bytes, without the zero byte that only says so.
fn positive<'a>(value: &Value<'a>) -> Option<&'a [u8]> {
    if value.tag != 0x02 {
        return None;
    }
    match value.contents {
        [0] | [0x80..=0xff, ..] | [] => None,
        [0, magnitude @ ..] | magnitude => Some(magnitude),
    }
}

/// An algorithm that certificates are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum SignatureAlgorithm {
    #[serde(rename = "sha256WithRSAEncryption")]
    RsaSha256,
    #[serde(rename = "sha384WithRSAEncryption")]
    RsaSha384,
    #[serde(rename = "sha512WithRSAEncryption")]
    RsaSha512,
    #[serde(rename = "ecdsa-with-SHA256")]
    EcdsaSha256,
    #[serde(rename = "ecdsa-with-SHA384")]
    EcdsaSha384,
    #[serde(rename = "ecdsa-with-SHA512")]
    EcdsaSha512,
}

impl SignatureAlgorithm {
    /// From a DER AlgorithmIdentifier with the parameters that the algorithm has: NULL for RSA (RFC 4055 §5), none for
    /// ECDSA (RFC 5758 §3.2).
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let identifier = AlgorithmIdentifierRef::from_der(der).ok()?;
        let algorithm = match identifier.oid {
            SHA_256_WITH_RSA_ENCRYPTION => Self::RsaSha256,
            SHA_384_WITH_RSA_ENCRYPTION => Self::RsaSha384,
            SHA_512_WITH_RSA_ENCRYPTION => Self::RsaSha512,
            ECDSA_WITH_SHA_256 => Self::EcdsaSha256,
            ECDSA_WITH_SHA_384 => Self::EcdsaSha384,
            ECDSA_WITH_SHA_512 => Self::EcdsaSha512,
            _ => return None,
        };
        let fit = match algorithm {
            Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512 => is_null(identifier.parameters),
            Self::EcdsaSha256 | Self::EcdsaSha384 | Self::EcdsaSha512 => {
                identifier.parameters.is_none()
            }
        };
        fit.then_some(algorithm)
    }

    /// This algorithm with a key of that kind. RSA below 2048 bits has none.
    fn with(self, key: KeyKind) -> Option<&'static dyn VerificationAlgorithm> {
        Some(match (self, key) {
            (Self::RsaSha256, KeyKind::Rsa { .. }) => &signature::RSA_PKCS1_2048_8192_SHA256,
            (Self::RsaSha384, KeyKind::Rsa { .. }) => &signature::RSA_PKCS1_2048_8192_SHA384,
            (Self::RsaSha512, KeyKind::Rsa { .. }) => &signature::RSA_PKCS1_2048_8192_SHA512,
            (Self::EcdsaSha256, KeyKind::P256) => &signature::ECDSA_P256_SHA256_ASN1,
            (Self::EcdsaSha384, KeyKind::P256) => &signature::ECDSA_P256_SHA384_ASN1,
            (Self::EcdsaSha512, KeyKind::P256) => &signature::ECDSA_P256_SHA512_ASN1,
            (Self::EcdsaSha256, KeyKind::P384) => &signature::ECDSA_P384_SHA256_ASN1,
            (Self::EcdsaSha384, KeyKind::P384) => &signature::ECDSA_P384_SHA384_ASN1,
            (Self::EcdsaSha512, KeyKind::P384) => &signature::ECDSA_P384_SHA512_ASN1,
            _ => return None,
        })
    }
}

/// The OID of a DER AlgorithmIdentifier, for messages.
pub(crate) fn algorithm_oid(der: &[u8]) -> Option<ObjectIdentifier> {
    Some(AlgorithmIdentifierRef::from_der(der).ok()?.oid)
}

/// An algorithm that attestation statements are signed with (`docs/attestation-format.md`, *Syntax*).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum StatementAlgorithm {
    Rs256,
    Es256,
    Es384,
}

impl StatementAlgorithm {
    /// The COSE algorithm identifier.
    pub(crate) const fn cose(self) -> i64 {
        match self {
            Self::Rs256 => -257,
            Self::Es256 => -7,
            Self::Es384 => -35,
        }
    }

    /// Whether a key of that kind can make it.
    pub(crate) const fn fits(self, key: KeyKind) -> bool {
        matches!(
            (self, key),
            (Self::Rs256, KeyKind::Rsa { .. })
                | (Self::Es256, KeyKind::P256)
                | (Self::Es384, KeyKind::P384)
        )
    }

    pub(crate) const fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::Rs256 => SignatureAlgorithm::RsaSha256,
            Self::Es256 => SignatureAlgorithm::EcdsaSha256,
            Self::Es384 => SignatureAlgorithm::EcdsaSha384,
        }
    }
}
