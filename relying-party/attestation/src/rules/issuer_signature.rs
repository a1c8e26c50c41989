//! The anchor's key signed the certificate, over its TBSCertificate as received, with an algorithm of the profile.

use super::{Case, Stop};
use crate::certificate::algorithm_oid;
use crate::faults::EncodingFault;
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let certificate = case.need_certificate()?;
    let anchor = case.need_anchor()?;
    let profile = case.need_profile()?;
    let admitted = &profile.requirements().signature_algorithms;
    let algorithm = certificate
        .signature_algorithm()
        .filter(|algorithm| admitted.contains(algorithm));
    let Some(algorithm) = algorithm else {
        let algorithm = algorithm_oid(certificate.outer_algorithm)
            .ok_or(Refused::Encoding(EncodingFault::Structure))?;
        return Err(Refused::SignatureAlgorithmNotAdmitted {
            algorithm,
            profile: profile.name().to_owned(),
        }
        .into());
    };
    let issued = anchor
        .public_key()
        .verifies(algorithm, certificate.tbs, certificate.signature);
    if !issued {
        return Err(Refused::IssuerSignature.into());
    }
    case.issued = true;
    Ok(())
}
