//! The card's certificate for user authentication, as far as an authenticator looks into it.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::signature::{self, RsaParameters, UnparsedPublicKey};
use rsa::RsaPublicKey;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::traits::PublicKeyParts;
use sha2::{Digest as _, Sha256};
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Encode};

/// rsaEncryption (RFC 8017 appendix C).
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// What the certificate's key signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

impl SignatureAlgorithm {
    /// The COSE algorithm identifier (IANA registry "COSE Algorithms").
    pub fn cose_id(self) -> i64 {
        match self {
            SignatureAlgorithm::Rs256 => -257,
        }
    }
}

/// SHA-256 over the DER of a certificate's SubjectPublicKeyInfo: the name of a card's key.
///
/// One value everywhere for one person, hence personal data: `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CardKeyHash([u8; 32]);

impl CardKeyHash {
    /// Takes a hash from storage.
    pub fn from_bytes(bytes: [u8; 32]) -> CardKeyHash {
        CardKeyHash(bytes)
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for CardKeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardKeyHash(…)")
    }
}

/// Why a certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateError {
    /// More than [`Certificate::MAX_LENGTH`] bytes.
    #[error("it is {0} bytes long, more than any real one")]
    TooLong(usize),
    /// Not one DER-encoded X.509 certificate.
    #[error("it is not a well-formed X.509 certificate")]
    Malformed,
    /// The key is not RSA.
    #[error("its key is of a kind this program does not know")]
    UnknownKeyKind,
    /// The RSA key has another size than the JPKI profile's 2048 bits.
    #[error("its RSA key has {0} bits instead of 2048")]
    KeySize(usize),
}

/// An X.509 certificate, parsed once and kept as it was.
///
/// Nothing here says that it can be trusted: chain, purpose and revocation are the relying
/// party's questions. `Debug` shows neither serial nor subject.
///
/// Clones share one copy.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate(Arc<Parsed>);

#[derive(PartialEq, Eq)]
struct Parsed {
    der: Vec<u8>,
    subject_public_key_info: Vec<u8>,
    key_hash: CardKeyHash,
    not_before: u64,
    not_after: u64,
    key: RsaPublicKey,
}

impl Certificate {
    /// The longest DER accepted. Real ones have about 1590 bytes.
    pub const MAX_LENGTH: usize = 4096;

    /// Parses one DER-encoded certificate with nothing after it.
    ///
    /// # Errors
    ///
    /// [`CertificateError`] for whatever is not an X.509 certificate with an RSA-2048 key.
    pub fn from_der(der: &[u8]) -> Result<Certificate, CertificateError> {
        if der.len() > Certificate::MAX_LENGTH {
            return Err(CertificateError::TooLong(der.len()));
        }
        let parsed =
            x509_cert::Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        let tbs = parsed.tbs_certificate();
        let spki = tbs.subject_public_key_info();
        let subject_public_key_info = spki.to_der().map_err(|_| CertificateError::Malformed)?;
        if !contains(der, &subject_public_key_info) {
            return Err(CertificateError::Malformed);
        }
        if spki.algorithm.oid != RSA_ENCRYPTION {
            return Err(CertificateError::UnknownKeyKind);
        }
        let bits = spki
            .subject_public_key
            .as_bytes()
            .ok_or(CertificateError::Malformed)?;
        let key = RsaPublicKey::from_pkcs1_der(bits).map_err(|_| CertificateError::Malformed)?;
        if key.n().bits() != 2048 {
            return Err(CertificateError::KeySize(key.n().bits()));
        }
        Ok(Certificate(Arc::new(Parsed {
            der: der.to_vec(),
            key_hash: CardKeyHash(Sha256::digest(&subject_public_key_info).into()),
            subject_public_key_info,
            not_before: tbs.validity().not_before.to_unix_duration().as_secs(),
            not_after: tbs.validity().not_after.to_unix_duration().as_secs(),
            key,
        })))
    }

    /// The DER, byte for byte as the card gave it.
    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The DER of the SubjectPublicKeyInfo.
    pub fn subject_public_key_info(&self) -> &[u8] {
        &self.0.subject_public_key_info
    }

    /// SHA-256 over [`Certificate::subject_public_key_info`].
    pub fn key_hash(&self) -> CardKeyHash {
        self.0.key_hash
    }

    /// What the key signs with.
    pub fn signature_algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::Rs256
    }

    /// The RSA public key: modulus (256 bytes) and public exponent, big-endian without leading zeros.
    pub fn rsa_public_key(&self) -> (Vec<u8>, Vec<u8>) {
        (self.0.key.n().to_bytes_be(), self.0.key.e().to_bytes_be())
    }

    /// Start of validity, in seconds since 1970-01-01T00:00:00Z.
    pub fn not_before(&self) -> u64 {
        self.0.not_before
    }

    /// End of validity (this second included), in seconds since 1970-01-01T00:00:00Z.
    pub fn not_after(&self) -> u64 {
        self.0.not_after
    }

    /// Whether `now` (seconds since 1970) is after the end of validity.
    pub fn expired_at(&self, now: u64) -> bool {
        now > self.0.not_after
    }

    /// Whether `signature` is this key's PKCS#1 v1.5 signature of a SHA-256 `digest`.
    pub fn verifies_sha256(&self, digest: &[u8; 32], signature: &[u8]) -> bool {
        let parameters = &signature::RSA_PKCS1_2048_8192_SHA256;
        self.verifies(parameters, &digest::SHA256, digest, signature)
    }

    /// Whether `signature` is this key's PKCS#1 v1.5 signature of a SHA-512 `digest`.
    pub fn verifies_sha512(&self, digest: &[u8; 64], signature: &[u8]) -> bool {
        let parameters = &signature::RSA_PKCS1_2048_8192_SHA512;
        self.verifies(parameters, &digest::SHA512, digest, signature)
    }

    fn verifies(
        &self,
        parameters: &'static RsaParameters,
        algorithm: &'static digest::Algorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> bool {
        let key = UnparsedPublicKey::new(parameters, &self.0.subject_public_key_info);
        Digest::import_less_safe(digest, algorithm)
            .and_then(|digest| key.verify_digest(&digest, signature))
            .is_ok()
    }
}

/// Says when it is valid, and nothing about whose it is.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("not_before", &self.0.not_before)
            .field("not_after", &self.0.not_after)
            .finish_non_exhaustive()
    }
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use rsa::Pkcs1v15Sign;
    use sha2::Sha512;

    use super::*;
    use crate::fixture;

    #[test]
    fn dates_key_and_hash_come_out_of_the_certificate() {
        let certificate = Certificate::from_der(&fixture::certificate(100)).unwrap();
        let spki = fixture::rsa_key(2048);
        assert_eq!(certificate.subject_public_key_info(), spki);
        assert_eq!(
            certificate.key_hash().as_bytes().as_slice(),
            Sha256::digest(&spki).as_slice()
        );
        assert_eq!(
            (certificate.not_before(), certificate.not_after()),
            (1_704_067_200, 1_869_749_999)
        );
        assert!(!certificate.expired_at(1_869_749_999));
        assert!(certificate.expired_at(1_869_750_000));
        assert_eq!(certificate.signature_algorithm().cose_id(), -257);
    }

    #[test]
    fn other_keys_are_named() {
        let mut p256 = fixture::rsa_key(2048);
        let oid = p256
            .windows(3)
            .position(|bytes| bytes == [0x0D, 1, 1])
            .unwrap();
        p256[oid + 2] = 7;
        let refused = |der: &[u8]| Certificate::from_der(der).unwrap_err();
        assert_eq!(
            refused(&fixture::certificate_of(&p256, 0)),
            CertificateError::UnknownKeyKind
        );
        let small = fixture::certificate_of(&fixture::rsa_key(1024), 0);
        assert_eq!(refused(&small), CertificateError::KeySize(1024));
        assert_eq!(
            refused(&fixture::certificate(4000)),
            CertificateError::TooLong(fixture::certificate(4000).len())
        );
    }

    #[test]
    fn what_is_cut_off_or_added_is_malformed() {
        let der = fixture::certificate(10);
        for length in [0, 1, 4, 100, der.len() - 1] {
            assert_eq!(
                Certificate::from_der(&der[..length]).unwrap_err(),
                CertificateError::Malformed
            );
        }
        let longer = [der.as_slice(), &[0]].concat();
        assert_eq!(
            Certificate::from_der(&longer).unwrap_err(),
            CertificateError::Malformed
        );
    }

    #[test]
    fn debug_output_names_nobody() {
        let certificate = Certificate::from_der(&fixture::certificate(0)).unwrap();
        let shown = format!("{certificate:?} {:?}", certificate.key_hash());
        assert!(
            !shown.contains("SUBJECT") && !shown.contains("123456") && !shown.contains("12, 34"),
            "{shown}"
        );
    }

    #[test]
    fn a_signature_that_is_none_does_not_verify() {
        let certificate = Certificate::from_der(&fixture::certificate(0)).unwrap();
        for signature in [&[][..], &[0; 255], &[0; 256], &[0xFF; 256], &[1; 300]] {
            assert!(!certificate.verifies_sha256(&[7; 32], signature));
            assert!(!certificate.verifies_sha512(&[7; 64], signature));
        }
    }

    #[test]
    fn nothing_but_the_keys_own_signature_verifies() {
        let person = jpki_lab::pki::shared().unwrap().person("p01").unwrap();
        let key = &person.authentication.key;
        let certificate = Certificate::from_der(&person.authentication.certificate).unwrap();
        let other = Certificate::from_der(&fixture::certificate(0)).unwrap();

        let sha256 = key.sign(Pkcs1v15Sign::new::<Sha256>(), &[1; 32]).unwrap();
        let sha512 = key.sign(Pkcs1v15Sign::new::<Sha512>(), &[1; 64]).unwrap();
        assert!(certificate.verifies_sha256(&[1; 32], &sha256));
        assert!(certificate.verifies_sha512(&[1; 64], &sha512));

        let mut changed = sha256.clone();
        changed[100] ^= 1;
        let longer = [sha256.as_slice(), &[0]].concat();
        assert!(!certificate.verifies_sha256(&[2; 32], &sha256));
        assert!(!certificate.verifies_sha256(&[1; 32], &changed));
        assert!(!certificate.verifies_sha256(&[1; 32], &longer));
        assert!(!certificate.verifies_sha256(&[1; 32], &sha256[..255]));
        assert!(!certificate.verifies_sha512(&[1; 64], &sha256));
        assert!(!certificate.verifies_sha512(&[2; 64], &sha512));
        assert!(!certificate.verifies_sha256(&[1; 32], &sha512));
        assert!(!other.verifies_sha256(&[1; 32], &sha256));
    }
}
