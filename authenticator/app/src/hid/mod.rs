//! The card as a security key: CTAP over HID (CTAP 2.3 §11.2).
//!
//! | module | what lives there |
//! |---|---|
//! | `ctaphid` | channels and messages: reports in, actions out |
//! | `service` | the device exists while the card is there; each report goes where it belongs |
//! | `wire` | the ways to the host: UDP, or the relay |
//! | `uhid` | the relay, which makes the device of the kernel's and is the only privileged part |
//! | `worker` | the thread of the authenticator |
//! | `attention` | what that one hears meanwhile: cancelled, card gone |
//! | `person`, `script` | who answers its questions |
//! | `presented` | which card was put in, and so counts as a touch |
//! | `clock` | time, and whether the computer slept |

mod attention;
mod clock;
pub(crate) mod ctaphid;
mod person;
mod presented;
mod script;
mod service;
mod uhid;
mod wire;
mod worker;

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use person::Prompt;
use script::Script;
use uhid::relay::{self, RelayError};
use wire::Wire;
use zeroize::Zeroizing;

pub(crate) use uhid::{DEVICE_PHYS, relay::socket_of};

use crate::messages::hid::HidProblem;
use crate::{hardening, install, let_go, log};

/// Who answers prompts, as the command line says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PromptChoice {
    /// Nobody.
    None,
    /// The person, in windows of the system's pinentry.
    Pinentry,
    /// This file.
    Script(PathBuf),
}

impl FromStr for PromptChoice {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match (text, text.split_once(':')) {
            ("none", _) => Ok(PromptChoice::None),
            ("pinentry", _) => Ok(PromptChoice::Pinentry),
            (_, Some(("script", path))) if !path.is_empty() => {
                Ok(PromptChoice::Script(path.into()))
            }
            _ => Err("neither pinentry, none nor script:FILE"),
        }
    }
}

/// `hid`: serves until it is ended.
pub(crate) fn run(
    udp: Option<SocketAddr>,
    relay: Option<PathBuf>,
    prompt: Option<PromptChoice>,
) -> ExitCode {
    hardening::protect_memory();
    hardening::quiet_panics();
    let user = rustix::process::geteuid().as_raw();
    let prompt = match (prompt, udp) {
        (None, _) | (Some(PromptChoice::Pinentry), Some(_)) => Prompt::Windows,
        (Some(_), None) => return fail(&HidProblem::PromptWithoutUdp),
        (Some(PromptChoice::None), Some(_)) => Prompt::None,
        (Some(PromptChoice::Script(path)), Some(_)) => match read_script(&path) {
            Ok(script) => Prompt::Script(script),
            Err(code) => return code,
        },
    };
    let mut refused = None;
    let served = service::run(
        |events| match udp {
            Some(address) => {
                let wire = Wire::udp(address, events);
                let (wire, address) = wire.inspect_err(|error| {
                    refused = Some((address, error.to_string()));
                })?;
                // Whoever started this waits for it; if nobody does, no matter.
                let _ = writeln!(io::stdout(), "{address}");
                Ok(wire)
            }
            None => {
                let path = relay.unwrap_or_else(|| socket_of(user));
                if !path.exists() {
                    // It is tried again for each card: the relay may be started later.
                    fail(&HidProblem::NoRelay(&path));
                }
                Ok(Wire::relay(&path, events))
            }
        },
        prompt,
    );
    let code = match (served, refused) {
        (Ok(()), _) => 0,
        (Err(_), Some((address, _))) if !address.ip().is_loopback() => {
            fail(&HidProblem::NotLoopback(address));
            1
        }
        (Err(_), Some((address, error))) => {
            fail(&HidProblem::Udp(address, &error));
            1
        }
        (Err(error), None) => {
            fail(&HidProblem::System(&error.to_string()));
            1
        }
    };
    let_go::leave_behind();
    // As in the native host: threads may still be inside libpcsclite.
    signal_hook::low_level::exit(code)
}

/// `hid-device`: the privileged relay.
pub(crate) fn run_relay(listen: Option<(PathBuf, u32)>) -> ExitCode {
    hardening::protect_memory();
    hardening::quiet_panics();
    let served = match listen {
        None => relay::serve_standard_input(),
        Some((path, user)) => relay::serve_at(&path, user),
    };
    let Err(error) = served else {
        return ExitCode::SUCCESS;
    };
    match error {
        RelayError::Uhid(error) if error.kind() == io::ErrorKind::NotFound => {
            fail(&HidProblem::NoUhid)
        }
        RelayError::Uhid(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            fail(&HidProblem::UhidNotAllowed)
        }
        RelayError::Uhid(error) => fail(&HidProblem::Uhid(&error.to_string())),
        RelayError::NoConnection => fail(&HidProblem::NotStartedBySystemd),
        RelayError::OtherUser => fail(&HidProblem::OtherUser),
        RelayError::Descriptor(path) => fail(&HidProblem::Descriptor(&path)),
        RelayError::Privileges(error) => fail(&HidProblem::Privileges(&error.to_string())),
        RelayError::Socket(path, error) => fail(&HidProblem::Socket(&path, &error.to_string())),
        RelayError::Failed(error) => fail(&HidProblem::System(&error.to_string())),
    }
}

fn read_script(path: &Path) -> Result<Script, ExitCode> {
    let read = || {
        let mut text = Zeroizing::new(String::with_capacity(script::LONGEST + 1));
        let room = u64::try_from(script::LONGEST + 1).unwrap_or(u64::MAX);
        File::open(path)?.take(room).read_to_string(&mut text)?;
        Ok::<_, io::Error>(text)
    };
    let text =
        read().map_err(|error| fail(&HidProblem::ScriptUnreadable(path, &error.to_string())))?;
    if text.len() > script::LONGEST {
        return Err(fail(&HidProblem::ScriptTooLong(path)));
    }
    Script::parse(&text).map_err(|wrong| fail(&HidProblem::ScriptWrong(path, wrong.0)))
}

fn fail(problem: &HidProblem<'_>) -> ExitCode {
    let language = log::language();
    let pair = language.hid_problem(problem);
    install::tell(language, &pair, &mut io::stderr().lock()).unwrap_or(ExitCode::FAILURE)
}
