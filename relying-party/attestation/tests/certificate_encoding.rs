//! Certificates whose form is wrong: encoding, version, algorithms. The statement is faultless throughout.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::slice;

use eid_attestation::{EncodingFault, KeyKind, Refused, Rule};
use jpki_lab::pki::{Extension, LeafTemplate, SignatureAlgorithm};
use support::*;

#[test]
fn the_template_is_faultless() {
    let registration = Registration::with(&template());
    assert_eq!(registration.verify().unwrap().anchor.label, "generation 3");
    let key = &person("p01").key;
    let unchanged = resigned(ca(3), &registration.x5c[0], |_| {});
    assert_eq!(unchanged, registration.x5c[0]);
    assert!(Registration::signed(&unchanged, key).verify().is_ok());
}

// certificate-encoding

#[test]
fn oversize_certificate() {
    let refused = refused(|it| {
        it.extra.push(Extension {
            oid: oid("1.3.6.1.4.1.32473.1"),
            critical: false,
            value: vec![0; 3000],
        });
    });
    assert!(matches!(
        fault(refused),
        EncodingFault::TooLarge {
            bytes: 4097..,
            limit: 4096
        }
    ));
}

#[test]
fn the_largest_certificate_that_is_read() {
    let padded = |padding: usize| {
        Registration::with(&LeafTemplate {
            extra: vec![Extension {
                oid: oid("1.3.6.1.4.1.32473.1"),
                critical: false,
                value: vec![0; padding],
            }],
            ..template()
        })
    };
    let length = |registration: &Registration| registration.x5c[0].len();
    let padding = 1000 + 4096 - length(&padded(1000));
    let (largest, larger) = (padded(padding), padded(padding + 1));
    assert_eq!((length(&largest), length(&larger)), (4096, 4097));
    assert!(largest.verify().is_ok());
    assert_eq!(
        fault(larger.verify().unwrap_err()),
        EncodingFault::TooLarge {
            bytes: 4097,
            limit: 4096
        }
    );
}

#[test]
fn trailing_bytes_inside_the_certificate() {
    // After the extensions, within the signed part.
    let refused = refused_fields(|fields| fields.push(vec![0x05, 0x00]));
    assert_eq!(fault(refused), EncodingFault::Structure);
}

#[test]
fn truncated_certificate() {
    let mut registration = Registration::with(&template());
    registration.x5c[0].pop();
    assert_eq!(
        registration.verify(),
        Err(Refused::Encoding(EncodingFault::EndsEarly))
    );
    registration.x5c[0].clear();
    assert_eq!(
        registration.verify(),
        Err(Refused::Encoding(EncodingFault::EndsEarly))
    );
}

#[test]
fn something_else_than_a_certificate() {
    let mut registration = Registration::with(&template());
    registration.x5c[0] = der(0x30, &[&[0x05, 0x00]]);
    assert_eq!(
        registration.verify(),
        Err(Refused::Encoding(EncodingFault::Structure))
    );
}

#[test]
fn boolean_true_that_is_not_ff() {
    let refused = refused_fields(|fields| {
        // critical TRUE of keyUsage, the first extension.
        let extensions = fields.last_mut().unwrap();
        let place = find(extensions, &[0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff]) + 5;
        extensions[place] = 0x01;
    });
    assert_eq!(fault(refused), EncodingFault::Value("a BOOLEAN"));
}

#[test]
fn unique_identifiers_with_padding_that_is_not_zero() {
    let with = |unique_id: &'static [u8]| {
        let certificate = resigned(ca(3), &template_der(), |fields| {
            fields.insert(fields.len() - 1, unique_id.to_vec());
        });
        Registration::signed(&certificate, &person("p01").key).verify()
    };
    for unique_id in [&[0x81, 2, 1, 0x06][..], &[0x82, 2, 1, 0x06]] {
        assert!(with(unique_id).is_ok(), "{unique_id:02x?}");
    }
    for unique_id in [&[0x81, 2, 1, 0x07][..], &[0x82, 2, 1, 0x07]] {
        assert_eq!(
            fault(with(unique_id).unwrap_err()),
            EncodingFault::Value("a BIT STRING")
        );
    }
}

#[test]
fn default_values_written_out() {
    // critical FALSE, which DEFAULT says already (X.690 §11.5).
    let extended_key_usage = |critical: &[u8]| {
        let usage = der(0x30, &[&der(0x06, &[&[0x2b, 6, 1, 5, 5, 7, 3, 2]])]);
        der(
            0x30,
            &[
                &[0x06, 3, 0x55, 0x1d, 0x25],
                critical,
                &der(0x04, &[&usage]),
            ],
        )
    };
    let with = |critical: &'static [u8]| {
        move |fields: &mut Vec<Vec<u8>>| {
            replace_extension(fields, 1, &extended_key_usage(critical));
        }
    };
    let key = &person("p01").key;
    let certificate = ca(3).issue(&template(), key).unwrap();
    let same = resigned(ca(3), &certificate, with(&[]));
    assert_eq!(same, certificate);
    assert_eq!(
        fault(refused_fields(with(&[0x01, 0x01, 0x00]))),
        EncodingFault::NotCanonical
    );

    // cA FALSE in basicConstraints.
    let explicit_false = Extension {
        oid: oid("2.5.29.19"),
        critical: true,
        value: vec![0x30, 0x03, 0x01, 0x01, 0x00],
    };
    let refused = refused(|it| it.extra.push(explicit_false));
    assert_eq!(
        fault(refused),
        EncodingFault::Extension {
            extension: oid("2.5.29.19")
        }
    );

    // version v1 written out.
    let refused = refused_fields(|fields| fields[0] = vec![0xa0, 3, 2, 1, 0]);
    assert_eq!(fault(refused), EncodingFault::NotCanonical);
}

#[test]
fn dates_in_the_wrong_type() {
    // RFC 5280 §4.1.2.5: until 2049 as UTCTime.
    let refused = refused_fields(|fields| {
        let not_before = members(&fields[4])[0].clone();
        let not_after = der(0x18, &[b"20", contents(&members(&fields[4])[1])]);
        fields[4] = der(0x30, &[&not_before, &not_after]);
    });
    assert_eq!(fault(refused), EncodingFault::NotCanonical);
    // With fractions of a second.
    let refused = refused_fields(|fields| {
        let not_before = members(&fields[4])[0].clone();
        fields[4] = der(0x30, &[&not_before, b"\x18\x1120510101000000.5Z"]);
    });
    assert_eq!(fault(refused), EncodingFault::Value("a GeneralizedTime"));
}

#[test]
fn dates_from_2050_are_generalized_times() {
    let mut template = template();
    template.not_after = jpki_lab::pki::end_of_day_in_japan(2060, 1, 1);
    assert!(Registration::with(&template).verify().is_ok());
}

#[test]
fn key_usage_with_trailing_zero_bits() {
    // digitalSignature as 8 bits, seven of them zero and none unused (X.690 §11.2.2).
    let loose = Extension {
        oid: oid("2.5.29.15"),
        critical: true,
        value: vec![0x03, 0x02, 0x00, 0x80],
    };
    let refused = refused(|it| {
        it.key_usage = None;
        it.extra.push(loose);
    });
    assert_eq!(
        fault(refused),
        EncodingFault::Extension {
            extension: oid("2.5.29.15")
        }
    );
}

#[test]
fn an_extension_with_something_after_its_value() {
    for (extension, value) in [
        ("2.5.29.15", &[0x03, 0x02, 0x07, 0x80, 0x05, 0x00][..]),
        ("2.5.29.19", &[0x30, 0x00, 0x05, 0x00]),
        ("2.5.29.37", &[0x30, 0x00, 0x00]),
        ("2.5.29.32", &[0x30, 0x00, 0x05, 0x00]),
        ("2.5.29.35", &[0x30, 0x00, 0x05, 0x00]),
        ("2.5.29.31", &[0x30, 0x00, 0x05, 0x00]),
        ("2.5.29.14", &[0x04, 0x01, 0x07, 0x05, 0x00]),
    ] {
        let refused = refused(|it| {
            it.key_usage = None;
            it.extended_key_usage = None;
            it.certificate_policies = None;
            it.authority_key_identifier = None;
            it.crl_distribution_point = None;
            it.subject_key_identifier = None;
            it.extra.push(Extension {
                oid: oid(extension),
                critical: false,
                value: value.to_vec(),
            });
        });
        assert_eq!(
            fault(refused),
            EncodingFault::Extension {
                extension: oid(extension)
            },
            "{extension}"
        );
    }
}

#[test]
fn no_extensions_at_all_and_an_empty_list_of_them() {
    let refused = refused_fields(|fields| drop(fields.pop()));
    assert_eq!(refused, Refused::AuthorityKeyIdentifierMissing);
    let refused = refused_fields(|fields| {
        *fields.last_mut().unwrap() = vec![0xa3, 2, 0x30, 0];
    });
    assert_eq!(fault(refused), EncodingFault::Structure);
}

// certificate-version

#[test]
fn version_1_and_2() {
    for (version, found) in [(None, 1), (Some(1), 2)] {
        assert_eq!(
            refused(|it| it.version = version),
            Refused::Version { found }
        );
    }
    assert_eq!(
        fault(refused(|it| it.version = Some(3))),
        EncodingFault::Structure
    );
}

// signature-algorithms

#[test]
fn inner_and_outer_algorithm_differ() {
    for change in [
        |it: &mut LeafTemplate| it.inner_algorithm = Some(SignatureAlgorithm::Sha512Rsa),
        |it: &mut LeafTemplate| it.outer_algorithm = Some(SignatureAlgorithm::Sha512Rsa),
        |it: &mut LeafTemplate| it.inner_algorithm = Some(SignatureAlgorithm::Sha1Rsa),
    ] {
        assert_eq!(refused(change), Refused::SignatureAlgorithmsDiffer);
    }
}

#[test]
fn inner_and_outer_parameters_differ() {
    // sha256WithRSAEncryption without its NULL.
    let without_null = der(0x30, &[&members(&members(&template_der())[1])[0]]);
    let refused = refused_fields(|fields| fields[2] = without_null.clone());
    assert_eq!(refused, Refused::SignatureAlgorithmsDiffer);
}

/// RFC 4055 §5 and RFC 3279 §2.3.1: with RSA the parameters are NULL, neither absent nor something else.
#[test]
fn rsa_parameters_that_are_not_null() {
    let with = |parameters: &[u8]| {
        let identifier = |whole: &[u8]| der(0x30, &[&members(whole)[0], parameters]);
        let key = &person("p01").key;
        let outer = members(&template_der());
        let mut fields = members(&outer[0]);
        let algorithm = identifier(&fields[2]);
        fields[2] = algorithm.clone();
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        let tbs = der(0x30, &fields);
        let signature = der(0x03, &[&[0], &sign(ca(3).key(), &tbs)]);
        let signed_otherwise = der(0x30, &[&tbs, &algorithm, &signature]);
        let refused = Registration::signed(&signed_otherwise, key).verify();
        assert_eq!(refused.unwrap_err().rule(), Rule::IssuerSignature);

        refused_fields(|fields| {
            let spki = members(&fields[6]);
            fields[6] = der(0x30, &[&identifier(&spki[0]), &spki[1]]);
        })
    };
    for parameters in [&[][..], &[0x30, 0x00], &[0x04, 0x00]] {
        assert_eq!(
            with(parameters),
            Refused::PublicKeyNotAdmitted {
                found: KeyKind::Other,
                profile: "lab".to_owned()
            },
            "{parameters:02x?}"
        );
    }
}

fn template_der() -> Vec<u8> {
    ca(3).issue(&template(), &person("p01").key).unwrap()
}

fn find(haystack: &[u8], needle: &[u8]) -> usize {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
        .unwrap()
}

fn replace_extension(fields: &mut [Vec<u8>], index: usize, extension: &[u8]) {
    let last = fields.last_mut().unwrap();
    let mut extensions = members(contents(last));
    extensions[index] = extension.to_vec();
    let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
    *last = der(0xa3, slice::from_ref(&&der(0x30, &extensions)[..]));
}
