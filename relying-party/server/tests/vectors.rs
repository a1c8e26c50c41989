//! The test vectors (`tests/vectors`), judged by `webauthn-rs` as the server uses it: what WebAuthn's own checks say of
//! registrations that carry a faultless attestation, and of sign-ins.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers may fail the test"
)]

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::cbor;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use webauthn_rs::prelude::{DiscoverableKey, Passkey, Url, Uuid, WebauthnError};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// Every vector of a folder.
fn vectors(folder: &str) -> Vec<Value> {
    let entries = std::fs::read_dir(path(folder)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no files in {folder}");
    paths.iter().map(|path| read(path)).collect()
}

fn path(under_vectors: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/vectors")
        .join(under_vectors)
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text<'v>(vector: &'v Value, pointer: &str) -> &'v str {
    let found = vector.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("{}: no {pointer}", vector["name"]))
}

/// A hex member, as browsers and `webauthn-rs` write bytes.
fn base64url(vector: &Value, pointer: &str) -> String {
    URL_SAFE_NO_PAD.encode(hex::decode(text(vector, pointer)).unwrap())
}

fn webauthn(vector: &Value) -> Webauthn {
    let origin = Url::parse(text(vector, "/relying_party/origin")).unwrap();
    let rp_id = text(vector, "/relying_party/rp_id");
    WebauthnBuilder::new(rp_id, &origin)
        .unwrap()
        .build()
        .unwrap()
}

/// A ceremony's state, as if it had been begun with the vector's challenge and the algorithms that this server asks for.
fn with_challenge<S: Serialize + DeserializeOwned>(state: &S, vector: &Value) -> S {
    let mut state = serde_json::to_value(state).unwrap();
    let challenge = state.pointer_mut("/rs/challenge");
    let challenge = match challenge {
        Some(challenge) => challenge,
        None => state.pointer_mut("/ast/challenge").unwrap(),
    };
    *challenge = base64url(vector, "/relying_party/challenge").into();
    if let Some(algorithms) = state.pointer_mut("/rs/credential_algorithms") {
        *algorithms = json!(["ES256", "RS256"]);
    }
    serde_json::from_value(state).unwrap()
}

fn client_data(vector: &Value) -> String {
    URL_SAFE_NO_PAD.encode(text(vector, "/client_data_json"))
}

/// Registers with an attestation object of format `none` around the vector's authenticator data.
fn register(vector: &Value) -> Result<Passkey, WebauthnError> {
    let auth_data = hex::decode(text(vector, "/attestation/auth_data")).unwrap();
    let mut object = Vec::new();
    let none = cbor!({
        "fmt" => "none",
        "attStmt" => {},
        "authData" => ciborium::Value::Bytes(auth_data),
    });
    ciborium::into_writer(&none.unwrap(), &mut object).unwrap();
    register_with(vector, &object)
}

/// Registers with this attestation object.
fn register_with(vector: &Value, object: &[u8]) -> Result<Passkey, WebauthnError> {
    let webauthn = webauthn(vector);
    let auth_data = hex::decode(text(vector, "/attestation/auth_data")).unwrap();
    let length = usize::from(u16::from_be_bytes([auth_data[53], auth_data[54]]));
    let id = URL_SAFE_NO_PAD.encode(&auth_data[55..55 + length]);
    let (_, state) = webauthn
        .start_passkey_registration(Uuid::nil(), "taro", "Taro", None)
        .unwrap();
    let credential = json!({
        "id": id,
        "rawId": id,
        "type": "public-key",
        "response": {
            "attestationObject": URL_SAFE_NO_PAD.encode(object),
            "clientDataJSON": client_data(vector),
        },
    });
    webauthn.finish_passkey_registration(
        &serde_json::from_value(credential).unwrap(),
        &with_challenge(&state, vector),
    )
}

fn sign_in(vector: &Value) -> Result<(), WebauthnError> {
    let registration = text(vector, "/registration");
    let registration = read(&path(&format!(
        "registrations/accepted/{registration}.json"
    )));
    let passkey = register(&registration).unwrap();
    let webauthn = webauthn(vector);
    let (_, state) = webauthn.start_discoverable_authentication().unwrap();
    let id = base64url(vector, "/credential_id");
    let credential = json!({
        "id": id,
        "rawId": id,
        "type": "public-key",
        "response": {
            "authenticatorData": base64url(vector, "/authenticator_data"),
            "clientDataJSON": client_data(vector),
            "signature": base64url(vector, "/signature"),
            "userHandle": base64url(vector, "/relying_party/user_handle"),
        },
    });
    webauthn
        .finish_discoverable_authentication_v2(
            &serde_json::from_value(credential).unwrap(),
            with_challenge(&state, vector),
            DiscoverableKey::from(&passkey),
        )
        .map(drop)
}

/// The check of the vectors' README that an error belongs to.
fn check(error: &WebauthnError) -> String {
    match error {
        WebauthnError::InvalidClientDataType => "type",
        WebauthnError::MismatchedChallenge => "challenge",
        WebauthnError::InvalidRPOrigin => "origin",
        WebauthnError::InvalidRPIDHash => "rp_id",
        WebauthnError::UserNotPresent => "user_present",
        WebauthnError::UserNotVerified => "user_verified",
        WebauthnError::CredentialAlteredAlgFromRequest => "algorithm",
        WebauthnError::CredentialBackupEligibilityInconsistent
        | WebauthnError::CredentialMayNotBeHardwareBound => "backup_flags",
        WebauthnError::EcdsaPointInvalid => "public_key",
        WebauthnError::AttestationStatementAlgMismatch
        | WebauthnError::AttestationStatementSigInvalid => "attestation",
        WebauthnError::ParseNOMFailure => "authenticator_data",
        WebauthnError::AuthenticationFailure | WebauthnError::SignatureInvalid => "signature",
        other => return format!("{other:?}"),
    }
    .to_owned()
}

const REFUSED: &str = "/expected/refused/check";

/// A vector's expected check, and the one that refused.
struct Judged {
    name: String,
    expected: String,
    found: String,
}

impl Judged {
    /// `expected` points to the vector's word for it.
    fn new<T>(vector: &Value, expected: &str, judgement: Result<T, WebauthnError>) -> Judged {
        Judged {
            name: text(vector, "/name").to_owned(),
            expected: text(vector, expected).to_owned(),
            found: judgement.map_or_else(|error| check(&error), |_| "accepted".to_owned()),
        }
    }
}

fn assert_as_expected(judged: &[Judged]) {
    assert!(!judged.is_empty());
    let wrong: Vec<String> = judged
        .iter()
        .filter(|judged| judged.found != judged.expected)
        .map(|judged| {
            let Judged {
                name,
                expected,
                found,
            } = judged;
            format!("{name}: expected {expected}, found {found}")
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn webauthn_accepts_every_registration_to_accept() {
    for vector in vectors("registrations/accepted") {
        if let Err(error) = register(&vector) {
            panic!("{}: {error:?}", vector["name"]);
        }
    }
}

#[test]
fn webauthn_refuses_the_registrations_that_are_its_to_refuse() {
    let mut judged = Vec::new();
    for vector in vectors("registrations/refused") {
        if vector["expected"]["refused"]["by"] != "webauthn" {
            continue;
        }
        judged.push(Judged::new(&vector, REFUSED, register(&vector)));
    }
    assert_as_expected(&judged);
}

/// What a relying party makes of `packed` and `none` that asks for no eID attestation.
#[test]
fn webauthn_judges_its_own_formats() {
    let mut judged = Vec::new();
    let mut accepted = 0;
    for vector in vectors("registrations/refused") {
        let Some(expected) = vector.get("without_eid") else {
            continue;
        };
        let object = hex::decode(text(&vector, "/attestation_object")).unwrap();
        let judgement = register_with(&vector, &object);
        if expected == "accepted" {
            assert!(judgement.is_ok(), "{}: {judgement:?}", vector["name"]);
            accepted += 1;
        } else {
            judged.push(Judged::new(
                &vector,
                "/without_eid/refused/check",
                judgement,
            ));
        }
    }
    assert!(accepted > 0);
    assert_as_expected(&judged);
}

#[test]
fn webauthn_accepts_every_sign_in_to_accept() {
    for vector in vectors("assertions/accepted") {
        if let Err(error) = sign_in(&vector) {
            panic!("{}: {error:?}", vector["name"]);
        }
    }
}

#[test]
fn webauthn_refuses_every_sign_in_to_refuse() {
    let judged: Vec<Judged> = vectors("assertions/refused")
        .iter()
        .map(|vector| Judged::new(vector, REFUSED, sign_in(vector)))
        .collect();
    assert_as_expected(&judged);
}
