//! The three entry points. Each runs the one list of rules.

use crate::profile::{Profile, Profiles};
use crate::refused::Refused;
use crate::report::{AnchorSummary, Outcome, Report, RuleOutcome};
use crate::revocation::Revocation;
use crate::rules::{self, Case, Check, Rule, Stop};
use crate::time::UnixTime;
use crate::verdict::Verdict;

/// Verifies one registration.
///
/// `client_data_hash` is SHA-256 over the client data JSON *as received*. `profiles` are the issuers trusted here.
/// Without a revocation source the verdict says [`crate::RevocationOutcome::NotChecked`].
///
/// # Errors
/// The condition of the first rule that does not hold. Bytes from anywhere: never a panic.
pub fn verify(
    attestation_object: &[u8],
    client_data_hash: &[u8; 32],
    profiles: &Profiles,
    revocation: Option<&dyn Revocation>,
    at: UnixTime,
) -> Result<Verdict, Refused> {
    let mut case = Case::registration(
        attestation_object,
        client_data_hash,
        profiles.as_slice(),
        revocation,
        at,
    );
    let mut outcomes = Vec::new();
    for (rule, check) in rules::for_registration() {
        let outcome = match check(&mut case) {
            Ok(()) => Outcome::Passed,
            Err(Stop::NotChecked) if rule == Rule::Revocation => Outcome::NotChecked,
            Err(Stop::Refused(refused)) => return Err(refused),
            Err(Stop::NotChecked | Stop::Needs(_)) => return Err(Refused::NotJudged { rule }),
        };
        outcomes.push(RuleOutcome { rule, outcome });
    }
    conclude(&case, outcomes)
}

/// All rules passed; so everything is there.
fn conclude(case: &Case<'_>, outcomes: Vec<RuleOutcome>) -> Result<Verdict, Refused> {
    let not_judged = |rule| Refused::NotJudged { rule };
    let profile = case.found_profile().ok_or(not_judged(Rule::Anchor))?;
    Ok(Verdict {
        profile: profile.summary(),
        anchor: anchor_of(case).ok_or(not_judged(Rule::Anchor))?,
        outcomes,
        holder: case.holder().ok_or(not_judged(Rule::Encoding))?,
        credential_key: case
            .credential_key()
            .ok_or(not_judged(Rule::AuthenticatorData))?,
        revocation: case
            .revocation_outcome()
            .ok_or(not_judged(Rule::Revocation))?,
        auth_data: case
            .auth_data()
            .ok_or(not_judged(Rule::AttestationObject))?
            .to_vec(),
    })
}

/// The outcome of every rule for one registration. A rule is judged although an earlier one failed, as far as what it needs
/// is there.
#[must_use]
pub fn explain_registration(
    attestation_object: &[u8],
    client_data_hash: &[u8; 32],
    profiles: &Profiles,
    revocation: Option<&dyn Revocation>,
    at: UnixTime,
) -> Report {
    let case = Case::registration(
        attestation_object,
        client_data_hash,
        profiles.as_slice(),
        revocation,
        at,
    );
    explain(case, rules::for_registration())
}

/// The outcome of every rule that is about the certificate alone, under one profile. Revocation is not checked.
#[must_use]
pub fn explain_certificate(der: &[u8], profile: &Profile, at: UnixTime) -> Report {
    explain(
        Case::certificate_alone(der, profile, at),
        rules::for_certificate(),
    )
}

fn explain<'a>(mut case: Case<'a>, rules: impl Iterator<Item = (Rule, Check)>) -> Report {
    let outcomes = rules
        .map(|(rule, check)| {
            let outcome = match check(&mut case) {
                Ok(()) => Outcome::Passed,
                Err(Stop::NotChecked) => Outcome::NotChecked,
                Err(Stop::Needs(needs)) => Outcome::NotReached { needs },
                Err(Stop::Refused(refused)) => Outcome::Failed(refused),
            };
            RuleOutcome { rule, outcome }
        })
        .collect();
    Report {
        profile: case.found_profile().map(Profile::summary),
        anchor: anchor_of(&case),
        credential_key: case.credential_key(),
        outcomes,
    }
}

fn anchor_of(case: &Case<'_>) -> Option<AnchorSummary> {
    case.found_anchor().map(|anchor| AnchorSummary {
        label: anchor.label().to_owned(),
        not_before: anchor.not_before(),
        not_after: anchor.not_after(),
    })
}
