//! What `x509-cert` reads and this crate refuses: the table in `docs/decisions/0010-certificate-strictness.md`, row by row.
//! Should a later version refuse something itself, the row can go.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use eid_attestation::{Refused, Rule};
use jpki_lab::pki::{LeafTemplate, SignatureAlgorithm};
use support::*;
use x509_cert::der::Decode;

const VERSION: usize = 0;
const VALIDITY: usize = 4;
const SUBJECT: usize = 5;

fn issued(template: &LeafTemplate) -> Vec<u8> {
    ca(3).issue(template, &person("p01").key).unwrap()
}

/// The faithful certificate with some field of its signed part changed, signed anew.
fn changed(change: impl Fn(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    resigned(ca(3), &issued(&template()), change)
}

fn with_subject(attribute: &[u8]) -> Vec<u8> {
    changed(|fields| fields[SUBJECT] = der(0x30, &[&der(0x31, &[attribute])]))
}

fn common_name(value: &[u8]) -> Vec<u8> {
    der(0x30, &[&[0x06, 3, 0x55, 4, 3], value])
}

/// keyUsage, the first extension, with these bytes between its identifier and its value.
fn with_criticality(critical: &[u8], value: &[u8]) -> Vec<u8> {
    changed(|fields| {
        let last = fields.last_mut().unwrap();
        let mut extensions = members(&members(last)[0]);
        let value = der(0x04, &[value]);
        extensions[0] = der(0x30, &[&[0x06, 3, 0x55, 0x1d, 0x0f], critical, &value]);
        let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
        *last = der(0xa3, &[&der(0x30, &extensions)]);
    })
}

/// The signature's BIT STRING with one unused bit.
fn with_unused_signature_bit() -> Vec<u8> {
    let mut parts = members(&issued(&template()));
    parts[2][4] = 1;
    der(0x30, &[&parts[0], &parts[1], &parts[2]])
}

#[test]
fn x509_cert_reads_it_and_we_refuse_it() {
    let critical = &[0x01, 0x01, 0xff];
    let digital_signature = &[0x03, 0x02, 0x07, 0x80];
    let serial = |serial: &[u8]| {
        issued(&LeafTemplate {
            serial: serial.to_vec(),
            ..template()
        })
    };
    let rows: Vec<(&str, Vec<u8>, Rule)> = vec![
        (
            "version v1 written out",
            changed(|fields| fields[VERSION] = vec![0xa0, 3, 2, 1, 0]),
            Rule::Encoding,
        ),
        (
            "critical FALSE written out",
            with_criticality(&[0x01, 0x01, 0x00], digital_signature),
            Rule::Encoding,
        ),
        (
            "date before 2050 as GeneralizedTime",
            changed(|fields| {
                let [not_before, not_after] = &members(&fields[VALIDITY])[..] else {
                    unreachable!()
                };
                let not_after = der(0x18, &[b"20", contents(not_after)]);
                fields[VALIDITY] = der(0x30, &[not_before, &not_after]);
            }),
            Rule::Encoding,
        ),
        (
            "empty list of extensions",
            changed(|fields| *fields.last_mut().unwrap() = vec![0xa3, 2, 0x30, 0]),
            Rule::Encoding,
        ),
        (
            "SET OF not in order",
            with_subject(&[common_name(b"\x0c\x01b"), common_name(b"\x0c\x01a")].concat()),
            Rule::Encoding,
        ),
        (
            "UTF8String that is not UTF-8",
            with_subject(&common_name(b"\x0c\x01\xff")),
            Rule::Encoding,
        ),
        (
            "PrintableString with @",
            with_subject(&common_name(b"\x13\x01@")),
            Rule::Encoding,
        ),
        (
            "attribute value that is not DER",
            with_subject(&common_name(&[0x30, 3, 1, 1, 7])),
            Rule::Encoding,
        ),
        (
            "object identifier with a padded arc",
            with_subject(&der(0x30, &[&[0x06, 4, 0x55, 4, 0x80, 3], b"\x0c\x01a"])),
            Rule::Encoding,
        ),
        (
            "signature with unused bits",
            with_unused_signature_bit(),
            Rule::Encoding,
        ),
        (
            "keyUsage with trailing zero bits",
            with_criticality(critical, &[0x03, 0x02, 0x00, 0x80]),
            Rule::Encoding,
        ),
        (
            "keyUsage with unused bits set",
            with_criticality(critical, &[0x03, 0x02, 0x07, 0xff]),
            Rule::Encoding,
        ),
        (
            "keyUsage with bits nobody defined",
            with_criticality(critical, &[0x03, 0x03, 0x00, 0x80, 0x7f]),
            Rule::Encoding,
        ),
        (
            "a unique identifier with unused bits set",
            changed(|fields| fields.insert(fields.len() - 1, vec![0x81, 2, 1, 7])),
            Rule::Encoding,
        ),
        (
            "BMPString of half a character",
            with_subject(&common_name(&[0x1e, 1, b'a'])),
            Rule::Encoding,
        ),
        (
            "version 1 with extensions",
            issued(&LeafTemplate {
                version: None,
                ..template()
            }),
            Rule::Version,
        ),
        (
            "inner and outer algorithm differ",
            issued(&LeafTemplate {
                outer_algorithm: Some(SignatureAlgorithm::Sha512Rsa),
                ..template()
            }),
            Rule::SignatureAlgorithms,
        ),
        (
            "an extension twice",
            changed(|fields| {
                let last = fields.last_mut().unwrap();
                let list = &members(last)[0];
                *last = der(0xa3, &[&der(0x30, &[contents(list), &members(list)[0]])]);
            }),
            Rule::Extensions,
        ),
        ("serial number 0", serial(&[0]), Rule::SerialNumber),
        (
            "negative serial number",
            serial(&[0xff]),
            Rule::SerialNumber,
        ),
        (
            "serial number of 21 bytes",
            serial(&[0x7f; 21]),
            Rule::SerialNumber,
        ),
    ];
    for (row, certificate, rule) in rows {
        let read = x509_cert::Certificate::from_der(&certificate);
        assert!(read.is_ok(), "x509-cert refuses this now: {row}: {read:?}");
        let refused = Registration::signed(&certificate, &person("p01").key)
            .verify()
            .unwrap_err();
        assert_eq!(refused.rule(), rule, "{row}");
        assert!(
            !matches!(refused, Refused::NotJudged { .. }),
            "{row}: {refused:?}"
        );
    }
}
