//! The certificate of a real J-LIS test card, under each built-in profile.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use eid_attestation::{Outcome, Profile, Refused, Report, Rule, UnixTime, explain_certificate};

const TEST_CARD: &[u8] = include_bytes!("fixtures/jpki-test-authentication.cer");

/// 2026-06-01, within the certificate's validity (2025-10-27 to 2030-02-17).
const WITHIN: UnixTime = UnixTime::from_secs(1_780_272_000);

fn explain(profile: &str, at: UnixTime) -> Report {
    explain_certificate(TEST_CARD, &Profile::builtin(profile).unwrap(), at)
}

fn outcome(report: &Report, rule: Rule) -> &Outcome {
    let found = report.outcomes.iter().find(|each| each.rule == rule);
    &found.unwrap().outcome
}

#[test]
fn passes_every_rule_under_the_test_profile() {
    let report = explain("jpki-test", WITHIN);
    for each in &report.outcomes {
        let expected = match each.rule {
            Rule::Revocation => Outcome::NotChecked,
            _ => Outcome::Passed,
        };
        assert_eq!(each.outcome, expected, "{}", each.rule);
    }
    assert_eq!(report.refused(), None);
    assert_eq!(report.anchor.unwrap().label, "2023");
}

#[test]
fn fails_under_production_as_of_an_unknown_issuer() {
    let report = explain("jpki", WITHIN);
    assert_eq!(report.refused(), Some(&Refused::UnknownIssuer));
    assert_eq!(
        outcome(&report, Rule::IssuerSignature),
        &Outcome::NotReached {
            needs: Rule::Anchor
        }
    );
    // What can be judged is judged: it was not issued under the production policy either.
    assert_eq!(
        outcome(&report, Rule::CertificatePolicy),
        &Outcome::Failed(Refused::OtherPolicy {
            profile: "jpki".to_owned()
        })
    );
    assert_eq!(outcome(&report, Rule::KeyUsage), &Outcome::Passed);
}

#[test]
fn fails_under_the_practice_profile() {
    assert_eq!(
        explain("lab", WITHIN).refused(),
        Some(&Refused::UnknownIssuer)
    );
}

#[test]
fn is_valid_from_its_first_to_its_last_second() {
    let first = 1_761_528_942; // 2025-10-27T01:35:42Z
    let last = 1_897_570_799; // 2030-02-17T14:59:59Z
    let refused = |seconds| {
        let report = explain("jpki-test", UnixTime::from_secs(seconds));
        report.refused().cloned()
    };
    assert_eq!(refused(first), None);
    assert_eq!(refused(last), None);
    assert_eq!(
        refused(first - 1).unwrap().to_string(),
        "the certificate is valid from 2025-10-27T01:35:42Z; the time is 2025-10-27T01:35:41Z"
    );
    assert_eq!(
        refused(last + 1).unwrap().to_string(),
        "the certificate expired at 2030-02-17T14:59:59Z; the time is 2030-02-17T15:00:00Z"
    );
}
