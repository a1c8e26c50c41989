//! The rules, and their order.

use std::fmt;

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
