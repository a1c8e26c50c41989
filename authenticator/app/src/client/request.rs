//! From options to a CTAP2 request (CTAP 2.3 §6.1, §6.2) in canonical CBOR.

use ciborium::Value;

use super::options::{
    Attachment, Attestation, CreationOptions, CredentialType, Descriptor, List, Name,
    RequestOptions,
};
use super::origin::RpId;
use crate::failure::Failure;

/// `authenticatorMakeCredential`.
const MAKE_CREDENTIAL: u8 = 0x01;
/// `authenticatorGetAssertion`.
const GET_ASSERTION: u8 = 0x02;
/// ES256 and RS256, which a site means when it names no algorithm (WebAuthn L3 §5.1.3 step 9).
const DEFAULT_ALGORITHMS: [i32; 2] = [-7, -257];
/// Platform-managed enterprise attestation (CTAP 2.3 §6.1.3): this program decides, with the person.
const PLATFORM_MANAGED: u8 = 2;
/// The attestation statement format in which the card's certificate travels.
pub(super) const EID_X509: &str = "eid-x509";

/// Names are cut off here (WebAuthn L3 §6.4.1 asks for at least 64 bytes), so that no list of accounts outgrows a message.
const LONGEST_NAME: usize = 256;

/// The command byte and its CBOR, for a registration.
///
/// # Errors
/// [`Failure::NotSupported`] if the site insists on what this authenticator is not;
/// [`Failure::UnsupportedAlgorithm`] if it names only types of credential that are not known.
pub(crate) fn make_credential(
    options: &CreationOptions,
    rp_id: &RpId,
    client_data_hash: &[u8; 32],
) -> Result<Vec<u8>, Failure> {
    if options.authenticator_selection.authenticator_attachment == Attachment::CrossPlatform
        || options.extensions.require_the_unsupported()
    {
        return Err(Failure::NotSupported);
    }
    let mut members = vec![
        (0x01, Value::Bytes(client_data_hash.to_vec())),
        (
            0x02,
            map([
                ("id", text(rp_id.as_str())),
                ("name", name(&options.rp.name)),
            ]),
        ),
        (
            0x03,
            map([
                ("id", Value::Bytes(options.user.id.as_slice().to_vec())),
                ("name", name(&options.user.name)),
                ("displayName", name(&options.user.display_name)),
            ]),
        ),
        (0x04, algorithms(options)?),
    ];
    if let Some(excluded) = descriptors(&options.exclude_credentials) {
        members.push((0x05, excluded));
    }
    let discoverable = options.authenticator_selection.wants_discoverable();
    members.push((
        0x07,
        map([("rk", Value::Bool(discoverable)), ("uv", Value::Bool(true))]),
    ));
    let (enterprise, formats) = attestation_wish(options);
    if enterprise {
        members.push((0x0a, Value::from(PLATFORM_MANAGED)));
    }
    members.push((
        0x0b,
        Value::Array(formats.iter().map(|format| text(format)).collect()),
    ));
    encode(MAKE_CREDENTIAL, members)
}

/// The command byte and its CBOR, for a sign-in.
///
/// # Errors
/// [`Failure::NoCredential`] if the site names only types of credential that are not known.
pub(crate) fn get_assertion(
    options: &RequestOptions,
    rp_id: &RpId,
    client_data_hash: &[u8; 32],
) -> Result<Vec<u8>, Failure> {
    let mut members = vec![
        (0x01, text(rp_id.as_str())),
        (0x02, Value::Bytes(client_data_hash.to_vec())),
    ];
    match descriptors(&options.allow_credentials) {
        Some(allowed) => members.push((0x03, allowed)),
        None if options.allow_credentials.as_slice().is_empty() => {}
        // A list of which nothing remains must not become a request without a list.
        None => return Err(Failure::NoCredential),
    }
    members.push((
        0x05,
        map([("up", Value::Bool(true)), ("uv", Value::Bool(true))]),
    ));
    encode(GET_ASSERTION, members)
}

/// What the site asks of attestation, in CTAP's terms: whether it is `enterprise`, and the formats in order.
fn attestation_wish(options: &CreationOptions) -> (bool, &'static [&'static str]) {
    let named = || {
        options
            .attestation_formats
            .as_slice()
            .iter()
            .any(|format| format.as_str() == EID_X509)
    };
    match options.attestation {
        Attestation::None | Attestation::Indirect => (false, &["none"]),
        Attestation::Direct if named() => (false, &[EID_X509, "packed"]),
        Attestation::Direct => (false, &["packed", EID_X509]),
        Attestation::Enterprise => (true, &[EID_X509, "packed"]),
    }
}

fn algorithms(options: &CreationOptions) -> Result<Value, Failure> {
    let parameters = options.pub_key_cred_params.as_slice();
    let algorithms: Vec<i32> = if parameters.is_empty() {
        DEFAULT_ALGORITHMS.to_vec()
    } else {
        parameters
            .iter()
            .filter(|parameter| parameter.kind == CredentialType::PublicKey)
            .map(|parameter| parameter.alg)
            .collect()
    };
    if algorithms.is_empty() {
        return Err(Failure::UnsupportedAlgorithm);
    }
    Ok(Value::Array(
        algorithms
            .into_iter()
            .map(|alg| map([("alg", Value::from(alg)), ("type", text("public-key"))]))
            .collect(),
    ))
}

/// The descriptors of known type; none if there are none, since CTAP forbids empty lists.
fn descriptors(list: &List<Descriptor>) -> Option<Value> {
    let known: Vec<Value> = list
        .as_slice()
        .iter()
        .filter(|descriptor| descriptor.kind == CredentialType::PublicKey)
        .map(|descriptor| {
            map([
                ("id", Value::Bytes(descriptor.id.as_slice().to_vec())),
                ("type", text("public-key")),
            ])
        })
        .collect();
    (!known.is_empty()).then_some(Value::Array(known))
}

fn name(name: &Name) -> Value {
    let name = name.as_str();
    text(
        name.get(..name.floor_char_boundary(LONGEST_NAME))
            .unwrap_or(name),
    )
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A map whose keys are given in canonical order: shorter first, then bytewise (CTAP 2.3 §8).
fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(
        members
            .into_iter()
            .map(|(key, value)| (text(key), value))
            .collect(),
    )
}

fn encode(command: u8, members: Vec<(u8, Value)>) -> Result<Vec<u8>, Failure> {
    let members = members
        .into_iter()
        .map(|(key, value)| (Value::from(key), value))
        .collect();
    let mut request = vec![command];
    ciborium::into_writer(&Value::Map(members), &mut request).map_err(|_| Failure::Internal)?;
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::super::options::parse;
    use super::super::origin::Origin;
    use super::*;
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
        let options = parse(
            json!({"challenge": "AAAA", "allowCredentials": [{"type": "to-come", "id": "AQ"}]}),
        );
        assert_eq!(
            get_assertion(&options.unwrap(), &example(), &[0; 32]),
            Err(Failure::NoCredential)
        );
        let options = parse(json!({"challenge": "AAAA", "allowCredentials": []}));
        let request = get_assertion(&options.unwrap(), &example(), &[0; 32]).unwrap();
        let request: Value = ciborium::from_reader(&request[1..]).unwrap();
        assert_eq!(member(request.as_map().unwrap(), 0x03), None);
    }
}
