//! authenticatorGetInfo, as Firefox reads it.

use authenticator::FidoDevice;
use authenticator::ctap2::commands::get_info::AuthenticatorVersion;

use crate::device::Device;
use crate::world::World;

#[test]
fn firefox_reads_what_the_authenticator_says_of_itself() {
    let device = Device::plugged_in(World::new());
    let info = device.get_authenticator_info().unwrap();

    assert_eq!(info.versions, [AuthenticatorVersion::FIDO_2_0]);
    assert_eq!(info.aaguid.0, authenticator_core::AAGUID);
    assert_eq!(info.max_msg_size, Some(7609));
    assert_eq!(info.max_credential_count_in_list, Some(64));
    let options = &info.options;
    assert!(options.resident_key && options.user_presence);
    assert!(!options.platform_device);
    assert_eq!(options.user_verification, Some(true));
    assert_eq!(options.always_uv, Some(true));
    assert!(info.device_is_protected());
}
