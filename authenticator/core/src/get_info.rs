//! authenticatorGetInfo (CTAP 2.3 §6.4): what exists, and nothing that does not.

use eid_card::Pin;

use crate::attestation::{EID_X509, PACKED};
use crate::authenticator::{AAGUID, Authenticator, TRANSPORTS, Transport, USB};
use crate::cbor::{self, Map, Value};
use crate::config::{CONFIG_COMMANDS, MAX_RP_IDS};
use crate::credential::{CredentialId, CredentialKind, MAX_CRED_BLOB};
use crate::extensions::supported;
use crate::failure::Failure;
use crate::large_blobs::MAX_LARGE_BLOBS;
use crate::pin_uv_auth::Protocol;

/// Credential IDs that a platform may put in one list. 64 of ours fit into one CTAPHID message.
const MAX_CREDENTIALS_IN_LIST: i64 = 64;

impl Authenticator<'_> {
    /// The response.
    ///
    /// A platform authenticator is `FIDO_2_0` only: later versions demand hmac-secret, credential management and
    /// pinUvAuthToken (CTAP 2.1 §9, "mandatory features"), which are there over CTAPHID. Never `FIDO_2_3`: its `maxPINLength` is at
    /// least 8, and 63 where it is absent, but the card's PIN has four digits (docs/conformance.md).
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
            .with(0x02, texts(supported(transport)))
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
                info.insert(0x01, texts(&["FIDO_2_0"]));
                options.insert("uv", true);
                options.insert("ep", true);
                options.insert("plat", true);
            }
            // No `plat`: browsers drop or refuse a device that says it.
            Transport::Usb { .. } => {
                info.insert(0x01, texts(&["FIDO_2_0", "FIDO_2_1"]));
                if self.person.asks_for_pin() {
                    options.insert("uv", true);
                    // A PIN typed into our own prompt is as good as one typed at the platform.
                    options.insert("uvAcfg", true);
                    info.insert(0x12, PASSCODE_INTERNAL);
                }
                options.insert("clientPin", true);
                options.insert("pinUvAuthToken", true);
                options.insert("ep", self.storage.settings()?.enterprise_attestation);
                let protocols = Protocol::ALL.map(|protocol| Value::from(protocol.number()));
                info.insert(0x06, protocols.to_vec());
                for command in ["credMgmt", "largeBlobs", "authnrCfg", "setMinPINLength"] {
                    options.insert(command, true);
                }
                info.insert(0x0B, MAX_LARGE_BLOBS as i64);
                info.insert(0x0D, Pin::LENGTH as i64);
                info.insert(0x0E, firmware_version());
                info.insert(0x10, MAX_RP_IDS as i64);
                info.insert(0x1A, vec![Value::from(USB)]);
                // A new PIN is four digits and nothing else.
                info.insert(0x1B, true);
                info.insert(
                    0x1F,
                    CONFIG_COMMANDS
                        .map(|code| Value::from(code as i64))
                        .to_vec(),
                );
            }
        }
        Ok(cbor::encode(&info.with(0x04, options).into()))
    }
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::from(*text)).collect()
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
