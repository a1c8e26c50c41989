//! What can go wrong, as clients and people are told: a stable code, a status, what happened, what to do.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use eid_attestation::{Refused, Rule};
use serde_json::json;

use super::{language::Language, observe::ProblemCode};
use crate::{ceremony::Refusal, people::NameProblem, service::Closed};

/// A problem, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    NameEmpty,
    NameTooLong,
    NameInvisible,
    NameTaken,
    SignedInAsOther,
    LinkCode,
    ChallengeUnknown,
    Malformed,
    AttestationRequired,
    Attestation {
        code: &'static str,
        kind: AttestationProblem,
    },
    NoCurrentIssuer,
    RevocationNotChecked,
    OtherOrigin,
    OtherRpId,
    NotVerified,
    RegistrationRefused,
    CertificateTaken,
    CredentialTaken,
    CardKeyRequired,
    CardExpired,
    TooMany,
    SignInFailed,
    NotSignedIn,
    CrossSite,
    NotJson,
    TooLarge,
    NotFound,
    MethodNotAllowed,
    Internal,
}

/// The conditions of an eID attestation, as far as they differ for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttestationProblem {
    /// The certificate is out of its dates.
    Expired,
    /// The issuer's certificate is out of its dates.
    IssuerExpired,
    /// The issuer is not trusted here, or did not sign.
    UnknownIssuer,
    /// It is another kind of certificate, such as the signing certificate.
    WrongCertificate,
    /// What the card signed is not what arrived.
    Altered,
    /// Something is not encoded as it should be.
    Malformed,
    /// The certificate is revoked.
    Revoked,
    /// The revocation source cannot tell at present.
    RevocationUnknown,
}

/// What happened, and what to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) what: &'static str,
    pub(super) action: &'static str,
}

impl Problem {
    /// The stable code.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::NameEmpty => "account-name-empty",
            Self::NameTooLong => "account-name-too-long",
            Self::NameInvisible => "account-name-characters",
            Self::NameTaken => "account-name-taken",
            Self::SignedInAsOther => "signed-in-as-other",
            Self::LinkCode => "link-code",
            Self::ChallengeUnknown => "challenge-unknown",
            Self::Malformed => "malformed",
            Self::AttestationRequired => "attestation-required",
            Self::Attestation { code, .. } => code,
            Self::NoCurrentIssuer => "no-current-issuer",
            Self::RevocationNotChecked => "revocation-not-checked",
            Self::OtherOrigin => "other-origin",
            Self::OtherRpId => "other-rp-id",
            Self::NotVerified => "user-not-verified",
            Self::RegistrationRefused => "registration-refused",
            Self::CertificateTaken => "certificate-already-registered",
            Self::CredentialTaken => "credential-already-registered",
            Self::CardKeyRequired => "card-key-required",
            Self::CardExpired => "card-expired",
            Self::TooMany => "too-many",
            Self::SignInFailed => "sign-in-failed",
            Self::NotSignedIn => "not-signed-in",
            Self::CrossSite => "cross-site",
            Self::NotJson => "not-json",
            Self::TooLarge => "too-large",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status.
    pub(super) const fn status(self) -> StatusCode {
        match self {
            Self::NameEmpty
            | Self::NameTooLong
            | Self::NameInvisible
            | Self::Malformed
            | Self::LinkCode
            | Self::ChallengeUnknown
            | Self::NotVerified
            | Self::RegistrationRefused
            | Self::OtherRpId => StatusCode::BAD_REQUEST,
            Self::NameTaken
            | Self::SignedInAsOther
            | Self::CertificateTaken
            | Self::CredentialTaken => StatusCode::CONFLICT,
            Self::AttestationRequired
            | Self::Attestation { .. }
            | Self::NoCurrentIssuer
            | Self::CardKeyRequired
            | Self::CardExpired
            | Self::RevocationNotChecked
            | Self::OtherOrigin
            | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::SignInFailed | Self::NotSignedIn => StatusCode::UNAUTHORIZED,
            Self::NotJson => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) const fn in_language(self, language: Language) -> Told {
        Told {
            problem: self,
            language,
        }
    }
}

/// A problem in a language: the JSON answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) problem: Problem,
    pub(super) language: Language,
}

impl Told {
    pub(super) fn words(self) -> Words {
        self.language.texts().problem(self.problem)
    }
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let words = self.words();
        let body = Json(json!({
            "error": {
                "code": self.problem.code(),
                "message": words.what,
                "action": words.action,
            }
        }));
        let mut response = (self.problem.status(), body).into_response();
        if self.problem == Problem::TooMany {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
            .extensions_mut()
            .insert(ProblemCode(self.problem.code()));
        response
    }
}

impl From<Closed> for Problem {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::NoCurrentIssuer => Self::NoCurrentIssuer,
            Closed::RevocationNotChecked => Self::RevocationNotChecked,
        }
    }
}

impl From<&Refused> for Problem {
    fn from(refused: &Refused) -> Self {
        let kind = match refused.rule() {
            Rule::AttestationObject
            | Rule::Statement
            | Rule::AuthenticatorData
            | Rule::Encoding
            | Rule::Version
            | Rule::SignatureAlgorithms
            | Rule::SerialNumber => AttestationProblem::Malformed,
            Rule::Anchor | Rule::IssuerSignature => AttestationProblem::UnknownIssuer,
            Rule::AnchorValidity => AttestationProblem::IssuerExpired,
            Rule::Validity => AttestationProblem::Expired,
            Rule::KeyUsage
            | Rule::BasicConstraints
            | Rule::ExtendedKeyUsage
            | Rule::CertificatePolicy
            | Rule::Extensions
            | Rule::PublicKey => AttestationProblem::WrongCertificate,
            Rule::StatementAlgorithm | Rule::StatementSignature => AttestationProblem::Altered,
            Rule::Revocation => match refused {
                Refused::Revoked { .. } => AttestationProblem::Revoked,
                _ => AttestationProblem::RevocationUnknown,
            },
        };
        Self::Attestation {
            code: refused.code(),
            kind,
        }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::AccountName(NameProblem::Empty) => Self::NameEmpty,
            Refusal::AccountName(NameProblem::TooLong) => Self::NameTooLong,
            Refusal::AccountName(NameProblem::Invisible) => Self::NameInvisible,
            Refusal::NameTaken => Self::NameTaken,
            Refusal::SignedInAsOther => Self::SignedInAsOther,
            Refusal::LinkCode => Self::LinkCode,
            Refusal::ChallengeUnknown => Self::ChallengeUnknown,
            Refusal::Malformed(_) => Self::Malformed,
            Refusal::AttestationRequired { .. } => Self::AttestationRequired,
            Refusal::Attestation(refused) => refused.into(),
            Refusal::NoCurrentIssuer => Self::NoCurrentIssuer,
            Refusal::RevocationNotChecked => Self::RevocationNotChecked,
            Refusal::OtherOrigin => Self::OtherOrigin,
            Refusal::OtherRpId => Self::OtherRpId,
            Refusal::NotVerified => Self::NotVerified,
            Refusal::Registration(_) => Self::RegistrationRefused,
            Refusal::CertificateTaken => Self::CertificateTaken,
            Refusal::CredentialTaken => Self::CredentialTaken,
            Refusal::CardKeyRequired => Self::CardKeyRequired,
            Refusal::CardExpired => Self::CardExpired,
            Refusal::TooMany => Self::TooMany,
            Refusal::SignIn(_) => Self::SignInFailed,
            Refusal::Sealed(_) | Refusal::Crypto(_) | Refusal::Store(_) | Refusal::Internal(_) => {
                Self::Internal
            }
        }
    }
}

/// Tells of a refused ceremony, and logs why.
pub(super) fn refused(refusal: &Refusal, ceremony: &'static str, language: Language) -> Response {
    let problem = Problem::from(refusal);
    if problem == Problem::Internal {
        tracing::error!(ceremony, error = %refusal, "failed");
    } else {
        tracing::info!(ceremony, problem = problem.code(), "refused");
        tracing::debug!(ceremony, reason = %refusal, "refused because");
    }
    problem.in_language(language).into_response()
}

/// Tells that our side failed, and logs why.
pub(super) fn failed(error: &dyn std::error::Error, language: Language) -> Response {
    tracing::error!(%error, "failed");
    Problem::Internal.in_language(language).into_response()
}
