//! The practice certificates have the shape of the real ones.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use der::{Decode as _, Encode as _, Header, Reader as _, SliceReader, Tag};
use jpki_lab::pki::{Options, Pki, generate, key, shared, shared_key};
use std::fmt::Write as _;
use x509_cert::Certificate;

const REAL_AUTHENTICATION: &[u8] = include_bytes!("real/authentication.cer");
const REAL_AUTHENTICATION_CA: &[u8] = include_bytes!("real/authentication-ca.cer");
const REAL_SIGNATURE: &[u8] = include_bytes!("real/signature.cer");
const REAL_SIGNATURE_CA: &[u8] = include_bytes!("real/signature-ca.cer");

fn practice() -> &'static Pki {
    shared().unwrap()
}

#[test]
fn authentication_certificates_have_the_real_shape() {
    for person in &practice().people {
        assert_eq!(
            shape(&person.authentication.certificate),
            shape(REAL_AUTHENTICATION),
            "{}",
            person.id
        );
    }
}

#[test]
fn signing_certificates_have_the_real_shape() {
    for person in &practice().people {
        assert_eq!(
            shape(&person.signature.certificate),
            shape(REAL_SIGNATURE),
            "{}",
            person.id
        );
    }
}

#[test]
fn cas_have_the_real_shape() {
    for ca in &practice().authentication_cas {
        assert_eq!(shape(ca.certificate()), shape(REAL_AUTHENTICATION_CA));
    }
    assert_eq!(
        shape(practice().signature_ca.certificate()),
        shape(REAL_SIGNATURE_CA)
    );
}

/// The comparison above is only worth something if it sees criticality, order and string types.
#[test]
fn the_shape_shows_what_matters() {
    let shape = shape(REAL_AUTHENTICATION);
    let lines: Vec<&str> = shape.lines().map(str::trim).collect();
    for expected in [
        [
            "OBJECT IDENTIFIER 2.5.29.32",
            "BOOLEAN true",
            "OCTET STRING",
        ],
        ["OBJECT IDENTIFIER 2.5.4.6", "PrintableString", "SET"],
        ["OBJECT IDENTIFIER 2.5.4.10", "UTF8String", "SET"],
        ["SEQUENCE", "UTCTime", "UTCTime 145959Z"],
    ] {
        assert!(
            lines.windows(3).any(|window| window == expected),
            "{expected:?} is not in\n{shape}"
        );
    }
}

#[test]
fn extensions_have_the_real_order_and_criticality() {
    let extensions = |der: &[u8]| -> Vec<(String, bool)> {
        parse(der)
            .tbs_certificate()
            .extensions()
            .unwrap()
            .iter()
            .map(|e| (e.extn_id.to_string(), e.critical))
            .collect()
    };
    let person = practice().person("p01").unwrap();
    assert_eq!(
        extensions(&person.authentication.certificate),
        extensions(REAL_AUTHENTICATION)
    );
    assert_eq!(
        extensions(&person.signature.certificate),
        extensions(REAL_SIGNATURE)
    );
}

#[test]
fn certificates_are_about_as_long_as_real_ones() {
    for person in &practice().people {
        let length = person.authentication.certificate.len();
        assert!(
            (1500..1700).contains(&length),
            "{length} bytes; the real one has 1590"
        );
    }
}

#[test]
fn three_generations_share_one_name_and_nothing_else() {
    let cas: Vec<Certificate> = practice()
        .authentication_cas
        .iter()
        .map(|ca| parse(ca.certificate()))
        .collect();
    for (i, a) in cas.iter().enumerate() {
        for b in &cas[..i] {
            let (a, b) = (a.tbs_certificate(), b.tbs_certificate());
            assert_eq!(a.subject(), b.subject());
            assert_ne!(a.serial_number(), b.serial_number());
            assert_ne!(a.subject_public_key_info(), b.subject_public_key_info());
        }
    }
}

#[test]
fn people_are_the_cases_that_the_documentation_promises() {
    let year_begins = |year: i32| jpki_lab::pki::instant(year, 1, 1, (0, 0, 0));
    let (from, until) = (
        year_begins(practice().year),
        year_begins(practice().year + 1),
    );
    for person in &practice().people {
        let credential = &person.authentication;
        let ca = practice().authentication_ca(person.generation).unwrap();
        let (generation, leaf_valid, ca_valid) = match person.id.as_str() {
            "p01" | "p05" => (3, true, true),
            "p02" | "p06" => (2, true, true),
            "p03" => (1, false, false),
            "p04" => (3, false, true),
            other => panic!("unexpected {other}"),
        };
        assert_eq!(person.generation, generation, "{}", person.id);
        // Valid all year, or expired before it began.
        assert_eq!(credential.not_after >= until, leaf_valid, "{}", person.id);
        assert_eq!(credential.not_after < from, !leaf_valid, "{}", person.id);
        assert!(credential.not_before < from);
        assert_eq!(ca.template().not_after >= until, ca_valid, "{}", person.id);
        // Issued by the CA, and while it was valid.
        assert!(
            (ca.template().not_before..=ca.template().not_after).contains(&credential.not_before)
        );
        assert!(credential.not_after <= ca.template().not_after);
        assert_eq!(
            parse(&credential.certificate).tbs_certificate().issuer(),
            parse(ca.certificate()).tbs_certificate().subject()
        );
    }
}

#[test]
fn equal_seeds_and_years_give_equal_hierarchies() {
    let options = |seed, year| Options {
        people: 4,
        seed,
        year,
        // The keys come from the seed alone, so remembering them hides nothing but time.
        key_cache: Some(
            std::env::current_exe()
                .unwrap()
                .with_file_name("jpki-lab-keys"),
        ),
    };
    let [one, again, next_year] =
        [2026, 2026, 2027].map(|year| generate(&options(1, year)).unwrap());
    let certificates = |pki: &Pki| -> Vec<Vec<u8>> {
        pki.people
            .iter()
            .map(|p| p.authentication.certificate.clone())
            .collect()
    };
    assert_eq!(certificates(&one), certificates(&again));
    assert_eq!(one.index(), again.index());
    assert_ne!(certificates(&one), certificates(&next_year));
}

#[test]
fn a_remembered_key_is_the_key_that_the_seed_gives() {
    let remembered = shared_key("remembered").unwrap();
    let made = key(&Options::default(), "remembered").unwrap();
    assert_eq!(remembered, made);
    let of_another_seed = Options {
        seed: 2,
        ..Options::default()
    };
    assert_ne!(key(&of_another_seed, "remembered").unwrap(), made);
}

#[test]
fn a_hierarchy_can_be_written_and_its_index_read() {
    let folder = tempfile::tempdir().unwrap();
    practice().write_to(folder.path()).unwrap();
    let index = jpki_lab::pki::Index::read_from(folder.path()).unwrap();
    assert_eq!(index, practice().index());
    for ca in index.authentication_cas.iter().chain([&index.signature_ca]) {
        parse(&std::fs::read(folder.path().join(&ca.certificate)).unwrap());
        assert!(folder.path().join(&ca.key).exists());
    }
    for person in &index.people {
        for file in [
            "authentication.cer",
            "authentication.key",
            "signature.cer",
            "signature.key",
            "person.json",
        ] {
            assert!(
                folder
                    .path()
                    .join("people")
                    .join(&person.id)
                    .join(file)
                    .exists(),
                "{file}"
            );
        }
    }
}

fn parse(der: &[u8]) -> Certificate {
    Certificate::from_der(der).unwrap()
}

/// The structure of a certificate: tags, object identifiers and booleans, but no other values.
///
/// Policies differ by design and are shown as "a policy"; the ends of validities are shown by
/// their time of day.
fn shape(der: &[u8]) -> String {
    let mut out = String::new();
    walk(der, 0, &mut out);
    out
}

fn walk(der: &[u8], depth: usize, out: &mut String) {
    let mut reader = SliceReader::new(der).unwrap();
    while !reader.is_finished() {
        let header = Header::decode(&mut reader).unwrap();
        let value = reader.read_slice(header.length()).unwrap();
        let indent = "  ".repeat(depth);
        let tag = header.tag();
        match tag {
            Tag::ObjectIdentifier => {
                let oid = der::asn1::ObjectIdentifier::from_bytes(value)
                    .unwrap()
                    .to_string();
                let policy = oid.contains(".8.5.1.");
                let shown = if policy { "a policy" } else { &oid };
                writeln!(out, "{indent}{tag} {shown}").unwrap();
            }
            Tag::Boolean => writeln!(out, "{indent}{tag} {}", value == [0xFF]).unwrap(),
            Tag::UtcTime if value.ends_with(b"145959Z") => {
                writeln!(out, "{indent}{tag} 145959Z").unwrap();
            }
            _ => {
                writeln!(out, "{indent}{tag}").unwrap();
                let structured = tag.is_constructed()
                    || (tag == Tag::OctetString && der::AnyRef::from_der(value).is_ok());
                if structured {
                    walk(value, depth + 1, out);
                }
            }
        }
    }
}

#[test]
fn every_certificate_survives_a_strict_parser_unchanged() {
    for person in &practice().people {
        for der in [
            &person.authentication.certificate,
            &person.signature.certificate,
        ] {
            assert_eq!(parse(der).to_der().unwrap(), *der);
        }
    }
}
