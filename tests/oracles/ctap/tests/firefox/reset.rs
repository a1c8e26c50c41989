//! Selection and reset.

use std::time::Duration;

use authenticator::FidoDeviceIO;
use authenticator::ctap2::commands::reset::Reset;
use authenticator::ctap2::commands::selection::Selection;
use authenticator::ctap2::commands::{CommandError, StatusCode};
use authenticator::errors::HIDError;
use authenticator_core::Session;

use crate::client::{Browser, registration};
use crate::device::Device;

#[test]
fn firefox_selects_and_resets() {
    let mut device = Device::with_pin_typed_in_firefox();
    let mut firefox = Browser {
        pins: vec!["1234"],
        ..Browser::default()
    };
    firefox.register(&mut device, registration("taro")).unwrap();
    device.send_cbor(&Selection {}).unwrap();

    // 10 seconds after power-up it is too late.
    device.world.elapsed += Duration::from_secs(11);
    let late = device.send_cbor(&Reset {}).unwrap_err();
    assert!(
        matches!(
            late,
            HIDError::Command(CommandError::StatusCode(StatusCode::NotAllowed, _))
        ),
        "{late:?}"
    );
    assert_eq!(device.world.storage.records.len(), 1);
    device.world.session = Session::power_up(device.world.elapsed);
    device.send_cbor(&Reset {}).unwrap();
    assert!(device.world.storage.records.is_empty());
}
