//! The authenticator data is complete, has UP, UV and a credential, and nothing is left over.

use super::{Case, Stop};
use crate::authenticator_data;
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let object = case.need_object()?;
    let key = authenticator_data::check(object.auth_data).map_err(Refused::AuthenticatorData)?;
    case.cose_key = Some(key);
    Ok(())
}
