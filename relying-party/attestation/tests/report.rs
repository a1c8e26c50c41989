//! What explains a refusal.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use eid_attestation::{Outcome, Profile, Refused, Rule, explain_certificate, explain_registration};
use jpki_lab::pki::LeafTemplate;
use support::*;

#[test]
fn several_faults_are_all_explained_and_the_first_decides() {
    let profile = lab();
    let template = LeafTemplate {
        serial: vec![0],
        key_usage: None,
        certificate_policies: None,
        ..template()
    };
    let registration = Registration::with(&template);
    let report = explain_certificate(&registration.x5c[0], &profile, now());
    let failed: Vec<_> = report
        .outcomes
        .iter()
        .filter(|each| matches!(each.outcome, Outcome::Failed(_)))
        .map(|each| each.rule)
        .collect();
    assert_eq!(
        failed,
        [Rule::KeyUsage, Rule::CertificatePolicy, Rule::SerialNumber]
    );
    assert_eq!(report.refused(), Some(&Refused::KeyUsageMissing));
    assert_eq!(registration.verify().as_ref().err(), report.refused());
}

#[test]
fn messages_name_the_condition_and_nobody() {
    let profile = Profile::builtin("jpki").unwrap();
    for id in ["p01", "p02", "p03", "p04"] {
        let certificate = &person(id).certificate;
        for report in [
            explain_certificate(certificate, &profile, now()),
            explain_certificate(certificate, &lab(), now()),
        ] {
            let fields = members(&members(certificate)[0]);
            let serial = contents(&fields[1]);
            let serial: String = serial.iter().map(|byte| format!("{byte:02x}")).collect();
            let text = format!("{report:?}").to_lowercase();
            assert!(!text.contains(&serial));
            assert!(!text.contains("99201") && !text.contains("mihon"));
        }
    }
}

#[test]
fn a_registration_is_explained_beyond_its_first_fault() {
    let report = |registration: &Registration| {
        let object = registration.object();
        explain_registration(&object, &hash(CLIENT_DATA), &only(lab()), None, now())
    };
    let outcome = |report: &eid_attestation::Report, rule| {
        let found = report.outcomes.iter().find(|each| each.rule == rule);
        found.unwrap().outcome.clone()
    };

    let good = report(&Registration::by(person("p01")));
    assert_eq!(good.refused(), None);
    assert_eq!(good.anchor.unwrap().label, "generation 3");
    assert_eq!(good.profile.unwrap().name, "lab");

    // Expired, but the signatures are good.
    let expired = report(&Registration::by(person("p04")));
    assert!(matches!(expired.refused(), Some(Refused::Expired { .. })));
    assert_eq!(outcome(&expired, Rule::IssuerSignature), Outcome::Passed);
    assert_eq!(outcome(&expired, Rule::StatementSignature), Outcome::Passed);

    // Another format: nothing is known about a certificate.
    let other = report(&Registration {
        fmt: "packed".to_owned(),
        ..Registration::by(person("p01"))
    });
    assert_eq!(other.refused().unwrap().code(), "other-format");
    assert_eq!(outcome(&other, Rule::AuthenticatorData), Outcome::Passed);
    let needs = Rule::Statement;
    assert_eq!(
        outcome(&other, Rule::Encoding),
        Outcome::NotReached { needs }
    );

    // A signature with an algorithm of another key is not tried.
    let mismatch = report(&Registration {
        alg: -7,
        ..Registration::by(person("p01"))
    });
    let needs = Rule::StatementAlgorithm;
    assert_eq!(
        outcome(&mismatch, Rule::StatementSignature),
        Outcome::NotReached { needs }
    );
}

/// Whatever the input, the report's first failure is the answer of the verification.
#[test]
fn report_and_verification_agree() {
    let good = Registration::by(person("p01")).object();
    let profiles = only(lab());
    for place in (0..good.len()).step_by(3) {
        let mut altered = good.clone();
        altered[place] ^= 0x10;
        let hash = hash(CLIENT_DATA);
        let report = explain_registration(&altered, &hash, &profiles, None, now());
        let refused = eid_attestation::verify(&altered, &hash, &profiles, None, now()).unwrap_err();
        assert_eq!(report.refused(), Some(&refused), "byte {place}");
    }
}
