use super::*;
use crate::client::options::parse;
use crate::client::origin::Origin;
use serde_json::json;

fn example() -> RpId {
    RpId::for_origin(&Origin::parse("https://example.jp").unwrap(), None, false).unwrap()
}

fn made(member: &str, value: serde_json::Value) -> Result<Vec<(Value, Value)>, Failure> {
    let mut options = json!({
        "rp": {"name": "Example"},
        "user": {"id": "AQ", "name": "taro", "displayName": "Taro"},
        "challenge": "AAAA",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    });
    options[member] = value;
    let request = make_credential(&parse(options).unwrap(), &example(), &[7; 32])?;
    assert_eq!(request[0], 0x01);
    let value: Value = ciborium::from_reader(&request[1..]).unwrap();
    Ok(value.into_map().unwrap())
}

fn member(request: &[(Value, Value)], key: u8) -> Option<&Value> {
    request
        .iter()
        .find(|(k, _)| *k == Value::from(key))
        .map(|(_, v)| v)
}

#[test]
fn a_registration_is_canonical_cbor() {
    let options = json!({
        "rp": {"name": "E"},
        "user": {"id": "AQ", "name": "t", "displayName": "T"},
        "challenge": "AAAA",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        "excludeCredentials": [{"type": "public-key", "id": "AgM"}],
        "authenticatorSelection": {"residentKey": "preferred"},
        "attestation": "enterprise",
    });
    let request = make_credential(&parse(options).unwrap(), &example(), &[0; 32]).unwrap();
    let expected: Vec<u8> = [
        &[0x01, 0xa8, 0x01, 0x58, 0x20][..],
        &[0; 32],
        b"\x02\xa2\x62id\x6aexample.jp\x64name\x61E",
        b"\x03\xa3\x62id\x41\x01\x64name\x61t\x6bdisplayName\x61T",
        b"\x04\x81\xa2\x63alg\x26\x64type\x6apublic-key",
        b"\x05\x81\xa2\x62id\x42\x02\x03\x64type\x6apublic-key",
        b"\x07\xa2\x62rk\xf5\x62uv\xf5",
        b"\x0a\x02",
        b"\x0b\x82\x68eid-x509\x66packed",
    ]
    .concat();
    assert_eq!(request, expected);
}

#[test]
fn the_wish_for_attestation_becomes_ctaps() {
    let wish = |attestation: &str, formats: &[&str]| {
        let options = json!({
            "rp": {"name": "E"}, "user": {"id": "AQ", "name": "t", "displayName": "T"}, "challenge": "AAAA",
            "pubKeyCredParams": [], "attestation": attestation, "attestationFormats": formats,
        });
        attestation_wish(&parse(options).unwrap())
    };
    assert_eq!(wish("none", &["eid-x509"]), (false, &["none"][..]));
    assert_eq!(wish("indirect", &["eid-x509"]), (false, &["none"][..]));
    assert_eq!(wish("direct", &[]), (false, &["packed", "eid-x509"][..]));
    assert_eq!(
        wish("direct", &["packed"]),
        (false, &["packed", "eid-x509"][..])
    );
    assert_eq!(
        wish("direct", &["packed", "eid-x509"]),
        (false, &["eid-x509", "packed"][..])
    );
    assert_eq!(wish("enterprise", &[]), (true, &["eid-x509", "packed"][..]));
    assert_eq!(wish("something", &["eid-x509"]), (false, &["none"][..]));
}

#[test]
fn a_long_name_is_cut_between_characters() {
    let user = json!({"id": "AQ", "name": "名".repeat(100), "displayName": "T"});
    let request = made("user", user).unwrap();
    let user = member(&request, 0x03).unwrap().as_map().unwrap();
    assert_eq!(user[1].1, text(&"名".repeat(85)));
}

#[test]
fn no_algorithms_mean_the_standards_two() {
    let request = made("pubKeyCredParams", json!([])).unwrap();
    let algorithms: Vec<Value> = member(&request, 0x04)
        .unwrap()
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter.as_map().unwrap()[0].1.clone())
        .collect();
    assert_eq!(algorithms, [Value::from(-7), Value::from(-257)]);
}

#[test]
fn only_unknown_types_of_credential_cannot_be_made() {
    let unknown = json!([{"type": "to-come", "alg": -7}]);
    assert_eq!(
        made("pubKeyCredParams", unknown),
        Err(Failure::UnsupportedAlgorithm)
    );
}

#[test]
fn a_site_that_insists_on_a_roaming_authenticator_is_told() {
    let selection = json!({"authenticatorAttachment": "cross-platform"});
    assert_eq!(
        made("authenticatorSelection", selection),
        Err(Failure::NotSupported)
    );
    assert!(
        made(
            "authenticatorSelection",
            json!({"authenticatorAttachment": "platform"})
        )
        .is_ok()
    );
}

#[test]
fn a_sign_in_is_canonical_cbor() {
    let options = parse(json!({"challenge": "AAAA", "allowCredentials": [
        {"type": "to-come", "id": "AQ"}, {"type": "public-key", "id": "Ag", "transports": ["usb", "to-come"]},
    ]}));
    let request = get_assertion(&options.unwrap(), &example(), &[0; 32]).unwrap();
    let expected: Vec<u8> = [
        b"\x02\xa4\x01\x6aexample.jp\x02\x58\x20",
        &[0; 32][..],
        b"\x03\x81\xa2\x62id\x41\x02\x64type\x6apublic-key",
        b"\x05\xa2\x62up\xf5\x62uv\xf5",
    ]
    .concat();
    assert_eq!(request, expected);
}

#[test]
fn an_allow_list_of_unknown_types_does_not_become_an_empty_one() {
    let options =
        parse(json!({"challenge": "AAAA", "allowCredentials": [{"type": "to-come", "id": "AQ"}]}));
    assert_eq!(
        get_assertion(&options.unwrap(), &example(), &[0; 32]),
        Err(Failure::NoCredential)
    );
    let options = parse(json!({"challenge": "AAAA", "allowCredentials": []}));
    let request = get_assertion(&options.unwrap(), &example(), &[0; 32]).unwrap();
    let request: Value = ciborium::from_reader(&request[1..]).unwrap();
    assert_eq!(member(request.as_map().unwrap(), 0x03), None);
}
