//! CBOR as it is about to be written, with whatever is wrong with it.

use authenticator_core::cbor::{Map, Value, encode};

/// A CBOR data item.
#[derive(Debug, Clone)]
pub enum Item {
    /// Encoded already.
    Raw(Vec<u8>),
    Array(Vec<Item>, Header),
    Map(Vec<(Item, Item)>, Header),
}

/// How the number of an array's or a map's entries is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// In the shortest form, as it must be.
    Shortest,
    /// With two bytes.
    Long,
    /// Not at all, but with a break at the end.
    Indefinite,
}

impl Item {
    pub fn from_map(map: &Map) -> Item {
        Item::from(&Value::from(map.clone()))
    }

    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Item::Raw(bytes) => bytes.clone(),
            Item::Array(items, header) => {
                let items = items.iter().map(Item::bytes);
                header.around(0x80, items.len(), items.collect::<Vec<_>>().concat())
            }
            Item::Map(entries, header) => {
                let pairs = entries
                    .iter()
                    .map(|(key, value)| [key.bytes(), value.bytes()].concat());
                header.around(0xA0, pairs.len(), pairs.collect::<Vec<_>>().concat())
            }
        }
    }

    /// The items below this one that can be something else: how to get there, and what to call it.
    pub fn places(&self) -> Vec<(Vec<usize>, String)> {
        let mut places = vec![(Vec::new(), String::new())];
        for (index, (name, child)) in self.children().into_iter().enumerate() {
            for (mut path, below) in child.places() {
                path.insert(0, index);
                places.push((path, format!("/{name}{below}")));
            }
        }
        places
    }

    fn children(&self) -> Vec<(String, &Item)> {
        match self {
            Item::Raw(_) => Vec::new(),
            Item::Array(items, _) => items
                .iter()
                .enumerate()
                .map(|(index, item)| (index.to_string(), item))
                .collect(),
            Item::Map(entries, _) => entries
                .iter()
                .map(|(key, value)| (key.name(), value))
                .collect(),
        }
    }

    /// A key, as it is called in a place's name.
    fn name(&self) -> String {
        let bytes = self.bytes();
        match authenticator_core::cbor::decode(&bytes) {
            Ok(Value::Text(text)) => text,
            Ok(Value::Unsigned(number)) => number.to_string(),
            _ => format!("{bytes:02x?}"),
        }
    }

    pub fn at(&self, path: &[usize]) -> &Item {
        let Some((index, rest)) = path.split_first() else {
            return self;
        };
        match self {
            Item::Raw(_) => panic!("nothing is below an encoded item"),
            Item::Array(items, _) => items[*index].at(rest),
            Item::Map(entries, _) => entries[*index].1.at(rest),
        }
    }

    pub fn at_mut(&mut self, path: &[usize]) -> &mut Item {
        let Some((index, rest)) = path.split_first() else {
            return self;
        };
        match self {
            Item::Raw(_) => panic!("nothing is below an encoded item"),
            Item::Array(items, _) => items[*index].at_mut(rest),
            Item::Map(entries, _) => entries[*index].1.at_mut(rest),
        }
    }

    /// Takes out what a path leads to. The path is not empty.
    pub fn remove(&mut self, path: &[usize]) {
        let (index, above) = path.split_last().expect("the whole cannot be taken out");
        match self.at_mut(above) {
            Item::Raw(_) => panic!("nothing is below an encoded item"),
            Item::Array(items, _) => drop(items.remove(*index)),
            Item::Map(entries, _) => drop(entries.remove(*index)),
        }
    }
}

impl From<&Value> for Item {
    fn from(value: &Value) -> Item {
        match value {
            Value::Array(items) => {
                Item::Array(items.iter().map(Item::from).collect(), Header::Shortest)
            }
            Value::Map(map) => Item::Map(
                map.iter()
                    .map(|(key, value)| (Item::from(key), Item::from(value)))
                    .collect(),
                Header::Shortest,
            ),
            other => Item::Raw(encode(other)),
        }
    }
}

impl Header {
    fn around(self, major: u8, count: usize, content: Vec<u8>) -> Vec<u8> {
        let count = u8::try_from(count).unwrap();
        let (mut bytes, end) = match self {
            Header::Shortest if count < 24 => (vec![major | count], None),
            Header::Shortest => (vec![major | 24, count], None),
            Header::Long => (vec![major | 25, 0, count], None),
            Header::Indefinite => (vec![major | 31], Some(0xFF)),
        };
        bytes.extend(content);
        bytes.extend(end);
        bytes
    }
}
