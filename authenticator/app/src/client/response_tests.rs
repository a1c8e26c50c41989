use super::*;
use crate::client::client_data::CeremonyType;
use crate::client::options::parse;
use crate::client::origin::Origin;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::pkcs8::EncodePublicKey;
use rsa::traits::PublicKeyParts;
use serde_json::json;

const NOTHING: Agreed = Agreed {
    certificate: false,
    card_key: false,
};
const CERTIFICATE: Agreed = Agreed {
    certificate: true,
    card_key: false,
};
const CARD_KEY: Agreed = Agreed {
    certificate: false,
    card_key: true,
};

fn key() -> p256::PublicKey {
    p256::SecretKey::from_slice(&[7; 32]).unwrap().public_key()
}

fn cose_key() -> Value {
    let point = key().to_encoded_point(false);
    Value::Map(vec![
        (Value::from(1), Value::from(2)),
        (Value::from(3), Value::from(-7)),
        (Value::from(-1), Value::from(1)),
        (Value::from(-2), Value::Bytes(point.x().unwrap().to_vec())),
        (Value::from(-3), Value::Bytes(point.y().unwrap().to_vec())),
    ])
}

fn rsa_cose_key(modulus: &[u8], exponent: &[u8]) -> Value {
    Value::Map(vec![
        (Value::from(1), Value::from(3)),
        (Value::from(3), Value::from(-257)),
        (Value::from(-1), Value::Bytes(modulus.to_vec())),
        (Value::from(-2), Value::Bytes(exponent.to_vec())),
    ])
}

fn authenticator_data(cose: &Value) -> Vec<u8> {
    let mut data = [
        &[1; 32][..],
        &[0x45],
        &[0; 4],
        &[2; 16],
        &[0, 3],
        &[9, 8, 7],
    ]
    .concat();
    ciborium::into_writer(cose, &mut data).unwrap();
    data
}

fn made(format: &str) -> Vec<u8> {
    made_with(format, &cose_key())
}

fn made_with(format: &str, cose: &Value) -> Vec<u8> {
    let mut response = Vec::new();
    let value = Value::Map(vec![
        (Value::from(1), Value::from(format)),
        (Value::from(2), Value::Bytes(authenticator_data(cose))),
        (Value::from(3), Value::Map(vec![])),
    ]);
    ciborium::into_writer(&value, &mut response).unwrap();
    response
}

fn creation() -> CreationOptions {
    parse(json!({
        "rp": {"name": "E"}, "user": {"id": "AQ", "name": "t", "displayName": "T"}, "challenge": "AAAA",
        "pubKeyCredParams": [], "authenticatorSelection": {"residentKey": "required"}, "extensions": {"credProps": true},
    }))
    .unwrap()
}

fn client_data() -> ClientData {
    ClientData::new(
        CeremonyType::Create,
        &[0; 3],
        &Origin::parse("https://example.jp").unwrap(),
    )
}

#[test]
fn a_registrations_members_agree_with_its_attestation_object() {
    let response = registration(&made("none"), &creation(), &client_data(), NOTHING, None).unwrap();
    let json = serde_json::to_value(&response).unwrap();
    let bytes = |member: &str| {
        URL_SAFE_NO_PAD
            .decode(json["response"][member].as_str().unwrap())
            .unwrap()
    };
    assert_eq!(json["id"], "CQgH");
    assert_eq!(json["rawId"], "CQgH");
    assert_eq!(json["type"], "public-key");
    assert_eq!(json["authenticatorAttachment"], "platform");
    assert_eq!(
        json["clientExtensionResults"],
        json!({"credProps": {"rk": true}})
    );
    assert_eq!(json["response"]["transports"], json!(["internal", "usb"]));
    assert_eq!(json["response"]["publicKeyAlgorithm"], -7);
    assert_eq!(bytes("authenticatorData"), authenticator_data(&cose_key()));
    assert_eq!(
        bytes("publicKey"),
        key().to_public_key_der().unwrap().as_bytes()
    );
    assert_eq!(bytes("clientDataJSON"), client_data().json());
    let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58";
    assert_eq!(&bytes("attestationObject")[..head.len()], head);
}

#[test]
fn the_certificate_does_not_leave_without_agreement() {
    for (agreed, result) in [
        (NOTHING, Err(Failure::Internal)),
        (CARD_KEY, Err(Failure::Internal)),
        (CERTIFICATE, Ok(())),
    ] {
        let response = registration(&made("eid-x509"), &creation(), &client_data(), agreed, None);
        assert_eq!(response.map(drop), result, "{agreed:?}");
    }
}

#[test]
fn the_cards_key_does_not_leave_without_agreement() {
    let made = made_with("none", &rsa_cose_key(&[0xC1; 256], &[1, 0, 1]));
    for (agreed, result) in [
        (NOTHING, Err(Failure::Internal)),
        (CERTIFICATE, Err(Failure::Internal)),
        (CARD_KEY, Ok(())),
    ] {
        let response = registration(&made, &creation(), &client_data(), agreed, None);
        assert_eq!(response.map(drop), result, "{agreed:?}");
    }
}

/// A certificate's own encoding of the key is the oracle: browsers encode it so, too.
#[test]
fn the_public_key_of_a_card_credential_is_the_certificates() {
    let card = &jpki_lab::pki::shared()
        .unwrap()
        .person("p01")
        .unwrap()
        .authentication;
    let certificate = eid_card::Certificate::from_der(&card.certificate).unwrap();
    let (modulus, exponent) = (card.key.n().to_bytes_be(), card.key.e().to_bytes_be());
    let made = made_with("none", &rsa_cose_key(&modulus, &exponent));
    let response = registration(&made, &creation(), &client_data(), CARD_KEY, None).unwrap();
    let json = serde_json::to_value(&response).unwrap();
    assert_eq!(json["response"]["publicKeyAlgorithm"], -257);
    assert_eq!(
        json["response"]["publicKey"],
        URL_SAFE_NO_PAD.encode(certificate.subject_public_key_info())
    );
}

#[test]
fn rsa_keys_of_another_form_are_our_defect() {
    let modulus = [0xC1; 256];
    for key in [
        rsa_cose_key(&modulus[1..], &[1, 0, 1]),
        rsa_cose_key(&[&[0], &modulus[..]].concat(), &[1, 0, 1]),
        rsa_cose_key(&[0x41; 256], &[1, 0, 1]),
        rsa_cose_key(&modulus, &[3]),
        rsa_cose_key(&modulus, &[0, 0, 3]),
        rsa_cose_key(&modulus, &[0x81, 0, 1]),
        rsa_cose_key(&modulus, &[0, 1, 0, 1]),
    ] {
        let made = made_with("none", &key);
        let refused = registration(&made, &creation(), &client_data(), CARD_KEY, None);
        assert_eq!(refused.map(drop), Err(Failure::Internal));
    }
}

#[test]
fn absent_members_of_a_sign_in_are_omitted() {
    let mut response = Vec::new();
    let value = Value::Map(vec![
        (Value::from(2), Value::Bytes(vec![1])),
        (Value::from(3), Value::Bytes(vec![2])),
    ]);
    ciborium::into_writer(&value, &mut response).unwrap();
    let options = parse(
        json!({"challenge": "AAAA", "allowCredentials": [{"type": "public-key", "id": "AQ"}]}),
    );
    let answer = authentication(&response, &options.unwrap(), &client_data(), None).unwrap();
    let json = serde_json::to_value(&answer).unwrap();
    assert_eq!(json["id"], "AQ");
    assert_eq!(json["response"].get("userHandle"), None);
    assert_eq!(json["clientExtensionResults"], json!({}));
}

#[test]
fn a_broken_response_is_our_defect() {
    for response in [
        &b""[..],
        b"\xa0",
        b"\xa1\x01\x64none",
        b"\x80",
        b"\xa3\x01\x64none\x02\x41\x00\x03\xa0",
    ] {
        let refused =
            registration(response, &creation(), &client_data(), CERTIFICATE, None).map(drop);
        assert_eq!(refused, Err(Failure::Internal));
    }
}
