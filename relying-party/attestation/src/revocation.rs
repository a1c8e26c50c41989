//! Revocation: what a source answers, and what a verdict says about it.
//!
//! A source (CRLs, OCSP) verifies an answer once, when it arrives; asking it is a look-up. Without a source the
//! verdict says *not checked*, in its type, and nothing can mistake that for good.

use std::fmt;

use crate::holder::{DistributionPoints, KeyHash, SerialNumber};
use crate::time::UnixTime;

/// The certificate whose status is asked for.
#[derive(Clone, Copy, Debug)]
pub struct RevocationQuery<'a> {
    /// SHA-256 over the issuer's SubjectPublicKeyInfo.
    pub issuer_key_hash: KeyHash,
    /// The serial number under that issuer.
    pub serial: &'a SerialNumber,
    /// The certificate's own cRLDistributionPoints. A CRL for another distribution point says nothing about it.
    pub distribution_points: Option<&'a DistributionPoints>,
    /// The time for which the status is asked.
    pub at: UnixTime,
}

/// A source's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// Not revoked.
    Good {
        /// When the issuer said so (thisUpdate).
        as_of: UnixTime,
        /// Until when that may be relied upon (nextUpdate).
        until: UnixTime,
    },
    /// Revoked or on hold.
    Revoked {
        /// The issuer's reason.
        reason: RevocationReason,
        /// Since when.
        when: UnixTime,
    },
    /// The source cannot tell: nothing fresh enough, or nothing for this distribution point.
    Unknown,
}

/// Why a certificate was revoked (RFC 5280 §5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RevocationReason {
    /// No reason given.
    Unspecified,
    /// The holder's key is compromised.
    KeyCompromise,
    /// The issuer's key is compromised.
    CaCompromise,
    /// What the issuer had recorded about the holder changed. JPKI: death or moving abroad.
    AffiliationChanged,
    /// Replaced by another certificate. JPKI: renewed.
    Superseded,
    /// No longer needed. JPKI: revoked on request, for a lost card or moving abroad.
    CessationOfOperation,
    /// On hold. JPKI: loss reported; a hold is never released.
    CertificateHold,
    /// The holder's privilege was withdrawn.
    PrivilegeWithdrawn,
    /// The attribute authority is compromised.
    AaCompromise,
}

impl fmt::Display for RevocationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        })
    }
}

/// A source of revocation status.
pub trait Revocation: Send + Sync {
    /// The status of one certificate. Must not block on the network: answers are fetched and verified beforehand.
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus;
}

/// What a [`crate::Verdict`] says about revocation. Revoked and unknown are no verdicts but refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationOutcome {
    /// There was no source. This is not "good", and must not be shown as such.
    NotChecked,
    /// The source said good.
    Good {
        /// When the issuer said so (thisUpdate).
        as_of: UnixTime,
        /// Until when that may be relied upon (nextUpdate).
        until: UnixTime,
    },
}
