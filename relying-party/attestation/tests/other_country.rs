//! Another country's eID is another profile: its own issuer, policy and kinds of key, the same rules.

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
use ciborium::Value;
use eid_attestation::{Class, CredentialKey, KeyKind, Profile, Refused};
use jpki_lab::pki::{
    Ca, CaTemplate, LeafTemplate, Marked, Name, Policy, SubjectPublicKey, shared_key,
};
use support::*;

const COUNTRY: &str = r#"
format = 1
name = "elbonia"
class = "production"
country = "EL"

[title]
en = "Elbonia: identity card"

[[issuer]]
attribute = "C"
string = "PrintableString"
value = "JP"

[[issuer]]
attribute = "2.5.4.10"
string = "UTF8String"
value = "Elbonian Identity Authority"

[certificate]
signature-algorithms = ["sha384WithRSAEncryption"]
policies = ["1.3.6.1.4.1.32473.7.1", "1.3.6.1.4.1.32473.7.2"]
policies-critical = false
key-usage = ["digitalSignature", "keyAgreement"]

[[certificate.public-keys]]
type = "P-384"

[[certificate.public-keys]]
type = "P-256"

[statement]
algorithms = ["ES384", "ES256"]
"#;

const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];

struct Card {
    key: EcdsaKeyPair,
    curve: &'static [u8],
    alg: i64,
}

impl Card {
    fn new(algorithm: &'static EcdsaSigningAlgorithm, curve: &'static [u8], alg: i64) -> Self {
        let key = EcdsaKeyPair::generate(algorithm).unwrap();
        Card { key, curve, alg }
    }

    fn p256() -> Self {
        Self::new(&ECDSA_P256_SHA256_ASN1_SIGNING, P256, -7)
    }

    fn p384() -> Self {
        Self::new(&ECDSA_P384_SHA384_ASN1_SIGNING, P384, -35)
    }

    fn public_key(&self) -> SubjectPublicKey {
        self.public_key_as(self.key.public_key().as_ref())
    }

    fn public_key_as(&self, point: &[u8]) -> SubjectPublicKey {
        let ec_public_key = [0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
        let algorithm = der(0x30, &[&ec_public_key, &der(0x06, &[self.curve])]);
        SubjectPublicKey::new(algorithm, point.to_vec())
    }

    fn register(&self, key: SubjectPublicKey) -> Registration {
        self.register_over(auth_data(), key)
    }

    fn register_over(&self, auth_data: Vec<u8>, key: SubjectPublicKey) -> Registration {
        let message = [&auth_data[..], &hash(CLIENT_DATA)].concat();
        let sig = self.key.sign(&SystemRandom::new(), &message).unwrap();
        Registration {
            fmt: "eid-x509".to_owned(),
            alg: self.alg,
            sig: sig.as_ref().to_vec(),
            x5c: vec![authority().issue(&leaf(), key).unwrap()],
            auth_data,
            client_data: CLIENT_DATA.to_vec(),
        }
    }
}

fn authority() -> Ca {
    let template = CaTemplate {
        name: Name::japan().organization("Elbonian Identity Authority"),
        signature: jpki_lab::pki::SignatureAlgorithm::Sha384Rsa,
        ..ca(3).template().clone()
    };
    Ca::self_signed(template, shared_key("elbonia").unwrap()).unwrap()
}

fn leaf() -> LeafTemplate {
    LeafTemplate {
        signature: jpki_lab::pki::SignatureAlgorithm::Sha384Rsa,
        certificate_policies: Some(Marked::plain(vec![Policy {
            oid: oid("1.3.6.1.4.1.32473.7.2"),
            cps: None,
        }])),
        ..template()
    }
}

fn elbonia() -> Profile {
    let mut profile =
        Profile::from_toml(COUNTRY, &|_| Err(std::io::ErrorKind::NotFound.into())).unwrap();
    profile
        .add_anchor("first", authority().certificate())
        .unwrap();
    profile
}

/// Signatures of such cards are randomised and cannot seal: they make card credentials only.
#[test]
fn a_credential_with_the_cards_own_key_is_recognised() {
    for (card, crv, length) in [(Card::p256(), 1, 32), (Card::p384(), 2, 48)] {
        let credential = |point: &[u8]| {
            let (x, y) = point[1..].split_at(length);
            let key = cbor(&Value::Map(vec![
                (1.into(), 2.into()),
                (3.into(), card.alg.into()),
                ((-1).into(), crv.into()),
                ((-2).into(), Value::Bytes(x.to_vec())),
                ((-3).into(), Value::Bytes(y.to_vec())),
            ]));
            let data = auth_data_with(flag::UP | flag::UV | flag::AT, &[7; 49], &key);
            let registration = card.register_over(data, card.public_key());
            let verdict = registration.verify_under(&only(elbonia()), now());
            verdict.unwrap().credential_key
        };
        let point = card.key.public_key().as_ref();
        assert_eq!(credential(point), CredentialKey::Certificate);
        for place in [1, length, length + 1, 2 * length] {
            let mut almost = point.to_vec();
            almost[place] ^= 1;
            assert_eq!(credential(&almost), CredentialKey::Other, "{place}");
        }
    }
}

#[test]
fn es256_and_es384_leaves_are_vouched_for() {
    for card in [Card::p256(), Card::p384()] {
        let registration = card.register(card.public_key());
        let verdict = registration.verify_under(&only(elbonia()), now()).unwrap();
        assert_eq!(verdict.profile.country, "EL");
        assert_eq!(verdict.profile.class, Class::Production);
    }
}

#[test]
fn beside_japan_each_is_judged_by_its_own_profile() {
    let mut profiles = only(elbonia());
    profiles.insert(lab()).unwrap();
    let card = Card::p384();
    let verdict = card
        .register(card.public_key())
        .verify_under(&profiles, now())
        .unwrap();
    assert_eq!(verdict.profile.name, "elbonia");
    let verdict = Registration::by(person("p01"))
        .verify_under(&profiles, now())
        .unwrap();
    assert_eq!(verdict.profile.name, "lab");
}

#[test]
fn alg_must_fit_the_curve() {
    for (card, alg, key) in [
        (Card::p256(), -35, KeyKind::P256),
        (Card::p384(), -7, KeyKind::P384),
    ] {
        let mut registration = card.register(card.public_key());
        registration.alg = alg;
        let refused = registration.verify_under(&only(elbonia()), now());
        assert_eq!(
            refused,
            Err(Refused::StatementAlgorithmMismatch { alg, key })
        );
    }
    let mut registration = Card::p256().register(Card::p256().public_key());
    registration.alg = -257;
    assert!(matches!(
        registration.verify_under(&only(elbonia()), now()),
        Err(Refused::StatementAlgorithmNotAdmitted { alg: -257, .. })
    ));
}

#[test]
fn another_cards_signature_is_refused() {
    let registration = Card::p256().register(Card::p256().public_key());
    let refused = registration.verify_under(&only(elbonia()), now());
    assert_eq!(refused, Err(Refused::StatementSignature));
}

#[test]
fn a_signature_that_is_not_der_is_refused() {
    let card = Card::p256();
    let mut registration = card.register(card.public_key());
    registration.sig.push(0);
    let refused = registration.verify_under(&only(elbonia()), now());
    assert_eq!(refused, Err(Refused::StatementSignature));
}

#[test]
fn points_in_another_form_and_other_curves_are_no_admitted_keys() {
    let card = Card::p256();
    let point = card.key.public_key().as_ref().to_vec();
    let compressed = [&[0x02 | (point[64] & 1)], &point[1..33]].concat();
    let secp256k1 = Card {
        curve: &[0x2b, 0x81, 0x04, 0x00, 0x0a],
        ..Card::p256()
    };
    let swapped = Card {
        curve: P384,
        ..Card::p256()
    };
    for key in [
        card.public_key_as(&compressed),
        card.public_key_as(&point[..64]),
        card.public_key_as(&[]),
        secp256k1.public_key(),
        swapped.public_key(),
    ] {
        let refused = card.register(key).verify_under(&only(elbonia()), now());
        let profile = "elbonia".to_owned();
        let found = KeyKind::Other;
        assert_eq!(
            refused,
            Err(Refused::PublicKeyNotAdmitted { found, profile })
        );
    }
    // Of the right form, but not on the curve.
    let mut off_curve = point;
    off_curve[64] ^= 1;
    let refused = card
        .register(card.public_key_as(&off_curve))
        .verify_under(&only(elbonia()), now());
    assert_eq!(refused, Err(Refused::StatementSignature));
}

#[test]
fn japans_profile_admits_no_such_key() {
    let certificate = ca(3).issue(&template(), Card::p256().public_key()).unwrap();
    let registration = Registration::signed(&certificate, &person("p01").key);
    let expected = Refused::PublicKeyNotAdmitted {
        found: KeyKind::P256,
        profile: "lab".to_owned(),
    };
    assert_eq!(registration.verify(), Err(expected));
}
