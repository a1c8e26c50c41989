//! English.

use super::{HidProblem, HidText};
use crate::hid::socket_of;
use crate::messages::{program, set_up_security_key};

pub(super) fn problem(problem: &HidProblem<'_>) -> (String, String) {
    match problem {
        HidProblem::NotLoopback(address) => (
            format!("Other computers could reach {address}."),
            "Use an address of this computer alone, for instance 127.0.0.1:8111.".into(),
        ),
        HidProblem::Udp(address, error) => (
            format!("{address} cannot be listened at: {error}."),
            "End the program that listens there, or choose another port.".into(),
        ),
        HidProblem::ScriptUnreadable(path, error) => (
            format!("{} cannot be read: {error}.", path.display()),
            "Name a text file with one answer in each line.".into(),
        ),
        HidProblem::ScriptTooLong(path) => (
            format!("{} is longer than 64 KiB.", path.display()),
            "Name a file with fewer answers, or begin anew with repeat.".into(),
        ),
        HidProblem::ScriptWrong(path, line) => (
            format!("Line {line} of {} is no answer.", path.display()),
            "Write one of: pin 1234, pin-again 1234, approve, choose 1, decline, wait 300, repeat."
                .into(),
        ),
        HidProblem::ScriptWithoutUdp => (
            "A file cannot answer for a person at a device that every program sees.".into(),
            "Use --prompt together with --udp, for tests with a practice card.".into(),
        ),
        HidProblem::NoUhid => (
            "The kernel has no /dev/uhid.".into(),
            "Load its module: sudo modprobe uhid".into(),
        ),
        HidProblem::UhidNotAllowed => (
            "Only the administrator can make the device.".into(),
            format!("Set it up once with: {}", set_up_security_key()),
        ),
        HidProblem::Uhid(error) => (
            format!("/dev/uhid cannot be used: {error}."),
            "Check that no security policy forbids it (SELinux, AppArmor).".into(),
        ),
        HidProblem::NoRelay(path) => (
            format!("There is no relay at {} to make the device.", path.display()),
            format!("Set it up once with: {}", set_up_security_key()),
        ),
        HidProblem::NotStartedBySystemd => (
            "This command carries reports for the security key, and nobody is connected to it."
                .into(),
            format!(
                "systemd starts it when it is needed, once this was run: {}",
                set_up_security_key()
            ),
        ),
        HidProblem::OtherUser => (
            "Another user than the socket's is connected.".into(),
            "Let each user have a socket of their own; only its user may connect.".into(),
        ),
        HidProblem::Descriptors => (
            "More files are open than this command wants to see.".into(),
            "Start it with standard input, output and error alone.".into(),
        ),
        HidProblem::Privileges(error) => (
            format!("Privileges could not be given up: {error}."),
            "Start it as root, without a filter that forbids setuid or capset.".into(),
        ),
        HidProblem::Socket(path, error) => (
            format!("{} cannot be made: {error}.", path.display()),
            "Start it as root, with a path in a folder that only root can write to.".into(),
        ),
        HidProblem::System(error) => (
            format!("The system reports an error: {error}."),
            "Start it again; should this happen again, please report it.".into(),
        ),
        HidProblem::NeedsAdministrator => (
            "Only an administrator can do this.".into(),
            "Run it with sudo.".into(),
        ),
        HidProblem::WhoseKey => (
            "Nobody said whose security key it is to be.".into(),
            "Run this with sudo as that user, or add --owner and the user's number, which `id -u NAME` tells.".into(),
        ),
        HidProblem::NoSystemd(owner) => (
            "The files are written, but there is no systemd here to use them.".into(),
            format!(
                "Start both by other means. As root: {program} hid-device --listen {socket} --owner {owner} and as that user: {program} hid",
                program = program(),
                socket = socket_of(*owner).display(),
            ),
        ),
        HidProblem::CommandFailed(command, said) => (
            format!("`{command}` failed: {}.", said.trim_end_matches('.')),
            "The files are written. Run this again once that is mended.".into(),
        ),
        HidProblem::OtherFile(path) => (
            format!("{} is not as this copy of the program writes it.", path.display()),
            format!("If this copy is to be used, run: {}", set_up_security_key()),
        ),
        HidProblem::NoSocket(user) => (
            "The security key is set up, but not for you.".into(),
            format!("Run: sudo systemctl enable --now jpki-authenticator-hid@{user}.socket"),
        ),
        HidProblem::OtherSocket(path, user) => (
            format!("{} does not belong to you.", path.display()),
            format!("Run: sudo systemctl restart jpki-authenticator-hid@{user}.socket"),
        ),
        HidProblem::ServiceStopped => (
            "The service is not running.".into(),
            "Run: systemctl --user enable --now jpki-authenticator-hid.service".into(),
        ),
        HidProblem::NodeNotYours(node) => (
            format!("{} is there, but you may not open it.", node.display()),
            "Run: sudo udevadm control --reload, then take the card out and put it back.".into(),
        ),
        HidProblem::NodeShared(node) => (
            format!("Others than you may open {} and use your card's credentials.", node.display()),
            "Another udev rule opens it to them: remove that (look for hidraw in /etc/udev/rules.d).".into(),
        ),
        HidProblem::SnapBrowser(browser) => (
            format!("{browser} is installed as a snap, which may open only keys that snapd knows."),
            format!("Install {browser} as a package of your distribution instead."),
        ),
        HidProblem::FlatpakBrowser(browser, id) => (
            format!("{browser} is installed as a Flatpak, which may be kept from devices."),
            format!("If it does not find the key, run: flatpak override --user --device=all {id}"),
        ),
    }
}

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
