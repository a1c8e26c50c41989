//! Everything that can be wrong with a request, one thing at a time.

use authenticator_core::cbor::Value;

use crate::item::{Header, Item};

/// What stands where something else belongs.
const WRONG: [(&str, &[u8]); 13] = [
    ("0", &[0x00]),
    ("4294967296", &[0x1B, 0, 0, 0, 1, 0, 0, 0, 0]),
    ("-1", &[0x20]),
    ("empty bytes", &[0x40]),
    ("bytes", &[0x43, 1, 2, 3]),
    ("empty text", &[0x60]),
    ("text", &[0x63, b'a', b'b', b'c']),
    ("no text", &[0x62, 0xC3, 0x28]), // not UTF-8
    ("empty array", &[0x80]),
    ("empty map", &[0xA0]),
    ("true", &[0xF5]),
    ("null", &[0xF6]),
    ("float", &[0xF9, 0x3C, 0x00]),
];

/// Each with its name.
pub fn of(request: &Item) -> Vec<(String, Item)> {
    let mut all = Vec::new();
    for (path, name) in request.places() {
        let place = request.at(&path);
        let mut push = |what: String, change: &dyn Fn(&mut Item)| {
            let mut changed = request.clone();
            change(&mut changed);
            if changed.bytes() != request.bytes() {
                all.push((format!("{name} {what}"), changed));
            }
        };
        for (what, bytes) in WRONG {
            push(format!("is {what}"), &|whole| {
                *whole.at_mut(&path) = Item::Raw(bytes.to_vec());
            });
        }
        if !path.is_empty() {
            push("missing".into(), &|whole| whole.remove(&path));
        }
        push("tagged".into(), &|whole| {
            let mut bytes = vec![0xC1];
            bytes.extend(whole.at(&path).bytes());
            *whole.at_mut(&path) = Item::Raw(bytes);
        });
        push("in a longer form".into(), &|whole| {
            longer(whole.at_mut(&path))
        });
        push("indefinite".into(), &|whole| {
            indefinite(whole.at_mut(&path))
        });
        if let Item::Map(entries, _) = place {
            let text = matches!(entries.first(), Some((Item::Raw(key), _)) if key[0] >> 5 == 3);
            push("with an unknown key".into(), &|whole| {
                let key = if text {
                    Value::from("a key that nobody knows")
                } else {
                    Value::from(0x7F)
                };
                change_map(whole.at_mut(&path), |entries| {
                    entries.push((Item::from(&key), Item::Raw(vec![0xF5])));
                });
            });
            push("with a key of another type".into(), &|whole| {
                let key = if text {
                    Value::from(0)
                } else {
                    Value::from("a")
                };
                change_map(whole.at_mut(&path), |entries| {
                    let entry = (Item::from(&key), Item::Raw(vec![0xF5]));
                    entries.insert(if text { 0 } else { entries.len() }, entry);
                });
            });
            push("with a key twice".into(), &|whole| {
                change_map(whole.at_mut(&path), |entries| {
                    entries.insert(1, entries[0].clone());
                });
            });
            push("with its last keys exchanged".into(), &|whole| {
                change_map(whole.at_mut(&path), |entries| {
                    let count = entries.len();
                    if count > 1 {
                        entries.swap(count - 2, count - 1);
                    }
                });
            });
        }
        if let Item::Array(items, _) = place
            && !items.is_empty()
        {
            push("with the first twice".into(), &|whole| {
                if let Item::Array(items, _) = whole.at_mut(&path) {
                    items.insert(1, items[0].clone());
                }
            });
        }
    }
    let bytes = request.bytes();
    all.push((
        "and a further byte".into(),
        Item::Raw([&bytes[..], &[0]].concat()),
    ));
    for length in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        let what = if length == 0 { "nothing" } else { "a part" };
        all.push((
            format!("only {what}: {length}"),
            Item::Raw(bytes[..length].to_vec()),
        ));
    }
    all
}

fn change_map(item: &mut Item, change: impl FnOnce(&mut Vec<(Item, Item)>)) {
    if let Item::Map(entries, _) = item
        && !entries.is_empty()
    {
        change(entries);
    }
}

/// With a number or a length in more bytes than it needs.
fn longer(item: &mut Item) {
    match item {
        Item::Array(_, header) | Item::Map(_, header) => *header = Header::Long,
        Item::Raw(bytes) => {
            let (major, short) = (bytes[0] & 0xE0, bytes[0] & 0x1F);
            match short {
                0..24 if major < 0xE0 => *bytes = [&[major | 24, short], &bytes[1..]].concat(),
                24 if major < 0xE0 => *bytes = [&[major | 25, 0], &bytes[1..]].concat(),
                _ => {}
            }
        }
    }
}

/// With a break at the end instead of a length.
fn indefinite(item: &mut Item) {
    match item {
        Item::Array(_, header) | Item::Map(_, header) => *header = Header::Indefinite,
        Item::Raw(bytes) => {
            let major = bytes[0] & 0xE0;
            if major == 0x40 || major == 0x60 {
                *bytes = [&[major | 31], &bytes[..], &[0xFF]].concat();
            }
        }
    }
}
