use super::*;
use serde_json::json;

fn creation() -> Value {
    json!({
        "rp": {"name": "Example"},
        "user": {"id": "AQ", "name": "taro", "displayName": "太郎"},
        "challenge": "AAAA",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    })
}

fn with(pointer: &str, value: Value) -> Result<CreationOptions, Malformed> {
    let mut options = creation();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    options.pointer_mut(parent).unwrap()[member] = value;
    parse(options)
}

#[test]
fn the_least_that_a_site_must_say_is_enough() {
    let options: CreationOptions = parse(creation()).unwrap();
    assert_eq!(options.rp.id, None);
    assert_eq!(options.user.id.as_slice(), [1]);
    assert_eq!(options.attestation, Attestation::None);
    assert!(!options.authenticator_selection.wants_discoverable());
    assert!(options.exclude_credentials.as_slice().is_empty());
    let options: RequestOptions = parse(json!({"challenge": "AAAA"})).unwrap();
    assert!(options.allow_credentials.as_slice().is_empty());
}

#[test]
fn unknown_members_and_values_are_ignored() {
    let options = with("/attestation", json!("to-come")).unwrap();
    assert_eq!(options.attestation, Attestation::None);
    let options = with(
        "/authenticatorSelection",
        json!({"residentKey": "x", "requireResidentKey": true, "authenticatorAttachment": "x"}),
    )
    .unwrap();
    assert!(options.authenticator_selection.wants_discoverable());
    assert_eq!(
        options.authenticator_selection.authenticator_attachment,
        Attachment::Unstated
    );
    let options = with("/pubKeyCredParams", json!([{"type": "x", "alg": -7}])).unwrap();
    assert_eq!(
        options.pub_key_cred_params.as_slice()[0].kind,
        CredentialType::Unknown
    );
    assert!(with("/toCome", json!({"a": [1]})).is_ok());
    assert!(
        with(
            "/extensions",
            json!({"prf": {"eval": {"first": "AA"}}, "credProps": true})
        )
        .unwrap()
        .extensions
        .cred_props
    );
}

#[test]
fn a_formats_name_that_no_registry_has_is_kept() {
    let options = with("/attestationFormats", json!(["eid-x509", "packed"])).unwrap();
    assert_eq!(
        options.attestation_formats.as_slice()[0].as_str(),
        "eid-x509"
    );
}

#[test]
fn malformed_members_are_refused() {
    for (pointer, value) in [
        ("/challenge", json!("A")),
        ("/challenge", json!("AA==")),
        ("/challenge", json!("+/+/")),
        ("/challenge", json!(" AAAA")),
        ("/challenge", json!("AB")),
        ("/challenge", json!([1, 2])),
        ("/challenge", Value::Null),
        ("/challenge", json!("A".repeat(12_000))),
        ("/user/id", json!("")),
        ("/user/id", json!("A".repeat(88))),
        ("/user/name", json!("x".repeat(1_025))),
        ("/user/displayName", Value::Null),
        ("/rp/id", Value::Null),
        ("/rp/name", json!(1)),
        ("/pubKeyCredParams", json!({})),
        (
            "/pubKeyCredParams",
            json!([{"type": "public-key", "alg": "-7"}]),
        ),
        (
            "/pubKeyCredParams",
            json!([{"type": "public-key", "alg": 2_147_483_648_u32}]),
        ),
        ("/pubKeyCredParams", json!([{"type": "public-key"}])),
        ("/timeout", json!(-1)),
        ("/timeout", json!("60000")),
        ("/timeout", json!(4_294_967_296_u64)),
        (
            "/excludeCredentials",
            json!([{"type": "public-key", "id": "!"}]),
        ),
        (
            "/excludeCredentials",
            json!([{"type": "public-key", "id": ""}]),
        ),
        (
            "/excludeCredentials",
            json!(vec![json!({"type": "public-key", "id": "AA"}); 257]),
        ),
        ("/attestation", json!(1)),
        ("/attestationFormats", json!("packed")),
        ("/authenticatorSelection", json!("platform")),
    ] {
        assert_eq!(
            with(pointer, value.clone()).map(drop),
            Err(Malformed),
            "{pointer} {value}"
        );
    }
}

/// An allow list that cannot be read must never turn into "any discoverable credential".
#[test]
fn a_malformed_allow_list_is_refused_not_emptied() {
    for list in [
        json!([{"type": "public-key", "id": "!"}]),
        json!("AA"),
        json!([1]),
        Value::Null,
    ] {
        let options = json!({"challenge": "AAAA", "allowCredentials": list});
        assert_eq!(parse::<RequestOptions>(options).map(drop), Err(Malformed));
    }
}

#[test]
fn extensions_that_a_site_insists_on_are_noticed() {
    let demands = |extensions| {
        with("/extensions", extensions)
            .unwrap()
            .extensions
            .require_the_unsupported()
    };
    assert!(demands(json!({"largeBlob": {"support": "required"}})));
    assert!(!demands(json!({"largeBlob": {"support": "preferred"}})));
    assert!(demands(
        json!({"credentialProtectionPolicy": "userVerificationRequired", "enforceCredentialProtectionPolicy": true})
    ));
    assert!(!demands(
        json!({"credentialProtectionPolicy": "userVerificationRequired", "enforceCredentialProtectionPolicy": false})
    ));
}

#[test]
fn a_large_blob_is_read_or_written_at_a_sign_in_and_written_for_one_credential() {
    let registration = |inputs| {
        let extensions = with("/extensions", json!({ "largeBlob": inputs })).unwrap();
        let inputs = extensions.extensions.large_blob.unwrap();
        inputs.at_registration().is_ok()
    };
    assert!(registration(json!({})));
    assert!(registration(json!({"support": "preferred"})));
    assert!(!registration(json!({"read": true})));
    assert!(!registration(json!({"write": ""})));

    let sign_in = |inputs, allowed: usize| {
        let list = vec![json!({"type": "public-key", "id": "AAAA"}); allowed];
        let options = json!({"challenge": "AAAA", "allowCredentials": list, "extensions": {"largeBlob": inputs}});
        let options: RequestOptions = parse(options).unwrap();
        let inputs = options.extensions.large_blob.unwrap();
        let allowed = options.allow_credentials.as_slice();
        inputs.at_sign_in(allowed).is_ok()
    };
    assert!(sign_in(json!({}), 0));
    assert!(sign_in(json!({"read": true}), 2));
    assert!(sign_in(json!({"write": "AA"}), 1));
    assert!(!sign_in(json!({"read": false, "write": "AA"}), 1));
    assert!(!sign_in(json!({"read": true, "write": "AA"}), 1));
    assert!(!sign_in(json!({"write": "AA"}), 0));
    assert!(!sign_in(json!({"write": "AA"}), 2));
    assert!(!sign_in(json!({"support": "preferred"}), 1));
}
