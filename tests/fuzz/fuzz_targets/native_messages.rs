//! One message of the browser extension, with the page's options in it, up to the page's response: client duties, the CTAP core, and
//! back. Each step must accept what the one before made.

#![no_main]

use authenticator_core::Failure;
use jpki_authenticator::fuzzing::{Prepared, Understood, understand};
use jpki_fuzz::world::{self, Script};
use jpki_relying_party::ceremony::describe_client_data;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// The longest message either way (docs/native-messaging.md).
const MAX_MESSAGE: usize = 65_536;
/// A script in which the person lets certificate and card key go, where they are offered.
const DISCLOSING: [u8; Script::LENGTH] = [0, 0, 0, 0, 0x21, 0, 0, 0];

fuzz_target!(|message: &[u8]| {
    let Some(understood) = understand(message) else {
        return;
    };
    // A second opinion on what was understood.
    let json: Value = serde_json::from_slice(message).unwrap();
    let kind = json["type"].as_str().unwrap();
    match understood {
        Understood::Plain => assert!(["hello", "watch", "records", "cancel"].contains(&kind)),
        Understood::Forget(rp_id) => {
            assert_eq!(kind, "forget");
            assert_eq!(json["rpId"], rp_id);
        }
        Understood::Answer(pin) => {
            assert_eq!(kind, "answer");
            assert_eq!(
                pin.as_deref(),
                json.get("pin").map(|pin| pin.as_str().unwrap())
            );
        }
        Understood::Ceremony(prepared) => {
            assert!(["create", "get"].contains(&kind));
            if let Some(prepared) = prepared {
                client_duties(&prepared, kind, &json);
                ceremony(&prepared, message.len() % 2 == 1);
            }
        }
    }
});

/// What the client says is what the browser said.
fn client_duties(prepared: &Prepared, kind: &str, message: &Value) {
    assert_eq!(message["origin"], prepared.origin.as_str());
    assert_eq!(message["sameOriginWithAncestors"], true);
    let own =
        prepared.host == prepared.rp_id || prepared.host.ends_with(&format!(".{}", prepared.rp_id));
    let related = prepared.related && message["relatedOrigin"] == true;
    assert!(own || related && message["originSource"] == "browser");

    let client_data = describe_client_data(prepared.client_data_json()).unwrap();
    assert_eq!(client_data.kind, format!("webauthn.{kind}"));
    assert_eq!(client_data.challenge, prepared.challenge());
    assert_eq!(client_data.origin, prepared.origin);
    assert!(!client_data.cross_origin);
}

fn ceremony(prepared: &Prepared, disclosing: bool) {
    let script = if disclosing {
        DISCLOSING
    } else {
        Default::default()
    };
    let outcome = world::handle(&[&script, prepared.command.as_slice()].concat()).unwrap();
    let malformed = matches!(
        outcome.failure,
        Some(
            Failure::UnknownCommand
                | Failure::WrongLength
                | Failure::TooLong
                | Failure::NotCanonicalCbor
                | Failure::WrongType(_)
                | Failure::Missing(_)
                | Failure::InvalidParameter(_)
                | Failure::Internal(_)
        )
    );
    assert!(!malformed, "{:?}", outcome.failure);
    if let [0, cbor @ ..] = outcome.response.as_slice() {
        let response = prepared
            .respond(cbor, disclosing, disclosing)
            .expect("a response for the page");
        assert!(response.len() <= MAX_MESSAGE);
    }
}
