//! The time lies in the certificate's validity, first and last second included (RFC 5280 §4.1.2.5).

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let certificate = case.need_certificate()?;
    let (not_before, not_after, at) = (certificate.not_before, certificate.not_after, case.at);
    if at < not_before {
        Err(Refused::NotYetValid { not_before, at }.into())
    } else if at > not_after {
        Err(Refused::Expired { not_after, at }.into())
    } else {
        Ok(())
    }
}
