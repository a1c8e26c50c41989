//! A pinned certificate of an issuer, judged once, when it is pinned.

use std::fmt;

use crate::certificate::{Certificate, KeyUsageBit, PublicKey};
use crate::faults::{EncodingFault, KeyKind};
use crate::holder::KeyHash;
use crate::time::UnixTime;

/// A pinned certificate of an issuer.
#[derive(Clone)]
pub struct Anchor {
    label: String,
    der: Vec<u8>,
    key_identifier: Vec<u8>,
    key_kind: KeyKind,
    key: Vec<u8>,
    key_hash: KeyHash,
    not_before: UnixTime,
    not_after: UnixTime,
}

impl Anchor {
    /// A CA certificate that `issuer` (DER of a name) issued to itself. Its dates are not looked at: an anchor that
    /// expired may still have to explain why its certificates are refused.
    pub(super) fn pin(label: &str, der: &[u8], issuer: &[u8]) -> Result<Self, AnchorError> {
        let certificate = Certificate::parse(der).map_err(AnchorError::Encoding)?;
        let extensions = &certificate.extensions;
        if certificate.version != 3
            || certificate.inner_algorithm != certificate.outer_algorithm
            || extensions.twice.is_some()
            || extensions.unknown_critical.is_some()
        {
            return Err(AnchorError::NotUnderstood);
        }
        if certificate.subject != issuer {
            return Err(AnchorError::NotThisIssuer);
        }
        let authority = extensions
            .basic_constraints
            .as_ref()
            .is_some_and(|constraints| constraints.value.ca);
        let signs_certificates = extensions
            .key_usage
            .as_ref()
            .is_some_and(|usage| KeyUsageBit::KeyCertSign.is_set(usage));
        if !(authority && signs_certificates) {
            return Err(AnchorError::NotAnAuthority);
        }
        let key_identifier = extensions
            .subject_key_identifier
            .clone()
            .ok_or(AnchorError::NoSubjectKeyIdentifier)?;
        let self_signed = certificate.issuer == certificate.subject
            && certificate.signature_algorithm().is_some_and(|algorithm| {
                certificate
                    .public_key
                    .verifies(algorithm, certificate.tbs, certificate.signature)
            });
        if !self_signed {
            return Err(AnchorError::NotSelfSigned);
        }
        Ok(Self {
            label: label.to_owned(),
            der: der.to_vec(),
            key_identifier,
            key_kind: certificate.public_key.kind(),
            key: certificate.public_key.bytes().to_vec(),
            key_hash: certificate.key_hash(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
        })
    }

    /// What the profile or the operator calls it, such as `generation 3`.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The certificate, as pinned.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 over its SubjectPublicKeyInfo; [`crate::Holder::issuer_key_hash`] of those it issued to.
    #[must_use]
    pub const fn key_hash(&self) -> KeyHash {
        self.key_hash
    }

    /// First moment of its validity.
    #[must_use]
    pub const fn not_before(&self) -> UnixTime {
        self.not_before
    }

    /// Last moment of its validity.
    #[must_use]
    pub const fn not_after(&self) -> UnixTime {
        self.not_after
    }

    pub(crate) fn key_identifier(&self) -> &[u8] {
        &self.key_identifier
    }

    pub(crate) fn public_key(&self) -> PublicKey<'_> {
        PublicKey::from_parts(self.key_kind, &self.key)
    }
}

impl fmt::Debug for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Anchor")
            .field("label", &self.label)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// Why a certificate cannot be pinned under a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorError {
    /// It is not a certificate in strict DER.
    #[error("it is not a strictly encoded certificate: {0}")]
    Encoding(EncodingFault),
    /// It is not version 3, names two signature algorithms, has an extension twice or an unknown critical one.
    #[error(
        "its version, algorithms or extensions are not those of a certificate this program understands"
    )]
    NotUnderstood,
    /// Its subject is another name than the profile's issuer.
    #[error("its subject is not the issuer that the profile is about")]
    NotThisIssuer,
    /// basicConstraints or keyUsage do not make it a certification authority.
    #[error("it is not the certificate of a certification authority")]
    NotAnAuthority,
    /// It has no subject key identifier, by which certificates name the key that signed them.
    #[error("it has no subject key identifier")]
    NoSubjectKeyIdentifier,
    /// Its own key did not sign it, or not with a key and algorithm that are acceptable today.
    #[error("it is not signed by its own key with an acceptable algorithm")]
    NotSelfSigned,
    /// Another anchor has the same subject key identifier.
    #[error("another anchor has the same subject key identifier")]
    KeyIdentifierTaken,
}
