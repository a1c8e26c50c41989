//! The file as it stands: a JSON object of objects in which a name that is there twice stays there twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// The groups, each with its entries by their codes.
pub(crate) struct Groups(pub(crate) Vec<(String, Vec<(String, Value)>)>);

impl<'de> Deserialize<'de> for Groups {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Members(groups) = Members::<Members<Value>>::deserialize(deserializer)?;
        let groups = groups.into_iter();
        Ok(Self(
            groups.map(|(name, Members(list))| (name, list)).collect(),
        ))
    }
}

/// An object's members, in their order.
struct Members<V>(Vec<(String, V)>);

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Members<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<V>(Vec<(String, V)>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for Read<V> {
            type Value = Members<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Members<V>, A::Error> {
                while let Some(member) = map.next_entry()? {
                    self.0.push(member);
                }
                Ok(Members(self.0))
            }
        }
        deserializer.deserialize_map(Read(Vec::new()))
    }
}
