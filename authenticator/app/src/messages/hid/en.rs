//! English.

use super::HidProblem;
use crate::messages::program;

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
            format!("Set it up once with: sudo {} install --hid", program()),
        ),
        HidProblem::Uhid(error) => (
            format!("/dev/uhid cannot be used: {error}."),
            "Check that no security policy forbids it (SELinux, AppArmor).".into(),
        ),
        HidProblem::NotStartedBySystemd => (
            "This command carries reports for the security key, and nobody is connected to it."
                .into(),
            format!(
                "systemd starts it when it is needed, once this was run: sudo {} install --hid",
                program()
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
    }
}
