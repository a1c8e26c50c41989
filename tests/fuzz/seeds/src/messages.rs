//! What the browser extension sends, and what pages and browsers say in it.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::vectors;

const PROTOCOL: &str = include_str!("../../../../docs/native-messaging.md");

/// The document's examples that are whole, and the ceremonies of the vectors.
pub(crate) fn messages() -> Vec<Vec<u8>> {
    let mut messages: Vec<Value> = PROTOCOL
        .lines()
        .filter(|line| line.starts_with("{\"type\""))
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    assert!(messages.len() > 5, "the document has lost its examples");
    messages.extend(
        vectors::folder("registrations/accepted")
            .iter()
            .flat_map(creations),
    );
    messages.extend(
        vectors::folder("assertions/accepted")
            .iter()
            .flat_map(requests),
    );
    let text = |message: &Value| serde_json::to_vec(message).unwrap();
    let messages: BTreeSet<Vec<u8>> = messages.iter().map(text).collect();
    messages.into_iter().collect()
}

fn creations(vector: &Value) -> Vec<Value> {
    let Some(made) = vector.get("authenticator") else {
        return Vec::new();
    };
    let relying_party = &vector["relying_party"];
    let options = json!({
        "rp": {"id": relying_party["rp_id"], "name": "Example"},
        "user": {"id": base64url(relying_party, "/user_handle"), "name": "taro", "displayName": "太郎"},
        "challenge": base64url(relying_party, "/challenge"),
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 300_000,
        "excludeCredentials": [{"type": "public-key", "id": base64url(made, "/credential/id"), "transports": ["internal", "usb"]}],
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "required"},
        "attestation": "enterprise",
        "extensions": {"credProps": true},
    });
    let with = |member: &str, value: Value| {
        let mut options = options.clone();
        options[member] = value;
        options
    };
    let anew = with("excludeCredentials", json!([]));
    let mut named = with("attestation", json!("direct"));
    named["attestationFormats"] = json!(["eid-x509", "packed"]);
    named["excludeCredentials"] = json!([]);
    let quiet = with("attestation", json!("none"));
    let mut card_key = anew.clone();
    card_key["pubKeyCredParams"] = json!([{"type": "public-key", "alg": -257}]);
    let mut secrets = anew.clone();
    secrets["extensions"] = json!({"prf": {"eval": {"first": "AAAA", "second": ""}}});
    let all = [options.clone(), anew, named, quiet, card_key, secrets];
    all.map(|options| message("create", &relying_party["origin"], options))
        .into()
}

fn requests(vector: &Value) -> Vec<Value> {
    let relying_party = &vector["relying_party"];
    let options = json!({
        "rpId": relying_party["rp_id"],
        "challenge": base64url(relying_party, "/challenge"),
        "allowCredentials": [{"type": "public-key", "id": base64url(vector, "/credential_id"), "transports": ["internal"]}],
        "userVerification": "required",
    });
    let mut discoverable = options.clone();
    discoverable["allowCredentials"] = json!([]);
    let mut secrets = options.clone();
    let id = base64url(vector, "/credential_id");
    secrets["extensions"] = json!({"prf": {"eval": {"first": "AAAA"}, "evalByCredential": {(id): {"first": "", "second": "AAAA"}}}});
    [options, discoverable, secrets]
        .map(|options| message("get", &relying_party["origin"], options))
        .into()
}

fn message(kind: &str, origin: &Value, options: Value) -> Value {
    json!({
        "type": kind,
        "origin": origin,
        "sameOriginWithAncestors": true,
        "originSource": "browser",
        "options": options,
    })
}

fn base64url(vector: &Value, pointer: &str) -> String {
    URL_SAFE_NO_PAD.encode(vectors::hex(vector, pointer))
}

/// Whole streams: each message alone, all of them, and frames that are none.
pub(crate) fn streams() -> Vec<Vec<u8>> {
    let frame = |message: &Vec<u8>| {
        let length = u32::try_from(message.len()).unwrap().to_ne_bytes();
        [length.as_slice(), message].concat()
    };
    let frames: Vec<Vec<u8>> = messages().iter().map(frame).collect();
    let mut streams = frames.clone();
    streams.push(frames.iter().take(6).flatten().copied().collect());
    streams.push(frame(&Vec::new()));
    streams.push(65_537_u32.to_ne_bytes().to_vec());
    streams.push(u32::MAX.to_ne_bytes().to_vec());
    streams
}

/// A flag, an origin, a line's end, an RP ID.
pub(crate) fn rp_ids() -> Vec<Vec<u8>> {
    [
        "\0https://example.jp",
        "\0https://login.example.jp\nexample.jp",
        "\0https://login.example.jp:8443\nEXAMPLE.jp",
        "\0https://a.city.kobe.jp\ncity.kobe.jp",
        "\0http://localhost:8080\nlocalhost",
        "\0http://app.localhost",
        "\0https://xn--wgv71a119e.jp",
        "\0https://example.co.jp\nco.jp",
        "\0https://someone.github.io\ngithub.io",
        "\0https://evil-example.jp\nexample.jp",
        "\0https://192.0.2.1\n2.1",
        "\0https://[2001:db8::1]",
        "\x01https://example.com\nexample.jp",
        "\x01https://example.com\nco.jp",
        "\x01https://example.com\nlocalhost",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

/// The client data of all vectors.
pub(crate) fn client_data() -> Vec<Vec<u8>> {
    let folders = [
        "registrations/accepted",
        "registrations/refused",
        "assertions/accepted",
        "assertions/refused",
    ];
    let vectors = folders.into_iter().flat_map(vectors::folder);
    let texts: BTreeSet<String> = vectors
        .filter_map(|vector| vector["client_data_json"].as_str().map(str::to_owned))
        .collect();
    texts.into_iter().map(String::into_bytes).collect()
}
