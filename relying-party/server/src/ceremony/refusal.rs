//! Why a ceremony was refused.

use eid_attestation::Refused;
use webauthn_rs::prelude::WebauthnError;

use crate::{
    keys::{CryptoFailure, DoesNotOpen},
    people::{NameProblem, NotALinkCode},
    store::{EnrolError, StoreError},
};

/// Why a ceremony was refused, in words for the log: none of them about a person.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The account name cannot be one.
    #[error(transparent)]
    AccountName(#[from] NameProblem),
    /// The account name belongs to somebody.
    #[error("the account name is taken")]
    NameTaken,
    /// Somebody is signed in under another account name.
    #[error("somebody is signed in under another account name")]
    SignedInAsOther,
    /// The link code is none, was used, or has expired.
    #[error("no such link code is good")]
    LinkCode,
    /// No challenge like this waits for this session: used, expired, or never made.
    #[error("no such challenge waits for this session")]
    ChallengeUnknown,
    /// The credential JSON is not one.
    #[error("the credential is malformed: {0}")]
    Malformed(&'static str),
    /// An eID attestation is required, and this is none.
    #[error("an eID attestation is required; the format was \"{format}\"")]
    AttestationRequired {
        /// The format that came.
        format: String,
    },
    /// The eID attestation was refused.
    #[error("the eID attestation: {0}")]
    Attestation(#[from] Refused),
    /// No trusted CA is in its dates.
    #[error("no CA of any trusted profile is in its dates")]
    NoCurrentIssuer,
    /// Nobody knows whether the certificate was revoked, and the operator does not accept that.
    #[error("no revocation source, and accept-unchecked is not set")]
    RevocationNotChecked,
    /// The client data is from another origin.
    #[error("the client data is from another origin")]
    OtherOrigin,
    /// The authenticator data is for another RP ID.
    #[error("the authenticator data is for another RP ID")]
    OtherRpId,
    /// The user was not verified.
    #[error("the user was not verified")]
    NotVerified,
    /// WebAuthn's own checks of a registration failed.
    #[error("WebAuthn refuses the registration: {0}")]
    Registration(WebauthnError),
    /// The certificate belongs to another account.
    #[error("the certificate belongs to another account")]
    CertificateTaken,
    /// The credential is registered already.
    #[error("the credential is registered already")]
    CredentialTaken,
    /// The key has to be the card's own, and is not.
    #[error("the credential's key is not the certificate's")]
    CardKeyRequired,
    /// The credential is the card's own key, and its certificate has expired.
    #[error("the certificate of this card credential has expired")]
    CardExpired,
    /// The client, or others under this account name, began too often.
    #[error("too many starts within a minute")]
    TooMany,
    /// The sign-in failed. Which part is for the log only: the answer is the same for all.
    #[error("sign-in: {0}")]
    SignIn(&'static str),
    /// A value in the database does not open.
    #[error(transparent)]
    Sealed(#[from] DoesNotOpen),
    /// The cryptographic library failed.
    #[error(transparent)]
    Crypto(#[from] CryptoFailure),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something that cannot happen did.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl From<NotALinkCode> for Refusal {
    fn from(_: NotALinkCode) -> Self {
        Self::LinkCode
    }
}

impl From<EnrolError> for Refusal {
    fn from(error: EnrolError) -> Self {
        match error {
            EnrolError::NameTaken => Self::NameTaken,
            EnrolError::CertificateTaken => Self::CertificateTaken,
            EnrolError::CredentialTaken => Self::CredentialTaken,
            EnrolError::PersonGone => Self::ChallengeUnknown,
            EnrolError::LinkCodeGone => Self::LinkCode,
            EnrolError::Store(error) => Self::Store(error),
        }
    }
}
