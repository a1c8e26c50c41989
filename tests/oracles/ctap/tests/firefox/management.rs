//! Credential management and configuration, as Firefox's settings use them.
//!
//! Firefox keeps the making of these requests to itself; so they are written here, authenticated with Firefox's tokens, and
//! the answers are read by Firefox's parser.

use authenticator::FidoDevice;
use authenticator::Pin;
use authenticator::crypto::PinUvAuthToken;
use authenticator::ctap2::commands::client_pin::PinUvAuthTokenPermission;
use authenticator::ctap2::commands::credential_management::CredentialManagementResponse;
use authenticator_core::cbor::{Map, encode};

use crate::client::{Browser, RP_ID, registration, rp_id_hash};
use crate::device::Device;

fn token(device: &mut Device, permissions: PinUvAuthTokenPermission) -> PinUvAuthToken {
    let pin = Some(Pin::new("1234"));
    device.world.platform_pins = vec!["1234".to_owned()];
    device
        .get_pin_uv_auth_token_using_pin_with_permissions(&pin, permissions, None, &|| true)
        .unwrap()
}

/// A subcommand with its parameters, authenticated: the status and what follows.
fn manage(
    device: &mut Device,
    command: u8,
    token: Option<&PinUvAuthToken>,
    subcommand: i64,
    parameters: Option<Map>,
) -> (u8, Vec<u8>) {
    let mut message = if command == 0x0D {
        [&[0xFF; 32][..], &[0x0D]].concat()
    } else {
        Vec::new()
    };
    message.push(subcommand as u8);
    let mut request = Map::new().with(1, subcommand);
    if let Some(parameters) = parameters {
        message.extend(encode(&parameters.clone().into()));
        request.insert(2, parameters);
    }
    if let Some(token) = token {
        let param = token.clone().derive(&message).unwrap();
        let bytes = serde_cbor::to_vec(&param).unwrap();
        request.insert(3, param.pin_protocol.id() as i64);
        request.insert(4, authenticator_core::cbor::decode(&bytes).unwrap());
    }
    let request = [&[command][..], &encode(&request.into())].concat();
    let response = device.send_raw(&request);
    (response[0], response[1..].to_vec())
}

fn managed(
    device: &mut Device,
    token: Option<&PinUvAuthToken>,
    subcommand: i64,
    parameters: Option<Map>,
) -> CredentialManagementResponse {
    let (status, body) = manage(device, 0x0A, token, subcommand, parameters);
    assert_eq!(status, 0, "subcommand {subcommand}");
    if body.is_empty() {
        return CredentialManagementResponse::default();
    }
    serde_cbor::from_slice(&body).unwrap()
}

#[test]
fn firefox_lists_renames_and_deletes_credentials() {
    let mut device = Device::with_pin_typed_in_firefox();
    let mut firefox = Browser::default();
    for user in ["taro", "hanako"] {
        device.world.now += 1;
        firefox.pins = vec!["1234"];
        firefox.register(&mut device, registration(user)).unwrap();
    }
    let token = token(&mut device, PinUvAuthTokenPermission::CredentialManagement);
    let token = Some(&token);

    let metadata = managed(&mut device, token, 1, None);
    assert_eq!(metadata.existing_resident_credentials_count, Some(2));
    assert!(metadata.max_possible_remaining_resident_credentials_count > Some(0));

    let rp = managed(&mut device, token, 2, None);
    assert_eq!(rp.total_rps, Some(1));
    assert_eq!(rp.rp.unwrap().id, RP_ID);
    assert_eq!(rp.rp_id_hash.unwrap().0, rp_id_hash());

    let of_rp = || Some(Map::new().with(1, rp_id_hash().as_slice()));
    let first = managed(&mut device, token, 4, of_rp());
    assert_eq!(first.total_credentials, Some(2));
    let second = managed(&mut device, None, 5, None);
    let mut names = Vec::new();
    for credential in [&first, &second] {
        names.push(credential.user.clone().unwrap().name.unwrap());
        assert!(credential.public_key.is_some());
        assert!(credential.cred_protect.is_some());
    }
    names.sort();
    assert_eq!(names, ["hanako", "taro"]);

    let id = first.credential_id.unwrap().id;
    let descriptor = Map::new()
        .with("id", id.as_slice())
        .with("type", "public-key");
    let user = Map::new()
        .with("id", first.user.unwrap().id.as_slice())
        .with("name", "renamed");
    let parameters = Map::new().with(2, descriptor.clone()).with(3, user);
    managed(&mut device, token, 7, Some(parameters));
    let renamed = managed(&mut device, token, 4, of_rp());
    assert!(
        [renamed, managed(&mut device, None, 5, None)]
            .iter()
            .any(|credential| {
                credential.user.clone().unwrap().name.as_deref() == Some("renamed")
            })
    );

    managed(&mut device, token, 6, Some(Map::new().with(2, descriptor)));
    let metadata = managed(&mut device, token, 1, None);
    assert_eq!(metadata.existing_resident_credentials_count, Some(1));
}

#[test]
fn firefox_configures_the_authenticator() {
    let mut device = Device::with_pin_typed_in_firefox();
    let acfg = PinUvAuthTokenPermission::AuthenticatorConfiguration;
    let info = device.get_authenticator_info().unwrap();
    assert_eq!(info.options.authnr_cfg, Some(true));
    assert_eq!(info.options.ep, Some(false));

    let enable = token(&mut device, acfg);
    assert_eq!(manage(&mut device, 0x0D, Some(&enable), 1, None).0, 0);
    let info = device.refresh_authenticator_info().unwrap();
    assert_eq!(info.options.ep, Some(true));

    // User verification cannot be switched off: OPERATION_DENIED.
    let toggle = token(&mut device, acfg);
    assert_eq!(manage(&mut device, 0x0D, Some(&toggle), 2, None).0, 0x27);
    let info = device.refresh_authenticator_info().unwrap();
    assert_eq!(info.options.always_uv, Some(true));
}
