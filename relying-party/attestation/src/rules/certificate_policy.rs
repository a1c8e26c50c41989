//! certificatePolicies has one of the profile's policies, and is critical where the issuer always marks it so.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let profile = case.need_profile()?;
    let requirements = profile.requirements();
    let policies = case.need_certificate()?.extensions.policies.as_ref();
    let policies = policies.ok_or(Refused::PolicyMissing)?;
    let issued_under = requirements
        .policies
        .iter()
        .any(|policy| policies.value.contains(policy));
    let profile = || profile.name().to_owned();
    if !issued_under {
        Err(Refused::OtherPolicy { profile: profile() }.into())
    } else if requirements.policies_critical && !policies.critical {
        Err(Refused::PolicyNotCritical { profile: profile() }.into())
    } else {
        Ok(())
    }
}
