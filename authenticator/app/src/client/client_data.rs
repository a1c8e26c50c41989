//! `clientDataJSON`, byte for byte as the standard serialises it (WebAuthn L3 §5.8.1.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::origin::Origin;

/// Which ceremony the client data belongs to: its `type` member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CeremonyType {
    /// `webauthn.create`.
    Create,
    /// `webauthn.get`.
    Get,
}

/// The serialised client data and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientData {
    json: String,
    hash: [u8; 32],
}

impl ClientData {
    /// Serialises the client data of a same-origin call (`crossOrigin` false, hence no `topOrigin`).
    pub(crate) fn new(ceremony: CeremonyType, challenge: &[u8], origin: &Origin) -> Self {
        let mut json = String::from(r#"{"type":"#);
        push_string(
            &mut json,
            match ceremony {
                CeremonyType::Create => "webauthn.create",
                CeremonyType::Get => "webauthn.get",
            },
        );
        json.push_str(r#","challenge":"#);
        push_string(&mut json, &URL_SAFE_NO_PAD.encode(challenge));
        json.push_str(r#","origin":"#);
        push_string(&mut json, origin.as_str());
        json.push_str(r#","crossOrigin":false}"#);
        let hash = Sha256::digest(json.as_bytes()).into();
        Self { json, hash }
    }

    /// The bytes of `clientDataJSON`.
    pub(crate) fn json(&self) -> &[u8] {
        self.json.as_bytes()
    }

    /// The hash of the serialised client data (WebAuthn L3 §5.8.1).
    pub(crate) fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
}

/// `CCDToString` (WebAuthn L3 §5.8.1.2).
fn push_string(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\u{0}'..='\u{1f}' => json.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => json.push(character),
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_come_in_the_standards_order_without_spaces() {
        let origin = Origin::parse("https://example.jp").unwrap();
        let data = ClientData::new(CeremonyType::Create, &[0xfb, 0xff, 0x00], &origin);
        assert_eq!(
            std::str::from_utf8(data.json()).unwrap(),
            r#"{"type":"webauthn.create","challenge":"-_8A","origin":"https://example.jp","crossOrigin":false}"#
        );
        let data = ClientData::new(CeremonyType::Get, &[0; 4], &origin);
        assert_eq!(
            std::str::from_utf8(data.json()).unwrap(),
            r#"{"type":"webauthn.get","challenge":"AAAAAA","origin":"https://example.jp","crossOrigin":false}"#
        );
        assert_eq!(data.hash(), &<[u8; 32]>::from(Sha256::digest(data.json())));
    }

    #[test]
    fn strings_are_escaped_as_ccd_to_string_says() {
        let mut json = String::new();
        push_string(&mut json, "a\"b\\c\u{1}\n\u{1f}\u{7f}/日<");
        assert_eq!(json, "\"a\\\"b\\\\c\\u0001\\u000a\\u001f\u{7f}/日<\"");
    }
}
