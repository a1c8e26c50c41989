//! What a revocation source's answer does to a verdict.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::sync::Mutex;

use eid_attestation::{
    DistributionPoints, KeyHash, Outcome, Refused, Revocation, RevocationOutcome, RevocationQuery,
    RevocationReason, RevocationStatus, Rule, SerialNumber, UnixTime, Verdict,
    explain_registration, verify,
};
use support::*;

/// Answers the same to every question, and remembers the questions.
struct Source {
    answer: RevocationStatus,
    asked: Mutex<Vec<Question>>,
}

#[derive(Debug, PartialEq)]
struct Question {
    serial: SerialNumber,
    issuer_key_hash: KeyHash,
    distribution_points: Option<DistributionPoints>,
    at: UnixTime,
}

impl Source {
    fn answering(answer: RevocationStatus) -> Self {
        Source {
            answer,
            asked: Mutex::new(Vec::new()),
        }
    }
}

impl Revocation for Source {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        self.asked.lock().unwrap().push(Question {
            serial: query.serial.clone(),
            issuer_key_hash: query.issuer_key_hash,
            distribution_points: query.distribution_points.cloned(),
            at: query.at,
        });
        self.answer
    }
}

fn after(seconds: u64) -> UnixTime {
    UnixTime::from_secs(now().as_secs() + seconds)
}

fn verify_with(registration: &Registration, source: &Source) -> Result<Verdict, Refused> {
    let object = registration.object();
    verify(
        &object,
        &hash(CLIENT_DATA),
        &only(lab()),
        Some(source),
        now(),
    )
}

fn good() -> RevocationStatus {
    RevocationStatus::Good {
        as_of: UnixTime::from_secs(now().as_secs() - 3600),
        until: after(3600),
    }
}

#[test]
fn good_is_said_with_its_times() {
    let source = Source::answering(good());
    let verdict = verify_with(&Registration::by(person("p01")), &source).unwrap();
    let RevocationStatus::Good { as_of, until } = good() else {
        unreachable!()
    };
    assert_eq!(verdict.revocation, RevocationOutcome::Good { as_of, until });
    let last = verdict.outcomes.last().unwrap();
    assert_eq!(
        (last.rule, &last.outcome),
        (Rule::Revocation, &Outcome::Passed)
    );
}

#[test]
fn an_answer_holds_through_its_last_second() {
    let (as_of, until) = (now(), now());
    let source = Source::answering(RevocationStatus::Good { as_of, until });
    assert!(verify_with(&Registration::by(person("p01")), &source).is_ok());
}

#[test]
fn the_source_is_asked_about_this_certificate() {
    let source = Source::answering(good());
    let holder = verify_with(&Registration::by(person("p01")), &source)
        .unwrap()
        .holder;
    let asked = source.asked.into_inner().unwrap();
    assert!(holder.distribution_points.is_some());
    let expected = Question {
        serial: holder.serial,
        issuer_key_hash: holder.issuer_key_hash,
        distribution_points: holder.distribution_points,
        at: now(),
    };
    assert_eq!(asked, [expected]);
}

#[test]
fn revoked_unknown_and_stale_are_refused() {
    let when = UnixTime::from_secs(now().as_secs() - 86_400);
    let reason = RevocationReason::CertificateHold;
    let until = UnixTime::from_secs(now().as_secs() - 1);
    for (answer, refused) in [
        (
            RevocationStatus::Revoked { reason, when },
            Refused::Revoked {
                reason,
                since: when,
            },
        ),
        (RevocationStatus::Unknown, Refused::RevocationUnknown),
        (
            RevocationStatus::Good { as_of: when, until },
            Refused::RevocationStale { until, at: now() },
        ),
    ] {
        let source = Source::answering(answer);
        let registration = Registration::by(person("p01"));
        assert_eq!(verify_with(&registration, &source), Err(refused));
    }
    let text = Refused::Revoked {
        reason,
        since: when,
    }
    .to_string();
    assert!(text.contains("certificateHold"), "{text}");
}

/// Nobody learns from us which serial numbers somebody else made up.
#[test]
fn the_source_is_not_asked_about_certificates_of_others() {
    let source = Source::answering(good());
    let forger = jpki_lab::pki::shared_key("forger").unwrap();
    let forger = jpki_lab::pki::Ca::self_signed_like(ca(3), forger).unwrap();
    let key = &person("p01").key;
    let certificate = forger.issue(&template(), key).unwrap();
    let object = Registration::signed(&certificate, key).object();

    let report = explain_registration(
        &object,
        &hash(CLIENT_DATA),
        &only(lab()),
        Some(&source),
        now(),
    );
    let last = report.outcomes.last().unwrap();
    let needs = Rule::IssuerSignature;
    assert_eq!(last.outcome, Outcome::NotReached { needs });
    assert!(source.asked.into_inner().unwrap().is_empty());
}
