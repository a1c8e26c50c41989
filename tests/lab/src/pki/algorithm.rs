//! The signature algorithms a practice CA can use, and the ones it can merely claim.

use crate::asn1;
use const_oid::ObjectIdentifier;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::Digest as _;

/// How a practice CA signs, and what an AlgorithmIdentifier may claim it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// sha256WithRSAEncryption, the only one in the real hierarchy.
    Sha256Rsa,
    /// sha384WithRSAEncryption.
    Sha384Rsa,
    /// sha512WithRSAEncryption.
    Sha512Rsa,
    /// sha1WithRSAEncryption, which nobody may accept any more.
    Sha1Rsa,
}

impl SignatureAlgorithm {
    const fn oid(self) -> ObjectIdentifier {
        ObjectIdentifier::new_unwrap(match self {
            SignatureAlgorithm::Sha256Rsa => "1.2.840.113549.1.1.11",
            SignatureAlgorithm::Sha384Rsa => "1.2.840.113549.1.1.12",
            SignatureAlgorithm::Sha512Rsa => "1.2.840.113549.1.1.13",
            SignatureAlgorithm::Sha1Rsa => "1.2.840.113549.1.1.5",
        })
    }

    /// The AlgorithmIdentifier, parameters NULL.
    pub(crate) fn identifier(self) -> Vec<u8> {
        asn1::sequence([asn1::oid(&self.oid()), asn1::null()])
    }

    /// The DigestInfo of `message` (RFC 8017 §9.2).
    fn digest_info(self, message: &[u8]) -> Vec<u8> {
        let (oid, digest) = match self {
            SignatureAlgorithm::Sha256Rsa => (
                "2.16.840.1.101.3.4.2.1",
                sha2::Sha256::digest(message).to_vec(),
            ),
            SignatureAlgorithm::Sha384Rsa => (
                "2.16.840.1.101.3.4.2.2",
                sha2::Sha384::digest(message).to_vec(),
            ),
            SignatureAlgorithm::Sha512Rsa => (
                "2.16.840.1.101.3.4.2.3",
                sha2::Sha512::digest(message).to_vec(),
            ),
            SignatureAlgorithm::Sha1Rsa => ("1.3.14.3.2.26", sha1(message)),
        };
        asn1::sequence([
            asn1::sequence([asn1::oid(&ObjectIdentifier::new_unwrap(oid)), asn1::null()]),
            asn1::element(asn1::OCTET_STRING, &digest),
        ])
    }

    pub(crate) fn sign(self, key: &RsaPrivateKey, message: &[u8]) -> Result<Vec<u8>, rsa::Error> {
        key.sign(Pkcs1v15Sign::new_unprefixed(), &self.digest_info(message))
    }
}

pub(crate) fn sha1(message: &[u8]) -> Vec<u8> {
    use sha1::Digest as _;
    sha1::Sha1::digest(message).to_vec()
}
