//! The certificate is version 3: earlier ones have no extensions, and so say nothing of their purpose.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    match case.need_certificate()?.version {
        3 => Ok(()),
        found => Err(Refused::Version { found }.into()),
    }
}
