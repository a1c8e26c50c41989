//! A DER writer small enough to write certificates that a library would refuse to write.
//!
//! The practice hierarchy has to produce wrong certificates as easily as right ones (a missing
//! version, two algorithm identifiers that disagree), so nothing here checks what it is given.

use const_oid::ObjectIdentifier;
use time::OffsetDateTime;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const UTF8_STRING: u8 = 0x0C;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const IA5_STRING: u8 = 0x16;
const BOOLEAN: u8 = 0x01;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// One element: tag, length, content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.iter().copied().skip_while(|b| *b == 0).collect();
    match (content.len(), significant.as_slice()) {
        (0..=127, [short]) => out.push(*short),
        (0, _) => out.push(0),
        (_, long) => {
            out.push(0x80 | long.len() as u8);
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}

pub(crate) fn sequence<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Vec<u8> {
    element(SEQUENCE, &concat(parts))
}

pub(crate) fn set_of_one(part: &[u8]) -> Vec<u8> {
    element(SET, part)
}

/// `[n]`, constructed.
pub(crate) fn context(n: u8, content: &[u8]) -> Vec<u8> {
    element(0xA0 | n, content)
}

/// `[n] IMPLICIT` of a primitive type.
pub(crate) fn context_primitive(n: u8, content: &[u8]) -> Vec<u8> {
    element(0x80 | n, content)
}

pub(crate) fn oid(value: &ObjectIdentifier) -> Vec<u8> {
    element(OBJECT_IDENTIFIER, value.as_bytes())
}

pub(crate) fn null() -> Vec<u8> {
    element(0x05, &[])
}

pub(crate) fn boolean_true() -> Vec<u8> {
    element(BOOLEAN, &[0xFF])
}

/// A BIT STRING of whole bytes.
pub(crate) fn bit_string(content: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], content].concat())
}

/// A BIT STRING of named bits, trailing zero bits removed as DER wants it (X.690 §11.2.2).
pub(crate) fn named_bits(bits: &[u8]) -> Vec<u8> {
    let Some(last) = bits.iter().copied().max() else {
        return element(BIT_STRING, &[0]);
    };
    let mut bytes = vec![0u8; usize::from(last / 8) + 1];
    for bit in bits {
        if let Some(byte) = bytes.get_mut(usize::from(bit / 8)) {
            *byte |= 0x80 >> (bit % 8);
        }
    }
    let unused = 7 - last % 8;
    element(BIT_STRING, &[&[unused], bytes.as_slice()].concat())
}

/// An INTEGER from an unsigned big-endian number, leading zeros removed and the sign kept clear.
pub(crate) fn unsigned(number: &[u8]) -> Vec<u8> {
    element(INTEGER, &unsigned_content(number))
}

/// The content octets of [`unsigned`].
pub(crate) fn unsigned_content(number: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = number.iter().copied().skip_while(|b| *b == 0).collect();
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    content
}

/// UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
pub(crate) fn time(unix: i64) -> Vec<u8> {
    let t = OffsetDateTime::from_unix_timestamp(unix).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let rest = format!(
        "{:02}{:02}{:02}{:02}{:02}Z",
        u8::from(t.month()),
        t.day(),
        t.hour(),
        t.minute(),
        t.second()
    );
    match t.year() {
        year @ 1950..=2049 => element(
            UTC_TIME,
            format!("{:02}{rest}", year.rem_euclid(100)).as_bytes(),
        ),
        year => element(GENERALIZED_TIME, format!("{year:04}{rest}").as_bytes()),
    }
}

pub(crate) fn concat<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend_from_slice(part.as_ref());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_use_the_fewest_bytes() {
        assert_eq!(element(4, &[]), [4, 0]);
        assert_eq!(element(4, &[7; 127])[..2], [4, 0x7F]);
        assert_eq!(element(4, &[7; 128])[..3], [4, 0x81, 0x80]);
        assert_eq!(element(4, &[7; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn named_bits_have_no_trailing_zeros() {
        // As in the real certificates: digitalSignature; + nonRepudiation; keyCertSign + cRLSign.
        assert_eq!(named_bits(&[0]), [3, 2, 7, 0x80]);
        assert_eq!(named_bits(&[0, 1]), [3, 2, 6, 0xC0]);
        assert_eq!(named_bits(&[5, 6]), [3, 2, 1, 0x06]);
        assert_eq!(named_bits(&[]), [3, 1, 0]);
        assert_eq!(named_bits(&[8]), [3, 3, 7, 0, 0x80]);
    }

    #[test]
    fn unsigned_numbers_stay_positive_and_short() {
        assert_eq!(unsigned(&[0, 0, 0x7F]), [2, 1, 0x7F]);
        assert_eq!(unsigned(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[]), [2, 1, 0]);
    }

    #[test]
    fn times_change_form_in_2050() {
        assert_eq!(
            time(2_524_607_999),
            [&[0x17, 13][..], b"491231235959Z"].concat()
        );
        assert_eq!(
            time(2_524_608_000),
            [&[0x18, 15][..], b"20500101000000Z"].concat()
        );
    }
}
