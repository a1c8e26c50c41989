//! authenticatorGetInfo (CTAP 2.3 §6.4): what exists, and nothing that does not.

use crate::attestation::{EID_X509, PACKED};
use crate::authenticator::{AAGUID, TRANSPORTS, Transport};
use crate::cbor::{self, Map, Value};
use crate::credential::{CredentialId, CredentialKind, MAX_CRED_BLOB};
use crate::extensions::SUPPORTED;

/// Credential IDs that a platform may put in one list. 64 of ours fit into one CTAPHID message.
const MAX_CREDENTIALS_IN_LIST: i64 = 64;

/// The response.
///
/// Only `FIDO_2_0`: later versions demand hmac-secret, credential management and pinUvAuthToken
/// (CTAP 2.1 §9, "mandatory features"). No `clientPin`, no `pinUvAuthProtocols`.
/// `uv` is true without looking at a card: whoever presents one has its PIN. `alwaysUv` cannot be
/// switched off, so `makeCredUvNotRqd` stays absent, which means false.
pub(crate) fn get_info(transport: Transport) -> Vec<u8> {
    let mut options = Map::new()
        .with("rk", true)
        .with("up", true)
        .with("uv", true)
        .with("alwaysUv", true)
        .with("ep", true);
    // Over HID browsers drop or refuse a device that says `plat`.
    if transport == Transport::Internal {
        options.insert("plat", true);
    }
    let algorithms: Vec<Value> = CredentialKind::ALL
        .into_iter()
        .map(|kind| {
            Map::new()
                .with("alg", kind.algorithm())
                .with("type", "public-key")
                .into()
        })
        .collect();
    let info = Map::new()
        .with(0x01, vec![Value::from("FIDO_2_0")])
        .with(0x02, SUPPORTED.map(Value::from).to_vec())
        .with(0x03, AAGUID.as_slice())
        .with(0x04, options)
        .with(0x05, transport.max_message_size() as i64)
        .with(0x07, MAX_CREDENTIALS_IN_LIST)
        .with(0x08, CredentialId::LENGTH as i64)
        .with(0x09, TRANSPORTS.map(Value::from).to_vec())
        .with(0x0A, algorithms)
        .with(0x0F, MAX_CRED_BLOB as i64)
        .with(0x16, vec![Value::from(PACKED), Value::from(EID_X509)]);
    cbor::encode(&info.into())
}
