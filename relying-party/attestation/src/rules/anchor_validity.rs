//! The time lies in the anchor's own validity, first and last second included.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let anchor = case.need_anchor()?;
    let (not_before, not_after, at) = (anchor.not_before(), anchor.not_after(), case.at);
    if at < not_before {
        Err(Refused::AnchorNotYetValid { not_before, at }.into())
    } else if at > not_after {
        Err(Refused::AnchorExpired { not_after, at }.into())
    } else {
        Ok(())
    }
}
