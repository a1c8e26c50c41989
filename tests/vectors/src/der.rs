//! DER, written and taken apart: enough to make certificates that no template can describe.

use sha1::Sha1;
use sha2::Digest;

pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const NULL: &[u8] = &[0x05, 0x00];

/// Contents octets of object identifiers.
pub(crate) mod oid {
    pub(crate) const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    pub(crate) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    pub(crate) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    pub(crate) const SECP256K1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];
    pub(crate) const ECDSA_WITH_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
}

/// A tag and its contents.
pub(crate) fn element(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let contents = contents.concat();
    let length = contents.len();
    let head = match length {
        ..0x80 => vec![tag, length as u8],
        0x80..0x100 => vec![tag, 0x81, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [head, contents].concat()
}

pub(crate) fn sequence(members: &[Vec<u8>]) -> Vec<u8> {
    let members: Vec<&[u8]> = members.iter().map(Vec::as_slice).collect();
    element(SEQUENCE, &members)
}

/// The members of a constructed value.
pub(crate) fn members(value: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = contents(value);
    let mut members = Vec::new();
    while !rest.is_empty() {
        let (start, length) = head(rest);
        let (member, after) = rest.split_at(start + length);
        members.push(member.to_vec());
        rest = after;
    }
    members
}

pub(crate) fn contents(value: &[u8]) -> &[u8] {
    let (start, length) = head(value);
    &value[start..start + length]
}

fn head(value: &[u8]) -> (usize, usize) {
    match value[1] {
        0x81 => (3, usize::from(value[2])),
        0x82 => (4, usize::from(u16::from_be_bytes([value[2], value[3]]))),
        length => (2, usize::from(length)),
    }
}

/// The places of a TBSCertificate's fields (RFC 5280 §4.1).
pub(crate) mod field {
    pub(crate) const VERSION: usize = 0;
    pub(crate) const SERIAL: usize = 1;
    pub(crate) const ALGORITHM: usize = 2;
    pub(crate) const ISSUER: usize = 3;
    pub(crate) const VALIDITY: usize = 4;
    pub(crate) const SUBJECT: usize = 5;
    pub(crate) const PUBLIC_KEY: usize = 6;
    pub(crate) const EXTENSIONS: usize = 7;
}

/// The fields of a certificate's signed part.
pub(crate) fn fields(certificate: &[u8]) -> Vec<Vec<u8>> {
    members(&members(certificate)[0])
}

/// The extensions of a certificate's signed part.
pub(crate) fn extensions(fields: &[Vec<u8>]) -> Vec<Vec<u8>> {
    members(contents(&fields[field::EXTENSIONS]))
}

pub(crate) fn set_extensions(fields: &mut [Vec<u8>], extensions: &[Vec<u8>]) {
    fields[field::EXTENSIONS] = element(0xa3, &[&sequence(extensions)]);
}

/// The value of a certificate's cRLDistributionPoints.
pub(crate) fn distribution_points(certificate: &[u8]) -> Option<Vec<u8>> {
    const OID: &[u8] = &[0x06, 3, 0x55, 0x1d, 0x1f];
    let extensions = extensions(&fields(certificate));
    let extension = extensions.iter().find(|each| members(each)[0] == OID)?;
    Some(contents(members(extension).last()?).to_vec())
}

/// A certificate around a signed part of one's own.
pub(crate) fn certificate(
    fields: &[Vec<u8>],
    algorithm: &[u8],
    sign: impl FnOnce(&[u8]) -> Vec<u8>,
) -> Vec<u8> {
    let tbs = sequence(fields);
    let signature = element(BIT_STRING, &[&[0], &sign(&tbs)]);
    element(SEQUENCE, &[&tbs, algorithm, &signature])
}

/// The AlgorithmIdentifier of an elliptic curve key.
pub(crate) fn ec_algorithm(curve: &[u8]) -> Vec<u8> {
    let key = element(OBJECT_IDENTIFIER, &[oid::EC_PUBLIC_KEY]);
    element(SEQUENCE, &[&key, &element(OBJECT_IDENTIFIER, &[curve])])
}

/// A key identifier (RFC 5280 §4.2.1.2, method 1).
pub(crate) fn key_identifier(key_bits: &[u8]) -> Vec<u8> {
    Sha1::digest(key_bits).to_vec()
}

/// Unix seconds of a UTCTime or GeneralizedTime.
pub(crate) fn time(value: &[u8]) -> i64 {
    let digits = std::str::from_utf8(contents(value)).unwrap();
    let (year, rest) = match value[0] {
        0x17 => (2000 + digits[..2].parse::<i32>().unwrap(), &digits[2..]),
        _ => (digits[..4].parse().unwrap(), &digits[4..]),
    };
    let two = |place: usize| rest[place..place + 2].parse().unwrap();
    jpki_lab::pki::instant(year, two(0), two(2), (two(4), two(6), two(8)))
}
