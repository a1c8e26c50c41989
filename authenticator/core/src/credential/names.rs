//! An account's names as they are sealed: of a length that tells little about theirs.
//!
//! ```text
//! length of the CBOR (2, big-endian) ‖ CBOR map {?1: name, ?2: displayName, ?3: public key (x ‖ y)} ‖ zeros up to a multiple of 128
//! ```
//!
//! A pairwise credential's public key goes along where there are names, so that a list of credentials
//! (authenticatorCredentialManagement) costs one signature of the card and not one more for each. Sealed it is, so that
//! nobody who can write to the store can have another one listed.

use crate::cbor::{self, Map, Value};
use crate::ports::AccountName;

const BLOCK: usize = 128;

/// A public key on P-256: x ‖ y.
pub(crate) type Point = [u8; 64];

/// The plaintext for an account's names; `None` if it has none.
pub(crate) fn to_bytes(account: &AccountName, public_key: Option<&Point>) -> Option<Vec<u8>> {
    let mut map = Map::new();
    for (key, name) in [(1, &account.name), (2, &account.display_name)] {
        if let Some(name) = name {
            map.insert(key, name.as_str());
        }
    }
    if map.is_empty() {
        return None;
    }
    if let Some(point) = public_key {
        map.insert(3, point.as_slice());
    }
    let encoded = cbor::encode(&map.into());
    let length = u16::try_from(encoded.len()).ok()?;
    let padded = (2 + encoded.len()).next_multiple_of(BLOCK);
    let mut bytes = Vec::with_capacity(padded);
    bytes.extend(length.to_be_bytes());
    bytes.extend_from_slice(&encoded);
    bytes.resize(padded, 0);
    Some(bytes)
}

/// Reads back what [`to_bytes`] made, or its version before there was a public key; `None` if it is something else.
pub(crate) fn from_bytes(bytes: &[u8]) -> Option<(AccountName, Option<Point>)> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let encoded = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
    let map = cbor::decode(encoded).ok()?;
    let map = map.as_map()?;
    let name = |key| map.get(key).and_then(Value::as_text).map(str::to_owned);
    let account = AccountName {
        name: name(1),
        display_name: name(2),
    };
    let point = map.get(3).and_then(Value::as_bytes);
    Some((account, point.and_then(|point| point.try_into().ok())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: Option<&str>, display_name: Option<&str>) -> AccountName {
        AccountName {
            name: name.map(str::to_owned),
            display_name: display_name.map(str::to_owned),
        }
    }

    #[test]
    fn names_are_read_back() {
        for names in [
            account(Some("taro"), Some("山田 太郎")),
            account(Some(""), None),
            account(None, Some("花子")),
            account(Some(&"n".repeat(256)), Some(&"d".repeat(256))),
        ] {
            for point in [None, Some([7; 64])] {
                let bytes = to_bytes(&names, point.as_ref()).unwrap();
                assert_eq!(from_bytes(&bytes), Some((names.clone(), point)));
            }
        }
    }

    #[test]
    fn no_names_need_no_sealing() {
        assert!(to_bytes(&AccountName::default(), None).is_none());
        assert!(to_bytes(&AccountName::default(), Some(&[7; 64])).is_none());
    }

    #[test]
    fn names_of_usual_length_have_one_length() {
        let point = Some(&[7; 64]);
        let length = |name| to_bytes(&account(Some(name), None), point).unwrap().len();
        assert_eq!(length("a"), length("a.rather.long.name@example.co.jp"));
    }

    #[test]
    fn other_bytes_are_refused() {
        for bytes in [
            &[][..],
            &[0],
            &[0, 9, 1],
            &[0, 0],
            &[0, 1, 0],
            &[0, 1, 0xFF],
        ] {
            assert_eq!(from_bytes(bytes), None);
        }
    }
}
