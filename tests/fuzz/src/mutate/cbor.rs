//! CBOR: the tree is changed and written again, mostly in the canonical form.

use ciborium::Value;

use super::dice::Dice;
use super::{der, leaf};

/// Texts that mean something somewhere.
const TEXTS: [&str; 12] = [
    "",
    "id",
    "type",
    "public-key",
    "alg",
    "name",
    "none",
    "packed",
    "eid-x509",
    "rk",
    "up",
    "uv",
];
/// Numbers that mean something somewhere, or are the last of their length.
const NUMBERS: [i64; 14] = [
    0,
    1,
    2,
    3,
    7,
    23,
    24,
    255,
    65_536,
    -1,
    -7,
    -257,
    i64::MAX,
    i64::MIN,
];

/// Changes one to four things in a CBOR item. `None` if `bytes` do not begin with one; what follows it is kept.
pub fn cbor(bytes: &[u8], seed: u32) -> Option<Vec<u8>> {
    let mut dice = Dice::new(seed);
    let mut rest = bytes;
    let mut item: Value = ciborium::from_reader(&mut rest).ok()?;
    for _ in 0..=dice.below(4) {
        let at = dice.below(count(&item));
        let other = nth(&mut item, &mut dice.below(at + 1)).cloned();
        change(nth(&mut item, &mut { at })?, other, &mut dice);
    }
    if !dice.one_in(8) {
        sort(&mut item);
    }
    let mut out = Vec::new();
    ciborium::into_writer(&item, &mut out).ok()?;
    out.extend_from_slice(rest);
    Some(out)
}

fn change(value: &mut Value, other: Option<Value>, dice: &mut Dice) {
    match value {
        _ if dice.one_in(6) => *value = interesting(dice),
        Value::Array(items) if !items.is_empty() => {
            let at = dice.below(items.len());
            match dice.below(4) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                2 => items.swap(0, at),
                _ => items.extend(other),
            }
        }
        Value::Map(entries) if !entries.is_empty() => {
            let at = dice.below(entries.len());
            match dice.below(4) {
                0 => drop(entries.remove(at)),
                1 => entries.push((interesting(dice), entries[at].1.clone())),
                2 => entries[at].0 = interesting(dice),
                _ => entries[at].1 = other.unwrap_or(Value::Null),
            }
        }
        Value::Bytes(bytes) => {
            // A certificate, most likely.
            let inside = bytes
                .starts_with(&[0x30, 0x82])
                .then(|| der(bytes, dice.next()));
            *bytes = inside.flatten().unwrap_or_else(|| leaf(bytes));
        }
        Value::Text(text) => *text = String::from_utf8_lossy(&leaf(text.as_bytes())).into_owned(),
        Value::Bool(yes) => *yes = !*yes,
        Value::Integer(_) => *value = Value::from(*dice.of(&NUMBERS)),
        _ => *value = other.unwrap_or(Value::Null),
    }
}

fn interesting(dice: &mut Dice) -> Value {
    match dice.below(8) {
        0 => Value::Null,
        1 => Value::Bool(dice.one_in(2)),
        2 => Value::Bytes(vec![0; *dice.of(&[0, 1, 32, 49, 64, 65])]),
        3 => Value::Array(Vec::new()),
        4 => Value::Map(Vec::new()),
        5 => Value::Text((*dice.of(&TEXTS)).to_owned()),
        _ => Value::from(*dice.of(&NUMBERS)),
    }
}

/// Number of values in a value, itself included; keys are not counted.
fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Map(entries) => entries.iter().map(|(_, value)| count(value)).sum(),
        _ => 0,
    }
}

/// The value that [`count`] counts after `left` others.
fn nth<'a>(value: &'a mut Value, left: &mut usize) -> Option<&'a mut Value> {
    if *left == 0 {
        return Some(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, left)),
        Value::Map(entries) => entries.iter_mut().find_map(|(_, value)| nth(value, left)),
        _ => None,
    }
}

/// Canonical order of keys (CTAP 2.3 §8), none twice.
fn sort(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(sort),
        Value::Map(entries) => {
            entries.iter_mut().for_each(|(_, value)| sort(value));
            let rank = |key: &Value| {
                let mut bytes = Vec::new();
                // Writing to memory does not fail.
                let _ = ciborium::into_writer(key, &mut bytes);
                (bytes.first().map(|head| head >> 5), bytes.len(), bytes)
            };
            entries.sort_by_cached_key(|(key, _)| rank(key));
            entries.dedup_by(|one, other| one.0 == other.0);
        }
        _ => {}
    }
}
