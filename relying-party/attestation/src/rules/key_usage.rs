//! keyUsage is present and has digitalSignature and no bit beyond those of the profile: none of a certification
//! authority, and in JPKI not nonRepudiation, which marks the signing certificate with the holder's name and address.

use super::{Case, Stop};
use crate::certificate::KeyUsageBit;
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let usage = case.need_certificate()?.extensions.key_usage.as_ref();
    let usage = usage.ok_or(Refused::KeyUsageMissing)?;
    if !KeyUsageBit::DigitalSignature.is_set(usage) {
        return Err(Refused::KeyUsageWithoutDigitalSignature.into());
    }
    let admitted = &case.need_profile()?.requirements().key_usage;
    let other = KeyUsageBit::ALL
        .into_iter()
        .find(|bit| bit.is_set(usage) && !admitted.contains(bit));
    match other {
        None => Ok(()),
        Some(bit) => Err(Refused::KeyUsageNotAdmitted { usage: bit.name() }.into()),
    }
}
