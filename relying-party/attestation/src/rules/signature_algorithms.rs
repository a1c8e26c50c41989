//! The signature algorithm that is signed equals the one beside the signature (RFC 5280 §4.1.1.2), parameters included.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let certificate = case.need_certificate()?;
    if certificate.inner_algorithm == certificate.outer_algorithm {
        Ok(())
    } else {
        Err(Refused::SignatureAlgorithmsDiffer.into())
    }
}
