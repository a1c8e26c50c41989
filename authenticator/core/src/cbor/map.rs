//! A map whose keys are always sorted and unique.

use std::cmp::Ordering;

use super::{Value, encode};

/// A CBOR map in canonical order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map(Vec<(Value, Value)>);

impl Map {
    /// An empty map.
    pub fn new() -> Map {
        Map::default()
    }

    /// The map with one more entry; an entry with the same key is replaced.
    #[must_use]
    pub fn with(mut self, key: impl Into<Value>, value: impl Into<Value>) -> Map {
        self.insert(key, value);
        self
    }

    /// Adds an entry; an entry with the same key is replaced.
    pub fn insert(&mut self, key: impl Into<Value>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        match self.0.binary_search_by(|(other, _)| order(other, &key)) {
            Ok(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.1 = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// Adds an entry read from outside.
    ///
    /// # Errors
    ///
    /// The key does not come after every key so far.
    pub(super) fn push_sorted(
        &mut self,
        key: Value,
        value: Value,
    ) -> Result<(), super::NotCanonical> {
        match self.0.last() {
            Some((last, _)) if order(last, &key) != Ordering::Less => Err(super::NotCanonical),
            _ => {
                self.0.push((key, value));
                Ok(())
            }
        }
    }

    /// The value under a key.
    pub fn get(&self, key: impl Into<Value>) -> Option<&Value> {
        let key = key.into();
        let at = self.0.binary_search_by(|(other, _)| order(other, &key));
        self.0.get(at.ok()?).map(|(_, value)| value)
    }

    /// The entries in canonical order.
    pub fn iter(&self) -> impl Iterator<Item = (&Value, &Value)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Canonical order of keys: the major type, then the shorter, then the lower bytes (CTAP 2.3 §8).
fn order(a: &Value, b: &Value) -> Ordering {
    let (a, b) = (encode(a), encode(b));
    let major = |key: &[u8]| key.first().map(|head| head >> 5);
    major(&a)
        .cmp(&major(&b))
        .then_with(|| a.len().cmp(&b.len()))
        .then_with(|| a.cmp(&b))
}
