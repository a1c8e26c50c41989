//! Practice certification authorities.

use super::{
    PkiError, SignatureAlgorithm,
    algorithm::sha1,
    name::Name,
    profile,
    template::{
        BasicConstraints, Extension, IssuerKey, KeyIdentifier, LeafTemplate, Marked,
        basic_constraints, distribution_points, extension, key_usage,
    },
};
use crate::asn1;
use const_oid::ObjectIdentifier;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey, traits::PublicKeyParts as _};

/// A subject's public key as a certificate carries it.
#[derive(Debug, Clone)]
pub struct SubjectPublicKey {
    algorithm: Vec<u8>,
    bits: Vec<u8>,
}

impl SubjectPublicKey {
    /// A key of any kind: DER of the AlgorithmIdentifier, and the bits of the key.
    pub fn new(algorithm: Vec<u8>, bits: Vec<u8>) -> Self {
        SubjectPublicKey { algorithm, bits }
    }

    /// An RSA key from its two numbers, however unsuitable they are.
    pub fn rsa(modulus: &BigUint, exponent: &BigUint) -> Self {
        let algorithm = asn1::sequence([
            asn1::oid(&ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1")),
            asn1::null(),
        ]);
        let bits = asn1::sequence([
            asn1::unsigned(&modulus.to_bytes_be()),
            asn1::unsigned(&exponent.to_bytes_be()),
        ]);
        SubjectPublicKey { algorithm, bits }
    }

    /// DER of the SubjectPublicKeyInfo.
    pub fn to_der(&self) -> Vec<u8> {
        asn1::sequence([self.algorithm.clone(), asn1::bit_string(&self.bits)])
    }

    fn identifier(&self) -> Vec<u8> {
        sha1(&self.bits)
    }
}

impl From<&RsaPublicKey> for SubjectPublicKey {
    fn from(key: &RsaPublicKey) -> Self {
        SubjectPublicKey::rsa(key.n(), key.e())
    }
}

impl From<&RsaPrivateKey> for SubjectPublicKey {
    fn from(key: &RsaPrivateKey) -> Self {
        SubjectPublicKey::rsa(key.n(), key.e())
    }
}

/// A self-signed CA certificate to be: faithful to begin with, every field open to change.
#[derive(Debug, Clone)]
pub struct CaTemplate {
    /// Subject and issuer.
    pub name: Name,
    /// The serial number: content octets of the INTEGER, taken as they are.
    pub serial: Vec<u8>,
    /// How the CA signs its own certificate.
    pub signature: SignatureAlgorithm,
    /// Start of validity, Unix seconds.
    pub not_before: i64,
    /// End of validity, Unix seconds.
    pub not_after: i64,
    /// keyUsage.
    pub key_usage: Option<Marked<Vec<u8>>>,
    /// subjectAltName, a directoryName.
    pub subject_alt_name: Option<Marked<Name>>,
    /// basicConstraints.
    pub basic_constraints: Option<Marked<BasicConstraints>>,
    /// cRLDistributionPoints, a directoryName.
    pub crl_distribution_point: Option<Marked<Name>>,
    /// subjectKeyIdentifier.
    pub subject_key_identifier: Option<Marked<KeyIdentifier>>,
    /// Anything else.
    pub extra: Vec<Extension>,
}

impl CaTemplate {
    /// A faithful authentication CA. Serial number and validity are examples: set them.
    pub fn authentication() -> Self {
        Self::faithful(
            profile::authentication_ca_name(),
            profile::AUTHENTICATION_UNIT_JA,
        )
    }

    /// A faithful signature CA. Serial number and validity are examples: set them.
    pub fn signature() -> Self {
        Self::faithful(profile::signature_ca_name(), profile::SIGNATURE_UNIT_JA)
    }

    fn faithful(name: Name, unit_ja: &str) -> Self {
        CaTemplate {
            serial: vec![1],
            signature: SignatureAlgorithm::Sha256Rsa,
            not_before: 0,
            not_after: 0,
            key_usage: Some(Marked::critical(vec![
                key_usage::KEY_CERT_SIGN,
                key_usage::CRL_SIGN,
            ])),
            subject_alt_name: Some(Marked::plain(profile::alternative_name(unit_ja))),
            basic_constraints: Some(Marked::critical(BasicConstraints {
                ca: true,
                path_len: None,
            })),
            crl_distribution_point: Some(Marked::plain(name.clone())),
            subject_key_identifier: Some(Marked::plain(KeyIdentifier::Hash)),
            extra: Vec::new(),
            name,
        }
    }

    fn extensions(&self, hash: &[u8]) -> Vec<Vec<u8>> {
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
        if let Some(m) = &self.subject_alt_name {
            put(
                "2.5.29.17",
                m.critical,
                asn1::sequence([m.value.to_general_name()]),
            );
        }
        if let Some(m) = &self.basic_constraints {
            put("2.5.29.19", m.critical, basic_constraints(m.value));
        }
        if let Some(m) = &self.crl_distribution_point {
            put("2.5.29.31", m.critical, distribution_points(&m.value));
        }
        if let Some(m) = &self.subject_key_identifier {
            let identifier = match &m.value {
                KeyIdentifier::Hash => hash,
                KeyIdentifier::Given(bytes) => bytes,
            };
            put(
                "2.5.29.14",
                m.critical,
                asn1::element(asn1::OCTET_STRING, identifier),
            );
        }
        for extra in &self.extra {
            out.push(extension(&extra.oid, extra.critical, &extra.value));
        }
        out
    }
}

/// A CA: its key, its certificate, and what the certificates it issues say of it.
#[derive(Clone)]
pub struct Ca {
    template: CaTemplate,
    key: RsaPrivateKey,
    key_identifier: Vec<u8>,
    certificate: Vec<u8>,
}

impl Ca {
    /// A CA with a certificate of its own making.
    pub fn self_signed(template: CaTemplate, key: RsaPrivateKey) -> Result<Self, PkiError> {
        let public = SubjectPublicKey::from(&key);
        let hash = public.identifier();
        let key_identifier = match template.subject_key_identifier.as_ref().map(|m| &m.value) {
            Some(KeyIdentifier::Given(bytes)) => bytes.clone(),
            _ => hash.clone(),
        };
        let tbs = asn1::sequence([
            version(Some(2)),
            asn1::element(asn1::INTEGER, &template.serial),
            template.signature.identifier(),
            template.name.to_der(),
            validity(template.not_before, template.not_after),
            template.name.to_der(),
            public.to_der(),
            asn1::context(3, &asn1::sequence(template.extensions(&hash))),
        ]);
        let certificate = signed(tbs, template.signature, template.signature, &key)?;
        Ok(Ca {
            template,
            key,
            key_identifier,
            certificate,
        })
    }

    /// A CA that says of itself exactly what `other` does, name, serial number and validity
    /// included, but has another key: the forger, or the next generation.
    pub fn self_signed_like(other: &Ca, key: RsaPrivateKey) -> Result<Self, PkiError> {
        Ca::self_signed(other.template.clone(), key)
    }

    /// Issues a certificate.
    pub fn issue(
        &self,
        template: &LeafTemplate,
        public_key: impl Into<SubjectPublicKey>,
    ) -> Result<Vec<u8>, PkiError> {
        let public_key = public_key.into();
        let issuer = IssuerKey {
            key_identifier: &self.key_identifier,
            name: &self.template.name,
            serial: &self.template.serial,
        };
        let extensions = template.extensions(&issuer, &public_key.identifier());
        let mut parts = vec![
            version(template.version),
            asn1::element(asn1::INTEGER, &template.serial),
            template
                .inner_algorithm
                .unwrap_or(template.signature)
                .identifier(),
            template
                .issuer
                .as_ref()
                .unwrap_or(&self.template.name)
                .to_der(),
            validity(template.not_before, template.not_after),
            template.subject.to_der(),
            public_key.to_der(),
        ];
        if !extensions.is_empty() {
            parts.push(asn1::context(3, &asn1::sequence(extensions)));
        }
        let outer = template.outer_algorithm.unwrap_or(template.signature);
        signed(asn1::sequence(parts), template.signature, outer, &self.key)
    }

    /// The CA's certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The CA's key.
    pub fn key(&self) -> &RsaPrivateKey {
        &self.key
    }

    /// What the CA's certificate was made from.
    pub fn template(&self) -> &CaTemplate {
        &self.template
    }

    /// The key identifier that the CA writes into the certificates it issues.
    pub fn key_identifier(&self) -> &[u8] {
        &self.key_identifier
    }
}

impl std::fmt::Debug for Ca {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ca")
            .field("template", &self.template)
            .finish_non_exhaustive()
    }
}

fn version(encoded: Option<u8>) -> Vec<u8> {
    encoded.map_or_else(Vec::new, |v| asn1::context(0, &asn1::unsigned(&[v])))
}

fn validity(not_before: i64, not_after: i64) -> Vec<u8> {
    asn1::sequence([asn1::time(not_before), asn1::time(not_after)])
}

fn signed(
    tbs: Vec<u8>,
    signature: SignatureAlgorithm,
    outer: SignatureAlgorithm,
    key: &RsaPrivateKey,
) -> Result<Vec<u8>, PkiError> {
    let value = signature.sign(key, &tbs).map_err(PkiError::Signature)?;
    Ok(asn1::sequence([
        tbs,
        outer.identifier(),
        asn1::bit_string(&value),
    ]))
}
