//! The certificate is at most 4096 bytes of strict DER, and so are the extensions that other rules read.

use super::{Case, Rule, Stop};
use crate::certificate::Certificate;
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let der = case.certificate_der.ok_or(Stop::Needs(Rule::Statement))?;
    case.certificate = Some(Certificate::parse(der).map_err(Refused::Encoding)?);
    Ok(())
}
