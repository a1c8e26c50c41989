//! `alg` is an algorithm that the profile admits and that the certificate's key can make.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let alg = case.need_statement()?.alg;
    let profile = case.need_profile()?;
    let key = case.need_certificate()?.public_key.kind();
    let algorithm = profile
        .requirements()
        .statement_algorithms
        .iter()
        .find(|algorithm| algorithm.cose() == alg)
        .ok_or_else(|| Refused::StatementAlgorithmNotAdmitted {
            alg,
            profile: profile.name().to_owned(),
        })?;
    if !algorithm.fits(key) {
        return Err(Refused::StatementAlgorithmMismatch { alg, key }.into());
    }
    case.statement_algorithm = Some(*algorithm);
    Ok(())
}
