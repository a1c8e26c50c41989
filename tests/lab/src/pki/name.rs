//! Distinguished names with the string types that JPKI uses.

use crate::asn1;
use const_oid::ObjectIdentifier;

const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const LOCALITY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.7");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const ORGANIZATIONAL_UNIT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.11");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// A distinguished name: one attribute per relative distinguished name, in the order of the calls.
///
/// The country is a PrintableString, everything else a UTF8String, as in the real certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    attributes: Vec<(ObjectIdentifier, u8, String)>,
}

impl Name {
    /// `C=JP`, with which every name of the hierarchy begins.
    pub fn japan() -> Self {
        Name::country("JP")
    }

    /// A name that begins with another country, for the CAs of others.
    pub fn country(code: &str) -> Self {
        Name::default().with(COUNTRY, asn1::PRINTABLE_STRING, code)
    }

    /// Adds an organisation.
    pub fn organization(self, value: &str) -> Self {
        self.with(ORGANIZATION, asn1::UTF8_STRING, value)
    }

    /// Adds an organisational unit.
    pub fn unit(self, value: &str) -> Self {
        self.with(ORGANIZATIONAL_UNIT, asn1::UTF8_STRING, value)
    }

    /// Adds a locality.
    pub fn locality(self, value: &str) -> Self {
        self.with(LOCALITY, asn1::UTF8_STRING, value)
    }

    /// Adds a common name.
    pub fn common_name(self, value: &str) -> Self {
        self.with(COMMON_NAME, asn1::UTF8_STRING, value)
    }

    fn with(mut self, oid: ObjectIdentifier, tag: u8, value: &str) -> Self {
        self.attributes.push((oid, tag, value.to_owned()));
        self
    }

    /// The DER encoding, an RDNSequence.
    pub fn to_der(&self) -> Vec<u8> {
        asn1::sequence(self.attributes.iter().map(|(oid, tag, value)| {
            asn1::set_of_one(&asn1::sequence([
                asn1::oid(oid),
                asn1::element(*tag, value.as_bytes()),
            ]))
        }))
    }

    /// The name as one `directoryName` GeneralName: `[4]`, explicit because Name is a CHOICE.
    pub(crate) fn to_general_name(&self) -> Vec<u8> {
        asn1::context(4, &self.to_der())
    }
}
