//! CBOR in the CTAP2 canonical form (CTAP 2.3 §8 "Message encoding"), strict both ways.
//!
//! | rule | where |
//! |---|---|
//! | integers and lengths in their shortest form | `reader::Reader::argument` |
//! | definite lengths only, no tags | `reader::Reader::argument`, `reader::Reader::item` |
//! | map keys sorted by major type, then length, then bytes; none twice | [`Map`], `reader::Reader::map` |
//! | at most four levels of arrays and maps | `reader::Reader::item` |
//! | text is UTF-8; nothing follows the one item | `reader::Reader::text`, [`decode`] |
//!
//! The encoder cannot express anything else: a [`Map`] keeps its keys sorted and unique.

mod map;
mod reader;
mod writer;

pub use map::Map;

/// Maps and arrays in each other, at most (CTAP 2.3 §8).
pub const MAX_DEPTH: usize = 4;

/// The bytes are not one CBOR item in the CTAP2 canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one CBOR item in the CTAP2 canonical form")]
pub struct NotCanonical;

/// One CBOR item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Major type 0.
    Unsigned(u64),
    /// Major type 1: the number −1 − n.
    Negative(u64),
    /// Major type 2.
    Bytes(Vec<u8>),
    /// Major type 3.
    Text(String),
    /// Major type 4.
    Array(Vec<Value>),
    /// Major type 5.
    Map(Map),
    /// Simple values 20 and 21.
    Bool(bool),
    /// Any other simple value or a floating-point number, as encoded: no CTAP parameter is one,
    /// but one may stand where nobody looks.
    Other(Vec<u8>),
}

/// Decodes exactly one item; nothing may follow it.
///
/// # Errors
///
/// [`NotCanonical`].
pub fn decode(bytes: &[u8]) -> Result<Value, NotCanonical> {
    reader::read_all(bytes)
}

/// Encodes one item.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    writer::write(value, &mut out);
    out
}

impl Value {
    /// The integer, if it is one that fits.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Unsigned(n) => i64::try_from(*n).ok(),
            Value::Negative(n) => i64::try_from(*n).ok().map(|n| -1 - n),
            _ => None,
        }
    }

    /// The byte string, if it is one.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The array's items, if it is one.
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        match u64::try_from(n) {
            Ok(n) => Value::Unsigned(n),
            Err(_) => Value::Negative(!n as u64),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Bytes(bytes)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Value {
        Value::Array(items)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Value {
        Value::Map(map)
    }
}

#[cfg(test)]
mod tests;
