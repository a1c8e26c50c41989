//! authenticatorGetInfo, as Firefox reads it.

use authenticator::FidoDevice;
use authenticator::ctap2::commands::get_info::AuthenticatorVersion;

use crate::device::Device;
use crate::world::World;

#[test]
fn firefox_reads_what_the_authenticator_says_of_itself() {
    let device = Device::plugged_in(World::new());
    let info = device.get_authenticator_info().unwrap();

    assert_eq!(
        info.versions,
        [
            AuthenticatorVersion::FIDO_2_0,
            AuthenticatorVersion::FIDO_2_1
        ]
    );
    assert_eq!(info.max_cred_blob_length, Some(32));
    assert_eq!(info.max_ser_large_blob_array, Some(4096));
    assert_eq!(info.aaguid.0, authenticator_core::AAGUID);
    assert_eq!(info.max_msg_size, Some(7609));
    assert_eq!(info.max_credential_count_in_list, Some(64));
    assert_eq!(info.pin_protocols, Some(vec![2, 1]));
    let options = &info.options;
    assert!(options.resident_key && options.user_presence);
    assert!(!options.platform_device);
    assert_eq!(options.user_verification, Some(true));
    assert_eq!(options.client_pin, Some(true));
    assert_eq!(options.pin_uv_auth_token, Some(true));
    assert_eq!(options.always_uv, Some(true));
    assert_eq!(options.cred_mgmt, Some(true));
    assert_eq!(options.large_blobs, Some(true));
    assert_eq!(options.authnr_cfg, Some(true));
    assert!(info.device_is_protected());
    assert!(info.supports_cred_protect() && info.supports_hmac_secret());
}

#[test]
fn without_a_prompt_firefox_reads_that_the_pin_is_its_affair() {
    let device = Device::with_pin_typed_in_firefox();
    let info = device.get_authenticator_info().unwrap();
    assert_ne!(info.options.user_verification, Some(true));
    assert_eq!(info.options.client_pin, Some(true));
}
