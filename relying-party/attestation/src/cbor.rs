//! CBOR in the CTAP2 canonical form (CTAP 2.1 §8): one encoding for one value, and nothing else is read.
//!
//! `ciborium-ll` reads the heads of items; whether a head was in its shortest form it does not say, so each is written
//! again and compared.

use ciborium_ll::{Decoder, Encoder, Header};

use crate::faults::CborFault;

/// CTAP 2.1 §8: at most four levels of maps and arrays.
const MAX_DEPTH: usize = 4;

const FALSE: u8 = 20;
const NULL: u8 = 22;

/// Reads items from a slice, one after the other.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(input: &'a [u8]) -> Self {
        Self { rest: input }
    }

    /// What has not been read yet.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Succeeds if everything was read.
    pub(crate) const fn finish(self) -> Result<(), CborFault> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(CborFault::TrailingBytes {
                bytes: self.rest.len(),
            })
        }
    }

    /// A map's head: its number of pairs.
    pub(crate) fn map(&mut self, member: &'static str) -> Result<usize, CborFault> {
        match self.head()? {
            Header::Map(Some(pairs)) => Ok(pairs),
            _ => Err(CborFault::WrongType { member }),
        }
    }

    /// An array's head: its number of items.
    pub(crate) fn array(&mut self, member: &'static str) -> Result<usize, CborFault> {
        match self.head()? {
            Header::Array(Some(items)) => Ok(items),
            _ => Err(CborFault::WrongType { member }),
        }
    }

    /// A byte string.
    pub(crate) fn bytes(&mut self, member: &'static str) -> Result<&'a [u8], CborFault> {
        match self.head()? {
            Header::Bytes(Some(length)) => self.take(length),
            _ => Err(CborFault::WrongType { member }),
        }
    }

    /// A text string.
    pub(crate) fn text(&mut self, member: &'static str) -> Result<&'a str, CborFault> {
        match self.head()? {
            Header::Text(Some(length)) => {
                std::str::from_utf8(self.take(length)?).map_err(|_| CborFault::NotUtf8)
            }
            _ => Err(CborFault::WrongType { member }),
        }
    }

    /// An integer of at most 64 bits with sign.
    pub(crate) fn integer(&mut self, member: &'static str) -> Result<i64, CborFault> {
        let wrong = CborFault::WrongType { member };
        match self.head()? {
            Header::Positive(value) => i64::try_from(value).map_err(|_| wrong),
            Header::Negative(value) => i64::try_from(value)
                .map(|value| -1 - value)
                .map_err(|_| wrong),
            _ => Err(wrong),
        }
    }

    /// Any item, checked to the leaves; returns its bytes.
    pub(crate) fn item(&mut self) -> Result<&'a [u8], CborFault> {
        let before = self.rest;
        self.skip(0)?;
        before
            .get(..before.len() - self.rest.len())
            .ok_or(CborFault::EndsEarly)
    }

    fn skip(&mut self, depth: usize) -> Result<(), CborFault> {
        match self.head()? {
            Header::Positive(_) | Header::Negative(_) => Ok(()),
            Header::Simple(FALSE..=NULL) => Ok(()),
            Header::Bytes(Some(length)) => self.take(length).map(drop),
            Header::Text(Some(length)) => std::str::from_utf8(self.take(length)?)
                .map(drop)
                .map_err(|_| CborFault::NotUtf8),
            Header::Array(Some(_)) | Header::Map(Some(_)) if depth >= MAX_DEPTH => {
                Err(CborFault::TooDeep)
            }
            Header::Array(Some(items)) => (0..items).try_for_each(|_| self.skip(depth + 1)),
            Header::Map(Some(pairs)) => self.skip_pairs(pairs, depth + 1),
            _ => Err(CborFault::UnexpectedItem),
        }
    }

    fn skip_pairs(&mut self, pairs: usize, depth: usize) -> Result<(), CborFault> {
        let mut previous: Option<&[u8]> = None;
        for _ in 0..pairs {
            let key = self.key()?;
            if previous.is_some_and(|previous| !is_before(previous, key)) {
                return Err(CborFault::KeyOrder);
            }
            previous = Some(key);
            self.skip(depth)?;
        }
        Ok(())
    }

    /// A map's key, which is a number or a text in everything that WebAuthn defines; returns its bytes.
    fn key(&mut self) -> Result<&'a [u8], CborFault> {
        match self.rest.first().map(|head| head >> 5) {
            Some(0 | 1 | 3) => self.item(),
            None => Err(CborFault::EndsEarly),
            _ => Err(CborFault::UnexpectedItem),
        }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], CborFault> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(CborFault::EndsEarly)?;
        self.rest = rest;
        Ok(taken)
    }

    fn head(&mut self) -> Result<Header, CborFault> {
        let mut decoder = Decoder::from(self.rest);
        let header = decoder.pull().map_err(|error| match error {
            ciborium_ll::Error::Io(_) => CborFault::EndsEarly,
            ciborium_ll::Error::Syntax(_) => CborFault::UnexpectedItem,
        })?;
        let length = decoder.offset();
        if let Header::Bytes(None) | Header::Text(None) | Header::Array(None) | Header::Map(None) =
            header
        {
            return Err(CborFault::IndefiniteLength);
        }
        let head = self.take(length)?;
        // A head has at most nine bytes. A shorter one differs in its first, so comparing as many as were read is enough.
        let mut shortest = [0; 9];
        Encoder::from(shortest.as_mut_slice())
            .push(header)
            .map_err(|_| CborFault::UnexpectedItem)?;
        if shortest.starts_with(head) {
            Ok(header)
        } else {
            Err(CborFault::NotShortest)
        }
    }
}

/// CTAP2 canonical order of keys: by major type, then length, then bytes.
fn is_before(one: &[u8], other: &[u8]) -> bool {
    let rank = |key: &[u8]| (key.first().map(|head| head >> 5), key.len());
    (rank(one), one) < (rank(other), other)
}

/// Appends a text string's or byte string's head and contents; for the few items this crate writes.
pub(crate) fn write_text(to: &mut Vec<u8>, text: &str) {
    write_head(to, Header::Text(Some(text.len())));
    to.extend_from_slice(text.as_bytes());
}

/// As [`write_text`], for bytes.
pub(crate) fn write_bytes(to: &mut Vec<u8>, bytes: &[u8]) {
    write_head(to, Header::Bytes(Some(bytes.len())));
    to.extend_from_slice(bytes);
}

/// Appends a map's head.
pub(crate) fn write_map(to: &mut Vec<u8>, pairs: usize) {
    write_head(to, Header::Map(Some(pairs)));
}

fn write_head(to: &mut Vec<u8>, header: Header) {
    // Writing to memory does not fail.
    let _ = Encoder::from(to).push(header);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<(), CborFault> {
        let mut reader = Reader::new(bytes);
        reader.item()?;
        reader.finish()
    }

    #[test]
    fn canonical_items_are_read() {
        for bytes in [
            &b"\x00"[..],
            b"\x18\x18",
            b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\xf4",
            b"\xf6",
            b"\xa0",
            b"\xa3\x01\x00\x03\x00\x20\x00",
            b"\xa2\x61b\x00\x62aa\x00",
            b"\x81\x81\x81\x81\x00",
            b"\xa1\x01\xa1\x01\xa1\x01\xa1\x01\x00",
        ] {
            assert_eq!(read(bytes), Ok(()), "{bytes:02x?}");
        }
    }

    #[test]
    fn other_encodings_of_the_same_value_are_refused() {
        let cases: &[(&str, &[u8], CborFault)] = &[
            (
                "number with one byte too many",
                b"\x18\x17",
                CborFault::NotShortest,
            ),
            (
                "number with two bytes for 24",
                b"\x19\x00\x18",
                CborFault::NotShortest,
            ),
            (
                "length with one byte too many",
                b"\x58\x01\x00",
                CborFault::NotShortest,
            ),
            ("map length too long", b"\xb8\x00", CborFault::NotShortest),
            (
                "simple value in two bytes",
                b"\xf8\x14",
                CborFault::NotShortest,
            ),
            (
                "indefinite bytes",
                b"\x5f\x41\x00\xff",
                CborFault::IndefiniteLength,
            ),
            ("indefinite text", b"\x7f\xff", CborFault::IndefiniteLength),
            ("indefinite array", b"\x9f\xff", CborFault::IndefiniteLength),
            ("indefinite map", b"\xbf\xff", CborFault::IndefiniteLength),
            ("break", b"\xff", CborFault::UnexpectedItem),
            ("tag", b"\xc0\x00", CborFault::UnexpectedItem),
            ("float", b"\xf9\x00\x00", CborFault::UnexpectedItem),
            ("undefined", b"\xf7", CborFault::UnexpectedItem),
            (
                "reserved additional information",
                b"\x1c",
                CborFault::UnexpectedItem,
            ),
            (
                "keys out of order",
                b"\xa2\x03\x00\x01\x00",
                CborFault::KeyOrder,
            ),
            (
                "negative before positive",
                b"\xa2\x20\x00\x01\x00",
                CborFault::KeyOrder,
            ),
            (
                "longer text first",
                b"\xa2\x62aa\x00\x61b\x00",
                CborFault::KeyOrder,
            ),
            ("key twice", b"\xa2\x01\x00\x01\x00", CborFault::KeyOrder),
            (
                "bytes as key",
                b"\xa1\x41\x00\x00",
                CborFault::UnexpectedItem,
            ),
            ("not UTF-8", b"\x61\xff", CborFault::NotUtf8),
            (
                "trailing byte",
                b"\x00\x00",
                CborFault::TrailingBytes { bytes: 1 },
            ),
            ("nothing", b"", CborFault::EndsEarly),
            ("cut off", b"\x42\x00", CborFault::EndsEarly),
            ("cut off in a head", b"\x59\x01", CborFault::EndsEarly),
            (
                "length beyond memory",
                b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
                CborFault::EndsEarly,
            ),
            (
                "array beyond memory",
                b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
                CborFault::EndsEarly,
            ),
            (
                "five levels of arrays",
                b"\x81\x81\x81\x81\x81\x00",
                CborFault::TooDeep,
            ),
            (
                "five levels of maps",
                b"\xa1\x01\xa1\x01\xa1\x01\xa1\x01\xa1\x01\x00",
                CborFault::TooDeep,
            ),
            (
                "five levels of both",
                b"\xa1\x01\x81\xa1\x01\x81\xa1\x01\x00",
                CborFault::TooDeep,
            ),
        ];
        for (name, bytes, fault) in cases {
            assert_eq!(read(bytes), Err(*fault), "{name}");
        }
    }
}
