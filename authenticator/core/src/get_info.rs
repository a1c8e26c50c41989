//! authenticatorGetInfo (CTAP 2.3 §6.4): what exists, and nothing that does not.

use eid_card::Pin;

use crate::attestation::{EID_X509, PACKED};
use crate::authenticator::{AAGUID, Authenticator, TRANSPORTS, Transport};
use crate::cbor::{self, Map, Value};
use crate::credential::{CredentialId, CredentialKind, MAX_CRED_BLOB};
use crate::extensions::SUPPORTED;
use crate::failure::Failure;
use crate::pin_uv_auth::Protocol;

/// Credential IDs that a platform may put in one list. 64 of ours fit into one CTAPHID message.
const MAX_CREDENTIALS_IN_LIST: i64 = 64;

impl Authenticator<'_> {
    /// The response.
    ///
    /// Only `FIDO_2_0`: later versions demand hmac-secret and credential management (CTAP 2.1 §9, "mandatory features").
    /// `uv` is true without looking at a card: whoever presents one has its PIN. `alwaysUv` cannot be
    /// switched off, so `makeCredUvNotRqd` stays absent, which means false.
    ///
    /// # Errors
    ///
    /// [`Failure::Storage`].
    pub(crate) fn get_info(&mut self, transport: Transport) -> Result<Vec<u8>, Failure> {
        let mut options = Map::new()
            .with("rk", true)
            .with("up", true)
            .with("alwaysUv", true);
        let mut info = Map::new()
            .with(0x01, vec![Value::from("FIDO_2_0")])
            .with(0x02, SUPPORTED.map(Value::from).to_vec())
            .with(0x03, AAGUID.as_slice())
            .with(0x05, transport.max_message_size() as i64)
            .with(0x07, MAX_CREDENTIALS_IN_LIST)
            .with(0x08, CredentialId::LENGTH as i64)
            .with(0x09, TRANSPORTS.map(Value::from).to_vec())
            .with(0x0A, algorithms())
            .with(0x0F, MAX_CRED_BLOB as i64)
            .with(0x16, vec![Value::from(PACKED), Value::from(EID_X509)]);
        match transport {
            Transport::Internal => {
                options.insert("uv", true);
                options.insert("ep", true);
                options.insert("plat", true);
            }
            // No `plat`: browsers drop or refuse a device that says it.
            Transport::Usb { .. } => {
                if self.person.asks_for_pin() {
                    options.insert("uv", true);
                    info.insert(0x12, PASSCODE_INTERNAL);
                }
                options.insert("clientPin", true);
                options.insert("pinUvAuthToken", true);
                options.insert("ep", self.storage.settings()?.enterprise_attestation);
                let protocols = Protocol::ALL.map(|protocol| Value::from(protocol.number()));
                info.insert(0x06, protocols.to_vec());
                info.insert(0x0D, Pin::LENGTH as i64);
                info.insert(0x0E, firmware_version());
            }
        }
        Ok(cbor::encode(&info.with(0x04, options).into()))
    }
}

/// `algorithms`, most preferred first.
fn algorithms() -> Vec<Value> {
    let algorithm = |kind: CredentialKind| {
        Map::new()
            .with("alg", kind.algorithm())
            .with("type", "public-key")
            .into()
    };
    CredentialKind::ALL.into_iter().map(algorithm).collect()
}

/// `uvModality`: a PIN, typed into our own prompt (FIDO Registry of Predefined Values §3.1).
const PASSCODE_INTERNAL: i64 = 0x04;

/// `firmwareVersion`: this crate's version, a byte each for minor and patch.
fn firmware_version() -> i64 {
    let parts = [
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    ];
    let number = |part: &str| part.parse::<i64>().unwrap_or_default();
    parts
        .into_iter()
        .fold(0, |version, part| version << 8 | number(part))
}
