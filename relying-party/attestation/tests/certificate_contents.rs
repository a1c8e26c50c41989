//! Certificates that the right issuer made for another purpose, in the order of the rules. The statement is faultless
//! throughout.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use eid_attestation::{EncodingFault, KeyKind, ObjectIdentifier, Refused, Rule};
use jpki_lab::pki::{
    AUTHENTICATION_POLICY, BasicConstraints, Extension, LeafTemplate, Marked, Policy,
    SIGNATURE_POLICY, SubjectPublicKey, key_usage,
};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey};
use support::*;

fn lab_name() -> String {
    "lab".to_owned()
}

// key-usage

#[test]
fn signing_certificate_instead_of_authentication_certificate() {
    let signature = &pki().person("p01").unwrap().signature;
    assert_eq!(
        Registration::by(signature).verify(),
        Err(Refused::UnknownIssuer)
    );

    // And if one issuer made both: its purpose gives it away.
    let template = LeafTemplate {
        not_before: template().not_before,
        not_after: template().not_after,
        ..LeafTemplate::signature()
    };
    assert_eq!(
        Registration::with(&template).verify(),
        Err(Refused::KeyUsageNotAdmitted {
            usage: "nonRepudiation"
        })
    );
}

#[test]
fn wrong_key_usage() {
    use key_usage::{
        CRL_SIGN, DIGITAL_SIGNATURE, KEY_CERT_SIGN, KEY_ENCIPHERMENT, NON_REPUDIATION,
    };
    let with = |bits: &[u8]| {
        let usage = Marked::critical(bits.to_vec());
        refused(|it| it.key_usage = Some(usage))
    };
    assert_eq!(refused(|it| it.key_usage = None), Refused::KeyUsageMissing);
    for bits in [
        &[NON_REPUDIATION][..],
        &[KEY_ENCIPHERMENT],
        &[KEY_CERT_SIGN],
    ] {
        assert_eq!(with(bits), Refused::KeyUsageWithoutDigitalSignature);
    }
    for (bit, usage) in [
        (NON_REPUDIATION, "nonRepudiation"),
        (KEY_ENCIPHERMENT, "keyEncipherment"),
        (3, "dataEncipherment"),
        (4, "keyAgreement"),
        (KEY_CERT_SIGN, "keyCertSign"),
        (CRL_SIGN, "cRLSign"),
        (7, "encipherOnly"),
        (8, "decipherOnly"),
    ] {
        assert_eq!(
            with(&[DIGITAL_SIGNATURE, bit]),
            Refused::KeyUsageNotAdmitted { usage }
        );
    }
}

// basic-constraints

#[test]
fn certification_authority_as_leaf() {
    for path_len in [None, Some(0)] {
        let constraints = BasicConstraints { ca: true, path_len };
        assert_eq!(
            refused(|it| it.basic_constraints = Some(Marked::critical(constraints))),
            Refused::CertificationAuthority
        );
    }
    let constraints = BasicConstraints {
        ca: false,
        path_len: None,
    };
    let template = LeafTemplate {
        basic_constraints: Some(Marked::critical(constraints)),
        ..template()
    };
    assert!(Registration::with(&template).verify().is_ok());
}

// extended-key-usage

#[test]
fn extended_key_usage_without_client_auth() {
    let usage = |dotted: &[&str]| {
        let purposes = dotted.iter().map(|dotted| oid(dotted));
        Some(Marked::plain(purposes.collect()))
    };
    let server_auth = "1.3.6.1.5.5.7.3.1";
    let any = "2.5.29.37.0";
    for purposes in [&[server_auth][..], &[any], &["1.3.6.1.5.5.7.3.4"]] {
        assert_eq!(
            refused(|it| it.extended_key_usage = usage(purposes)),
            Refused::ExtendedKeyUsage
        );
    }
    for extended_key_usage in [None, usage(&[server_auth, "1.3.6.1.5.5.7.3.2"])] {
        let template = LeafTemplate {
            extended_key_usage,
            ..template()
        };
        assert!(Registration::with(&template).verify().is_ok());
    }
}

// certificate-policy

#[test]
fn missing_other_and_not_critical_policy() {
    let policies = |oids: &[ObjectIdentifier]| {
        oids.iter()
            .map(|oid| Policy {
                oid: *oid,
                cps: None,
            })
            .collect::<Vec<_>>()
    };
    let authentication = AUTHENTICATION_POLICY;
    let any_policy = oid("2.5.29.32.0");
    let production = oid("1.2.392.200149.8.5.1.3.30");

    assert_eq!(
        refused(|it| it.certificate_policies = None),
        Refused::PolicyMissing
    );
    for other in [SIGNATURE_POLICY, any_policy, production] {
        assert_eq!(
            refused(|it| it.certificate_policies = Some(Marked::critical(policies(&[other])))),
            Refused::OtherPolicy {
                profile: lab_name()
            }
        );
    }
    assert_eq!(
        refused(|it| it.certificate_policies = Some(Marked::plain(policies(&[authentication])))),
        Refused::PolicyNotCritical {
            profile: lab_name()
        }
    );
    let template = LeafTemplate {
        certificate_policies: Some(Marked::critical(policies(&[
            SIGNATURE_POLICY,
            authentication,
        ]))),
        ..template()
    };
    assert!(Registration::with(&template).verify().is_ok());
}

// extensions

#[test]
fn unknown_critical_extension() {
    for dotted in ["1.3.6.1.4.1.32473.1", "2.5.29.30", "2.5.29.17"] {
        let extension = Extension {
            oid: oid(dotted),
            critical: true,
            value: vec![0x30, 0x00],
        };
        let refused = refused(|it| it.extra.push(extension.clone()));
        let expected = Refused::UnknownCriticalExtension {
            extension: oid(dotted),
        };
        assert_eq!(refused, expected);

        let mut template = template();
        template.extra.push(Extension {
            critical: false,
            ..extension
        });
        assert!(Registration::with(&template).verify().is_ok(), "{dotted}");
    }
}

#[test]
fn duplicated_extensions() {
    for dotted in [
        "2.5.29.15",
        "2.5.29.37",
        "2.5.29.32",
        "2.5.29.35",
        "2.5.29.14",
        "2.5.29.31",
        "1.3.6.1.5.5.7.1.1",
    ] {
        let refused = refused_fields(|fields| {
            let mut extensions = members(contents(fields.last().unwrap()));
            let wanted = der(0x06, &[oid(dotted).as_bytes()]);
            let twice = extensions
                .iter()
                .find(|extension| members(extension)[0] == wanted)
                .unwrap()
                .clone();
            extensions.push(twice);
            let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
            *fields.last_mut().unwrap() = der(0xa3, &[&der(0x30, &extensions)]);
        });
        assert_eq!(
            refused,
            Refused::ExtensionTwice {
                extension: oid(dotted)
            }
        );
    }
}

// public-key

#[test]
fn keys_that_jpki_does_not_issue() {
    let modulus = |bits: usize| {
        let one = BigUint::from(1u8);
        ((&one << (bits - 1)) + one).to_bytes_be()
    };
    let e = BigUint::from(65_537u32);
    let good = person("p01").key.n().clone();
    let cases = [
        (
            1024,
            SubjectPublicKey::rsa(&BigUint::from_bytes_be(&modulus(1024)), &e),
            Some(65_537),
        ),
        (
            2047,
            SubjectPublicKey::rsa(&BigUint::from_bytes_be(&modulus(2047)), &e),
            Some(65_537),
        ),
        (
            2049,
            SubjectPublicKey::rsa(&BigUint::from_bytes_be(&modulus(2049)), &e),
            Some(65_537),
        ),
        (
            4096,
            SubjectPublicKey::rsa(&BigUint::from_bytes_be(&modulus(4096)), &e),
            Some(65_537),
        ),
        (
            2048,
            SubjectPublicKey::rsa(&good, &BigUint::from(3u8)),
            Some(3),
        ),
        (
            2048,
            SubjectPublicKey::rsa(&good, &BigUint::from(1u8)),
            Some(1),
        ),
        (
            2048,
            SubjectPublicKey::rsa(&good, &(e.clone() << 32usize)),
            None,
        ),
    ];
    for (bits, key, exponent) in cases {
        let certificate = ca(3).issue(&template(), key).unwrap();
        let refused = Registration::signed(&certificate, &person("p01").key).verify();
        let found = KeyKind::Rsa { bits, exponent };
        let expected = Refused::PublicKeyNotAdmitted {
            found,
            profile: lab_name(),
        };
        assert_eq!(refused, Err(expected));
    }
}

/// The holder of a weak key makes a signature that would verify.
#[test]
fn a_small_key_with_its_own_good_signature() {
    let small = RsaPrivateKey::new(&mut rand_core::OsRng, 1024).unwrap();
    let certificate = ca(3).issue(&template(), &small).unwrap();
    let refused = Registration::signed(&certificate, &small)
        .verify()
        .unwrap_err();
    assert_eq!(refused.rule(), Rule::PublicKey);
}

// serial-number

#[test]
fn serial_numbers_that_are_none() {
    let with = |serial: Vec<u8>| refused(|it| it.serial = serial);
    assert_eq!(with(vec![0]), Refused::SerialNotPositive);
    assert_eq!(with(vec![0xff]), Refused::SerialNotPositive);
    assert_eq!(with(vec![0x80, 0, 0, 0]), Refused::SerialNotPositive);
    assert_eq!(
        with([&[0x7f][..], &[1; 20]].concat()),
        Refused::SerialTooLong { bytes: 21 }
    );
    assert_eq!(
        with([&[0x00, 0x80][..], &[1; 19]].concat()),
        Refused::SerialTooLong { bytes: 21 }
    );
    // Padded, and beyond what any parser reads.
    assert_eq!(fault(with(vec![0, 1])), EncodingFault::Value("an INTEGER"));
    assert_eq!(fault(with(vec![])), EncodingFault::Value("an INTEGER"));
    assert_eq!(fault(with(vec![1; 64])), EncodingFault::Structure);

    let longest = LeafTemplate {
        serial: vec![0x7f; 20],
        ..template()
    };
    let verdict = Registration::with(&longest).verify().unwrap();
    assert_eq!(verdict.holder.serial.as_bytes(), [0x7f; 20]);
    let padded = LeafTemplate {
        serial: vec![0, 0x80],
        ..template()
    };
    let verdict = Registration::with(&padded).verify().unwrap();
    assert_eq!(verdict.holder.serial.as_bytes(), [0x80]);
}
