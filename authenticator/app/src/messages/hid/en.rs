//! English.

use super::HidText;
use crate::messages::set_up_security_key;

pub(super) fn text(text: &HidText<'_>) -> String {
    match text {
        HidText::Written(path) => format!("Written: {}", path.display()),
        HidText::WrittenAlready(path) => format!("As it was: {}", path.display()),
        HidText::Removed(path) => format!("Removed: {}", path.display()),
        HidText::NotThere(path) => format!("Was not there: {}", path.display()),
        HidText::Ready {
            owner,
            started: true,
        } => {
            format!("The card is a security key now, for user {owner} alone: put it on the reader.")
        }
        HidText::Ready {
            owner,
            started: false,
        } => format!(
            "The card will be a security key for user {owner} from the next login. To begin at once, that user runs:\n  systemctl --user start jpki-authenticator-hid.service"
        ),
        HidText::SecurityKey => "Security key".into(),
        HidText::NotSetUp => {
            format!("not set up; if you want it: {}", set_up_security_key())
        }
        HidText::SetUp => "set up".into(),
        HidText::Kernel => "Kernel".into(),
        HidText::KernelReady => "can make the device (/dev/uhid)".into(),
        HidText::Relay => "Relay".into(),
        HidText::RelayReady(path) => format!("answers you alone: {}", path.display()),
        HidText::Service => "Service".into(),
        HidText::ServiceRuns => "runs".into(),
        HidText::Device => "Device".into(),
        HidText::DeviceReady(node) => format!("open to you alone: {}", node.display()),
        HidText::DeviceWaits => "appears when a card is put on the reader".into(),
        HidText::Browser(browser) => (*browser).into(),
    }
}
