//! A profile's TOML text. `profiles/jpki.toml` is an annotated example.

use std::collections::BTreeMap;

use der::Encode;
use der::asn1::{Any, Ia5StringRef, ObjectIdentifier, PrintableStringRef, SetOfVec, Utf8StringRef};
use serde::Deserialize;
use x509_cert::attr::AttributeTypeAndValue;

use super::{Class, ProfileError};
use crate::certificate::{KeyUsageBit, SignatureAlgorithm, StatementAlgorithm};
use crate::faults::KeyKind;

/// The only format so far.
const FORMAT: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ProfileFile {
    format: u32,
    pub(super) name: String,
    pub(super) class: Class,
    pub(super) country: String,
    pub(super) title: BTreeMap<String, String>,
    issuer: Vec<Attribute>,
    #[serde(default)]
    pub(super) anchors: Vec<AnchorFile>,
    certificate: CertificateFile,
    statement: StatementFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnchorFile {
    pub(super) label: String,
    pub(super) file: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Attribute {
    attribute: String,
    string: StringType,
    value: String,
}

#[derive(Deserialize)]
enum StringType {
    #[serde(rename = "PrintableString")]
    Printable,
    #[serde(rename = "UTF8String")]
    Utf8,
    #[serde(rename = "IA5String")]
    Ia5,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CertificateFile {
    signature_algorithms: Vec<SignatureAlgorithm>,
    policies: Vec<String>,
    policies_critical: bool,
    key_usage: Vec<KeyUsageBit>,
    public_keys: Vec<KeyFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, tag = "type")]
enum KeyFile {
    #[serde(rename = "RSA")]
    Rsa { bits: usize, exponent: u32 },
    #[serde(rename = "P-256")]
    P256,
    #[serde(rename = "P-384")]
    P384,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementFile {
    algorithms: Vec<StatementAlgorithm>,
}

/// What an issuer's certificates and their statements look like.
#[derive(Clone, Debug)]
pub(crate) struct Requirements {
    pub(crate) signature_algorithms: Vec<SignatureAlgorithm>,
    pub(crate) policies: Vec<ObjectIdentifier>,
    pub(crate) policies_critical: bool,
    pub(crate) key_usage: Vec<KeyUsageBit>,
    pub(crate) public_keys: Vec<KeyKind>,
    pub(crate) statement_algorithms: Vec<StatementAlgorithm>,
}

impl ProfileFile {
    pub(super) fn parse(text: &str) -> Result<Self, ProfileError> {
        let file: Self =
            toml::from_str(text).map_err(|cause| ProfileError::Text(cause.to_string()))?;
        if file.format != FORMAT {
            return Err(file.wrong("format is not 1"));
        }
        let words = file.name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        if !words {
            return Err(file.wrong("name is not lower-case words joined by hyphens"));
        }
        if !(file.country.len() == 2 && file.country.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            return Err(file.wrong("country is not two capital letters"));
        }
        if !file.title.contains_key("en") {
            return Err(file.wrong("title has no text in English"));
        }
        Ok(file)
    }

    /// The DER of the issuer's name, one attribute a relative distinguished name.
    pub(super) fn issuer_der(&self) -> Result<Vec<u8>, ProfileError> {
        if self.issuer.is_empty() {
            return Err(self.wrong("issuer has no attributes"));
        }
        let mut name = Vec::new();
        for attribute in &self.issuer {
            let attribute = attribute
                .encode()
                .ok_or_else(|| self.wrong("an attribute of issuer cannot be encoded"))?;
            name.push(attribute);
        }
        name.to_der()
            .map_err(|_| self.wrong("issuer cannot be encoded"))
    }

    pub(super) fn requirements(&self) -> Result<Requirements, ProfileError> {
        let certificate = &self.certificate;
        let mut policies = Vec::new();
        for policy in &certificate.policies {
            let policy = policy
                .parse()
                .map_err(|_| self.wrong("a policy is not an object identifier"))?;
            policies.push(policy);
        }
        if !certificate
            .key_usage
            .contains(&KeyUsageBit::DigitalSignature)
        {
            return Err(self.wrong("key-usage lacks digitalSignature"));
        }
        if certificate.key_usage.contains(&KeyUsageBit::KeyCertSign)
            || certificate.key_usage.contains(&KeyUsageBit::CrlSign)
        {
            return Err(self.wrong("key-usage admits a certification authority"));
        }
        let mut public_keys = Vec::new();
        for key in &certificate.public_keys {
            public_keys.push(match key {
                KeyFile::Rsa { bits, exponent } => {
                    if *bits < 2048 || *exponent < 65_537 || exponent % 2 == 0 {
                        return Err(self.wrong("a public key is too weak"));
                    }
                    KeyKind::Rsa {
                        bits: *bits,
                        exponent: Some(*exponent),
                    }
                }
                KeyFile::P256 => KeyKind::P256,
                KeyFile::P384 => KeyKind::P384,
            });
        }
        Ok(Requirements {
            signature_algorithms: certificate.signature_algorithms.clone(),
            policies,
            policies_critical: certificate.policies_critical,
            key_usage: certificate.key_usage.clone(),
            public_keys,
            statement_algorithms: self.statement.algorithms.clone(),
        })
    }

    fn wrong(&self, what: &'static str) -> ProfileError {
        ProfileError::Content {
            profile: self.name.clone(),
            what,
        }
    }
}

impl Attribute {
    fn encode(&self) -> Option<SetOfVec<AttributeTypeAndValue>> {
        let oid = attribute_oid(&self.attribute)?;
        let value = match self.string {
            StringType::Printable => Any::encode_from(&PrintableStringRef::new(&self.value).ok()?),
            StringType::Utf8 => Any::encode_from(&Utf8StringRef::new(&self.value).ok()?),
            StringType::Ia5 => Any::encode_from(&Ia5StringRef::new(&self.value).ok()?),
        }
        .ok()?;
        SetOfVec::from_iter([AttributeTypeAndValue { oid, value }]).ok()
    }
}

/// The short names of RFC 4514 §3 and what eIDs use besides, or an object identifier.
fn attribute_oid(name: &str) -> Option<ObjectIdentifier> {
    let dotted = match name {
        "C" => "2.5.4.6",
        "O" => "2.5.4.10",
        "OU" => "2.5.4.11",
        "CN" => "2.5.4.3",
        "L" => "2.5.4.7",
        "ST" => "2.5.4.8",
        "serialNumber" => "2.5.4.5",
        "organizationIdentifier" => "2.5.4.97",
        "DC" => "0.9.2342.19200300.100.1.25",
        other => other,
    };
    dotted.parse().ok()
}
