//! What a certificate says: faithful to begin with, every field open to change.

use super::{SignatureAlgorithm, name::Name, profile};
use crate::asn1;
use const_oid::ObjectIdentifier;

/// A value with its extension's criticality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked<T> {
    /// Whether the extension is marked critical.
    pub critical: bool,
    /// What it says.
    pub value: T,
}

impl<T> Marked<T> {
    /// A critical extension.
    pub const fn critical(value: T) -> Self {
        Marked {
            critical: true,
            value,
        }
    }

    /// An extension that is not critical.
    pub const fn plain(value: T) -> Self {
        Marked {
            critical: false,
            value,
        }
    }
}

/// An extension of one's own making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// What kind of extension.
    pub oid: ObjectIdentifier,
    /// Whether it is marked critical.
    pub critical: bool,
    /// The DER inside the OCTET STRING, taken as it is.
    pub value: Vec<u8>,
}

/// One policy of certificatePolicies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The policy identifier.
    pub oid: ObjectIdentifier,
    /// The certification practice statement's URI, if there is a qualifier.
    pub cps: Option<String>,
}

/// What authorityKeyIdentifier names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorityKey {
    /// The issuing CA, by key identifier, name and serial number, as in the real hierarchy.
    Issuer,
    /// The issuing CA, by key identifier only.
    IssuerKeyOnly,
    /// Something else.
    Given {
        /// The key identifier.
        key_identifier: Vec<u8>,
        /// The issuer's issuer and serial number, content octets of the INTEGER.
        certificate: Option<(Name, Vec<u8>)>,
    },
}

/// What subjectKeyIdentifier says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyIdentifier {
    /// SHA-1 over the key's bits (RFC 5280 §4.2.1.2 method 1), as in the real hierarchy.
    Hash,
    /// Something else.
    Given(Vec<u8>),
}

/// basicConstraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasicConstraints {
    /// Whether the subject is a CA.
    pub ca: bool,
    /// How many CAs may follow.
    pub path_len: Option<u8>,
}

/// One otherName of subjectAltName, its value a UTF8String.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherName {
    /// The kind of name.
    pub oid: ObjectIdentifier,
    /// The name.
    pub value: String,
}

/// An end-entity certificate to be: starts faithful ([`LeafTemplate::authentication`],
/// [`LeafTemplate::signature`]) and can be made wrong in every field.
///
/// Extensions are written in the order of the fields here, which is the order of the real
/// certificates.
#[derive(Debug, Clone)]
pub struct LeafTemplate {
    /// The encoded version: 2 is v3. `None` leaves the field out, which means v1.
    pub version: Option<u8>,
    /// The serial number: content octets of the INTEGER, taken as they are.
    pub serial: Vec<u8>,
    /// How the CA signs.
    pub signature: SignatureAlgorithm,
    /// The algorithm that the signed part claims, where it is not how the CA signs.
    pub inner_algorithm: Option<SignatureAlgorithm>,
    /// The algorithm that the unsigned part claims, where it is not how the CA signs.
    pub outer_algorithm: Option<SignatureAlgorithm>,
    /// The issuer, where it is not the issuing CA's name.
    pub issuer: Option<Name>,
    /// Start of validity, Unix seconds.
    pub not_before: i64,
    /// End of validity, Unix seconds.
    pub not_after: i64,
    /// The subject.
    pub subject: Name,
    /// keyUsage: the bits by their numbers in RFC 5280 §4.2.1.3 (see [`key_usage`]).
    pub key_usage: Option<Marked<Vec<u8>>>,
    /// extKeyUsage.
    pub extended_key_usage: Option<Marked<Vec<ObjectIdentifier>>>,
    /// subjectAltName.
    pub subject_alt_name: Option<Marked<Vec<OtherName>>>,
    /// certificatePolicies.
    pub certificate_policies: Option<Marked<Vec<Policy>>>,
    /// issuerAltName, a directoryName.
    pub issuer_alt_name: Option<Marked<Name>>,
    /// cRLDistributionPoints: one point, a directoryName.
    pub crl_distribution_point: Option<Marked<Name>>,
    /// authorityInfoAccess: the OCSP responder's URI.
    pub ocsp: Option<Marked<String>>,
    /// authorityKeyIdentifier.
    pub authority_key_identifier: Option<Marked<AuthorityKey>>,
    /// subjectKeyIdentifier.
    pub subject_key_identifier: Option<Marked<KeyIdentifier>>,
    /// basicConstraints: absent in the real certificates.
    pub basic_constraints: Option<Marked<BasicConstraints>>,
    /// Anything else.
    pub extra: Vec<Extension>,
}

/// Bit numbers of keyUsage.
pub mod key_usage {
    /// digitalSignature.
    pub const DIGITAL_SIGNATURE: u8 = 0;
    /// nonRepudiation (contentCommitment).
    pub const NON_REPUDIATION: u8 = 1;
    /// keyEncipherment.
    pub const KEY_ENCIPHERMENT: u8 = 2;
    /// keyCertSign.
    pub const KEY_CERT_SIGN: u8 = 5;
    /// cRLSign.
    pub const CRL_SIGN: u8 = 6;
}

impl LeafTemplate {
    /// A faithful authentication certificate for a holder in the practice prefecture.
    ///
    /// Serial number, subject, distribution point and validity are examples: set them.
    pub fn authentication() -> Self {
        let unit = profile::AUTHENTICATION_UNIT;
        LeafTemplate {
            version: Some(2),
            serial: vec![0x22, 0x7B, 0x13],
            signature: SignatureAlgorithm::Sha256Rsa,
            inner_algorithm: None,
            outer_algorithm: None,
            issuer: None,
            not_before: 0,
            not_after: 0,
            subject: Name::japan().common_name("997794E9AGCIEG99201003A"),
            key_usage: Some(Marked::critical(vec![key_usage::DIGITAL_SIGNATURE])),
            extended_key_usage: Some(Marked::plain(vec![profile::CLIENT_AUTH])),
            subject_alt_name: None,
            certificate_policies: Some(Marked::critical(vec![Policy {
                oid: profile::AUTHENTICATION_POLICY,
                cps: Some(profile::CPS_URI.to_owned()),
            }])),
            issuer_alt_name: Some(Marked::plain(profile::alternative_name(
                profile::AUTHENTICATION_UNIT_JA,
            ))),
            crl_distribution_point: Some(Marked::plain(profile::distribution_point(
                unit,
                "Renshu-ken",
                "Mihon-shi",
            ))),
            ocsp: Some(Marked::plain(profile::OCSP_URI.to_owned())),
            authority_key_identifier: Some(Marked::plain(AuthorityKey::Issuer)),
            subject_key_identifier: Some(Marked::plain(KeyIdentifier::Hash)),
            basic_constraints: None,
            extra: Vec::new(),
        }
    }

    /// A faithful signing certificate: another policy, no extKeyUsage, no OCSP, the holder's four
    /// attributes in subjectAltName.
    ///
    /// Serial number, subject, attributes, distribution point and validity are examples: set them.
    pub fn signature() -> Self {
        LeafTemplate {
            subject: Name::japan()
                .locality("Renshu-ken")
                .locality("Mihon-shi")
                .common_name("202510161726000013499201003A"),
            key_usage: Some(Marked::critical(vec![
                key_usage::DIGITAL_SIGNATURE,
                key_usage::NON_REPUDIATION,
            ])),
            extended_key_usage: None,
            certificate_policies: Some(Marked::critical(vec![Policy {
                oid: profile::SIGNATURE_POLICY,
                cps: Some(profile::CPS_URI.to_owned()),
            }])),
            issuer_alt_name: Some(Marked::plain(profile::alternative_name(
                profile::SIGNATURE_UNIT_JA,
            ))),
            crl_distribution_point: Some(Marked::plain(profile::distribution_point(
                profile::SIGNATURE_UNIT,
                "Renshu-ken",
                "Mihon-shi",
            ))),
            ocsp: None,
            ..LeafTemplate::authentication()
        }
    }

    /// The extensions in the order in which they are written.
    pub(super) fn extensions(&self, issuer: &IssuerKey<'_>, key_identifier: &[u8]) -> Vec<Vec<u8>> {
        let mut out = Vec::new();
        let mut put = |oid: &str, critical: bool, value: Vec<u8>| {
            out.push(extension(
                &ObjectIdentifier::new_unwrap(oid),
                critical,
                &value,
            ));
        };
        if let Some(m) = &self.key_usage {
            put("2.5.29.15", m.critical, asn1::named_bits(&m.value));
        }
        if let Some(m) = &self.extended_key_usage {
            put(
                "2.5.29.37",
                m.critical,
                asn1::sequence(m.value.iter().map(asn1::oid)),
            );
        }
        if let Some(m) = &self.subject_alt_name {
            put(
                "2.5.29.17",
                m.critical,
                asn1::sequence(m.value.iter().map(other_name)),
            );
        }
        if let Some(m) = &self.certificate_policies {
            put(
                "2.5.29.32",
                m.critical,
                asn1::sequence(m.value.iter().map(policy)),
            );
        }
        if let Some(m) = &self.issuer_alt_name {
            put(
                "2.5.29.18",
                m.critical,
                asn1::sequence([m.value.to_general_name()]),
            );
        }
        if let Some(m) = &self.crl_distribution_point {
            put("2.5.29.31", m.critical, distribution_points(&m.value));
        }
        if let Some(m) = &self.ocsp {
            put("1.3.6.1.5.5.7.1.1", m.critical, ocsp_access(&m.value));
        }
        if let Some(m) = &self.authority_key_identifier {
            put("2.5.29.35", m.critical, authority_key(&m.value, issuer));
        }
        if let Some(m) = &self.subject_key_identifier {
            let identifier = match &m.value {
                KeyIdentifier::Hash => key_identifier,
                KeyIdentifier::Given(bytes) => bytes,
            };
            put(
                "2.5.29.14",
                m.critical,
                asn1::element(asn1::OCTET_STRING, identifier),
            );
        }
        if let Some(m) = &self.basic_constraints {
            put("2.5.29.19", m.critical, basic_constraints(m.value));
        }
        for extra in &self.extra {
            out.push(extension(&extra.oid, extra.critical, &extra.value));
        }
        out
    }
}

/// What authorityKeyIdentifier needs to know of the CA.
pub(super) struct IssuerKey<'a> {
    pub(super) key_identifier: &'a [u8],
    pub(super) name: &'a Name,
    pub(super) serial: &'a [u8],
}

pub(super) fn extension(oid: &ObjectIdentifier, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![asn1::oid(oid)];
    if critical {
        parts.push(asn1::boolean_true());
    }
    parts.push(asn1::element(asn1::OCTET_STRING, value));
    asn1::sequence(parts)
}

fn other_name(name: &OtherName) -> Vec<u8> {
    let value = asn1::element(asn1::UTF8_STRING, name.value.as_bytes());
    asn1::context(
        0,
        &asn1::concat([asn1::oid(&name.oid), asn1::context(0, &value)]),
    )
}

fn policy(policy: &Policy) -> Vec<u8> {
    let mut parts = vec![asn1::oid(&policy.oid)];
    if let Some(cps) = &policy.cps {
        parts.push(asn1::sequence([asn1::sequence([
            asn1::oid(&ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1")),
            asn1::element(asn1::IA5_STRING, cps.as_bytes()),
        ])]));
    }
    asn1::sequence(parts)
}

pub(super) fn distribution_points(name: &Name) -> Vec<u8> {
    let full_name = asn1::context(0, &name.to_general_name());
    asn1::sequence([asn1::sequence([asn1::context(0, &full_name)])])
}

fn ocsp_access(uri: &str) -> Vec<u8> {
    asn1::sequence([asn1::sequence([
        asn1::oid(&ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1")),
        asn1::context_primitive(6, uri.as_bytes()),
    ])])
}

fn authority_key(key: &AuthorityKey, issuer: &IssuerKey<'_>) -> Vec<u8> {
    let (identifier, certificate) = match key {
        AuthorityKey::Issuer => (issuer.key_identifier, Some((issuer.name, issuer.serial))),
        AuthorityKey::IssuerKeyOnly => (issuer.key_identifier, None),
        AuthorityKey::Given {
            key_identifier,
            certificate,
        } => (
            key_identifier.as_slice(),
            certificate
                .as_ref()
                .map(|(name, serial)| (name, serial.as_slice())),
        ),
    };
    let mut parts = vec![asn1::context_primitive(0, identifier)];
    if let Some((name, serial)) = certificate {
        parts.push(asn1::context(1, &name.to_general_name()));
        parts.push(asn1::context_primitive(2, serial));
    }
    asn1::sequence(parts)
}

pub(super) fn basic_constraints(constraints: BasicConstraints) -> Vec<u8> {
    let mut parts = Vec::new();
    if constraints.ca {
        parts.push(asn1::boolean_true());
    }
    if let Some(path_len) = constraints.path_len {
        parts.push(asn1::unsigned(&[path_len]));
    }
    asn1::sequence(parts)
}
