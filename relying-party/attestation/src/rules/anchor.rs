//! A pinned anchor has the certificate's issuer name, byte for byte, and its authority key identifier.
//!
//! The name chooses the profile and the key identifier the anchor in it: JPKI's generations share one name, so a
//! choice by name alone picks the wrong key. Whether the anchor's key really signed is for the rule `issuer-signature`.
//! The authority's issuer and serial number, which JPKI writes beside the key identifier, are not compared: they name
//! the anchor's certificate rather than its key, and a certificate renewed over the same key would have others.

use super::{Case, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let certificate = case.need_certificate()?;
    let profile = case
        .profiles
        .iter()
        .find(|profile| profile.issuer() == certificate.issuer)
        .ok_or(Refused::UnknownIssuer)?;
    let anchor = match &certificate.extensions.authority_key_identifier {
        Some(identifier) => profile
            .anchor(identifier)
            .ok_or_else(|| Refused::UnknownIssuerKey {
                profile: profile.name().to_owned(),
            }),
        None => Err(Refused::AuthorityKeyIdentifierMissing),
    };
    case.profile = Some(profile);
    case.anchor = Some(anchor?);
    Ok(())
}
