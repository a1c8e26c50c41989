//! The rules, and the one list of them.

mod case;

mod anchor;
mod anchor_validity;
mod attestation_object;
mod authenticator_data;
mod basic_constraints;
mod certificate_encoding;
mod certificate_policy;
mod certificate_validity;
mod certificate_version;
mod extended_key_usage;
mod extensions;
mod issuer_signature;
mod key_usage;
mod public_key;
mod revocation;
mod serial_number;
mod signature_algorithms;
mod statement;
mod statement_algorithm;
mod statement_signature;

pub(crate) use case::{Case, Stop};

use std::fmt;

/// What a rule does: looks at the case, and leaves there what it establishes.
pub(crate) type Check = fn(&mut Case<'_>) -> Result<(), Stop>;

/// The rules that are about a registration before its certificate is looked at.
const REGISTRATION: &[(Rule, Check)] = &[
    (Rule::AttestationObject, attestation_object::check),
    (Rule::Statement, statement::check),
    (Rule::AuthenticatorData, authenticator_data::check),
];

/// The rules that are about the certificate.
const CERTIFICATE: &[(Rule, Check)] = &[
    (Rule::Encoding, certificate_encoding::check),
    (Rule::Version, certificate_version::check),
    (Rule::SignatureAlgorithms, signature_algorithms::check),
    (Rule::Anchor, anchor::check),
    (Rule::AnchorValidity, anchor_validity::check),
    (Rule::Validity, certificate_validity::check),
    (Rule::IssuerSignature, issuer_signature::check),
    (Rule::KeyUsage, key_usage::check),
    (Rule::BasicConstraints, basic_constraints::check),
    (Rule::ExtendedKeyUsage, extended_key_usage::check),
    (Rule::CertificatePolicy, certificate_policy::check),
    (Rule::Extensions, extensions::check),
    (Rule::PublicKey, public_key::check),
    (Rule::SerialNumber, serial_number::check),
];

/// The rules that are about what the holder's key signed.
const SIGNATURE: &[(Rule, Check)] = &[
    (Rule::StatementAlgorithm, statement_algorithm::check),
    (Rule::StatementSignature, statement_signature::check),
];

/// The rule that is about the present.
const REVOCATION: &[(Rule, Check)] = &[(Rule::Revocation, revocation::check)];

/// Every rule for a registration, in order. Nothing else decides.
pub(crate) fn for_registration() -> impl Iterator<Item = (Rule, Check)> {
    [REGISTRATION, CERTIFICATE, SIGNATURE, REVOCATION]
        .into_iter()
        .flatten()
        .copied()
}

/// Those of them that can be judged for a certificate alone, in the same order.
pub(crate) fn for_certificate() -> impl Iterator<Item = (Rule, Check)> {
    [CERTIFICATE, REVOCATION].into_iter().flatten().copied()
}

/// One condition that an attestation must meet. They are checked in this order, and the first that does not hold
/// decides the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The attestation object is canonical CBOR with exactly its three members.
    AttestationObject,
    /// `fmt` is `eid-x509`, and `attStmt` is its statement with one certificate.
    Statement,
    /// The authenticator data is complete, with UP, UV and a credential.
    AuthenticatorData,
    /// The certificate is strict DER and not too large.
    Encoding,
    /// The certificate is version 3.
    Version,
    /// The inner and the outer signature algorithm are equal.
    SignatureAlgorithms,
    /// A pinned anchor has the certificate's issuer name and authority key identifier.
    Anchor,
    /// The time lies in the anchor's validity.
    AnchorValidity,
    /// The time lies in the certificate's validity.
    Validity,
    /// The anchor's key signed the certificate.
    IssuerSignature,
    /// keyUsage has digitalSignature and nothing that the profile does not admit.
    KeyUsage,
    /// basicConstraints is absent or says that the holder is no certification authority.
    BasicConstraints,
    /// extKeyUsage is absent or has clientAuth.
    ExtendedKeyUsage,
    /// certificatePolicies has a policy of the profile.
    CertificatePolicy,
    /// No extension occurs twice, and no critical one is unknown.
    Extensions,
    /// The holder's key is of a kind that the profile admits.
    PublicKey,
    /// The serial number is positive and at most 20 bytes.
    SerialNumber,
    /// `alg` is admitted by the profile and fits the holder's key.
    StatementAlgorithm,
    /// The holder's key signed the registration.
    StatementSignature,
    /// The certificate is not revoked.
    Revocation,
}

impl Rule {
    /// The rule's name, in kebab case; stable.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AttestationObject => "attestation-object",
            Self::Statement => "statement",
            Self::AuthenticatorData => "authenticator-data",
            Self::Encoding => "certificate-encoding",
            Self::Version => "certificate-version",
            Self::SignatureAlgorithms => "signature-algorithms",
            Self::Anchor => "anchor",
            Self::AnchorValidity => "anchor-validity",
            Self::Validity => "certificate-validity",
            Self::IssuerSignature => "issuer-signature",
            Self::KeyUsage => "key-usage",
            Self::BasicConstraints => "basic-constraints",
            Self::ExtendedKeyUsage => "extended-key-usage",
            Self::CertificatePolicy => "certificate-policy",
            Self::Extensions => "extensions",
            Self::PublicKey => "public-key",
            Self::SerialNumber => "serial-number",
            Self::StatementAlgorithm => "statement-algorithm",
            Self::StatementSignature => "statement-signature",
            Self::Revocation => "revocation",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
