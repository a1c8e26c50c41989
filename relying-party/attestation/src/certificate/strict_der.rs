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
mod tests {
    use super::*;

    #[test]
    fn other_encodings_of_the_same_value_are_refused() {
        let cases: &[(&str, &[u8], EncodingFault)] = &[
            (
                "indefinite length",
                &[0x30, 0x80, 0, 0],
                EncodingFault::Length,
            ),
            (
                "long form for 1",
                &[0x04, 0x81, 1, 7],
                EncodingFault::Length,
            ),
            (
                "two length bytes for 128",
                &[&[0x04, 0x82, 0, 0x80][..], &[0; 128]].concat(),
                EncodingFault::Length,
            ),
            (
                "three length bytes",
                &[0x04, 0x83, 0, 0, 1, 7],
                EncodingFault::Length,
            ),
            ("true as 1", &[1, 1, 1], EncodingFault::Value("a BOOLEAN")),
            (
                "padded integer",
                &[2, 2, 0, 1],
                EncodingFault::Value("an INTEGER"),
            ),
            (
                "padded negative integer",
                &[2, 2, 0xff, 0x80],
                EncodingFault::Value("an INTEGER"),
            ),
            ("empty integer", &[2, 0], EncodingFault::Value("an INTEGER")),
            (
                "unused bits set",
                &[3, 2, 1, 1],
                EncodingFault::Value("a BIT STRING"),
            ),
            (
                "eight unused bits",
                &[3, 2, 8, 0],
                EncodingFault::Value("a BIT STRING"),
            ),
            (
                "unused bits of nothing",
                &[3, 1, 1],
                EncodingFault::Value("a BIT STRING"),
            ),
            (
                "null with contents",
                &[5, 1, 0],
                EncodingFault::Value("a NULL"),
            ),
            (
                "padded subidentifier",
                &[6, 3, 0x55, 0x80, 1],
                EncodingFault::Value("an OBJECT IDENTIFIER"),
            ),
            (
                "unfinished subidentifier",
                &[6, 2, 0x55, 0x81],
                EncodingFault::Value("an OBJECT IDENTIFIER"),
            ),
            (
                "padded relative object identifier",
                &[13, 2, 0x80, 1],
                EncodingFault::Value("an OBJECT IDENTIFIER"),
            ),
            (
                "letter in NumericString",
                b"\x12\x01a",
                EncodingFault::Value("a NumericString"),
            ),
            (
                "line break in VisibleString",
                b"\x1a\x01\n",
                EncodingFault::Value("a VisibleString"),
            ),
            (
                "half a character in BMPString",
                &[0x1e, 3, 0, b'a', 0],
                EncodingFault::Value("a BMPString"),
            ),
            (
                "surrogates in BMPString",
                &[0x1e, 4, 0xd8, 0x40, 0xdc, 0x0b],
                EncodingFault::Value("a BMPString"),
            ),
            (
                "constructed octet string",
                &[0x24, 3, 4, 1, 7],
                EncodingFault::Tag,
            ),
            ("end-of-contents", &[0x30, 2, 0, 0], EncodingFault::Tag),
            ("long tag", &[0x1f, 0x1f, 0], EncodingFault::Tag),
            (
                "set out of order",
                &[0x31, 6, 2, 1, 2, 2, 1, 1],
                EncodingFault::SetOrder,
            ),
            (
                "time without seconds",
                b"\x17\x0b2501010000Z",
                EncodingFault::Value("a UTCTime"),
            ),
            (
                "time with an offset",
                b"\x17\x112501010000+0900",
                EncodingFault::EndsEarly,
            ),
            (
                "at sign in PrintableString",
                b"\x13\x01@",
                EncodingFault::Value("a PrintableString"),
            ),
            (
                "trailing bytes",
                &[5, 0, 0],
                EncodingFault::TrailingBytes { bytes: 1 },
            ),
            ("nothing", &[], EncodingFault::EndsEarly),
            ("tag only", &[5], EncodingFault::EndsEarly),
            ("cut off", &[4, 2, 1], EncodingFault::EndsEarly),
            (
                "cut off in a length",
                &[4, 0x82, 1],
                EncodingFault::EndsEarly,
            ),
            (
                "cut off before a length of one byte",
                &[4, 0x81],
                EncodingFault::EndsEarly,
            ),
            (
                "cut off before a length of two",
                &[4, 0x82],
                EncodingFault::EndsEarly,
            ),
            (
                "IA5String beyond ASCII",
                &[0x16, 1, 0xe9],
                EncodingFault::Value("an IA5String"),
            ),
            (
                "unfinished subidentifier that ends in zeros",
                &[6, 3, 0x55, 0x81, 0x80],
                EncodingFault::Value("an OBJECT IDENTIFIER"),
            ),
        ];
        for (name, bytes, fault) in cases {
            assert_eq!(check(bytes), Err(*fault), "{name}");
        }
    }

    #[test]
    fn the_one_encoding_of_a_value_is_read() {
        for bytes in [
            &b"\x0c\x03\xe6\x97\xa5"[..],
            b"\x0d\x02\x81\x01",
            b"\x12\x0303 ",
            b"\x13\x02A?",
            b"\x16\x01@",
            b"\x1a\x02 ~",
            b"\x1e\x04\x65\xe5\x00a",
            b"\x17\x0d250101000000Z",
            b"\x18\x0f20500101000000Z",
            &[1, 1, 0],
            &[2, 2, 0, 0x80],
            &[2, 2, 0xff, 0x7f],
            &[3, 1, 0],
            &[3, 2, 1, 2],
            &[5, 0],
            &[6, 4, 0x81, 0x80, 0x80, 1],
            &[0x31, 6, 2, 1, 1, 2, 1, 2],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
        ] {
            assert_eq!(check(bytes), Ok(()), "{bytes:02x?}");
        }
    }

    #[test]
    fn nesting_has_a_limit() {
        let mut value = vec![5, 0];
        for _ in 0..MAX_DEPTH {
            value = [&[0x30, u8::try_from(value.len()).unwrap()], &value[..]].concat();
        }
        assert_eq!(check(&value), Ok(()));
        value = [&[0x30, u8::try_from(value.len()).unwrap()], &value[..]].concat();
        assert_eq!(check(&value), Err(EncodingFault::TooDeep));
    }
}
