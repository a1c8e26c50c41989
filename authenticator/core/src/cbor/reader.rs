//! The decoder. It recurses at most [`MAX_DEPTH`] deep and never allocates more than it has read.

use super::{MAX_DEPTH, Map, NotCanonical, Value};

pub(super) fn read_all(bytes: &[u8]) -> Result<Value, NotCanonical> {
    let mut reader = Reader { rest: bytes };
    let value = reader.item(0)?;
    if reader.rest.is_empty() {
        Ok(value)
    } else {
        Err(NotCanonical)
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// One item, `depth` arrays and maps deep.
    fn item(&mut self, depth: usize) -> Result<Value, NotCanonical> {
        let &[head] = self.take(1)? else {
            return Err(NotCanonical);
        };
        let (major, info) = (head >> 5, head & 0x1F);
        if major == 7 {
            return self.simple(head, info);
        }
        let argument = self.argument(info)?;
        match major {
            0 => Ok(Value::Unsigned(argument)),
            1 => Ok(Value::Negative(argument)),
            2 => Ok(Value::Bytes(self.take_long(argument)?.to_vec())),
            3 => self.text(argument),
            4 if depth < MAX_DEPTH => self.array(argument, depth + 1),
            5 if depth < MAX_DEPTH => self.map(argument, depth + 1),
            _ => Err(NotCanonical),
        }
    }

    /// The number after the head; refused unless it needs as many bytes as it has.
    fn argument(&mut self, info: u8) -> Result<u64, NotCanonical> {
        let (width, least) = match info {
            0..=23 => return Ok(u64::from(info)),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return Err(NotCanonical),
        };
        let argument = self
            .take(width)?
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte));
        if argument >= least {
            Ok(argument)
        } else {
            Err(NotCanonical)
        }
    }

    fn text(&mut self, length: u64) -> Result<Value, NotCanonical> {
        let text = str::from_utf8(self.take_long(length)?).map_err(|_| NotCanonical)?;
        Ok(Value::Text(text.to_owned()))
    }

    fn array(&mut self, length: u64, depth: usize) -> Result<Value, NotCanonical> {
        let mut items = Vec::new();
        for _ in 0..length {
            items.push(self.item(depth)?);
        }
        Ok(Value::Array(items))
    }

    fn map(&mut self, length: u64, depth: usize) -> Result<Value, NotCanonical> {
        let mut map = Map::new();
        for _ in 0..length {
            let key = self.item(depth)?;
            let value = self.item(depth)?;
            map.push_sorted(key, value)?;
        }
        Ok(Value::Map(map))
    }

    /// Booleans; other simple values and floating-point numbers as they are.
    fn simple(&mut self, head: u8, info: u8) -> Result<Value, NotCanonical> {
        let width = match info {
            20 => return Ok(Value::Bool(false)),
            21 => return Ok(Value::Bool(true)),
            0..=23 => 0,
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return Err(NotCanonical),
        };
        let mut encoded = vec![head];
        encoded.extend_from_slice(self.take(width)?);
        // RFC 8949 §3.3: a simple value below 32 has no two-byte form.
        if info == 24 && encoded.get(1).is_some_and(|value| *value < 32) {
            return Err(NotCanonical);
        }
        Ok(Value::Other(encoded))
    }

    fn take_long(&mut self, count: u64) -> Result<&'a [u8], NotCanonical> {
        self.take(usize::try_from(count).map_err(|_| NotCanonical)?)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], NotCanonical> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(NotCanonical)?;
        self.rest = rest;
        Ok(taken)
    }
}
