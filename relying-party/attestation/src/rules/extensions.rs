//! No extension occurs twice (RFC 5280 §4.2), and none that is critical is unknown to these rules.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let extensions = &case.need_certificate()?.extensions;
    if let Some(extension) = extensions.twice {
        return Err(Refused::ExtensionTwice { extension }.into());
    }
    if let Some(extension) = extensions.unknown_critical {
        return Err(Refused::UnknownCriticalExtension { extension }.into());
    }
    Ok(())
}
