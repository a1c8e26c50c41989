use proptest::prelude::*;

use super::*;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap())
        .collect()
}

/// Examples of RFC 8949 appendix A that have a canonical form.
#[test]
fn what_is_canonical_is_read_and_written_back_byte_for_byte() {
    for text in [
        "00",
        "17",
        "1818",
        "18ff",
        "190100",
        "19ffff",
        "1a00010000",
        "1affffffff",
        "1b0000000100000000",
        "1bffffffffffffffff",
        "20",
        "37",
        "3818",
        "390100",
        "3bffffffffffffffff",
        "40",
        "4401020304",
        "60",
        "6449455446",
        "62c3bc",
        "64f0908591",
        "80",
        "83010203",
        "8301820203820405",
        "a0",
        "a201020304",
        "a26161016162820203",
        "f4",
        "f5",
        "f6",
        "f7",
        "f0",
        "f8ff",
        "f90000",
        "fa47c35000",
        "fb3ff199999999999a",
        // Keys of several types and lengths, in canonical order.
        "a8 01f4 1818f4 20f4 3818f4 4101f4 60f4 617af4 626161f4",
        // Four levels.
        "81818180",
        "a101a101a101a0",
    ] {
        let bytes = hex(text);
        let value = decode(&bytes).unwrap_or_else(|_| panic!("{text}"));
        assert_eq!(encode(&value), bytes, "{text}");
    }
}

#[test]
fn what_is_not_canonical_is_refused() {
    for (why, text) in [
        ("nothing", ""),
        ("number not shortest: 23 in two bytes", "1817"),
        ("number not shortest: 255 in three bytes", "1900ff"),
        ("number not shortest: 65535 in five bytes", "1a0000ffff"),
        (
            "number not shortest: 2^32-1 in nine bytes",
            "1b00000000ffffffff",
        ),
        ("negative not shortest", "3800"),
        ("length not shortest: bytes", "580100"),
        ("length not shortest: text", "780161"),
        ("length not shortest: array", "980100"),
        ("length not shortest: map", "b8010000"),
        ("indefinite bytes", "5f4100ff"),
        ("indefinite text", "7f6161ff"),
        ("indefinite array", "9f00ff"),
        ("indefinite map", "bf0000ff"),
        ("reserved head", "1c"),
        ("a lone break", "ff"),
        ("a tag", "c000"),
        ("keys out of order: numbers", "a202000100"),
        ("keys out of order: text before number", "a26161000100"),
        (
            "keys out of order: longer before shorter",
            "a2626161006162 00",
        ),
        ("keys out of order: negative before positive", "a220000100"),
        ("a key twice", "a201000100"),
        ("text not UTF-8", "61ff"),
        ("text with a surrogate", "63eda080"),
        ("bytes after the end", "0000"),
        ("cut short: number", "19ff"),
        ("cut short: bytes", "420a"),
        ("cut short: array", "8201"),
        ("cut short: map without value", "a101"),
        ("cut short: float", "fa0000"),
        ("a simple value below 32 in two bytes", "f814"),
        ("five levels of arrays", "8181818180"),
        ("five levels of maps", "a101a101a101a101a0"),
        ("a length beyond the bytes", "5bffffffffffffffff"),
        ("an array of 2^64-1 items", "9bffffffffffffffff"),
        ("a map of 2^64-1 entries", "bbffffffffffffffff"),
    ] {
        assert_eq!(decode(&hex(text)), Err(NotCanonical), "{why}");
    }
}

#[test]
fn a_map_sorts_its_keys_and_keeps_one_of_each() {
    let map = Map::new()
        .with("alg", -257)
        .with(3, true)
        .with(-1, "first")
        .with("x", vec![1u8])
        .with(-1, "second");
    assert_eq!(
        encode(&Value::from(map)),
        hex("a4 03f5 20667365636f6e64 61784101 63616c67390100")
    );
}

#[test]
fn integers_convert_both_ways() {
    for n in [0, 23, 24, 255, 256, -1, -24, -25, -257, i64::MAX, i64::MIN] {
        assert_eq!(Value::from(n).as_integer(), Some(n));
    }
    assert_eq!(Value::Unsigned(u64::MAX).as_integer(), None);
    assert_eq!(Value::Negative(u64::MAX).as_integer(), None);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<u64>().prop_map(Value::Unsigned),
        any::<u64>().prop_map(Value::Negative),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        ".{0,40}".prop_map(Value::Text),
        any::<bool>().prop_map(Value::Bool),
    ];
    leaf.prop_recursive(MAX_DEPTH as u32, 64, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            proptest::collection::vec((any::<i64>(), inner.clone()), 0..8).prop_map(|entries| {
                entries
                    .into_iter()
                    .fold(Map::new(), |map, (key, value)| map.with(key, value))
                    .into()
            }),
            proptest::collection::vec((".{0,30}", inner), 0..8).prop_map(|entries| {
                entries
                    .into_iter()
                    .fold(Map::new(), |map, (key, value)| map.with(key, value))
                    .into()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn every_value_survives(value in any_value()) {
        prop_assert_eq!(decode(&encode(&value)), Ok(value));
    }

    /// Two encodings of one thing cannot both be accepted.
    #[test]
    fn whatever_is_accepted_is_its_own_encoding(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(value) = decode(&bytes) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }
}
