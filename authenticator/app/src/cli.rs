//! The command line.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::install::browser::Scope;
use crate::native_messaging::host;
use crate::{card, doctor, history, install, log};

/// Puts the My Number Card behind WebAuthn.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the browser extension on standard input and output (browsers start this themselves).
    NativeHost {
        /// The origin of the extension that calls.
        extension: String,
    },
    /// Show the cards in the readers: kind, PIN tries left, validity of the certificate. Never asks for the PIN.
    Card,
    /// Check everything that must be so for the program to work, and say what to do.
    Doctor,
    /// Make the program known to the browser, for you alone.
    Install {
        /// For all users of this computer instead (as an administrator).
        #[arg(long)]
        system: bool,
    },
    /// Take back what `install` did. Credentials are kept.
    Uninstall {
        /// For all users of this computer instead (as an administrator).
        #[arg(long)]
        system: bool,
    },
    /// List the sites to which the card's certificate was disclosed, and when.
    History,
}

/// Runs the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    // A native-messaging manifest names a program but no arguments: the browser adds the caller's origin alone.
    if arguments
        .get(1)
        .and_then(|argument| argument.to_str())
        .is_some_and(host::is_extension_origin)
    {
        arguments.truncate(2);
        arguments.insert(1, "native-host".into());
    }
    match Cli::parse_from(arguments).command {
        Command::NativeHost { extension } => host::run(&extension),
        Command::History => tell(|out, err| history::run(log::language(), out, err)),
        Command::Card => tell(|out, err| card::run(log::language(), out, err)),
        Command::Doctor => tell(|out, _| doctor::run(log::language(), out)),
        Command::Install { system } => {
            tell(|out, err| install::install(scope(system), log::language(), out, err))
        }
        Command::Uninstall { system } => {
            tell(|out, err| install::uninstall(scope(system), log::language(), out, err))
        }
    }
}

/// Runs a command that talks to the person at the terminal.
fn tell(
    command: impl FnOnce(&mut io::StdoutLock<'_>, &mut io::StderrLock<'_>) -> io::Result<ExitCode>,
) -> ExitCode {
    // Whoever closed the terminal does not want to hear about it.
    command(&mut io::stdout().lock(), &mut io::stderr().lock()).unwrap_or(ExitCode::FAILURE)
}

fn scope(system: bool) -> Scope {
    if system { Scope::System } else { Scope::User }
}
