//! basicConstraints is absent or says that the holder is no certification authority.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    match &case.need_certificate()?.extensions.basic_constraints {
        Some(constraints) if constraints.value.ca => Err(Refused::CertificationAuthority.into()),
        _ => Ok(()),
    }
}
