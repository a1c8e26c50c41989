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
/// It is not a JSON object in UTF-8, or lacks a member.
pub fn describe(json: &[u8]) -> Result<ClientData, Refusal> {
    let malformed = Refusal::Malformed("clientDataJSON");
    // `serde_json::from_slice` lets anything stand in the members that it passes over.
    let Ok(json) = std::str::from_utf8(json) else {
        return Err(malformed);
    };
    // `serde` reads a struct from an array too.
    if !json.trim_ascii_start().starts_with('{') {
        return Err(malformed);
    }
    let members: Members = serde_json::from_str(json).map_err(|_| malformed)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by the fuzz target `client_data`: a member that nobody reads may not hold what no other parser would read.
    #[test]
    fn client_data_that_is_not_utf_8_is_refused() {
        let json = |more: &[u8]| {
            let known = br#"{"type":"webauthn.get","challenge":"AAAA","origin":"https://example.jp","more":""#;
            [known, more, br#""}"#].concat()
        };
        assert!(describe(&json("é".as_bytes())).is_ok());
        assert!(matches!(
            describe(&json(b"\xe9")),
            Err(Refusal::Malformed("clientDataJSON"))
        ));
    }

    /// Found by the fuzz target `client_data`.
    #[test]
    fn client_data_that_is_an_array_is_refused() {
        assert!(matches!(
            describe(br#"["webauthn.get","AAAA","https://example.jp"]"#),
            Err(Refusal::Malformed("clientDataJSON"))
        ));
        assert!(
            describe(
                br#" {"type":"webauthn.get","challenge":"AAAA","origin":"https://example.jp"}"#
            )
            .is_ok()
        );
    }
}
