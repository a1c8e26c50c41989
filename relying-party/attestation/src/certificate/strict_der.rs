//! DER as X.690 defines it: one encoding for one value.
//!
//! The certificate is read by `x509-cert`; this walk over the same bytes comes first and owes nothing to it (why:
//! `docs/decisions/0010-certificate-strictness.md`).

use crate::faults::EncodingFault;

/// Deeper than any certificate (names in extensions reach eight or nine).
const MAX_DEPTH: usize = 16;

const BOOLEAN: u8 = 0x01;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const NULL: u8 = 0x05;
const OBJECT_IDENTIFIER: u8 = 0x06;
const ENUMERATED: u8 = 0x0a;
const UTF8_STRING: u8 = 0x0c;
const RELATIVE_OID: u8 = 0x0d;
const NUMERIC_STRING: u8 = 0x12;
const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const VISIBLE_STRING: u8 = 0x1a;
const BMP_STRING: u8 = 0x1e;
pub(crate) const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

const CLASS: u8 = 0xc0;
const CONSTRUCTED: u8 = 0x20;
const NUMBER: u8 = 0x1f;

/// One value: its identifier octet, its contents, and all of its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) tag: u8,
    pub(crate) contents: &'a [u8],
    pub(crate) whole: &'a [u8],
}

impl<'a> Value<'a> {
    /// The first value of `input`, and what follows it.
    pub(crate) fn read(input: &'a [u8]) -> Result<(Self, &'a [u8]), EncodingFault> {
        let (&tag, after_tag) = input.split_first().ok_or(EncodingFault::EndsEarly)?;
        if tag & NUMBER == NUMBER {
            return Err(EncodingFault::Tag);
        }
        let (length, body) = read_length(after_tag)?;
        let (contents, rest) = body
            .split_at_checked(length)
            .ok_or(EncodingFault::EndsEarly)?;
        let whole = input
            .get(..input.len() - rest.len())
            .ok_or(EncodingFault::EndsEarly)?;
        Ok((
            Self {
                tag,
                contents,
                whole,
            },
            rest,
        ))
    }

    /// The one value that `input` is, with nothing after it.
    pub(crate) fn only(input: &'a [u8]) -> Result<Self, EncodingFault> {
        let (value, rest) = Self::read(input)?;
        if rest.is_empty() {
            Ok(value)
        } else {
            Err(EncodingFault::TrailingBytes { bytes: rest.len() })
        }
    }

    /// The values inside.
    pub(crate) fn members(&self) -> Result<Vec<Value<'a>>, EncodingFault> {
        let mut members = Vec::new();
        let mut rest = self.contents;
        while !rest.is_empty() {
            let (member, after) = Self::read(rest)?;
            members.push(member);
            rest = after;
        }
        Ok(members)
    }
}

/// A definite length in its shortest form. Certificates are capped at sizes that two length octets can state.
fn read_length(input: &[u8]) -> Result<(usize, &[u8]), EncodingFault> {
    match input {
        [] => Err(EncodingFault::EndsEarly),
        [short @ ..=0x7f, rest @ ..] => Ok((usize::from(*short), rest)),
        [0x81, length @ 0x80..=0xff, rest @ ..] => Ok((usize::from(*length), rest)),
        [0x82, high @ 0x01..=0xff, low, rest @ ..] => {
            Ok((usize::from(u16::from_be_bytes([*high, *low])), rest))
        }
        [0x81] | [0x82] | [0x82, _] => Err(EncodingFault::EndsEarly),
        _ => Err(EncodingFault::Length),
    }
}

/// Checks that `input` is exactly one DER value, down to the leaves. The contents of OCTET STRINGs and BIT STRINGs are
/// not entered: whoever interprets them checks them.
pub(crate) fn check(input: &[u8]) -> Result<(), EncodingFault> {
    check_value(&Value::only(input)?, 0)
}

fn check_value(value: &Value<'_>, depth: usize) -> Result<(), EncodingFault> {
    let constructed = value.tag & CONSTRUCTED != 0;
    if value.tag & CLASS == 0 {
        match value.tag {
            SEQUENCE | SET => {}
            // A constructed string is BER (X.690 §10.2); nothing else constructed and universal belongs in a certificate.
            _ if constructed => return Err(EncodingFault::Tag),
            _ => return check_primitive(value.tag, value.contents),
        }
    }
    if !constructed {
        // Implicitly tagged: its reader knows the type.
        return Ok(());
    }
    if depth >= MAX_DEPTH {
        return Err(EncodingFault::TooDeep);
    }
    let mut rest = value.contents;
    let mut previous: Option<&[u8]> = None;
    while !rest.is_empty() {
        let (member, after) = Value::read(rest)?;
        check_value(&member, depth + 1)?;
        if value.tag == SET && previous.is_some_and(|previous| previous > member.whole) {
            return Err(EncodingFault::SetOrder);
        }
        previous = Some(member.whole);
        rest = after;
    }
    Ok(())
}

fn check_primitive(tag: u8, contents: &[u8]) -> Result<(), EncodingFault> {
    let (name, good) = match tag {
        0x00 => return Err(EncodingFault::Tag),
        BOOLEAN => ("a BOOLEAN", matches!(contents, [0x00 | 0xff])),
        INTEGER | ENUMERATED => ("an INTEGER", is_shortest_integer(contents)),
        BIT_STRING => return check_bit_string(contents),
        NULL => ("a NULL", contents.is_empty()),
        OBJECT_IDENTIFIER | RELATIVE_OID => ("an OBJECT IDENTIFIER", is_shortest_oid(contents)),
        UTF8_STRING => ("a UTF8String", std::str::from_utf8(contents).is_ok()),
        NUMERIC_STRING => ("a NumericString", contents.iter().all(is_numeric)),
        PRINTABLE_STRING => ("a PrintableString", contents.iter().all(is_printable)),
        VISIBLE_STRING => ("a VisibleString", contents.iter().all(is_visible)),
        BMP_STRING => ("a BMPString", is_bmp(contents)),
        IA5_STRING => ("an IA5String", contents.is_ascii()),
        UTC_TIME => ("a UTCTime", is_zulu(contents, 12)),
        GENERALIZED_TIME => ("a GeneralizedTime", is_zulu(contents, 14)),
        _ => return Ok(()),
    };
    if good {
        Ok(())
    } else {
        Err(EncodingFault::Value(name))
    }
}

/// Checks the contents of a BIT STRING, for those too that are implicitly tagged.
pub(crate) fn check_bit_string(contents: &[u8]) -> Result<(), EncodingFault> {
    if is_padded_with_zeros(contents) {
        Ok(())
    } else {
        Err(EncodingFault::Value("a BIT STRING"))
    }
}

/// X.690 §8.3.2: the first nine bits are not all equal.
fn is_shortest_integer(contents: &[u8]) -> bool {
    match contents {
        [] => false,
        [0x00, second, ..] => *second >= 0x80,
        [0xff, second, ..] => *second < 0x80,
        _ => true,
    }
}

/// X.690 §11.2.1: unused bits are zero.
fn is_padded_with_zeros(contents: &[u8]) -> bool {
    match contents {
        [0] => true,
        [unused @ 0..=7, .., last] => last.trailing_zeros() >= u32::from(*unused),
        _ => false,
    }
}

/// X.690 §8.19.2: no subidentifier begins with 0x80, and the last one ends.
fn is_shortest_oid(contents: &[u8]) -> bool {
    let mut starts = true;
    for byte in contents {
        if starts && *byte == 0x80 {
            return false;
        }
        starts = *byte < 0x80;
    }
    !contents.is_empty() && starts
}

fn is_printable(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(byte)
}

fn is_numeric(byte: &u8) -> bool {
    byte.is_ascii_digit() || *byte == b' '
}

fn is_visible(byte: &u8) -> bool {
    byte.is_ascii_graphic() || *byte == b' '
}

/// Two bytes a character, and no surrogates: those stand for characters outside the BMP.
fn is_bmp(contents: &[u8]) -> bool {
    let (characters, rest) = contents.as_chunks::<2>();
    rest.is_empty()
        && characters
            .iter()
            .all(|[high, _]| !(0xd8..=0xdf).contains(high))
}

/// RFC 5280 §4.1.2.5: digits down to the second, then `Z`.
fn is_zulu(contents: &[u8], digits: usize) -> bool {
    contents.split_last().is_some_and(|(last, rest)| {
        *last == b'Z' && rest.len() == digits && rest.iter().all(u8::is_ascii_digit)
    })
}

#[cfg(test)]
mod tests;
