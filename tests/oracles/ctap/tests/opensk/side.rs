//! One of the two, with what it gave out: the credential and the tokens.

use authenticator::crypto::PinUvAuthToken;
use authenticator_core::cbor::{Value, encode};
use sha2::{Digest, Sha256};

use crate::item::Item;
use crate::parties::{OpenSk, Ours, Party};
use crate::platform::{self, CHANNEL, PIN};
use crate::requests::Register;
use crate::templates::{ACFG, CREDENTIAL, MC, PARAM, RP_ID, Template};

pub struct Side {
    pub party: Box<dyn Party>,
    pub credential: Vec<u8>,
}

impl Side {
    /// OpenSK, made like ours: with a PIN, and user verification always.
    pub fn opensk() -> Side {
        let mut party = OpenSk::new();
        platform::set_pin(&mut party, PIN);
        let token = platform::token(&mut party, 2, PIN, ACFG, None).unwrap();
        let message = [&[0xFF; 32][..], &[0x0D, 0x02]].concat();
        let toggle = authenticator_core::cbor::Map::new()
            .with(1, 2)
            .with(3, 2)
            .with(4, platform::param(&token, &message));
        let request = [&[0x0D][..], &encode(&toggle.into())].concat();
        assert_eq!(party.send(CHANNEL, &request), [0]);
        Side::with_credential(Box::new(party))
    }

    pub fn ours() -> Side {
        Side::with_credential(Box::new(Ours::new()))
    }

    fn with_credential(mut party: Box<dyn Party>) -> Side {
        let mut request = Register::discoverable(RP_ID, "taro");
        let token = platform::token(&mut *party, 2, PIN, MC, Some(RP_ID)).unwrap();
        let param = platform::param(&token, &request.client_data_hash);
        request.more = request.more.with(8, param).with(9, 2);
        let response = party.send(CHANNEL, &request.bytes());
        let credential = credential_id(&response).expect("the first registration fails");
        Side { party, credential }
    }

    /// A token for a template.
    pub fn token(&mut self, template: &Template) -> Option<PinUvAuthToken> {
        let permissions = template.permissions?;
        let rp_id = template.rp_id();
        Some(platform::token(&mut *self.party, 2, PIN, permissions, rp_id).unwrap())
    }

    /// The request's bytes, with this side's credential and a token of this side's.
    pub fn fill(&self, command: u8, parameters: &Item, token: Option<&PinUvAuthToken>) -> Vec<u8> {
        let mut parameters = parameters.clone();
        put(&mut parameters, CREDENTIAL, &self.credential);
        if let Some(token) = token {
            let param = platform::param(token, &message(command, &parameters));
            put(&mut parameters, PARAM, &param);
        }
        [&[command][..], &parameters.bytes()].concat()
    }
}

/// The ID in the answer to a registration that succeeded.
pub fn credential_id(response: &[u8]) -> Option<Vec<u8>> {
    let [0, body @ ..] = response else {
        return None;
    };
    let value: serde_cbor::Value = serde_cbor::from_slice(body).unwrap();
    let serde_cbor::Value::Map(map) = value else {
        panic!("not a map");
    };
    let Some(serde_cbor::Value::Bytes(data)) = map.get(&serde_cbor::Value::Integer(2)) else {
        panic!("no authenticator data");
    };
    let length = usize::from(u16::from_be_bytes([data[53], data[54]]));
    Some(data[55..55 + length].to_vec())
}

/// Puts bytes where a placeholder is.
fn put(item: &mut Item, placeholder: &[u8], bytes: &[u8]) {
    match item {
        Item::Raw(raw) => {
            if *raw == encode(&Value::from(placeholder)) {
                *raw = encode(&Value::from(bytes));
            }
        }
        Item::Array(items, _) => {
            for item in items {
                put(item, placeholder, bytes);
            }
        }
        Item::Map(entries, _) => {
            for (_, value) in entries {
                put(value, placeholder, bytes);
            }
        }
    }
}

/// What the pinUvAuthParam of a request is computed over, as far as that can be read from it.
fn message(command: u8, parameters: &Item) -> Vec<u8> {
    let parameter = |key: i64| match parameters {
        Item::Map(entries, _) => entries
            .iter()
            .find(|(name, _)| name.bytes() == encode(&Value::from(key)))
            .map(|(_, value)| value.bytes()),
        _ => None,
    };
    let decoded =
        |key: i64| parameter(key).and_then(|bytes| authenticator_core::cbor::decode(&bytes).ok());
    let bytes = |key: i64| match decoded(key) {
        Some(Value::Bytes(bytes)) => bytes,
        _ => Vec::new(),
    };
    let number = |key: i64| match decoded(key) {
        Some(Value::Unsigned(number)) => number,
        _ => 0,
    };
    match command {
        0x01 => bytes(1),
        0x02 => bytes(2),
        0x0A => [vec![number(1) as u8], parameter(2).unwrap_or_default()].concat(),
        0x0D => [
            vec![0xFF; 32],
            vec![0x0D, number(1) as u8],
            parameter(2).unwrap_or_default(),
        ]
        .concat(),
        0x0C => [
            vec![0xFF; 32],
            vec![0x0C, 0x00],
            (number(3) as u32).to_le_bytes().to_vec(),
            Sha256::digest(bytes(2)).to_vec(),
        ]
        .concat(),
        _ => Vec::new(),
    }
}
