//! The client data JSON, read only to find the ceremony it belongs to. WebAuthn's checks of it are `webauthn-rs`'s.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;

use super::Refusal;

/// What is read of the client data (WebAuthn L3 §5.8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientData {
    /// `webauthn.create` or `webauthn.get`.
    pub kind: String,
    /// The challenge.
    pub challenge: Vec<u8>,
    /// The origin, as the browser wrote it.
    pub origin: String,
    /// Whether the page was in a frame of another origin.
    pub cross_origin: bool,
}

impl ClientData {
    /// This service's pages are in no frames, so neither are its ceremonies. `webauthn-rs` checks it for registrations only.
    pub(super) fn refuse_frames(&self) -> Result<(), Refusal> {
        if self.cross_origin {
            return Err(Refusal::OtherOrigin);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Members {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(rename = "crossOrigin", default)]
    cross_origin: bool,
}

/// Reads a client data JSON.
///
/// # Errors
/// It is not JSON, or lacks a member.
pub fn describe(json: &[u8]) -> Result<ClientData, Refusal> {
    let members: Members =
        serde_json::from_slice(json).map_err(|_| Refusal::Malformed("clientDataJSON"))?;
    Ok(ClientData {
        kind: members.kind,
        challenge: URL_SAFE_NO_PAD
            .decode(members.challenge)
            .map_err(|_| Refusal::Malformed("challenge"))?,
        origin: members.origin,
        cross_origin: members.cross_origin,
    })
}

/// A base64url member of a credential's JSON, at `pointer` (RFC 6901).
pub(super) fn bytes_at(credential: &Value, pointer: &'static str) -> Result<Vec<u8>, Refusal> {
    let text = credential
        .pointer(pointer)
        .and_then(Value::as_str)
        .ok_or(Refusal::Malformed(pointer))?;
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| Refusal::Malformed(pointer))
}

/// The challenge of a credential's JSON, with the raw client data it is in.
pub(super) fn of(credential: &Value) -> Result<(ClientData, Vec<u8>), Refusal> {
    let json = bytes_at(credential, "/response/clientDataJSON")?;
    Ok((describe(&json)?, json))
}
