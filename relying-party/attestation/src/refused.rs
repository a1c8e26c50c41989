//! Why an attestation was refused: one variant per condition, with its context.
//!
//! Messages may be logged and shown: they never contain a serial number, a subject or a key.

use der::asn1::ObjectIdentifier;

use crate::faults::{AuthenticatorDataFault, CborFault, EncodingFault, KeyKind, StatementFault};
use crate::revocation::RevocationReason;
use crate::rules::Rule;
use crate::time::UnixTime;

/// The condition that refused an attestation. [`Refused::rule`] tells which rule, [`Refused::code`] is a stable
/// identifier for programs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The bytes are not one canonical CBOR map of `fmt`, `attStmt` and `authData`.
    #[error("the attestation object is not as WebAuthn and CTAP2 canonical CBOR require: {0}")]
    AttestationObject(CborFault),
    /// Some other attestation statement format, `none` included.
    #[error("the attestation statement has format \"{format}\", not \"eid-x509\"")]
    OtherFormat {
        /// The format identifier (printable ASCII, at most 32 characters).
        format: String,
    },
    /// The members of `attStmt` are not those of `eid-x509`.
    #[error("the attestation statement is not as eid-x509 requires: {0}")]
    Statement(StatementFault),
    /// The authenticator data is incomplete or contradicts itself.
    #[error("the authenticator data is not that of a registration with user verification: {0}")]
    AuthenticatorData(AuthenticatorDataFault),
    /// The certificate is not strict DER.
    #[error("the certificate is not strictly encoded: {0}")]
    Encoding(EncodingFault),
    /// The certificate is not version 3.
    #[error("the certificate is version {found}; version 3 is required")]
    Version {
        /// 1 or 2.
        found: u8,
    },
    /// The signed and the unsigned statement of the signature algorithm differ.
    #[error("the certificate's inner and outer signature algorithm differ")]
    SignatureAlgorithmsDiffer,
    /// The certificate is signed with an algorithm that the profile does not admit.
    #[error(
        "the certificate is signed with {algorithm}, which profile \"{profile}\" does not admit"
    )]
    SignatureAlgorithmNotAdmitted {
        /// Its object identifier.
        algorithm: ObjectIdentifier,
        /// The profile.
        profile: String,
    },
    /// The certificate does not say which key signed it.
    #[error("the certificate has no authority key identifier")]
    AuthorityKeyIdentifierMissing,
    /// No profile in use is about this issuer.
    #[error("the certificate's issuer is not the issuer of any profile in use")]
    UnknownIssuer,
    /// The issuer's name is known, its key is not one of the pinned ones.
    #[error(
        "the certificate names the issuer of profile \"{profile}\", but a key that is not one of its anchors"
    )]
    UnknownIssuerKey {
        /// The profile with that issuer name.
        profile: String,
    },
    /// The anchor's validity has not begun.
    #[error("the issuer's certificate is valid from {not_before}; the time is {at}")]
    AnchorNotYetValid {
        /// First moment of its validity.
        not_before: UnixTime,
        /// The time of the check.
        at: UnixTime,
    },
    /// The anchor's validity is over.
    #[error("the issuer's certificate expired at {not_after}; the time is {at}")]
    AnchorExpired {
        /// Last moment of its validity.
        not_after: UnixTime,
        /// The time of the check.
        at: UnixTime,
    },
    /// The certificate's validity has not begun.
    #[error("the certificate is valid from {not_before}; the time is {at}")]
    NotYetValid {
        /// First moment of its validity.
        not_before: UnixTime,
        /// The time of the check.
        at: UnixTime,
    },
    /// The certificate's validity is over.
    #[error("the certificate expired at {not_after}; the time is {at}")]
    Expired {
        /// Last moment of its validity.
        not_after: UnixTime,
        /// The time of the check.
        at: UnixTime,
    },
    /// The issuer's key did not sign this certificate.
    #[error("the certificate's signature does not verify under the issuer's key")]
    IssuerSignature,
    /// There is no keyUsage.
    #[error("the certificate has no keyUsage")]
    KeyUsageMissing,
    /// keyUsage lacks digitalSignature.
    #[error("the certificate's keyUsage does not include digitalSignature")]
    KeyUsageWithoutDigitalSignature,
    /// keyUsage has a bit that makes it another kind of certificate: a CA's, or the signing certificate.
    #[error(
        "the certificate's keyUsage includes {usage}, which an authentication certificate does not have"
    )]
    KeyUsageNotAdmitted {
        /// The bit, in the words of RFC 5280 §4.2.1.3.
        usage: &'static str,
    },
    /// basicConstraints says that the holder is a certification authority.
    #[error("the certificate's basicConstraints make its holder a certification authority")]
    CertificationAuthority,
    /// extKeyUsage is present and does not allow client authentication.
    #[error("the certificate's extKeyUsage does not include clientAuth")]
    ExtendedKeyUsage,
    /// There is no certificatePolicies.
    #[error("the certificate names no certificate policy")]
    PolicyMissing,
    /// certificatePolicies has none of the profile's policies.
    #[error("the certificate was not issued under a policy of profile \"{profile}\"")]
    OtherPolicy {
        /// The profile.
        profile: String,
    },
    /// certificatePolicies is not critical where the issuer always marks it so.
    #[error("the certificate's policies are not critical, as profile \"{profile}\" requires")]
    PolicyNotCritical {
        /// The profile.
        profile: String,
    },
    /// An extension occurs twice.
    #[error("the certificate has the extension {extension} twice")]
    ExtensionTwice {
        /// Its object identifier.
        extension: ObjectIdentifier,
    },
    /// A critical extension that no rule understands.
    #[error("the certificate has the critical extension {extension}, which is not understood")]
    UnknownCriticalExtension {
        /// Its object identifier.
        extension: ObjectIdentifier,
    },
    /// The holder's key is not of a kind that the profile admits.
    #[error("the certificate's key is {found}, which profile \"{profile}\" does not admit")]
    PublicKeyNotAdmitted {
        /// What it is.
        found: KeyKind,
        /// The profile.
        profile: String,
    },
    /// The serial number is zero or negative.
    #[error("the certificate's serial number is not positive")]
    SerialNotPositive,
    /// The serial number is longer than RFC 5280 allows.
    #[error("the certificate's serial number is {bytes} bytes long; 20 are allowed")]
    SerialTooLong {
        /// Length of the INTEGER's contents.
        bytes: usize,
    },
    /// `alg` is not an algorithm that the profile admits.
    #[error("the attestation statement's alg is {alg}, which profile \"{profile}\" does not admit")]
    StatementAlgorithmNotAdmitted {
        /// The COSE algorithm identifier.
        alg: i64,
        /// The profile.
        profile: String,
    },
    /// `alg` is not an algorithm of the certificate's key.
    #[error("the attestation statement's alg is {alg}, but the certificate's key is {key}")]
    StatementAlgorithmMismatch {
        /// The COSE algorithm identifier.
        alg: i64,
        /// The key's kind.
        key: KeyKind,
    },
    /// The holder's key did not sign this registration.
    #[error("the attestation statement's signature does not verify under the certificate's key")]
    StatementSignature,
    /// The certificate is revoked or on hold.
    #[error("the certificate was revoked at {since} ({reason})")]
    Revoked {
        /// The issuer's reason.
        reason: RevocationReason,
        /// Since when.
        since: UnixTime,
    },
    /// The revocation source cannot tell.
    #[error("the certificate's revocation status is unknown")]
    RevocationUnknown,
    /// The revocation source's answer does not cover the time of the check.
    #[error("the certificate's revocation status was good only until {until}; the time is {at}")]
    RevocationStale {
        /// Until when the answer may be relied upon.
        until: UnixTime,
        /// The time of the check.
        at: UnixTime,
    },
    /// A rule could not be judged, although none before it failed. It cannot happen; if it did, this refuses.
    #[error("the rule \"{rule}\" could not be judged")]
    NotJudged {
        /// The rule.
        rule: Rule,
    },
}

impl Refused {
    /// The rule that this condition belongs to.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::AttestationObject(_) => Rule::AttestationObject,
            Self::OtherFormat { .. } | Self::Statement(_) => Rule::Statement,
            Self::AuthenticatorData(_) => Rule::AuthenticatorData,
            Self::Encoding(_) => Rule::Encoding,
            Self::Version { .. } => Rule::Version,
            Self::SignatureAlgorithmsDiffer => Rule::SignatureAlgorithms,
            Self::AuthorityKeyIdentifierMissing
            | Self::UnknownIssuer
            | Self::UnknownIssuerKey { .. } => Rule::Anchor,
            Self::AnchorNotYetValid { .. } | Self::AnchorExpired { .. } => Rule::AnchorValidity,
            Self::NotYetValid { .. } | Self::Expired { .. } => Rule::Validity,
            Self::SignatureAlgorithmNotAdmitted { .. } | Self::IssuerSignature => {
                Rule::IssuerSignature
            }
            Self::KeyUsageMissing
            | Self::KeyUsageWithoutDigitalSignature
            | Self::KeyUsageNotAdmitted { .. } => Rule::KeyUsage,
            Self::CertificationAuthority => Rule::BasicConstraints,
            Self::ExtendedKeyUsage => Rule::ExtendedKeyUsage,
            Self::PolicyMissing | Self::OtherPolicy { .. } | Self::PolicyNotCritical { .. } => {
                Rule::CertificatePolicy
            }
            Self::ExtensionTwice { .. } | Self::UnknownCriticalExtension { .. } => Rule::Extensions,
            Self::PublicKeyNotAdmitted { .. } => Rule::PublicKey,
            Self::SerialNotPositive | Self::SerialTooLong { .. } => Rule::SerialNumber,
            Self::StatementAlgorithmNotAdmitted { .. }
            | Self::StatementAlgorithmMismatch { .. } => Rule::StatementAlgorithm,
            Self::StatementSignature => Rule::StatementSignature,
            Self::Revoked { .. } | Self::RevocationUnknown | Self::RevocationStale { .. } => {
                Rule::Revocation
            }
            Self::NotJudged { rule } => *rule,
        }
    }

    /// A stable identifier of the condition, for programs and translated messages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AttestationObject(_) => "attestation-object",
            Self::OtherFormat { .. } => "other-format",
            Self::Statement(_) => "statement",
            Self::AuthenticatorData(_) => "authenticator-data",
            Self::Encoding(_) => "certificate-encoding",
            Self::Version { .. } => "certificate-version",
            Self::SignatureAlgorithmsDiffer => "signature-algorithms-differ",
            Self::SignatureAlgorithmNotAdmitted { .. } => "signature-algorithm-not-admitted",
            Self::AuthorityKeyIdentifierMissing => "authority-key-identifier-missing",
            Self::UnknownIssuer => "unknown-issuer",
            Self::UnknownIssuerKey { .. } => "unknown-issuer-key",
            Self::AnchorNotYetValid { .. } => "anchor-not-yet-valid",
            Self::AnchorExpired { .. } => "anchor-expired",
            Self::NotYetValid { .. } => "certificate-not-yet-valid",
            Self::Expired { .. } => "certificate-expired",
            Self::IssuerSignature => "issuer-signature",
            Self::KeyUsageMissing => "key-usage-missing",
            Self::KeyUsageWithoutDigitalSignature => "key-usage-without-digital-signature",
            Self::KeyUsageNotAdmitted { .. } => "key-usage-not-admitted",
            Self::CertificationAuthority => "certification-authority",
            Self::ExtendedKeyUsage => "extended-key-usage",
            Self::PolicyMissing => "policy-missing",
            Self::OtherPolicy { .. } => "other-policy",
            Self::PolicyNotCritical { .. } => "policy-not-critical",
            Self::ExtensionTwice { .. } => "extension-twice",
            Self::UnknownCriticalExtension { .. } => "unknown-critical-extension",
            Self::PublicKeyNotAdmitted { .. } => "public-key-not-admitted",
            Self::SerialNotPositive => "serial-not-positive",
            Self::SerialTooLong { .. } => "serial-too-long",
            Self::StatementAlgorithmNotAdmitted { .. } => "statement-algorithm-not-admitted",
            Self::StatementAlgorithmMismatch { .. } => "statement-algorithm-mismatch",
            Self::StatementSignature => "statement-signature",
            Self::Revoked { .. } => "revoked",
            Self::RevocationUnknown => "revocation-unknown",
            Self::RevocationStale { .. } => "revocation-stale",
            Self::NotJudged { .. } => "rule-not-judged",
        }
    }
}
