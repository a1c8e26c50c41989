//! The strict CBOR of the authenticator: one encoding for one value, and a lenient reader sees the same.

#![no_main]

use authenticator_core::cbor::{Value, decode, encode};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jpki_fuzz::mutate::after_header(data, size, max_size, seed, 0, jpki_fuzz::mutate::cbor)
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(value) = decode(bytes) else {
        return;
    };
    assert_eq!(encode(&value), bytes);
    assert_eq!(decode(&encode(&value)).as_ref(), Ok(&value));
    match ciborium::from_reader(bytes) {
        Ok(lenient) => assert!(same(&value, &lenient), "{value:?} {lenient:?}"),
        // It knows no simple values but booleans and null.
        Err(error) => assert!(has_others(&value), "{error}"),
    }
});

fn same(strict: &Value, lenient: &ciborium::Value) -> bool {
    use ciborium::Value as Lenient;
    match (strict, lenient) {
        (Value::Unsigned(n), Lenient::Integer(m)) => i128::from(*n) == i128::from(*m),
        (Value::Negative(n), Lenient::Integer(m)) => -1 - i128::from(*n) == i128::from(*m),
        (Value::Bytes(one), Lenient::Bytes(other)) => one == other,
        (Value::Text(one), Lenient::Text(other)) => one == other,
        (Value::Bool(one), Lenient::Bool(other)) => one == other,
        (Value::Array(one), Lenient::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Lenient::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| same(one.0, &other.0) && same(one.1, &other.1))
        }
        (Value::Other(_), _) => true,
        _ => false,
    }
}

fn has_others(value: &Value) -> bool {
    match value {
        Value::Other(_) => true,
        Value::Array(items) => items.iter().any(has_others),
        Value::Map(map) => map
            .iter()
            .any(|(key, value)| has_others(key) || has_others(value)),
        _ => false,
    }
}
