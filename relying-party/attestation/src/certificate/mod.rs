//! A certificate, read once and strictly; the rules look at what was read.

mod extensions;
mod public_key;
mod strict_der;

pub(crate) use extensions::{Extensions, KeyUsageBit};
pub(crate) use public_key::{PublicKey, SignatureAlgorithm, StatementAlgorithm, algorithm_oid};

use aws_lc_rs::digest;
use der::{Decode, Encode};

use crate::faults::EncodingFault;
use crate::holder::KeyHash;
use crate::time::UnixTime;
use strict_der::{SEQUENCE, Value};

/// More than twice a real JPKI certificate (about 1590 bytes).
pub(crate) const MAX_BYTES: usize = 4096;

const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;

/// A certificate that is strict DER. Nothing else is known about it yet.
pub(crate) struct Certificate<'a> {
    /// 1, 2 or 3.
    pub(crate) version: u8,
    /// The INTEGER's contents, as received: two's complement.
    pub(crate) serial: &'a [u8],
    /// DER of the AlgorithmIdentifier that is signed.
    pub(crate) inner_algorithm: &'a [u8],
    /// DER of the AlgorithmIdentifier beside the signature.
    pub(crate) outer_algorithm: &'a [u8],
    /// DER of the issuer's name.
    pub(crate) issuer: &'a [u8],
    /// DER of the subject's name.
    pub(crate) subject: &'a [u8],
    pub(crate) not_before: UnixTime,
    pub(crate) not_after: UnixTime,
    /// DER of the SubjectPublicKeyInfo.
    pub(crate) spki: &'a [u8],
    pub(crate) public_key: PublicKey<'a>,
    pub(crate) extensions: Extensions,
    /// The bytes that the issuer signed, as received.
    pub(crate) tbs: &'a [u8],
    pub(crate) signature: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// Reads a certificate (RFC 5280 §4.1) of at most [`MAX_BYTES`].
    pub(crate) fn parse(der: &'a [u8]) -> Result<Self, EncodingFault> {
        if der.len() > MAX_BYTES {
            return Err(EncodingFault::TooLarge {
                bytes: der.len(),
                limit: MAX_BYTES,
            });
        }
        strict_der::check(der)?;
        let typed = x509_cert::Certificate::from_der(der).map_err(|_| EncodingFault::Structure)?;
        // Catches default values written out and dates before 2050 as GeneralizedTime, both of which decode.
        if typed.to_der().map_err(|_| EncodingFault::Structure)? != der {
            return Err(EncodingFault::NotCanonical);
        }
        let raw = Raw::cut(der)?;
        let validity = typed.tbs_certificate().validity();
        Ok(Self {
            version: match typed.tbs_certificate().version() {
                x509_cert::Version::V1 => 1,
                x509_cert::Version::V2 => 2,
                x509_cert::Version::V3 => 3,
            },
            serial: raw.serial,
            inner_algorithm: raw.inner_algorithm,
            outer_algorithm: raw.outer_algorithm,
            issuer: raw.issuer,
            subject: raw.subject,
            not_before: UnixTime::from_secs(validity.not_before.to_unix_duration().as_secs()),
            not_after: UnixTime::from_secs(validity.not_after.to_unix_duration().as_secs()),
            spki: raw.spki,
            public_key: PublicKey::from_spki(raw.spki)?,
            extensions: Extensions::parse(typed.tbs_certificate().extensions())?,
            tbs: raw.tbs,
            signature: raw.signature,
        })
    }

    pub(crate) fn key_hash(&self) -> KeyHash {
        sha256_of(self.spki)
    }

    /// The algorithm beside the signature, if it is one we verify.
    pub(crate) fn signature_algorithm(&self) -> Option<SignatureAlgorithm> {
        SignatureAlgorithm::from_der(self.outer_algorithm)
    }
}

fn sha256_of(spki: &[u8]) -> KeyHash {
    let mut hash = [0; 32];
    for (to, from) in hash
        .iter_mut()
        .zip(digest::digest(&digest::SHA256, spki).as_ref())
    {
        *to = *from;
    }
    KeyHash::new(hash)
}

/// The parts of which the bytes as received matter.
struct Raw<'a> {
    tbs: &'a [u8],
    serial: &'a [u8],
    inner_algorithm: &'a [u8],
    issuer: &'a [u8],
    subject: &'a [u8],
    spki: &'a [u8],
    outer_algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> Raw<'a> {
    /// Cuts up what is known to be a certificate.
    fn cut(der: &'a [u8]) -> Result<Self, EncodingFault> {
        let certificate = Value::only(der)?.members()?;
        let [tbs, outer_algorithm, signature] = certificate.as_slice() else {
            return Err(EncodingFault::Structure);
        };
        let fields = tbs.members()?;
        let fields = match fields.as_slice() {
            [version, fields @ ..] if version.tag == VERSION => fields,
            fields => fields,
        };
        let [
            serial,
            inner_algorithm,
            issuer,
            _validity,
            subject,
            spki,
            optional @ ..,
        ] = fields
        else {
            return Err(EncodingFault::Structure);
        };
        // issuerUniqueID and subjectUniqueID (RFC 5280 §4.1.2.8): implicitly tagged, so that nobody has looked inside.
        for unique_id in optional.iter().filter(|field| field.tag != EXTENSIONS) {
            strict_der::check_bit_string(unique_id.contents)?;
        }
        // RFC 5280 §4.1.1.3: a signature is whole bytes.
        let [0, signature @ ..] = signature.contents else {
            return Err(EncodingFault::Structure);
        };
        if tbs.tag != SEQUENCE {
            return Err(EncodingFault::Structure);
        }
        Ok(Self {
            tbs: tbs.whole,
            serial: serial.contents,
            inner_algorithm: inner_algorithm.whole,
            issuer: issuer.whole,
            subject: subject.whole,
            spki: spki.whole,
            outer_algorithm: outer_algorithm.whole,
            signature,
        })
    }
}
