//! The holder's key is of a kind that the profile admits; JPKI: RSA with 2048 bits and e = 65537.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let profile = case.need_profile()?;
    let found = case.need_certificate()?.public_key.kind();
    if !profile.requirements().public_keys.contains(&found) {
        return Err(Refused::PublicKeyNotAdmitted {
            found,
            profile: profile.name().to_owned(),
        }
        .into());
    }
    case.key_admitted = true;
    Ok(())
}
