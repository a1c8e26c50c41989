//! Where in the catalogue each problem of the security key stands, and what fills its blanks.

use super::HidProblem;
use crate::hid::socket_of;
use crate::messages::catalogue::Message;
use crate::messages::catalogue::problems::*;

impl HidProblem<'_> {
    /// What is said about it.
    pub(crate) fn message(&self) -> Message<'_> {
        let of = Message::of;
        match self {
            Self::NotLoopback(address) => of(&NOT_LOOPBACK).with("address", address.to_string()),
            Self::Udp(address, error) => of(&ADDRESS_FAILED)
                .with("address", address.to_string())
                .with("error", *error),
            Self::ScriptUnreadable(path, error) => {
                of(&SCRIPT_UNREADABLE).path(path).with("error", *error)
            }
            Self::ScriptTooLong(path) => of(&SCRIPT_TOO_LONG).path(path),
            Self::ScriptWrong(path, line) => of(&SCRIPT_NOT_UNDERSTOOD)
                .path(path)
                .with("line", line.to_string()),
            Self::ScriptEnded => of(&SCRIPT_ENDED),
            Self::ScriptOutOfPlace => of(&SCRIPT_OUT_OF_PLACE),
            Self::PromptWithoutUdp => of(&PROMPT_WITHOUT_UDP),
            Self::NoUhid => of(&NO_UHID),
            Self::UhidNotAllowed => of(&UHID_NOT_ALLOWED),
            Self::Uhid(error) => of(&UHID_FAILED).with("error", *error),
            Self::NoRelay(path) => of(&NO_RELAY).path(path),
            Self::NotStartedBySystemd => of(&RELAY_NOT_CONNECTED),
            Self::OtherUser => of(&RELAY_OTHER_USER),
            Self::Descriptor(path) => of(&RELAY_FILES_OPEN).path(path),
            Self::Privileges(error) => of(&RELAY_KEEPS_PRIVILEGES).with("error", *error),
            Self::Socket(path, error) => of(&RELAY_SOCKET_FAILED).path(path).with("error", *error),
            Self::System(error) => of(&SYSTEM_FAILED).with("error", *error),
            Self::NoDevice(error) => of(&DEVICE_FAILED).with("error", *error),
            Self::NeedsAdministrator => of(&NEEDS_ADMINISTRATOR),
            Self::WhoseKey => of(&WHOSE_KEY),
            Self::NoSuchUser(user) => of(&NO_SUCH_USER).with("user", user.to_string()),
            Self::NoProgramPath => of(&NO_PROGRAM_PATH),
            Self::NoSystemd(owner) => of(&NO_SYSTEMD)
                .with("socket", socket_of(*owner).display().to_string())
                .with("owner", owner.to_string()),
            Self::CommandFailed(command, said) => of(&COMMAND_FAILED)
                .with("command", *command)
                .with("error", said.trim_end_matches('.')),
            Self::OtherFile(path) => of(&OTHER_FILE).path(path),
            Self::NoSocket(user) => of(&NO_SOCKET).with("user", user.to_string()),
            Self::OtherSocket(path, user) => of(&SOCKET_NOT_YOURS)
                .path(path)
                .with("user", user.to_string()),
            Self::ServiceStopped => of(&SERVICE_STOPPED),
            Self::NodeNotYours(node) => of(&DEVICE_NOT_YOURS).path(node),
            Self::NodeShared(node) => of(&DEVICE_NOT_PRIVATE).path(node),
            Self::SnapBrowser(browser) => of(&SNAP_WITHOUT_KEYS).with("browser", *browser),
            Self::FlatpakBrowser(browser, id) => of(&FLATPAK_WITHOUT_KEYS)
                .with("browser", *browser)
                .with("id", *id),
        }
    }
}
