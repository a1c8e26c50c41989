//! Practice keys. RSA keys are files in `keys/`, made from a seed when they are missing; keys on elliptic curves follow from
//! their label.

use std::path::Path;

use jpki_lab::pki::{Options, SubjectPublicKey};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Sha256, Sha512};

use crate::bytes::{random, sha256, sha512};
use crate::der::{self, oid};

/// The RSA key that belongs to a label.
pub(crate) fn rsa(folder: &Path, label: &str) -> RsaPrivateKey {
    let path = folder.join("keys").join(format!("{label}.pem"));
    if let Ok(pem) = std::fs::read_to_string(&path) {
        return RsaPrivateKey::from_pkcs8_pem(&pem).unwrap();
    }
    let options = Options {
        seed: 1,
        ..Options::default()
    };
    let key = jpki_lab::pki::key(&options, &format!("vectors/{label}")).unwrap();
    let pem = key.to_pkcs8_pem(LineEnding::LF).unwrap();
    std::fs::create_dir_all(folder.join("keys")).unwrap();
    std::fs::write(&path, pem.as_bytes()).unwrap();
    key
}

/// RSASSA-PKCS1-v1_5 with SHA-256.
pub(crate) fn rs256(key: &RsaPrivateKey, message: &[u8]) -> Vec<u8> {
    key.sign(Pkcs1v15Sign::new::<Sha256>(), &sha256(message))
        .unwrap()
}

/// RSASSA-PKCS1-v1_5 with SHA-512.
pub(crate) fn rs512(key: &RsaPrivateKey, message: &[u8]) -> Vec<u8> {
    key.sign(Pkcs1v15Sign::new::<Sha512>(), &sha512(message))
        .unwrap()
}

/// A key on P-256 or P-384. Signatures are deterministic (RFC 6979).
pub(crate) enum EcKey {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl EcKey {
    pub(crate) fn p256(label: &str) -> EcKey {
        EcKey::p256_from(&random::<32>(label, "P-256 key"))
    }

    pub(crate) fn p256_from(scalar: &[u8; 32]) -> EcKey {
        EcKey::P256(p256::ecdsa::SigningKey::from_slice(scalar).unwrap())
    }

    pub(crate) fn p384(label: &str) -> EcKey {
        let scalar = random::<48>(label, "P-384 key");
        EcKey::P384(p384::ecdsa::SigningKey::from_slice(&scalar).unwrap())
    }

    /// The uncompressed point.
    pub(crate) fn point(&self) -> Vec<u8> {
        match self {
            EcKey::P256(key) => key
                .verifying_key()
                .to_encoded_point(false)
                .as_bytes()
                .to_vec(),
            EcKey::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        }
    }

    pub(crate) fn public_key(&self) -> SubjectPublicKey {
        let curve = match self {
            EcKey::P256(_) => oid::P256,
            EcKey::P384(_) => oid::P384,
        };
        SubjectPublicKey::new(der::ec_algorithm(curve), self.point())
    }

    /// ECDSA with the curve's own hash (SHA-256, SHA-384), ASN.1 DER.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            EcKey::P256(key) => {
                use p256::ecdsa::{Signature, signature::Signer};
                let signature: Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            EcKey::P384(key) => {
                use p384::ecdsa::{Signature, signature::Signer};
                let signature: Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
        }
    }
}
