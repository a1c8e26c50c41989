//! The certificate is not revoked, as far as there is a source to ask.
//!
//! The source is asked only about certificates that the anchor signed: a serial number that anyone made up is
//! nobody's.

use super::{Case, Rule, Stop};
use crate::holder::SerialNumber;
use crate::refused::Refused;
use crate::revocation::{RevocationOutcome, RevocationQuery, RevocationStatus};

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let Some(source) = case.revocation else {
        case.revocation_outcome = Some(RevocationOutcome::NotChecked);
        return Err(Stop::NotChecked);
    };
    if !case.issued {
        return Err(Stop::Needs(Rule::IssuerSignature));
    }
    let certificate = case.need_certificate()?;
    let at = case.at;
    let status = source.status(&RevocationQuery {
        issuer_key_hash: case.need_anchor()?.key_hash(),
        serial: &SerialNumber::new(certificate.serial),
        distribution_points: certificate.extensions.distribution_points.as_ref(),
        at,
    });
    match status {
        RevocationStatus::Good { until, .. } if until < at => {
            Err(Refused::RevocationStale { until, at }.into())
        }
        RevocationStatus::Good { as_of, until } => {
            case.revocation_outcome = Some(RevocationOutcome::Good { as_of, until });
            Ok(())
        }
        RevocationStatus::Revoked { reason, when } => Err(Refused::Revoked {
            reason,
            since: when,
        }
        .into()),
        RevocationStatus::Unknown => Err(Refused::RevocationUnknown.into()),
    }
}
