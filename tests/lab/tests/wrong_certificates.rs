//! Every field of a certificate can be made wrong, and only that field.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use der::{Decode as _, Encode as _};
use jpki_lab::pki::{
    AuthorityKey, BasicConstraints, Ca, CaTemplate, Extension, KeyIdentifier, LeafTemplate, Marked,
    Name, ObjectIdentifier, Pki, Policy, SignatureAlgorithm, SubjectPublicKey, instant, key_usage,
    shared, shared_key,
};
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey, RsaPublicKey, traits::PublicKeyParts as _};
use sha2::{Digest as _, Sha256, Sha512};
use x509_cert::{Certificate, Version};

fn pki() -> &'static Pki {
    shared().unwrap()
}

fn ca() -> &'static Ca {
    pki().authentication_ca(3).unwrap()
}

fn holder_key() -> &'static RsaPrivateKey {
    &pki().person("p01").unwrap().authentication.key
}

fn template() -> LeafTemplate {
    LeafTemplate {
        not_before: instant(2026, 1, 1, (0, 0, 0)),
        not_after: instant(2030, 1, 1, (14, 59, 59)),
        ..LeafTemplate::authentication()
    }
}

fn issue(template: &LeafTemplate) -> Certificate {
    parse(&ca().issue(template, holder_key()).unwrap())
}

fn parse(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}

/// Identifier, criticality and value of each extension.
fn extensions(certificate: &Certificate) -> Vec<(String, bool, Vec<u8>)> {
    let all = certificate.tbs_certificate().extensions();
    all.map(|list| {
        let view = |e: &x509_cert::ext::Extension| {
            (
                e.extn_id.to_string(),
                e.critical,
                e.extn_value.as_bytes().to_vec(),
            )
        };
        list.iter().map(view).collect()
    })
    .unwrap_or_default()
}

/// The identifiers of the extensions in which two certificates differ.
fn differences(one: &Certificate, other: &Certificate) -> Vec<String> {
    let (one, other) = (extensions(one), extensions(other));
    let only = |a: &[(String, bool, Vec<u8>)], b: &[(String, bool, Vec<u8>)]| -> Vec<String> {
        a.iter()
            .filter(|e| !b.contains(e))
            .map(|e| e.0.clone())
            .collect()
    };
    let mut all = [only(&one, &other), only(&other, &one)].concat();
    all.sort();
    all.dedup();
    all
}

/// Whether the certificate's signature verifies under a key with SHA-256.
fn verifies(certificate: &Certificate, key: &RsaPublicKey) -> bool {
    let signed = certificate.tbs_certificate().to_der().unwrap();
    let scheme = Pkcs1v15Sign::new::<Sha256>();
    key.verify(
        scheme,
        &Sha256::digest(signed),
        certificate.signature().raw_bytes(),
    )
    .is_ok()
}

#[test]
fn a_faithful_certificate_verifies_under_its_ca_only() {
    let certificate = issue(&template());
    assert!(verifies(&certificate, &ca().key().to_public_key()));
    let other_generation = pki().authentication_ca(2).unwrap();
    assert!(!verifies(
        &certificate,
        &other_generation.key().to_public_key()
    ));
}

type Change = fn(&mut LeafTemplate);

#[test]
fn each_extension_changes_alone() {
    let changes: [(&str, Change); 15] = [
        ("2.5.29.15", |t| t.key_usage = None),
        ("2.5.29.15", |t| {
            t.key_usage = Some(Marked::plain(vec![key_usage::DIGITAL_SIGNATURE]))
        }),
        ("2.5.29.15", |t| {
            t.key_usage = Some(Marked::critical(vec![key_usage::KEY_CERT_SIGN]))
        }),
        ("2.5.29.37", |t| t.extended_key_usage = None),
        ("2.5.29.37", |t| {
            let server = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
            t.extended_key_usage = Some(Marked::plain(vec![server]));
        }),
        ("2.5.29.32", |t| t.certificate_policies = None),
        ("2.5.29.32", |t| {
            t.certificate_policies.as_mut().unwrap().critical = false
        }),
        ("2.5.29.32", |t| {
            let oid = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");
            t.certificate_policies = Some(Marked::critical(vec![Policy { oid, cps: None }]));
        }),
        ("2.5.29.31", |t| t.crl_distribution_point = None),
        ("1.3.6.1.5.5.7.1.1", |t| {
            t.ocsp = Some(Marked::plain("http://o.example".to_owned()))
        }),
        ("2.5.29.35", |t| t.authority_key_identifier = None),
        ("2.5.29.35", |t| {
            t.authority_key_identifier = Some(Marked::plain(AuthorityKey::IssuerKeyOnly));
        }),
        ("2.5.29.35", |t| {
            let key_identifier = vec![7; 20];
            let given = AuthorityKey::Given {
                key_identifier,
                certificate: None,
            };
            t.authority_key_identifier = Some(Marked::plain(given));
        }),
        ("2.5.29.14", |t| {
            let given = KeyIdentifier::Given(vec![9; 20]);
            t.subject_key_identifier = Some(Marked::plain(given));
        }),
        ("2.5.29.19", |t| {
            let ca = BasicConstraints {
                ca: true,
                path_len: Some(0),
            };
            t.basic_constraints = Some(Marked::critical(ca));
        }),
    ];
    let faithful = issue(&template());
    for (oid, change) in changes {
        let mut template = template();
        change(&mut template);
        let changed = issue(&template);
        assert_eq!(differences(&faithful, &changed), [oid]);
        assert!(
            verifies(&changed, &ca().key().to_public_key()),
            "still signed by the CA"
        );
    }
}

#[test]
fn unknown_extensions_can_be_added() {
    let oid = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.99");
    let extra = vec![Extension {
        oid,
        critical: true,
        value: vec![5, 0],
    }];
    let certificate = issue(&LeafTemplate {
        extra,
        ..template()
    });
    let last = extensions(&certificate).pop().unwrap();
    assert_eq!(last, ("1.3.6.1.4.1.32473.99".to_owned(), true, vec![5, 0]));
}

#[test]
fn version_serial_validity_names_can_be_anything() {
    let issuer = Name::japan().organization("Somebody else");
    let certificate = issue(&LeafTemplate {
        serial: vec![0x7F, 0xFF],
        not_before: instant(2050, 1, 1, (0, 0, 0)),
        issuer: Some(issuer.clone()),
        subject: Name::japan().common_name("somebody"),
        ..template()
    });
    let signed = certificate.tbs_certificate();
    assert_eq!(signed.serial_number().as_bytes(), [0x7F, 0xFF]);
    assert_eq!(
        signed.validity().not_before.to_unix_duration().as_secs(),
        2_524_608_000
    );
    assert_eq!(signed.issuer().to_der().unwrap(), issuer.to_der());
    assert_eq!(signed.subject().to_string(), "CN=somebody,C=JP");

    let v1 = LeafTemplate {
        version: None,
        key_usage: None,
        extended_key_usage: None,
        certificate_policies: None,
        issuer_alt_name: None,
        crl_distribution_point: None,
        ocsp: None,
        authority_key_identifier: None,
        subject_key_identifier: None,
        ..template()
    };
    let v1 = issue(&v1);
    assert_eq!(v1.tbs_certificate().version(), Version::V1);
    assert_eq!(v1.tbs_certificate().extensions(), None);
}

#[test]
fn algorithms_can_be_others_or_merely_claimed() {
    let oids = |certificate: &Certificate| {
        let inner = certificate.tbs_certificate().signature().oid.to_string();
        (inner, certificate.signature_algorithm().oid.to_string())
    };
    const SHA1: &str = "1.2.840.113549.1.1.5";
    const SHA256: &str = "1.2.840.113549.1.1.11";
    let claim = Some(SignatureAlgorithm::Sha1Rsa);
    let inner = issue(&LeafTemplate {
        inner_algorithm: claim,
        ..template()
    });
    assert_eq!(oids(&inner), (SHA1.to_owned(), SHA256.to_owned()));
    assert!(verifies(&inner, &ca().key().to_public_key()));
    let outer = issue(&LeafTemplate {
        outer_algorithm: claim,
        ..template()
    });
    assert_eq!(oids(&outer), (SHA256.to_owned(), SHA1.to_owned()));

    let signature = SignatureAlgorithm::Sha512Rsa;
    let certificate = issue(&LeafTemplate {
        signature,
        ..template()
    });
    let signed = certificate.tbs_certificate().to_der().unwrap();
    let scheme = Pkcs1v15Sign::new::<Sha512>();
    ca().key()
        .to_public_key()
        .verify(
            scheme,
            &Sha512::digest(signed),
            certificate.signature().raw_bytes(),
        )
        .unwrap();
}

#[test]
fn keys_can_be_unsuitable() {
    let spki = |certificate: &Certificate| {
        certificate
            .tbs_certificate()
            .subject_public_key_info()
            .to_der()
            .unwrap()
    };
    let exponent_three = SubjectPublicKey::rsa(holder_key().n(), &BigUint::from(3_u32));
    let certificate = parse(&ca().issue(&template(), exponent_three.clone()).unwrap());
    assert_eq!(spki(&certificate), exponent_three.to_der());

    // An elliptic curve, P-256, and the point is nonsense.
    let algorithm =
        b"\x30\x13\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07";
    let curve = SubjectPublicKey::new(algorithm.to_vec(), vec![4; 65]);
    let certificate = parse(&ca().issue(&template(), curve.clone()).unwrap());
    assert_eq!(spki(&certificate), curve.to_der());
}

#[test]
fn a_forger_says_the_same_with_another_key() {
    let forger = Ca::self_signed_like(ca(), shared_key("forger").unwrap()).unwrap();
    let (real, forged) = (parse(ca().certificate()), parse(forger.certificate()));
    let (real, forged) = (real.tbs_certificate(), forged.tbs_certificate());
    assert_eq!(real.subject(), forged.subject());
    assert_eq!(real.serial_number(), forged.serial_number());
    assert_eq!(real.validity(), forged.validity());
    assert_ne!(ca().key_identifier(), forger.key_identifier());

    // Even the key identifier can be the real CA's; the signature cannot.
    let subject_key_identifier = Some(Marked::plain(KeyIdentifier::Given(
        ca().key_identifier().to_vec(),
    )));
    let template_of_ca = CaTemplate {
        subject_key_identifier,
        ..ca().template().clone()
    };
    let forger = Ca::self_signed(template_of_ca, shared_key("forger").unwrap()).unwrap();
    let forged = parse(&forger.issue(&template(), holder_key()).unwrap());
    assert!(differences(&issue(&template()), &forged).is_empty());
    assert!(!verifies(&forged, &ca().key().to_public_key()));
    assert!(verifies(&forged, &forger.key().to_public_key()));
}
