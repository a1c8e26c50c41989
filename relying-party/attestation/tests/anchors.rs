//! Anchors: what can be pinned under a profile, and what cannot.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use eid_attestation::{AnchorError, Profile, Refused};
use jpki_lab::pki::{
    BasicConstraints, Ca, CaTemplate, Extension, KeyIdentifier, LeafTemplate, Marked, Name,
    SignatureAlgorithm, key_usage, shared_key,
};
use support::*;

fn builtin(name: &str) -> Profile {
    Profile::builtin(name).unwrap()
}

/// A certification authority of the practice hierarchy, not made like its others.
fn odd_ca(change: impl FnOnce(&mut CaTemplate)) -> Vec<u8> {
    let mut template = ca(3).template().clone();
    change(&mut template);
    let key = shared_key("odd ca").unwrap();
    Ca::self_signed(template, key)
        .unwrap()
        .certificate()
        .to_vec()
}

#[test]
fn a_new_generation_vouches_once_it_is_pinned() {
    let next = Ca::self_signed_like(ca(3), shared_key("generation 4").unwrap()).unwrap();
    let key = &person("p01").key;
    let certificate = next.issue(&template(), key).unwrap();
    let registration = Registration::signed(&certificate, key);

    let mut profiles = only(lab());
    let unknown = Refused::UnknownIssuerKey {
        profile: "lab".to_owned(),
    };
    assert_eq!(registration.verify_under(&profiles, now()), Err(unknown));
    profiles
        .add_anchor("lab", "generation 4", next.certificate())
        .unwrap();
    let verdict = registration.verify_under(&profiles, now()).unwrap();
    assert_eq!(verdict.anchor.label, "generation 4");
    // The others are still there, and in order.
    assert!(
        Registration::by(person("p02"))
            .verify_under(&profiles, now())
            .is_ok()
    );
    let labels: Vec<_> = profiles
        .get("lab")
        .unwrap()
        .anchors()
        .iter()
        .map(|it| it.label())
        .collect();
    assert_eq!(
        labels,
        [
            "generation 1",
            "generation 2",
            "generation 3",
            "generation 4"
        ]
    );
}

#[test]
fn pinning_the_same_certificate_again_changes_nothing() {
    let mut profile = lab();
    profile.add_anchor("again", ca(3).certificate()).unwrap();
    assert_eq!(profile.anchors().len(), 3);
}

#[test]
fn only_a_self_signed_authority_with_a_key_identifier_is_pinned() {
    let refused = |der: &[u8]| builtin("lab").add_anchor("x", der).unwrap_err();

    assert_eq!(
        refused(&odd_ca(
            |it| it.name = Name::japan().organization("JPKI-LAB")
        )),
        AnchorError::NotThisIssuer
    );
    let no_authority = BasicConstraints {
        ca: false,
        path_len: None,
    };
    assert_eq!(
        refused(&odd_ca(
            |it| it.basic_constraints = Some(Marked::critical(no_authority))
        )),
        AnchorError::NotAnAuthority
    );
    assert_eq!(
        refused(&odd_ca(|it| it.basic_constraints = None)),
        AnchorError::NotAnAuthority
    );
    let signs_documents = Marked::critical(vec![key_usage::DIGITAL_SIGNATURE]);
    assert_eq!(
        refused(&odd_ca(|it| it.key_usage = Some(signs_documents))),
        AnchorError::NotAnAuthority
    );
    assert_eq!(
        refused(&odd_ca(|it| it.subject_key_identifier = None)),
        AnchorError::NoSubjectKeyIdentifier
    );
    // A person's certificate, and one that the real CA's key did not sign.
    assert_eq!(
        refused(&person("p01").certificate),
        AnchorError::NotThisIssuer
    );
    let mut altered = ca(3).certificate().to_vec();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&altered), AnchorError::NotSelfSigned);
    assert!(matches!(refused(b"not DER"), AnchorError::Encoding(_)));
    let trailing = [ca(3).certificate(), &[0]].concat();
    assert!(matches!(refused(&trailing), AnchorError::Encoding(_)));
}

#[test]
fn an_authority_that_these_rules_do_not_understand_is_not_pinned() {
    let extra = |dotted: &str, critical| {
        odd_ca(|it| {
            it.extra.push(Extension {
                oid: oid(dotted),
                critical,
                value: der(0x04, &[&[7; 20]]),
            });
        })
    };
    assert!(
        builtin("lab")
            .add_anchor("x", &extra("1.3.6.1.4.1.32473.1", false))
            .is_ok()
    );
    let sha512 = ca(3)
        .issue(
            &LeafTemplate {
                signature: SignatureAlgorithm::Sha512Rsa,
                ..template()
            },
            &person("p01").key,
        )
        .unwrap();
    let sha512 = &members(&sha512)[1];
    for (what, der) in [
        ("critical", extra("1.3.6.1.4.1.32473.1", true)),
        ("an extension twice", extra("2.5.29.14", false)),
        (
            "two algorithms",
            resigned(ca(3), ca(3).certificate(), |fields| {
                fields[2].clone_from(sha512);
            }),
        ),
        (
            "version 1",
            resigned(ca(3), ca(3).certificate(), |fields| drop(fields.remove(0))),
        ),
    ] {
        let refused = builtin("lab").add_anchor("x", &der);
        assert_eq!(refused, Err(AnchorError::NotUnderstood), "{what}");
    }
}

/// A certificate with the CA's name that the CA issued to somebody, such as a bridge to another hierarchy.
#[test]
fn a_certificate_of_the_same_name_issued_by_another_key_is_not_pinned() {
    let bridged = resigned(ca(3), &odd_ca(|_| {}), |_| {});
    let refused = builtin("lab").add_anchor("x", &bridged);
    assert_eq!(refused, Err(AnchorError::NotSelfSigned));
}

#[test]
fn two_anchors_do_not_share_a_key_identifier() {
    let identifier = KeyIdentifier::Given(ca(3).key_identifier().to_vec());
    let same_identifier = odd_ca(|it| it.subject_key_identifier = Some(Marked::plain(identifier)));
    let refused = lab().add_anchor("x", &same_identifier);
    assert_eq!(refused, Err(AnchorError::KeyIdentifierTaken));
}
