//! Registrations.

use authenticator::ctap2::attestation::{AttestationStatement, AuthenticatorDataFlags};
use authenticator::errors::AuthenticatorError;
use authenticator_core::AAGUID;

use crate::client::{Browser, Shown, descriptor, registration, rp_id_hash};
use crate::device::Device;
use crate::world::World;

/// UP, UV, BE, AT.
const REGISTERED: u8 = 0x4D;

#[test]
fn firefox_registers() {
    let mut device = Device::plugged_in(World::new());
    let mut firefox = Browser::default();

    device.world.person.willing = true;
    let registered = firefox.register(&mut device, registration("taro")).unwrap();
    let auth_data = &registered.att_obj.auth_data;
    assert_eq!(auth_data.rp_id_hash.0, rp_id_hash());
    assert_eq!(
        auth_data.flags,
        AuthenticatorDataFlags::from_bits_truncate(REGISTERED)
    );
    let credential = auth_data.credential_data.as_ref().unwrap();
    assert_eq!(credential.aaguid.0, AAGUID);
    assert!(matches!(
        registered.att_obj.att_stmt,
        AttestationStatement::Packed(_)
    ));
    assert_eq!(firefox.shown, [Shown::Touch]);
}

#[test]
fn firefox_is_told_that_a_credential_is_registered_already() {
    let mut device = Device::plugged_in(World::new());
    let mut firefox = Browser::default();
    device.world.person.willing = true;
    let registered = firefox.register(&mut device, registration("taro")).unwrap();
    let id = registered.att_obj.auth_data.credential_data.unwrap();

    let mut again = registration("taro");
    // More than fit into one list, so that Firefox probes in two parts.
    again.exclude_list = (0..70).map(|n| descriptor(&[n; 49])).collect();
    again.exclude_list.push(descriptor(&id.credential_id));
    device.exchanged.clear();
    let refused = firefox.register(&mut device, again).unwrap_err();
    assert!(
        matches!(refused, AuthenticatorError::CredentialExcluded),
        "{refused:?}"
    );
    // Key agreement and token, two silent probes, then the registration.
    assert_eq!(device.commands(), [6, 6, 2, 2, 1]);
}
