//! What an answer looks like: its status, and of what types and lengths it is made.

use std::fmt::Write;

use serde_cbor::Value;

/// The status byte, and the shape of what follows it.
pub fn of(request: &[u8], response: &[u8]) -> String {
    match response {
        [0] => "0x00".to_owned(),
        [0, body @ ..] => {
            let value: Value = serde_cbor::from_slice(body).expect("not CBOR");
            format!("0x00 {}", answer(request[0], &value))
        }
        [status] => format!("0x{status:02X}"),
        other => panic!("not an answer: {other:02x?}"),
    }
}

fn answer(command: u8, value: &Value) -> String {
    let Value::Map(map) = value else {
        panic!("not a map: {value:?}");
    };
    let mut text = String::from("{");
    for (key, value) in map {
        let Value::Integer(key) = key else {
            panic!("a key that is no number: {key:?}");
        };
        let shape = match (command, key, value) {
            (0x01 | 0x02 | 0x08, 2, Value::Bytes(bytes)) => authenticator_data(bytes),
            // Lengths that are each implementation's own affair.
            (0x02 | 0x08, 3, Value::Bytes(_)) => "signature".to_owned(),
            // maxPossibleRemainingResidentCredentialsCount
            (0x0A, 2, Value::Integer(_)) => "a number".to_owned(),
            _ => shape(value),
        };
        write!(text, "{key}: {shape}, ").unwrap();
    }
    text.truncate(text.trim_end_matches(", ").len());
    text + "}"
}

pub fn shape(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(number) => format!("{number}"),
        Value::Float(_) => "float".to_owned(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Text(text) => format!("{text:?}"),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(shape).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| match key {
                Value::Text(key) if key == "sig" => "sig: signature".to_owned(),
                Value::Text(key) if key == "id" && map.len() == 2 => "id: an ID".to_owned(),
                Value::Text(key) => format!("{key}: {}", shape(value)),
                key => format!("{}: {}", shape(key), shape(value)),
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => format!("{other:?}"),
    }
}

/// Its flags, the key's shape, and the extensions.
fn authenticator_data(bytes: &[u8]) -> String {
    // All but BE and BS, which say whether the key can be in a backup.
    let flags = bytes[32] & !0x18;
    let mut text = format!("authData(flags {flags:02x}");
    let mut rest = &bytes[37..];
    if flags & 0x40 != 0 {
        let length = usize::from(u16::from_be_bytes([rest[16], rest[17]]));
        rest = &rest[18 + length..];
        write!(text, ", key {}", shape(&next(&mut rest))).unwrap();
    }
    if flags & 0x80 != 0 {
        write!(text, ", extensions {}", shape(&next(&mut rest))).unwrap();
    }
    assert!(rest.is_empty(), "something follows the authenticator data");
    text + ")"
}

fn next(rest: &mut &[u8]) -> Value {
    let mut items = serde_cbor::Deserializer::from_slice(rest).into_iter();
    let item = items.next().unwrap().unwrap();
    let used = items.byte_offset();
    *rest = &rest[used..];
    item
}
