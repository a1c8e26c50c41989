//! The attestation object is canonical CBOR with exactly its three members, and not too large.

use super::{Case, Stop};
use crate::attestation_object::AttestationObject;
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let object =
        AttestationObject::parse(case.attestation_object).map_err(Refused::AttestationObject)?;
    case.object = Some(object);
    Ok(())
}
