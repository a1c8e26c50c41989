//! The extensions that rules look at. Others are known by name only.

use std::collections::HashSet;

use const_oid::AssociatedOid;
use const_oid::db::rfc5280::{ID_CE_CRL_DISTRIBUTION_POINTS, ID_CE_SUBJECT_KEY_IDENTIFIER};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use serde::Deserialize;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, KeyUsage,
};

use super::strict_der;
use crate::faults::EncodingFault;
use crate::holder::DistributionPoints;

/// What a certificate's extensions say.
#[derive(Default)]
pub(crate) struct Extensions {
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) basic_constraints: Option<Critical<BasicConstraints>>,
    pub(crate) extended_key_usage: Option<Vec<ObjectIdentifier>>,
    pub(crate) policies: Option<Critical<Vec<ObjectIdentifier>>>,
    pub(crate) authority_key_identifier: Option<Vec<u8>>,
    pub(crate) subject_key_identifier: Option<Vec<u8>>,
    pub(crate) distribution_points: Option<DistributionPoints>,
    /// The first extension that occurs a second time.
    pub(crate) twice: Option<ObjectIdentifier>,
    /// The first critical extension that no rule understands.
    pub(crate) unknown_critical: Option<ObjectIdentifier>,
}

/// An extension and whether it is critical.
pub(crate) struct Critical<T> {
    pub(crate) critical: bool,
    pub(crate) value: T,
}

impl Extensions {
    /// Reads the extensions. Where one occurs twice the first is kept; [`Extensions::twice`] refuses the certificate.
    pub(super) fn parse(extensions: Option<&Vec<Extension>>) -> Result<Self, EncodingFault> {
        let mut read = Self::default();
        let Some(extensions) = extensions else {
            return Ok(read);
        };
        if extensions.is_empty() {
            // RFC 5280 §4.1: SEQUENCE SIZE (1..MAX).
            return Err(EncodingFault::Structure);
        }
        let mut seen = HashSet::new();
        for extension in extensions {
            if seen.insert(extension.extn_id) {
                read.take(extension)?;
            } else {
                read.twice.get_or_insert(extension.extn_id);
            }
        }
        Ok(read)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), EncodingFault> {
        let critical = extension.critical;
        match extension.extn_id {
            KeyUsage::OID => self.key_usage = Some(strictly(extension)?),
            BasicConstraints::OID => {
                let value = strictly(extension)?;
                self.basic_constraints = Some(Critical { critical, value });
            }
            ExtendedKeyUsage::OID => {
                self.extended_key_usage = Some(strictly::<ExtendedKeyUsage>(extension)?.0);
            }
            CertificatePolicies::OID => {
                let policies: CertificatePolicies = strictly(extension)?;
                let value = policies.0.iter().map(|each| each.policy_identifier);
                self.policies = Some(Critical {
                    critical,
                    value: value.collect(),
                });
            }
            AuthorityKeyIdentifier::OID => {
                let authority: AuthorityKeyIdentifier = strictly(extension)?;
                self.authority_key_identifier = authority
                    .key_identifier
                    .map(OctetString::into_bytes)
                    .map(Vec::from);
                // RFC 5280 §4.2.1.1: never critical. No rule treats it as such, so a critical one is understood.
            }
            ID_CE_SUBJECT_KEY_IDENTIFIER => {
                let identifier: OctetString = strictly(extension)?;
                self.subject_key_identifier = Some(identifier.into_bytes().into());
            }
            ID_CE_CRL_DISTRIBUTION_POINTS => {
                let _: CrlDistributionPoints = strictly(extension)?;
                self.distribution_points = Some(DistributionPoints::from_der(
                    extension.extn_value.as_bytes(),
                ));
            }
            other if critical => {
                self.unknown_critical.get_or_insert(other);
            }
            _ => {}
        }
        Ok(())
    }
}

/// Reads an extension's value and makes sure that it could not have been written otherwise.
fn strictly<T>(extension: &Extension) -> Result<T, EncodingFault>
where
    T: for<'a> Decode<'a> + Encode,
{
    let fault = EncodingFault::Extension {
        extension: extension.extn_id,
    };
    let der = extension.extn_value.as_bytes();
    strict_der::check(der).map_err(|_| fault)?;
    let value = T::from_der(der).map_err(|_| fault)?;
    if value.to_der().map_err(|_| fault)? == der {
        Ok(value)
    } else {
        Err(fault)
    }
}

/// A bit of keyUsage (RFC 5280 §4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum KeyUsageBit {
    DigitalSignature,
    NonRepudiation,
    KeyEncipherment,
    DataEncipherment,
    KeyAgreement,
    KeyCertSign,
    #[serde(rename = "cRLSign")]
    CrlSign,
    EncipherOnly,
    DecipherOnly,
}

impl KeyUsageBit {
    pub(crate) const ALL: [Self; 9] = [
        Self::DigitalSignature,
        Self::NonRepudiation,
        Self::KeyEncipherment,
        Self::DataEncipherment,
        Self::KeyAgreement,
        Self::KeyCertSign,
        Self::CrlSign,
        Self::EncipherOnly,
        Self::DecipherOnly,
    ];

    pub(crate) fn is_set(self, usage: &KeyUsage) -> bool {
        match self {
            Self::DigitalSignature => usage.digital_signature(),
            Self::NonRepudiation => usage.non_repudiation(),
            Self::KeyEncipherment => usage.key_encipherment(),
            Self::DataEncipherment => usage.data_encipherment(),
            Self::KeyAgreement => usage.key_agreement(),
            Self::KeyCertSign => usage.key_cert_sign(),
            Self::CrlSign => usage.crl_sign(),
            Self::EncipherOnly => usage.encipher_only(),
            Self::DecipherOnly => usage.decipher_only(),
        }
    }

    /// The name in RFC 5280 §4.2.1.3.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::DigitalSignature => "digitalSignature",
            Self::NonRepudiation => "nonRepudiation",
            Self::KeyEncipherment => "keyEncipherment",
            Self::DataEncipherment => "dataEncipherment",
            Self::KeyAgreement => "keyAgreement",
            Self::KeyCertSign => "keyCertSign",
            Self::CrlSign => "cRLSign",
            Self::EncipherOnly => "encipherOnly",
            Self::DecipherOnly => "decipherOnly",
        }
    }
}
