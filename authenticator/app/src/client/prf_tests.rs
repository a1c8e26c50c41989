use super::*;
use serde_json::{Value, json};

fn inputs(json: Value) -> Option<PrfInputs> {
    serde_json::from_value(json).ok()
}

fn allowed() -> Vec<Descriptor> {
    serde_json::from_value(json!([
        {"type": "public-key", "id": "AQID"},
        {"type": "to-come", "id": "BAUG"},
    ]))
    .unwrap()
}

/// Computed by hand: printf 'WebAuthn PRF\0hello' | sha256sum
#[test]
fn a_salt_is_a_hash_with_the_standards_context() {
    let values: Values = serde_json::from_value(json!({"first": "aGVsbG8", "second": ""})).unwrap();
    let salts = values.salts();
    assert_eq!(
        URL_SAFE_NO_PAD.encode(salts.first),
        "BUjzAlZx5zvqsJKxrIcN3TOg2SXhk-ynm6g1iRm3PNw"
    );
    assert_eq!(
        URL_SAFE_NO_PAD.encode(salts.second.unwrap()),
        "an5ksqo0ySc2FDoGL6FJr_G9i7P37m80aIVIH5QUo9M"
    );
}

#[test]
fn what_is_not_asked_is_not_answered() {
    assert!(at_registration(None).unwrap().is_none());
    assert!(at_sign_in(None, &allowed()).unwrap().is_none());
}

#[test]
fn a_registration_cannot_ask_by_credential() {
    for by_credential in [json!({}), json!({"AQID": {"first": "AA"}})] {
        let inputs = inputs(json!({"evalByCredential": by_credential})).unwrap();
        assert_eq!(
            at_registration(Some(&inputs)).map(drop),
            Err(Failure::NotSupported)
        );
    }
}

#[test]
fn a_sign_in_asks_by_credentials_that_it_allows() {
    let asked = |by_credential: Value, allowed: &[Descriptor]| {
        let inputs = inputs(json!({"evalByCredential": by_credential})).unwrap();
        at_sign_in(Some(&inputs), allowed).map(drop)
    };
    let values = json!({"first": "AA"});
    assert_eq!(asked(json!({}), &[]), Ok(()));
    assert_eq!(
        asked(json!({"AQID": values, "BAUG": values}), &allowed()),
        Ok(())
    );
    assert_eq!(
        asked(json!({"AQID": values}), &[]),
        Err(Failure::NotSupported)
    );
    for id in ["", "AQIE", "AQID=", "AQI D", "+/+/", "AQ"] {
        let by_credential = json!({"AQID": values, (id): values});
        assert_eq!(
            asked(by_credential, &allowed()),
            Err(Failure::PrfInputs),
            "{id}"
        );
    }
    let many: serde_json::Map<_, _> = (0..=MAX_LIST)
        .map(|n| (n.to_string(), values.clone()))
        .collect();
    assert_eq!(asked(many.into(), &allowed()), Err(Failure::BadRequest));
}

#[test]
fn malformed_inputs_are_refused() {
    for malformed in [
        json!(null),
        json!("eval"),
        json!({"eval": null}),
        json!({"eval": {}}),
        json!({"eval": {"first": [1]}}),
        json!({"eval": {"first": "A"}}),
        json!({"eval": {"first": "AA=="}}),
        json!({"eval": {"first": "AA", "second": null}}),
        json!({"evalByCredential": []}),
        json!({"evalByCredential": {"AQID": {}}}),
    ] {
        assert!(inputs(malformed.clone()).is_none(), "{malformed}");
    }
}
