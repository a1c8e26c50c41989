//! What the commands `hid` and `hid-device` say when they cannot begin or go on: every problem as a pair, what happened and what
//! to do.

mod en;
mod ja;

use std::net::SocketAddr;
use std::path::Path;

use super::Language;
use super::terminal::Pair;

impl Language {
    /// The pair for a problem of the security key.
    pub(crate) fn hid_problem(self, problem: &HidProblem<'_>) -> Pair {
        let (what, action) = match self {
            Language::English => en::problem(problem),
            Language::Japanese => ja::problem(problem),
        };
        Pair { what, action }
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
    /// A line of it means nothing; its number.
    ScriptWrong(&'a Path, usize),
    /// Scripts cannot stand in for a person at a device that every program sees.
    ScriptWithoutUdp,
    /// The kernel has no `/dev/uhid`.
    NoUhid,
    /// This user may not open `/dev/uhid`.
    UhidNotAllowed,
    /// `/dev/uhid` cannot be used otherwise; the system's words.
    Uhid(&'a str),
    /// The relay was started otherwise than by systemd for a connection.
    NotStartedBySystemd,
    /// Somebody connected to the socket of somebody else.
    OtherUser,
    /// The relay inherited descriptors.
    Descriptors,
    /// The relay cannot become nobody; the system's words.
    Privileges(&'a str),
    /// The relay's socket cannot be made; the system's words.
    Socket(&'a Path, &'a str),
    /// The system fails otherwise; its words.
    System(&'a str),
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
            HidProblem::ScriptWrong(path, 7),
            HidProblem::ScriptWithoutUdp,
            HidProblem::NoUhid,
            HidProblem::UhidNotAllowed,
            HidProblem::Uhid("because"),
            HidProblem::NotStartedBySystemd,
            HidProblem::OtherUser,
            HidProblem::Descriptors,
            HidProblem::Privileges("because"),
            HidProblem::Socket(path, "because"),
            HidProblem::System("because"),
        ] {
            let english = Language::English.hid_problem(&problem);
            let japanese = Language::Japanese.hid_problem(&problem);
            assert!(english.what.ends_with('.'), "{}", english.what);
            assert!(japanese.what.ends_with('。'), "{}", japanese.what);
            assert!(english.what.is_ascii() && !japanese.what.is_ascii());
            assert!(!english.action.is_empty() && !japanese.action.is_ascii());
        }
    }
}
