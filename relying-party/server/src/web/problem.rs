//! What can go wrong, as clients and people are told: a stable code, a status, and the catalogue's words.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use eid_attestation::{Refused, Rule};
use serde_json::json;

use super::{
    language::Language,
    texts::{Entry, problems},
};
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

impl Problem {
    /// The stable code for clients: the catalogue's, or a finer or older word.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Attestation { code, .. } => code,
            Self::Internal => "internal",
            other => other.entry().code,
        }
    }

    /// What the catalogue has for people.
    pub(super) const fn entry(self) -> &'static Entry {
        match self {
            Self::NameEmpty => &problems::ACCOUNT_NAME_EMPTY,
            Self::NameTooLong => &problems::ACCOUNT_NAME_TOO_LONG,
            Self::NameInvisible => &problems::ACCOUNT_NAME_CHARACTERS,
            Self::NameTaken => &problems::ACCOUNT_NAME_TAKEN,
            Self::SignedInAsOther => &problems::SIGNED_IN_AS_OTHER,
            Self::LinkCode => &problems::LINK_CODE,
            Self::ChallengeUnknown => &problems::CHALLENGE_UNKNOWN,
            Self::Malformed => &problems::MALFORMED,
            Self::AttestationRequired => &problems::ATTESTATION_REQUIRED,
            Self::Attestation { kind, .. } => kind.entry(),
            Self::NoCurrentIssuer => &problems::NO_CURRENT_ISSUER,
            Self::RevocationNotChecked => &problems::REVOCATION_NOT_CHECKED,
            Self::OtherOrigin => &problems::OTHER_ORIGIN,
            Self::OtherRpId => &problems::OTHER_RP_ID,
            Self::NotVerified => &problems::USER_NOT_VERIFIED,
            Self::RegistrationRefused => &problems::REGISTRATION_REFUSED,
            Self::CertificateTaken => &problems::CERTIFICATE_ALREADY_REGISTERED,
            Self::CredentialTaken => &problems::CREDENTIAL_ALREADY_REGISTERED,
            Self::CardKeyRequired => &problems::CARD_KEY_REQUIRED,
            Self::CardExpired => &problems::CARD_EXPIRED,
            Self::TooMany => &problems::TOO_MANY,
            Self::SignInFailed => &problems::SIGN_IN_FAILED,
            Self::NotSignedIn => &problems::NOT_SIGNED_IN,
            Self::CrossSite => &problems::CROSS_SITE,
            Self::NotJson => &problems::NOT_JSON,
            Self::TooLarge => &problems::TOO_LARGE,
            Self::NotFound => &problems::NOT_FOUND,
            Self::MethodNotAllowed => &problems::METHOD_NOT_ALLOWED,
            Self::Internal => &problems::SERVICE_INTERNAL,
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

impl AttestationProblem {
    const fn entry(self) -> &'static Entry {
        match self {
            Self::Expired => &problems::CERTIFICATE_OUT_OF_DATES,
            Self::IssuerExpired => &problems::ISSUER_OUT_OF_DATES,
            Self::UnknownIssuer => &problems::UNKNOWN_ISSUER,
            Self::WrongCertificate => &problems::WRONG_CERTIFICATE,
            Self::Altered => &problems::ATTESTATION_ALTERED,
            Self::Malformed => &problems::ATTESTATION_MALFORMED,
            Self::Revoked => &problems::CERTIFICATE_REVOKED,
            Self::RevocationUnknown => &problems::REVOCATION_UNKNOWN,
        }
    }
}

/// A problem in a language: the JSON answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) problem: Problem,
    pub(super) language: Language,
}

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        let pair = self.problem.entry().in_language(self.language);
        let body = Json(json!({
            "error": {
                "code": self.problem.code(),
                "message": pair.what,
                "action": pair.action,
                "shown_code": pair.entry.shown_code(),
            }
        }));
        let mut response = (self.problem.status(), body).into_response();
        if self.problem == Problem::TooMany {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response.extensions_mut().insert(self.problem);
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
        let shown_code = problem.entry().shown_code();
        tracing::info!(ceremony, problem = problem.code(), shown_code, "refused");
        tracing::debug!(ceremony, reason = %refusal, "refused because");
    }
    problem.in_language(language).into_response()
}

/// Tells that our side failed, and logs why.
pub(super) fn failed(error: &dyn std::error::Error, language: Language) -> Response {
    tracing::error!(%error, "failed");
    Problem::Internal.in_language(language).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use eid_attestation::{RevocationReason, UnixTime};
    use serde_json::Value;

    use super::*;

    fn told(refused: &Refused) -> Value {
        let answer = Problem::from(refused)
            .in_language(Language::English)
            .into_response();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let body = runtime.block_on(to_bytes(answer.into_body(), 4096));
        let mut answer: Value = serde_json::from_slice(&body.unwrap()).unwrap();
        answer["error"].take()
    }

    /// This version has no source that could say so.
    #[test]
    fn revocation_is_told_as_what_the_source_says() {
        let revoked = told(&Refused::Revoked {
            reason: RevocationReason::KeyCompromise,
            since: UnixTime::from_secs(0),
        });
        assert_eq!(revoked["code"], "revoked");
        assert_eq!(revoked["shown_code"], "JPKI-certificate-revoked");
        for (refused, code) in [
            (Refused::RevocationUnknown, "revocation-unknown"),
            (
                Refused::RevocationStale {
                    until: UnixTime::from_secs(0),
                    at: UnixTime::from_secs(1),
                },
                "revocation-stale",
            ),
        ] {
            let unknown = told(&refused);
            assert_eq!(unknown["code"], code);
            assert_eq!(unknown["shown_code"], "JPKI-revocation-unknown");
            assert!(unknown["action"].as_str().unwrap().contains("later"));
        }
    }
}
