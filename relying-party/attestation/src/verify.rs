//! The three entry points.

use crate::profile::{Profile, Profiles};
use crate::refused::{CborFault, Refused};
use crate::report::Report;
use crate::revocation::Revocation;
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
    let _ = (
        attestation_object,
        client_data_hash,
        profiles,
        revocation,
        at,
    );
    Err(Refused::AttestationObject(CborFault::EndsEarly))
}

/// The outcome of every rule for one registration; rules that can be judged although an earlier one failed are judged.
#[must_use]
pub fn explain_registration(
    attestation_object: &[u8],
    client_data_hash: &[u8; 32],
    profiles: &Profiles,
    revocation: Option<&dyn Revocation>,
    at: UnixTime,
) -> Report {
    let _ = (
        attestation_object,
        client_data_hash,
        profiles,
        revocation,
        at,
    );
    Report {
        profile: None,
        anchor: None,
        outcomes: Vec::new(),
    }
}

/// The outcome of every rule that is about the certificate alone, under one profile. Revocation is not checked.
#[must_use]
pub fn explain_certificate(der: &[u8], profile: &Profile, at: UnixTime) -> Report {
    let _ = (der, profile, at);
    Report {
        profile: None,
        anchor: None,
        outcomes: Vec::new(),
    }
}
