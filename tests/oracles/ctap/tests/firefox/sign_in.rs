//! Sign-ins, with the PIN typed in Firefox and in our own prompt.

use authenticator::FidoDevice;
use authenticator::ctap2::attestation::AuthenticatorDataFlags;
use authenticator::errors::{AuthenticatorError, PinError};

use crate::client::{Browser, Shown, descriptor, registration, sign_in};
use crate::device::Device;
use crate::world::World;

/// UP, UV, BE.
const SIGNED_IN: u8 = 0x0D;

fn typing(firefox: &mut Browser, pins: &[&'static str]) {
    firefox.pins = pins.to_vec();
}

/// Registers an account, and its credential's ID.
fn register(device: &mut Device, firefox: &mut Browser, user: &str) -> Vec<u8> {
    typing(firefox, &["1234"]);
    let registered = firefox.register(device, registration(user)).unwrap();
    let credential = registered.att_obj.auth_data.credential_data.unwrap();
    credential.credential_id
}

#[test]
fn firefox_signs_in_with_the_pin_typed_in_firefox() {
    for protocol in [1, 2] {
        let mut device = Device::with_pin_typed_in_firefox();
        let mut firefox = Browser::default();
        let mut info = device.get_authenticator_info().unwrap().clone();
        info.pin_protocols = Some(vec![protocol]);
        device.set_authenticator_info(info);

        let id = register(&mut device, &mut firefox, "taro");
        assert_eq!(firefox.shown, [Shown::PinAsked, Shown::Touch]);
        for allow_list in [vec![], vec![descriptor(&[7; 49]), descriptor(&id)]] {
            let listed = !allow_list.is_empty();
            let mut request = sign_in();
            request.allow_list = allow_list;
            typing(&mut firefox, &["1234"]);
            let signed = firefox.sign_in(&mut device, request).unwrap().assertion;
            assert_eq!(signed.credentials.unwrap().id, id, "listed: {listed}");
            assert_eq!(
                signed.auth_data.flags,
                AuthenticatorDataFlags::from_bits_truncate(SIGNED_IN)
            );
            assert_eq!(signed.user.unwrap().id, b"handle of taro");
        }
    }
}

#[test]
fn firefox_lets_the_person_choose_an_account() {
    let mut device = Device::with_pin_typed_in_firefox();
    let mut firefox = Browser::default();
    let ids = ["taro", "hanako", "jiro"].map(|user| {
        device.world.now += 1;
        register(&mut device, &mut firefox, user)
    });
    typing(&mut firefox, &["1234"]);
    firefox.account = Some(1);
    let signed = firefox.sign_in(&mut device, sign_in()).unwrap().assertion;
    let Some(Shown::Accounts(accounts)) = firefox.shown.last() else {
        panic!("no accounts to choose from: {:?}", firefox.shown);
    };
    let names: Vec<_> = accounts
        .iter()
        .map(|account| account.name.clone().unwrap())
        .collect();
    assert_eq!(names, ["jiro", "hanako", "taro"]);
    assert_eq!(signed.credentials.unwrap().id, ids[1]);
}

#[test]
fn firefox_shows_the_tries_left_and_the_last_one_is_not_spent() {
    let mut device = Device::with_pin_typed_in_firefox();
    let mut firefox = Browser::default();
    register(&mut device, &mut firefox, "taro");

    typing(&mut firefox, &["1111", "1234"]);
    firefox.sign_in(&mut device, sign_in()).unwrap();
    assert_eq!(
        firefox.shown,
        [Shown::PinAsked, Shown::PinWrong(Some(2)), Shown::Touch]
    );

    typing(&mut firefox, &["1111", "2222", "1234"]);
    let refused = firefox.sign_in(&mut device, sign_in()).unwrap_err();
    assert!(
        matches!(
            refused,
            AuthenticatorError::PinError(PinError::PinAuthBlocked)
        ),
        "{refused:?}"
    );
    assert_eq!(
        firefox.shown,
        [
            Shown::PinAsked,
            Shown::PinWrong(Some(2)),
            Shown::PinWrong(Some(1)),
            Shown::PinAuthBlocked
        ]
    );
    assert_eq!(device.world.card.tries, 1);
}

#[test]
fn firefox_leaves_the_pin_to_our_prompt() {
    let mut device = Device::plugged_in(World::new());
    device.world.person.willing = true;
    let mut firefox = Browser::default();
    let id = {
        let registered = firefox.register(&mut device, registration("taro")).unwrap();
        registered
            .att_obj
            .auth_data
            .credential_data
            .unwrap()
            .credential_id
    };
    assert_eq!(firefox.shown, [Shown::Touch]);
    let mut request = sign_in();
    request.allow_list = vec![descriptor(&id)];
    let signed = firefox.sign_in(&mut device, request).unwrap().assertion;
    assert_eq!(signed.credentials.unwrap().id, id);
    assert_eq!(firefox.shown, [Shown::Touch]);
}

#[test]
fn firefox_waits_for_presence_where_nothing_fits() {
    let mut device = Device::with_pin_typed_in_firefox();
    let mut firefox = Browser::default();
    let mut request = sign_in();
    request.allow_list = vec![descriptor(&[7; 49])];
    typing(&mut firefox, &["1234"]);
    device.exchanged.clear();
    let refused = firefox.sign_in(&mut device, request).unwrap_err();
    assert!(refused.to_string().contains("NoCredentials"), "{refused}");
    // Key agreement, token, silent probe, and a registration that is only a touch.
    assert_eq!(device.commands(), [6, 6, 2, 1]);
    let (_, touched) = device.exchanged.last().unwrap();
    assert!([0x31, 0x33].contains(&touched[0]), "{touched:?}");
}
