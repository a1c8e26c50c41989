//! What the commands `hid` and `hid-device` say when they cannot begin or go on: every problem as a pair, what happened and what
//! to do.

mod en;
mod ja;
mod problem;

use std::net::SocketAddr;
use std::path::Path;

use super::{Language, Pair};

impl Language {
    /// The pair for a problem of the security key.
    pub(crate) fn hid_problem(self, problem: &HidProblem<'_>) -> Pair {
        self.pair(&problem.message())
    }

    /// A piece of text about the security key.
    pub(crate) fn hid_text(self, text: &HidText<'_>) -> String {
        match self {
            Language::English => en::text(text),
            Language::Japanese => ja::text(text),
        }
    }
}

/// What can be wrong. Nothing in it is a PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HidProblem<'a> {
    /// Other computers could reach the address.
    NotLoopback(SocketAddr),
    /// The address cannot be had; the system's words.
    Udp(SocketAddr, &'a str),
    /// The file with the answers cannot be read; the system's words.
    ScriptUnreadable(&'a Path, &'a str),
    /// It is longer than what is read.
    ScriptTooLong(&'a Path),
    /// A line of it means nothing; its number.
    ScriptWrong(&'a Path, usize),
    /// It has no more lines.
    ScriptEnded,
    /// Its next line does not fit what is asked.
    ScriptOutOfPlace,
    /// Nothing stands in for a person's windows at a device that every program sees.
    PromptWithoutUdp,
    /// The kernel has no `/dev/uhid`.
    NoUhid,
    /// This user may not open `/dev/uhid`.
    UhidNotAllowed,
    /// `/dev/uhid` cannot be used otherwise; the system's words.
    Uhid(&'a str),
    /// Nothing is where the relay listens.
    NoRelay(&'a Path),
    /// The relay was started otherwise than by systemd for a connection.
    NotStartedBySystemd,
    /// Somebody connected to the socket of somebody else.
    OtherUser,
    /// The relay inherited a descriptor; what it leads to.
    Descriptor(&'a Path),
    /// The relay cannot become nobody; the system's words.
    Privileges(&'a str),
    /// The relay's socket cannot be made; the system's words.
    Socket(&'a Path, &'a str),
    /// The system fails otherwise; its words.
    System(&'a str),
    /// There is no device for the card; the system's words.
    NoDevice(&'a str),
    /// Only an administrator can set the security key up.
    NeedsAdministrator,
    /// Nobody said whose security key it is to be.
    WhoseKey,
    /// Nobody has this number.
    NoSuchUser(u32),
    /// Nobody said where a package puts the program.
    NoProgramPath,
    /// There is no systemd to start relay and service; whose key it is.
    NoSystemd(u32),
    /// A command of the system's failed; the command, and what it said.
    CommandFailed(&'a str, &'a str),
    /// A file is not as this program writes it.
    OtherFile(&'a Path),
    /// The user has no socket of the relay's.
    NoSocket(u32),
    /// What lies in the socket's place is not the user's.
    OtherSocket(&'a Path, u32),
    /// The user's service does not run.
    ServiceStopped,
    /// The device's node is not the user's.
    NodeNotYours(&'a Path),
    /// Others than the user can open the device's node.
    NodeShared(&'a Path),
    /// This browser is a snap.
    SnapBrowser(&'static str),
    /// This browser is a Flatpak; its ID.
    FlatpakBrowser(&'static str, &'static str),
}

/// What is said besides problems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HidText<'a> {
    /// A file was written.
    Written(&'a Path),
    /// A file was there already, exactly so.
    WrittenAlready(&'a Path),
    /// A file was removed.
    Removed(&'a Path),
    /// There was no such file.
    NotThere(&'a Path),
    /// All is set up for this user; whether their service runs already.
    Ready {
        /// The user's number.
        owner: u32,
        /// Whether the service was started.
        started: bool,
    },
    /// Heading: the security key as a whole.
    SecurityKey,
    /// It is not set up, which is no fault.
    NotSetUp,
    /// Its files are in their places.
    SetUp,
    /// Heading: the kernel.
    Kernel,
    /// It can make devices.
    KernelReady,
    /// Heading: the relay.
    Relay,
    /// It can be reached.
    RelayReady(&'a Path),
    /// Heading: the service.
    Service,
    /// It runs.
    ServiceRuns,
    /// Heading: the device.
    Device,
    /// It is there; its node.
    DeviceReady(&'a Path),
    /// It comes with a card.
    DeviceWaits,
    /// Heading: a browser.
    Browser(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told_in_both_languages() {
        let path = Path::new("/x/y");
        let address = "127.0.0.1:8111".parse().unwrap();
        for problem in [
            HidProblem::NotLoopback(address),
            HidProblem::Udp(address, "because"),
            HidProblem::ScriptUnreadable(path, "because"),
            HidProblem::ScriptTooLong(path),
            HidProblem::ScriptWrong(path, 7),
            HidProblem::ScriptEnded,
            HidProblem::ScriptOutOfPlace,
            HidProblem::PromptWithoutUdp,
            HidProblem::NoUhid,
            HidProblem::UhidNotAllowed,
            HidProblem::Uhid("because"),
            HidProblem::NoRelay(path),
            HidProblem::NotStartedBySystemd,
            HidProblem::OtherUser,
            HidProblem::Descriptor(path),
            HidProblem::Privileges("because"),
            HidProblem::Socket(path, "because"),
            HidProblem::System("because"),
            HidProblem::NoDevice("because"),
            HidProblem::NeedsAdministrator,
            HidProblem::WhoseKey,
            HidProblem::NoSuchUser(1000),
            HidProblem::NoProgramPath,
            HidProblem::NoSystemd(1000),
            HidProblem::CommandFailed("systemctl daemon-reload", "because"),
            HidProblem::OtherFile(path),
            HidProblem::NoSocket(1000),
            HidProblem::OtherSocket(path, 1000),
            HidProblem::ServiceStopped,
            HidProblem::NodeNotYours(path),
            HidProblem::NodeShared(path),
            HidProblem::SnapBrowser("Firefox"),
            HidProblem::FlatpakBrowser("Firefox", "org.mozilla.firefox"),
        ] {
            let english = Language::English.hid_problem(&problem);
            let japanese = Language::Japanese.hid_problem(&problem);
            assert!(english.what.ends_with('.'), "{}", english.what);
            assert!(japanese.what.ends_with('。'), "{}", japanese.what);
            assert!(english.what.replace('’', "").is_ascii() && !japanese.what.is_ascii());
            assert!(!english.action.is_empty() && !japanese.action.is_ascii());
        }
    }
}
