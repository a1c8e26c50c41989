//! Reading a command's parameters: each by its key and type, with the error that CTAP names for it.

use crate::authenticator::Transport;
use crate::cbor::{self, Map, Value};
use crate::failure::Failure;
use crate::pin_uv_auth::Protocol;

/// Accounts' and sites' names are kept up to this many bytes (CTAP 2.3 §6.1.2 demands at least 64).
const LONGEST_NAME: usize = 256;

/// The command's parameter map: canonical CBOR, with unknown keys ignored.
pub(crate) fn decode(parameters: &[u8]) -> Result<Map, Failure> {
    match cbor::decode(parameters) {
        Ok(Value::Map(map)) => Ok(map),
        Ok(_) => Err(Failure::WrongType("the parameter map")),
        Err(cbor::NotCanonical) => Err(Failure::NotCanonicalCbor),
    }
}

/// A parameter that may be absent.
pub(crate) fn optional<'a, T>(
    map: &'a Map,
    key: impl Into<Value>,
    name: &'static str,
    read: impl Fn(&'a Value) -> Option<T>,
) -> Result<Option<T>, Failure> {
    match map.get(key) {
        None => Ok(None),
        Some(value) => read(value).map(Some).ok_or(Failure::WrongType(name)),
    }
}

/// A parameter that must be there.
pub(crate) fn required<'a, T>(
    map: &'a Map,
    key: impl Into<Value>,
    name: &'static str,
    read: impl Fn(&'a Value) -> Option<T>,
) -> Result<T, Failure> {
    optional(map, key, name, read)?.ok_or(Failure::Missing(name))
}

/// `clientDataHash`: 32 bytes.
pub(crate) fn client_data_hash(map: &Map, key: i64) -> Result<[u8; 32], Failure> {
    required(map, key, "clientDataHash", Value::as_bytes)?
        .try_into()
        .map_err(|_| Failure::InvalidParameter("clientDataHash"))
}

/// An RP ID: a domain name, so 1 to 253 bytes.
pub(crate) fn rp_id(text: &str) -> Result<String, Failure> {
    if (1..=253).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err(Failure::InvalidParameter("the RP ID"))
    }
}

/// A name to show, cut to what is kept.
pub(crate) fn name(
    map: &Map,
    key: &'static str,
    what: &'static str,
) -> Result<Option<String>, Failure> {
    let text = optional(map, key, what, Value::as_text)?;
    Ok(text.map(|text| {
        let end = text.floor_char_boundary(LONGEST_NAME);
        text.get(..end).unwrap_or_default().to_owned()
    }))
}

/// An excludeList or allowList: the IDs of its `public-key` entries in their order. Entries of
/// other types are skipped, so that nothing may be left of a list that was there. `None` if it is absent or empty, which are
/// the same (CTAP 2.3 §6.2.2 step 7).
pub(crate) fn credential_list(
    map: &Map,
    key: i64,
    name: &'static str,
) -> Result<Option<Vec<Vec<u8>>>, Failure> {
    let list = match optional(map, key, name, Value::as_array)? {
        None | Some([]) => return Ok(None),
        Some(list) => list,
    };
    let mut ids = Vec::new();
    for entry in list {
        let entry = entry.as_map().ok_or(Failure::WrongType(name))?;
        let kind = required(entry, "type", "a descriptor's type", Value::as_text)?;
        let id = required(entry, "id", "a descriptor's id", Value::as_bytes)?;
        optional(entry, "transports", "a descriptor's transports", text_list)?;
        if kind == "public-key" {
            ids.push(id.to_vec());
        }
    }
    Ok(Some(ids))
}

/// An array of text strings.
pub(crate) fn text_list(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_text).collect()
}

/// An unsigned number.
pub(crate) fn unsigned(value: &Value) -> Option<u64> {
    match value {
        Value::Unsigned(n) => Some(*n),
        _ => None,
    }
}

/// The options that commands know; each absent or a boolean. Unknown ones are ignored.
pub(crate) struct Options {
    pub(crate) rk: Option<bool>,
    pub(crate) up: Option<bool>,
    pub(crate) uv: Option<bool>,
}

/// The `options` parameter.
pub(crate) fn options(map: &Map, key: i64) -> Result<Options, Failure> {
    let none = Map::new();
    let options = optional(map, key, "options", Value::as_map)?.unwrap_or(&none);
    Ok(Options {
        rk: optional(options, "rk", "the option rk", Value::as_bool)?,
        up: optional(options, "up", "the option up", Value::as_bool)?,
        uv: optional(options, "uv", "the option uv", Value::as_bool)?,
    })
}

/// `pinUvAuthParam`, with its protocol.
pub(crate) struct PinUvAuthParam {
    pub(crate) protocol: Protocol,
    pub(crate) param: Vec<u8>,
}

/// Whether the platform only wants to be told of a touch: a `pinUvAuthParam` of no bytes (CTAP 2.3 §6.1.2 step 1, §6.2.2 step 1).
/// A platform authenticator has no PIN/UV auth protocol.
pub(crate) fn wants_touch(map: &Map, param: i64, transport: Transport) -> Result<bool, Failure> {
    let param = optional(map, param, "pinUvAuthParam", Value::as_bytes)?;
    Ok(transport != Transport::Internal && param.is_some_and(<[u8]>::is_empty))
}

/// `pinUvAuthParam` and `pinUvAuthProtocol` (CTAP 2.3 §6.1.2 step 2, §6.2.2 step 2).
///
/// A platform authenticator verifies the person itself and has no PIN/UV auth protocol, as its authenticatorGetInfo says: who sends
/// the parameter all the same is told that it cannot be used.
pub(crate) fn pin_uv_auth(
    map: &Map,
    param: i64,
    protocol: i64,
    transport: Transport,
) -> Result<Option<PinUvAuthParam>, Failure> {
    let given = optional(map, param, "pinUvAuthParam", Value::as_bytes)?;
    optional(map, protocol, "pinUvAuthProtocol", unsigned)?;
    let Some(param) = given else {
        return Ok(None);
    };
    let protocol = Protocol::from_parameter(map, protocol)?;
    if transport == Transport::Internal {
        return Err(Failure::InvalidParameter("pinUvAuthProtocol"));
    }
    Ok(Some(PinUvAuthParam {
        protocol,
        param: param.to_vec(),
    }))
}
