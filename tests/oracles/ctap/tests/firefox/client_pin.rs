//! The PIN's counter, and changes of the PIN.

use authenticator::ctap2::commands::client_pin::{ChangeExistingPin, GetPinRetries, SetNewPin};
use authenticator::ctap2::commands::{CommandError, StatusCode};
use authenticator::errors::HIDError;
use authenticator::{FidoDevice, FidoDeviceIO, Pin};

use crate::device::Device;

#[test]
fn firefox_reads_the_counters_and_cannot_set_a_pin() {
    let mut device = Device::with_pin_typed_in_firefox();
    let retries = device.send_cbor(&GetPinRetries::new()).unwrap();
    assert_eq!(retries.pin_retries, Some(3));
    let secret = device.establish_shared_secret(&|| true).unwrap();
    let refused = device.send_cbor(&SetNewPin::new(&secret, &Pin::new("4321")));
    assert!(
        matches!(
            refused,
            Err(HIDError::Command(CommandError::StatusCode(
                StatusCode::PinAuthInvalid | StatusCode::NotAllowed,
                _
            )))
        ),
        "{refused:?}"
    );
}

#[test]
fn firefox_changes_the_pin() {
    let mut device = Device::with_pin_typed_in_firefox();
    let info = device.get_authenticator_info().unwrap().clone();
    let secret = device.establish_shared_secret(&|| true).unwrap();
    let (old, new) = (Pin::new("1234"), Pin::new("4321"));
    device.world.platform_pins = vec!["1234".to_owned()];
    let change = ChangeExistingPin::new(&info, &secret, &old, &new).unwrap();
    device.send_cbor(&change).unwrap();
    assert_eq!(device.world.card.pin, "4321");
}
