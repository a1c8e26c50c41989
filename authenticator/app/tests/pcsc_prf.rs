//! `prf` through the extension (WebAuthn L3 §10.1.4): the real program, the real pcscd, a practice card.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod host;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use host::bench::{Bench, person};
use host::{ORIGIN, creation_options, request_options, with};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn results(response: &Value) -> &Value {
    &response["clientExtensionResults"]["prf"]["results"]
}

/// A registration that asks for this.
fn register(bench: &mut Bench, prf: Value) -> Value {
    let options = with(creation_options(), "extensions", json!({"prf": prf}));
    bench.register("p01", options, false)
}

/// A sign-in with this credential that asks for this.
fn sign_in(bench: &mut Bench, registered: &Value, prf: Value) -> Value {
    let allowed = json!([{"type": "public-key", "id": registered["id"]}]);
    let options = with(request_options(), "allowCredentials", allowed);
    bench.sign_in("p01", with(options, "extensions", json!({"prf": prf})))
}

/// What a browser makes of an input: a salt of hmac-secret.
fn salt(input: &[u8]) -> [u8; 32] {
    Sha256::digest([b"WebAuthn PRF\0", input].concat()).into()
}

#[test]
fn a_site_gets_the_same_each_time_and_by_way_of_the_security_key() {
    let mut bench = Bench::with_card_of("p01");
    let both = json!({"eval": {"first": "b25l", "second": "dHdv"}});
    let registered = register(&mut bench, both.clone());
    let prf = &registered["clientExtensionResults"]["prf"];
    assert_eq!(prf["enabled"], true);
    let (first, second) = (
        results(&registered)["first"].clone(),
        results(&registered)["second"].clone(),
    );
    assert!(first.is_string() && second.is_string() && first != second);

    for _ in 0..2 {
        let response = sign_in(&mut bench, &registered, both.clone());
        let expected = json!({"prf": {"results": {"first": first, "second": second}}});
        assert_eq!(response["clientExtensionResults"], expected);
    }
    let response = sign_in(&mut bench, &registered, json!({"eval": {"first": "dHdv"}}));
    assert_eq!(results(&response), &json!({"first": second}));

    let id = URL_SAFE_NO_PAD
        .decode(registered["id"].as_str().unwrap())
        .unwrap();
    let script = format!("pin {}\n", person("p01").pin);
    let key = bench.computer.security_key(Some(&script));
    bench.type_pin_elsewhere();
    let secrets = key
        .connect()
        .hmac_secret(&id, &[salt(b"one"), salt(b"two")].concat());
    assert_eq!(URL_SAFE_NO_PAD.encode(&secrets[..32]), first);
    assert_eq!(URL_SAFE_NO_PAD.encode(&secrets[32..]), second);
}

#[test]
fn inputs_by_credential_come_before_those_for_all() {
    let mut bench = Bench::with_card_of("p01");
    let registered = register(
        &mut bench,
        json!({"eval": {"first": "b25l", "second": "dHdv"}}),
    );
    let id = registered["id"].as_str().unwrap();
    let asked = json!({"eval": {"first": "b25l"}, "evalByCredential": {(id): {"first": "dHdv"}}});
    let response = sign_in(&mut bench, &registered, asked);
    assert_eq!(results(&response)["first"], results(&registered)["second"]);
}

#[test]
fn without_inputs_a_site_learns_whether_there_will_be_results() {
    let mut bench = Bench::with_card_of("p01");
    let registered = register(&mut bench, json!({}));
    assert_eq!(
        registered["clientExtensionResults"],
        json!({"prf": {"enabled": true}})
    );
    let response = sign_in(&mut bench, &registered, json!({}));
    assert_eq!(response["clientExtensionResults"], json!({"prf": {}}));
}

#[test]
fn a_card_credential_has_none() {
    let mut bench = Bench::with_card_of("p01");
    let asked = json!({"eval": {"first": "b25l"}});
    let options = with(creation_options(), "extensions", json!({"prf": asked}));
    let only_rs256 = json!([{"type": "public-key", "alg": -257}]);
    let mut host = bench
        .computer
        .create(ORIGIN, with(options, "pubKeyCredParams", only_rs256));
    let prompt = host.prompt("register");
    let agreed = json!({"cardCredential": true});
    bench.type_pin(&mut host, &prompt, &person("p01").pin, agreed);
    let registered = host.result();
    assert_eq!(
        registered["clientExtensionResults"],
        json!({"prf": {"enabled": false}})
    );
    let response = sign_in(&mut bench, &registered, asked);
    assert_eq!(response["clientExtensionResults"], json!({"prf": {}}));
}

#[test]
fn inputs_that_the_standard_refuses_are_refused_before_anybody_is_asked() {
    let bench = Bench::with_card_of("p01");
    let by_credential = json!({"AQID": {"first": "b25l"}});
    let refused = |kind: &str, options: Value, prf: Value| {
        let options = with(options, "extensions", json!({"prf": prf}));
        let mut host = match kind {
            "create" => bench.computer.create(ORIGIN, options),
            _ => bench.computer.get(ORIGIN, options),
        };
        host.error()
    };
    let error = |code: &str, name: &str| (code.to_owned(), name.to_owned());
    let asked = json!({"evalByCredential": by_credential});
    assert_eq!(
        refused("create", creation_options(), asked.clone()),
        error("not-supported", "NotSupportedError")
    );
    assert_eq!(
        refused("get", request_options(), asked.clone()),
        error("not-supported", "NotSupportedError")
    );
    let other = json!([{"type": "public-key", "id": "BAUG"}]);
    assert_eq!(
        refused(
            "get",
            with(request_options(), "allowCredentials", other),
            asked
        ),
        error("prf-inputs", "SyntaxError")
    );
    assert_eq!(
        refused("get", request_options(), json!({"eval": {}})),
        error("bad-request", "TypeError")
    );
}
