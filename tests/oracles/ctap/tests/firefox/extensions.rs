//! Extensions that Firefox asks for.

use authenticator::ctap2::server::{
    AuthenticationExtensionsClientInputs, CredentialProtectionPolicy,
};
use authenticator::errors::AuthenticatorError;

use crate::client::{Browser, registration};
use crate::device::Device;
use crate::world::World;

/// With the PIN typed in our prompt, and in Firefox.
pub fn devices() -> [Device; 2] {
    [false, true].map(|in_firefox| {
        let mut world = World::new();
        world.person.has_no_pin_prompt = in_firefox;
        world.person.willing = true;
        Device::plugged_in(world)
    })
}

pub fn firefox() -> Browser {
    Browser {
        pins: vec!["1234"],
        ..Browser::default()
    }
}

#[test]
fn firefox_has_credentials_protected() {
    use CredentialProtectionPolicy::*;
    for mut device in devices() {
        for policy in [
            UserVerificationOptional,
            UserVerificationOptionalWithCredentialIDList,
            UserVerificationRequired,
        ] {
            let mut request = registration("taro");
            request.extensions = AuthenticationExtensionsClientInputs {
                credential_protection_policy: Some(policy),
                enforce_credential_protection_policy: Some(true),
                ..Default::default()
            };
            let registered = firefox().register(&mut device, request).unwrap();
            let answered = registered.att_obj.auth_data.extensions.cred_protect;
            assert_eq!(answered, Some(policy));
        }
    }
}

#[test]
fn firefox_asks_for_the_least_length_of_a_pin() {
    for mut device in devices() {
        let mut request = registration("taro");
        request.extensions.min_pin_length = Some(true);
        // No site is on the list of those that may know.
        let registered: Result<_, AuthenticatorError> = firefox().register(&mut device, request);
        let extensions = registered.unwrap().att_obj.auth_data.extensions;
        assert_eq!(extensions.min_pin_length, None);
    }
}
