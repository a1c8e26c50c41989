//! Who is in the vectors: issuers, cards, one computer, one relying party, and when it happens.

use std::path::{Path, PathBuf};

use jpki_lab::pki::{
    AuthorityKey, Ca, CaTemplate, KeyIdentifier, LeafTemplate, Marked, Name, Policy,
    SignatureAlgorithm, SubjectPublicKey, end_of_day_in_japan, instant,
};
use rsa::RsaPrivateKey;

use crate::bytes::{random, sha256};
use crate::der::{self, field, oid};
use crate::keys::{self, EcKey};
use crate::model;

pub(crate) const RP_ID: &str = "example.jp";
pub(crate) const ORIGIN: &str = "https://example.jp";
pub(crate) const PIN: &str = "1234";

/// The time of registrations, unless a vector says otherwise: 2026-06-01T03:00:00Z.
pub(crate) fn at() -> i64 {
    instant(2026, 6, 1, (3, 0, 0))
}

/// An issuer's pinned certificate and what a verdict calls it.
pub(crate) struct Anchor {
    pub(crate) profile: &'static str,
    pub(crate) class: &'static str,
    pub(crate) country: &'static str,
    pub(crate) label: &'static str,
    pub(crate) file: &'static str,
    pub(crate) certificate: Vec<u8>,
}

/// A card of the practice JPKI.
pub(crate) struct Card {
    name: &'static str,
    pub(crate) key: RsaPrivateKey,
    pub(crate) certificate: Vec<u8>,
}

impl Card {
    /// SHA-256 over the SubjectPublicKeyInfo.
    pub(crate) fn key_hash(&self) -> [u8; 32] {
        key_hash(&self.certificate)
    }

    pub(crate) fn certificate_file(&self) -> String {
        format!("certificates/{}.cer", self.name)
    }

    pub(crate) fn files(&self) -> model::CardFiles {
        model::CardFiles {
            certificate: self.certificate_file(),
            key: format!("keys/{}.pem", self.name),
            key_hash: self.key_hash().into(),
        }
    }
}

pub(crate) struct World {
    folder: PathBuf,
    pub(crate) generation_1: Ca,
    pub(crate) generation_2: Ca,
    pub(crate) generation_3: Ca,
    pub(crate) signature_ca: Ca,
    pub(crate) ruritania: Ruritania,
    /// Issued by generation 3; the card of most vectors.
    pub(crate) card: Card,
    /// Issued by generation 2.
    pub(crate) card_of_generation_2: Card,
    /// Another person's, issued by generation 3.
    pub(crate) other_card: Card,
}

impl World {
    pub(crate) fn new(folder: &Path) -> World {
        let generation = |label, serial: &[u8], from, until| {
            let template = CaTemplate {
                serial: serial.to_vec(),
                not_before: from,
                not_after: until,
                ..CaTemplate::authentication()
            };
            Ca::self_signed(template, keys::rsa(folder, label)).unwrap()
        };
        // Dates and serial numbers in the manner of the three real generations.
        let generation_1 = generation(
            "jpki-generation-1",
            &[0x01],
            instant(2015, 10, 20, (3, 8, 13)),
            end_of_day_in_japan(2025, 10, 19),
        );
        let generation_2 = generation(
            "jpki-generation-2",
            &[0x01, 0x33, 0xc3, 0x49],
            instant(2019, 9, 14, (23, 41, 59)),
            end_of_day_in_japan(2029, 9, 14),
        );
        let generation_3 = generation(
            "jpki-generation-3",
            &[0x06, 0xd1, 0x80, 0x06],
            instant(2023, 7, 16, (1, 1, 4)),
            end_of_day_in_japan(2033, 7, 15),
        );
        let signature_ca = {
            let template = CaTemplate {
                serial: vec![0x06, 0x7c, 0x6a, 0x21],
                not_before: instant(2023, 7, 16, (0, 50, 27)),
                not_after: end_of_day_in_japan(2033, 7, 15),
                ..CaTemplate::signature()
            };
            let key = keys::rsa(folder, "jpki-signature");
            Ca::self_signed(template, key).unwrap()
        };
        let card = |name, ca: &Ca, template: &LeafTemplate| {
            let key = keys::rsa(folder, name);
            let certificate = ca.issue(template, &key).unwrap();
            Card {
                name,
                key,
                certificate,
            }
        };
        World {
            folder: folder.to_owned(),
            card: card("card-of-generation-3", &generation_3, &leaf()),
            card_of_generation_2: card(
                "card-of-generation-2",
                &generation_2,
                &LeafTemplate {
                    serial: vec![0x2c, 0x01, 0x7e],
                    subject: Name::japan().common_name("5N0RQK71WZB2TF99202003A"),
                    not_before: instant(2023, 5, 11, (1, 35, 42)),
                    not_after: end_of_day_in_japan(2027, 9, 2),
                    ..leaf()
                },
            ),
            other_card: card(
                "other-card-of-generation-3",
                &generation_3,
                &LeafTemplate {
                    serial: vec![0x23, 0x40, 0x55],
                    subject: Name::japan().common_name("H3V8YD0C6MPE1A99341003A"),
                    ..leaf()
                },
            ),
            ruritania: Ruritania::new(&generation_3),
            generation_1,
            generation_2,
            generation_3,
            signature_ca,
        }
    }

    /// A practice key outside the hierarchy.
    pub(crate) fn rsa_key(&self, label: &str) -> RsaPrivateKey {
        keys::rsa(&self.folder, label)
    }

    /// A certificate for the card's key from a changed template, by generation 3.
    pub(crate) fn issue(&self, change: impl FnOnce(&mut LeafTemplate)) -> Vec<u8> {
        let mut template = leaf();
        change(&mut template);
        self.generation_3.issue(&template, &self.card.key).unwrap()
    }

    /// The card's certificate with changed fields of its signed part, signed anew by generation 3: for what a template cannot
    /// say.
    pub(crate) fn issue_fields(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        let mut fields = der::fields(&self.card.certificate);
        change(&mut fields);
        let algorithm = &der::members(&self.card.certificate)[1];
        der::certificate(&fields, algorithm, |tbs| {
            keys::rs256(self.generation_3.key(), tbs)
        })
    }

    pub(crate) fn anchors(&self) -> Vec<Anchor> {
        let jpki = |label, file, ca: &Ca| Anchor {
            profile: "lab",
            class: "practice",
            country: "JP",
            label,
            file,
            certificate: ca.certificate().to_vec(),
        };
        vec![
            jpki(
                "generation 1",
                "certificates/jpki-generation-1.cer",
                &self.generation_1,
            ),
            jpki(
                "generation 2",
                "certificates/jpki-generation-2.cer",
                &self.generation_2,
            ),
            jpki(
                "generation 3",
                "certificates/jpki-generation-3.cer",
                &self.generation_3,
            ),
            Anchor {
                profile: "ruritania",
                class: "practice",
                country: "XR",
                label: "root",
                file: "certificates/ruritania-root.cer",
                certificate: self.ruritania.certificate.clone(),
            },
        ]
    }

    /// The computer that the authenticator runs on.
    pub(crate) fn installation(&self) -> Installation {
        Installation {
            device_secret: random("installation", "device secret"),
            salt: random("installation", "salt"),
        }
    }
}

/// The two secrets of an installation.
pub(crate) struct Installation {
    pub(crate) device_secret: [u8; 32],
    pub(crate) salt: [u8; 32],
}

impl Installation {
    pub(crate) fn to_model(&self) -> model::Installation {
        model::Installation {
            device_secret: self.device_secret.into(),
            salt: self.salt.into(),
        }
    }
}

/// A faithful certificate to be.
pub(crate) fn leaf() -> LeafTemplate {
    LeafTemplate {
        not_before: instant(2025, 10, 27, (1, 35, 42)),
        not_after: end_of_day_in_japan(2030, 3, 21),
        ..LeafTemplate::authentication()
    }
}

pub(crate) fn key_hash(certificate: &[u8]) -> [u8; 32] {
    sha256(&der::fields(certificate)[field::PUBLIC_KEY])
}

/// An invented country whose identity cards have keys on elliptic curves. `XR` is among the codes that ISO 3166 leaves to
/// users.
pub(crate) struct Ruritania {
    /// Writes certificates; their signature is replaced.
    scribe: Ca,
    key: EcKey,
    pub(crate) certificate: Vec<u8>,
}

impl Ruritania {
    fn new(any: &Ca) -> Ruritania {
        let key = EcKey::p384("Ruritania root");
        let template = CaTemplate {
            name: Name::country("XR")
                .organization("Kingdom of Ruritania")
                .common_name("Ruritania Identity Card Root"),
            serial: vec![0x51],
            not_before: instant(2024, 1, 1, (0, 0, 0)),
            not_after: instant(2043, 12, 31, (23, 59, 59)),
            subject_alt_name: None,
            crl_distribution_point: None,
            subject_key_identifier: Some(Marked::plain(KeyIdentifier::Given(der::key_identifier(
                &key.point(),
            )))),
            ..CaTemplate::authentication()
        };
        let scribe = Ca::self_signed(template, any.key().clone()).unwrap();
        let mut fields = der::fields(scribe.certificate());
        fields[field::PUBLIC_KEY] = key.public_key().to_der();
        let certificate = signed(fields, &key);
        Ruritania {
            scribe,
            key,
            certificate,
        }
    }

    pub(crate) fn issue(&self, template: &LeafTemplate, key: &SubjectPublicKey) -> Vec<u8> {
        let certificate = self.scribe.issue(template, key.clone()).unwrap();
        self.sign(der::fields(&certificate))
    }

    /// A certificate around fields of one's own.
    pub(crate) fn sign(&self, fields: Vec<Vec<u8>>) -> Vec<u8> {
        signed(fields, &self.key)
    }

    /// What its certificates look like: two policies, not critical, and no OCSP.
    pub(crate) fn leaf() -> LeafTemplate {
        let policy = |dotted: &str| Policy {
            oid: dotted.parse().unwrap(),
            cps: None,
        };
        LeafTemplate {
            serial: vec![0x19, 0x61, 0x08, 0x13, 0x77, 0x02],
            signature: SignatureAlgorithm::Sha384Rsa,
            not_before: instant(2025, 2, 3, (8, 0, 0)),
            not_after: instant(2035, 2, 2, (23, 59, 59)),
            subject: Name::country("XR").common_name("RASSENDYLL RUDOLF 8611041"),
            certificate_policies: Some(Marked::plain(vec![
                policy("1.3.6.1.4.1.32473.7.1"),
                policy("0.4.0.2042.1.2"),
            ])),
            issuer_alt_name: None,
            crl_distribution_point: None,
            ocsp: None,
            authority_key_identifier: Some(Marked::plain(AuthorityKey::IssuerKeyOnly)),
            ..LeafTemplate::authentication()
        }
    }
}

/// A certificate with ecdsa-with-SHA384, inside and outside.
pub(crate) fn signed(mut fields: Vec<Vec<u8>>, key: &EcKey) -> Vec<u8> {
    let algorithm = der::sequence(&[der::element(
        der::OBJECT_IDENTIFIER,
        &[oid::ECDSA_WITH_SHA384],
    )]);
    fields[field::ALGORITHM] = algorithm.clone();
    der::certificate(&fields, &algorithm, |tbs| key.sign(tbs))
}
