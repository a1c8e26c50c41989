//! Certificates whose issuer is wrong: anchor, validities, signature. The statement is faultless throughout.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use eid_attestation::Refused;
use jpki_lab::pki::{
    AuthorityKey, Ca, CaTemplate, Extension, KeyIdentifier, LeafTemplate, Marked, Name,
    SignatureAlgorithm, shared_key,
};
use support::*;

fn lab_name() -> String {
    "lab".to_owned()
}

// anchor

#[test]
fn unknown_root() {
    let ca_template = CaTemplate {
        name: Name::japan().organization("SOMEONE-ELSE"),
        ..ca(3).template().clone()
    };
    let other = Ca::self_signed(ca_template, shared_key("someone else").unwrap()).unwrap();
    let key = &person("p01").key;
    let certificate = other.issue(&template(), key).unwrap();
    let refused = Registration::signed(&certificate, key).verify();
    assert_eq!(refused, Err(Refused::UnknownIssuer));
}

#[test]
fn an_issuer_name_that_only_looks_equal() {
    let key = &person("p01").key;
    let issue = |name| {
        let template = LeafTemplate {
            issuer: Some(name),
            ..template()
        };
        Registration::signed(&ca(3).issue(&template, key).unwrap(), key).verify()
    };
    let name = |organization: &str, agency: &str| {
        Name::japan()
            .organization(organization)
            .unit("JPKI for user authentication")
            .unit(agency)
    };
    let agency = "Japan Agency for Local Authority Information Systems";
    assert!(issue(name("JPKI-LAB", agency)).is_ok());
    for (organization, agency) in [
        ("jpki-lab", agency),
        ("JPKI-LAB ", agency),
        ("ＪＰＫＩ－ＬＡＢ", agency),
        ("JPKI", agency),
        ("JPKI-TEST", agency),
        ("JPKI-LAB", ""),
    ] {
        assert_eq!(
            issue(name(organization, agency)),
            Err(Refused::UnknownIssuer)
        );
    }
}

/// As the next generation would, before it is pinned; and as a forger would.
#[test]
fn same_named_ca_with_another_key() {
    let forger = Ca::self_signed_like(ca(3), shared_key("forger").unwrap()).unwrap();
    let key = &person("p01").key;
    let certificate = forger.issue(&template(), key).unwrap();
    assert_eq!(
        Registration::signed(&certificate, key).verify(),
        Err(Refused::UnknownIssuerKey {
            profile: lab_name()
        })
    );
}

/// The forger also claims the real key identifier: the signature decides.
#[test]
fn same_named_ca_that_claims_the_key_identifier() {
    let forger = Ca::self_signed_like(ca(3), shared_key("forger").unwrap()).unwrap();
    let template = LeafTemplate {
        authority_key_identifier: Some(Marked::plain(AuthorityKey::Given {
            key_identifier: ca(3).key_identifier().to_vec(),
            certificate: None,
        })),
        ..template()
    };
    let key = &person("p01").key;
    let certificate = forger.issue(&template, key).unwrap();
    assert_eq!(
        Registration::signed(&certificate, key).verify(),
        Err(Refused::IssuerSignature)
    );
}

/// All generations have one name. The certificate says which of them signed; claiming another one does not help.
#[test]
fn another_generation_than_the_one_that_signed() {
    let claim_2 = Some(Marked::plain(AuthorityKey::Given {
        key_identifier: ca(2).key_identifier().to_vec(),
        certificate: None,
    }));
    assert_eq!(
        refused(|it| it.authority_key_identifier = claim_2),
        Refused::IssuerSignature
    );
}

#[test]
fn no_authority_key_identifier() {
    assert_eq!(
        refused(|it| it.authority_key_identifier = None),
        Refused::AuthorityKeyIdentifierMissing
    );
    // Issuer and serial number only.
    let without_key = Extension {
        oid: oid("2.5.29.35"),
        critical: false,
        value: der(0x30, &[&[0x82, 0x01, 0x01]]),
    };
    let refused = refused(|it| {
        it.authority_key_identifier = None;
        it.extra.push(without_key);
    });
    assert_eq!(refused, Refused::AuthorityKeyIdentifierMissing);
}

#[test]
fn key_identifier_alone_names_the_anchor() {
    let template = LeafTemplate {
        authority_key_identifier: Some(Marked::plain(AuthorityKey::IssuerKeyOnly)),
        ..template()
    };
    assert!(Registration::with(&template).verify().is_ok());
}

/// A person who signs a certificate with the card's key is not a certification authority, whatever the certificate says.
#[test]
fn certificate_signed_by_another_persons_card() {
    let person_as_ca = |key_identifier| {
        let template = CaTemplate {
            subject_key_identifier: Some(Marked::plain(key_identifier)),
            ..ca(3).template().clone()
        };
        Ca::self_signed(template, person("p05").key.clone()).unwrap()
    };
    let key = &person("p01").key;
    let verify = |ca: &Ca| {
        let certificate = ca.issue(&template(), key).unwrap();
        Registration::signed(&certificate, key).verify()
    };
    let unknown_key = Refused::UnknownIssuerKey {
        profile: lab_name(),
    };
    assert_eq!(verify(&person_as_ca(KeyIdentifier::Hash)), Err(unknown_key));
    let claimed = KeyIdentifier::Given(ca(3).key_identifier().to_vec());
    assert_eq!(
        verify(&person_as_ca(claimed)),
        Err(Refused::IssuerSignature)
    );
}

/// The CA's own certificate is not a person's.
#[test]
fn the_anchor_itself_as_leaf() {
    let anchor = ca(3);
    let refused = Registration::signed(anchor.certificate(), anchor.key()).verify();
    assert_eq!(refused, Err(Refused::AuthorityKeyIdentifierMissing));
}

// anchor-validity, certificate-validity

#[test]
fn expired_anchor() {
    let key = &person("p01").key;
    let certificate = ca(1).issue(&template(), key).unwrap();
    let registration = Registration::signed(&certificate, key);
    let not_after = time(ca(1).template().not_after);
    assert!(registration.verify_at(not_after).is_ok());
    assert_eq!(
        registration.verify(),
        Err(Refused::AnchorExpired {
            not_after,
            at: now()
        })
    );
}

#[test]
fn anchor_not_yet_valid() {
    let registration = Registration::with(&LeafTemplate {
        not_before: 0,
        ..template()
    });
    let not_before = ca(3).template().not_before;
    let at = time(not_before - 1);
    assert_eq!(
        registration.verify_at(at),
        Err(Refused::AnchorNotYetValid {
            not_before: time(not_before),
            at
        })
    );
    assert!(registration.verify_at(time(not_before)).is_ok());
}

#[test]
fn expired_leaf() {
    let registration = Registration::by(person("p04"));
    let not_after = time(person("p04").not_after);
    assert_eq!(
        registration.verify(),
        Err(Refused::Expired {
            not_after,
            at: now()
        })
    );
    assert!(registration.verify_at(not_after).is_ok());
}

#[test]
fn not_yet_valid_leaf() {
    let template = template();
    let (first, before) = (time(template.not_before), time(template.not_before - 1));
    let registration = Registration::with(&template);
    assert_eq!(
        registration.verify_at(before),
        Err(Refused::NotYetValid {
            not_before: first,
            at: before
        })
    );
    assert!(registration.verify_at(first).is_ok());
}

// issuer-signature

#[test]
fn issuer_algorithm_that_is_not_admitted() {
    for (algorithm, dotted) in [
        (SignatureAlgorithm::Sha1Rsa, "1.2.840.113549.1.1.5"),
        (SignatureAlgorithm::Sha512Rsa, "1.2.840.113549.1.1.13"),
    ] {
        assert_eq!(
            refused(|it| it.signature = algorithm),
            Refused::SignatureAlgorithmNotAdmitted {
                algorithm: oid(dotted),
                profile: lab_name()
            }
        );
    }
}

/// Every field is under the signature; the rules before it may notice first.
#[test]
fn no_byte_of_the_certificate_can_be_changed() {
    let registration = Registration::with(&template());
    let length = registration.x5c[0].len();
    for place in (0..length).step_by(7) {
        let mut altered = registration.clone();
        altered.x5c[0][place] ^= 0x20;
        assert!(altered.verify().is_err(), "byte {place}");
    }
}
