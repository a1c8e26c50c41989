//! What issuers sign with: each algorithm that a profile can admit, and what only looks like it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair,
};
use eid_attestation::{AnchorError, Profile, Refused, Verdict};
use jpki_lab::pki::{Ca, CaTemplate, LeafTemplate, Name, SignatureAlgorithm, shared_key};
use support::*;

const EC_PUBLIC_KEY: &[u8] = &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x06, 5, 0x2b, 0x81, 0x04, 0x00, 0x22];
const ECDSA_WITH_SHA256: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ECDSA_WITH_SHA384: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];

/// An issuer like the practice one, that admits `algorithms`.
fn profile(algorithms: &str) -> Profile {
    let text = include_str!("../profiles/lab.toml")
        .replace("name = \"lab\"", "name = \"elbonia\"")
        .replace("JPKI-LAB", "ELBONIA")
        .replace("\"sha256WithRSAEncryption\"", algorithms);
    Profile::from_toml(&text, &|_| Err(std::io::ErrorKind::NotFound.into())).unwrap()
}

fn ca_template(signature: SignatureAlgorithm) -> CaTemplate {
    CaTemplate {
        name: Name::japan()
            .organization("ELBONIA")
            .unit("JPKI for user authentication")
            .unit("Japan Agency for Local Authority Information Systems"),
        signature,
        ..ca(3).template().clone()
    }
}

fn verify(anchor: &[u8], leaf: &[u8], algorithms: &str) -> Result<Verdict, Refused> {
    let mut profile = profile(algorithms);
    profile.add_anchor("first", anchor).unwrap();
    Registration::signed(leaf, &person("p01").key).verify_under(&only(profile), now())
}

#[test]
fn rsa_with_each_hash_where_it_is_admitted() {
    for (signature, name) in [
        (SignatureAlgorithm::Sha256Rsa, "\"sha256WithRSAEncryption\""),
        (SignatureAlgorithm::Sha384Rsa, "\"sha384WithRSAEncryption\""),
        (SignatureAlgorithm::Sha512Rsa, "\"sha512WithRSAEncryption\""),
    ] {
        let key = shared_key("elbonia").unwrap();
        let ca = Ca::self_signed(ca_template(signature), key).unwrap();
        let leaf = LeafTemplate {
            signature,
            ..template()
        };
        let leaf = ca.issue(&leaf, &person("p01").key).unwrap();
        assert!(verify(ca.certificate(), &leaf, name).is_ok(), "{name}");
        let refused = verify(ca.certificate(), &leaf, "\"ecdsa-with-SHA256\"").unwrap_err();
        assert_eq!(refused.code(), "signature-algorithm-not-admitted", "{name}");
    }
}

/// An issuer with an ECDSA key. What it signs was made by the practice hierarchy, and is written anew.
struct EcdsaCa {
    key: EcdsaKeyPair,
    algorithm: Vec<u8>,
    key_algorithm: Vec<u8>,
    template: Ca,
}

impl EcdsaCa {
    fn new(algorithm: &'static EcdsaSigningAlgorithm, identifier: &[u8], curve: &[u8]) -> Self {
        let key = shared_key("elbonia").unwrap();
        EcdsaCa {
            key: EcdsaKeyPair::generate(algorithm).unwrap(),
            algorithm: der(0x30, &[identifier]),
            key_algorithm: der(0x30, &[EC_PUBLIC_KEY, curve]),
            template: Ca::self_signed(ca_template(SignatureAlgorithm::Sha256Rsa), key).unwrap(),
        }
    }

    fn p256() -> Self {
        Self::new(&ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_WITH_SHA256, P256)
    }

    fn p384() -> Self {
        Self::new(&ECDSA_P384_SHA384_ASN1_SIGNING, ECDSA_WITH_SHA384, P384)
    }

    fn signed(&self, certificate: &[u8], change: impl Fn(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        let mut fields = members(&members(certificate)[0]);
        fields[2].clone_from(&self.algorithm);
        change(&mut fields);
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        let tbs = der(0x30, &fields);
        let signature = self.key.sign(&SystemRandom::new(), &tbs).unwrap();
        let signature = der(0x03, &[&[0], signature.as_ref()]);
        der(0x30, &[&tbs, &self.algorithm, &signature])
    }

    fn anchor(&self) -> Vec<u8> {
        let point = der(0x03, &[&[0], self.key.public_key().as_ref()]);
        self.signed(self.template.certificate(), |fields| {
            fields[6] = der(0x30, &[&self.key_algorithm, &point]);
        })
    }

    fn leaf(&self) -> Vec<u8> {
        let leaf = self.template.issue(&template(), &person("p01").key);
        self.signed(&leaf.unwrap(), |_| {})
    }
}

#[test]
fn ecdsa_where_it_is_admitted() {
    for (ca, name, other) in [
        (
            EcdsaCa::p256(),
            "\"ecdsa-with-SHA256\"",
            "\"ecdsa-with-SHA384\", \"sha256WithRSAEncryption\"",
        ),
        (
            EcdsaCa::p384(),
            "\"ecdsa-with-SHA384\"",
            "\"ecdsa-with-SHA256\", \"ecdsa-with-SHA512\"",
        ),
    ] {
        let (anchor, leaf) = (ca.anchor(), ca.leaf());
        assert!(verify(&anchor, &leaf, name).is_ok(), "{name}");
        let refused = verify(&anchor, &leaf, other).unwrap_err();
        assert_eq!(refused.code(), "signature-algorithm-not-admitted", "{name}");

        let mut altered = leaf.clone();
        *altered.last_mut().unwrap() ^= 1;
        let refused = verify(&anchor, &altered, name);
        assert_eq!(refused, Err(Refused::IssuerSignature), "{name}");

        let mut other_key = ca;
        other_key.key = EcdsaCa::p256().key;
        let refused = verify(&anchor, &other_key.leaf(), name);
        assert_eq!(refused, Err(Refused::IssuerSignature), "{name}");
    }
}

/// RFC 5758 §3.2: with ECDSA there are no parameters, NULL neither.
#[test]
fn ecdsa_parameters_that_should_not_be() {
    let mut ca = EcdsaCa::p256();
    let anchor = ca.anchor();
    ca.algorithm = der(0x30, &[ECDSA_WITH_SHA256, &[0x05, 0x00]]);
    let refused = verify(&anchor, &ca.leaf(), "\"ecdsa-with-SHA256\"").unwrap_err();
    assert_eq!(refused.code(), "signature-algorithm-not-admitted");
    let refused = profile("\"ecdsa-with-SHA256\"").add_anchor("x", &ca.anchor());
    assert_eq!(refused, Err(AnchorError::NotSelfSigned));
}

/// An algorithm of another kind of key than the issuer's: there is nothing to verify with.
#[test]
fn an_algorithm_that_the_issuers_key_cannot_make() {
    let ec = EcdsaCa::p256();
    let anchor = ec.anchor();
    let leaf = ec.template.issue(&template(), &person("p01").key).unwrap();
    let refused = verify(&anchor, &leaf, "\"sha256WithRSAEncryption\"");
    assert_eq!(refused, Err(Refused::IssuerSignature));
}
