//! The command line.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::history;
use crate::native_messaging::host;

/// Puts the My Number Card behind WebAuthn.
#[derive(Debug, Parser)]
#[command(version, about)]
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
        Command::History => history::run(),
    }
}
