//! Attestation: what the relying party asks, what the person is offered, what is released.
//!
//! The release table. *Remembered* means that the person put the RP ID on the list of sites.
//!
//! | the relying party asks | by CTAP's means | offer in the prompt | switch on | switch off |
//! |---|---|---|---|---|
//! | nothing it may know (`none`, `indirect`) | the first format we know in `attestationFormatsPreference` is `none` | – | – | `none` |
//! | nothing in particular | no `attestationFormatsPreference`, or none of its formats is ours | – | – | `packed` |
//! | the model (`packed`) | `packed` and not `eid-x509` | – | – | `packed` |
//! | would accept to know (`direct`) | `packed`, then `eid-x509` | on if remembered | `eid-x509` | `packed` |
//! | who it is (`direct` naming it, `enterprise`) | `eid-x509` first, or `enterpriseAttestation` | on if remembered, else offers to remember | `eid-x509` | `packed` |
//!
//! The certificate has expired: the fourth row is not offered, the fifth fails.
//!
//! The table holds for both kinds of credential. The card's own key has a switch of its own
//! (`credential/kind.rs`), which lets the key go, and not the certificate.

mod statement;

use eid_card::Certificate;

use crate::failure::Failure;
use crate::ports::CertificateOffer;

pub(crate) use statement::{EID_X509, PACKED, Statement};

/// What the relying party asks to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Nothing: not even a self attestation.
    Nothing,
    /// That whoever registers has the credential's key.
    SelfAttestation,
    /// It would accept to know who it is.
    AcceptsIdentity,
    /// It asks who it is.
    WantsIdentity,
}

impl Asked {
    /// Reads the wish from `attestationFormatsPreference` and `enterpriseAttestation`.
    ///
    /// `none` in the first place outranks `enterpriseAttestation`: of two contradicting wishes, the one that
    /// discloses less.
    pub(crate) fn from_request(formats: Option<&[&str]>, enterprise: bool) -> Asked {
        let known = |format: &&&str| [EID_X509, PACKED, "none"].contains(*format);
        let formats = formats.unwrap_or_default();
        match formats.iter().find(known) {
            Some(&"none") => Asked::Nothing,
            Some(&EID_X509) => Asked::WantsIdentity,
            _ if enterprise => Asked::WantsIdentity,
            Some(_) if formats.contains(&EID_X509) => Asked::AcceptsIdentity,
            _ => Asked::SelfAttestation,
        }
    }

    /// What the prompt offers.
    pub(crate) fn offer(
        self,
        remembered: bool,
        certificate: &Certificate,
        now: u64,
    ) -> Result<Option<CertificateOffer>, Failure> {
        let expired = certificate.expired_at(now);
        match self {
            Asked::Nothing | Asked::SelfAttestation => Ok(None),
            Asked::AcceptsIdentity if expired => Ok(None),
            Asked::WantsIdentity if expired => Err(Failure::CertificateExpired),
            Asked::AcceptsIdentity => Ok(Some(CertificateOffer {
                switch: remembered,
                asked: false,
                can_remember: false,
            })),
            Asked::WantsIdentity => Ok(Some(CertificateOffer {
                switch: remembered,
                asked: true,
                can_remember: !remembered,
            })),
        }
    }

    /// What is released, given what was offered and whether the switch was on.
    pub(crate) fn release(self, offer: Option<&CertificateOffer>, switched_on: bool) -> Release {
        match self {
            Asked::Nothing => Release::Nothing,
            _ if offer.is_some() && switched_on => Release::Identity,
            _ => Release::SelfAttestation,
        }
    }
}

/// What is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Release {
    /// `none`.
    Nothing,
    /// `packed`, self attestation.
    SelfAttestation,
    /// `eid-x509`.
    Identity,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_is_read_from_formats_and_enterprise() {
        use Asked::*;
        for (formats, enterprise, asked) in [
            (None, false, SelfAttestation),
            (None, true, WantsIdentity),
            (Some(&[][..]), false, SelfAttestation),
            (Some(&["none"][..]), false, Nothing),
            (Some(&["none"][..]), true, Nothing),
            (Some(&["none", "eid-x509"][..]), false, Nothing),
            (Some(&["packed"][..]), false, SelfAttestation),
            (Some(&["packed", "none"][..]), false, SelfAttestation),
            (Some(&["packed", "eid-x509"][..]), false, AcceptsIdentity),
            (Some(&["packed", "eid-x509"][..]), true, WantsIdentity),
            (Some(&["eid-x509", "packed"][..]), false, WantsIdentity),
            (Some(&["eid-x509"][..]), false, WantsIdentity),
            (Some(&["tpm", "eid-x509"][..]), false, WantsIdentity),
            (Some(&["tpm", "fido-u2f"][..]), false, SelfAttestation),
            (Some(&["tpm", "none"][..]), false, Nothing),
            (Some(&["EID-X509"][..]), false, SelfAttestation),
        ] {
            assert_eq!(
                Asked::from_request(formats, enterprise),
                asked,
                "{formats:?}, enterprise {enterprise}"
            );
        }
    }
}
