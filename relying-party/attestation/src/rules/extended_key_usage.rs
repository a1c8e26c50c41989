//! extKeyUsage is absent or has id-kp-clientAuth. anyExtendedKeyUsage is not taken for it: no eID's authentication
//! certificate needs that.

use const_oid::db::rfc5280::ID_KP_CLIENT_AUTH;

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    match &case.need_certificate()?.extensions.extended_key_usage {
        Some(purposes) if !purposes.contains(&ID_KP_CLIENT_AUTH) => {
            Err(Refused::ExtendedKeyUsage.into())
        }
        _ => Ok(()),
    }
}
