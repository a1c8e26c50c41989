//! hmac-secret, and PRF, which is made of it.

use authenticator::ctap2::attestation::HmacSecretResponse;
use authenticator::ctap2::server::{
    AuthenticationExtensionsPRFInputs, AuthenticationExtensionsPRFValues, HMACGetSecretInput,
};

use crate::client::{descriptor, registration, sign_in};
use crate::device::Device;
use crate::extensions::{devices, firefox};

#[test]
fn firefox_gets_the_same_prf_results_each_time() {
    for mut device in devices() {
        let mut request = registration("taro");
        request.extensions.prf = Some(AuthenticationExtensionsPRFInputs::default());
        let registered = firefox().register(&mut device, request).unwrap();
        assert_eq!(registered.extensions.prf.unwrap().enabled, Some(true));
        let id = registered.att_obj.auth_data.credential_data.unwrap();

        let evaluate = |device: &mut Device, first: &[u8], second: Option<&[u8]>| {
            let mut request = sign_in();
            request.allow_list = vec![descriptor(&id.credential_id)];
            request.extensions.prf = Some(AuthenticationExtensionsPRFInputs {
                eval: Some(AuthenticationExtensionsPRFValues {
                    first: first.to_vec(),
                    second: second.map(<[u8]>::to_vec),
                }),
                eval_by_credential: None,
            });
            let signed = firefox().sign_in(device, request).unwrap();
            signed.extensions.prf.unwrap().results.unwrap()
        };
        let one = evaluate(&mut device, b"one", None);
        let both = evaluate(&mut device, b"one", Some(b"two"));
        let swapped = evaluate(&mut device, b"two", Some(b"one"));
        assert_eq!(one.second, None);
        assert_eq!(one.first, both.first);
        assert_eq!(Some(&swapped.first), both.second.as_ref());
        assert_eq!(swapped.second.as_ref(), Some(&both.first));
        assert_ne!(one.first, swapped.first);
        assert_eq!(one.first.len(), 32);
    }
}

#[test]
fn firefox_gets_hmac_secrets() {
    for mut device in devices() {
        let mut request = registration("taro");
        request.extensions.hmac_create_secret = Some(true);
        let registered = firefox().register(&mut device, request).unwrap();
        assert_eq!(
            registered.att_obj.auth_data.extensions.hmac_secret,
            Some(HmacSecretResponse::Confirmed(true))
        );

        let mut request = sign_in();
        request.extensions.hmac_get_secret = Some(HMACGetSecretInput {
            salt1: [1; 32],
            salt2: Some([2; 32]),
        });
        let signed = firefox().sign_in(&mut device, request).unwrap();
        let secrets = signed.extensions.hmac_get_secret.unwrap();
        assert_ne!(Some(secrets.output1), secrets.output2);
    }
}
