//! The command line.

mod arguments;
mod help;
mod misunderstood;

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Cli, Command, Credentials};
use clap::FromArgMatches;
use clap::error::ErrorKind;

use crate::backup::{Desk, Trouble};
use crate::hid;
use crate::install::browser::Scope;
use crate::install::security_key::{self, Place};
use crate::messages::keeping::Line;
use crate::native_messaging::{extension, host};
use crate::terminal::Terminal;
use crate::{
    backup, card, credentials, doctor, hardening, history, install, let_go, log, messages,
};

/// Runs the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(called) = arguments.first() {
        messages::note_program(called);
    }
    // A native-messaging manifest names a program but no arguments: the browser adds who calls. This is the start
    // that somebody waits for, so it goes past the making of the command line (0.1 ms).
    if let Some(caller) = extension::caller(&arguments) {
        host::run(caller);
    }
    let mut command = help::command(log::language());
    let parsed = command
        .try_get_matches_from_mut(&arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return not_understood(&error, &command, &arguments),
    };
    match parsed.command {
        Command::NativeHost { extension } => host::run(&extension),
        Command::LetGo { readers } => let_go::run(&readers),
        Command::Hid { udp, prompt, relay } => hid::run(udp, relay, prompt),
        Command::HidDevice { listen, owner } => hid::run_relay(listen.zip(owner)),
        Command::History => tell(|out, err| history::run(log::language(), out, err)),
        Command::Card => tell(|out, err| card::run(log::language(), out, err)),
        Command::Doctor => tell(|out, _| doctor::run(log::language(), out)),
        Command::Credentials { command } => credentials_command(command),
        Command::Backup { file } => at_the_desk(|desk, _| backup::back_up(desk, &file).map(Ok)),
        Command::Restore { file } => at_the_desk(|desk, _| backup::restore(desk, &file).map(Ok)),
        Command::Rebind { from } => at_the_desk(|desk, _| {
            let done = match &from {
                Some(file) => backup::rebind_from(desk, file),
                None => backup::rebind(desk),
            };
            done.map(Ok)
        }),
        Command::Install {
            system,
            hid,
            owner,
            program,
        } => tell(|out, err| {
            let language = log::language();
            if hid.hid {
                let place = hid.root.as_deref().map(|root| Place { root, program });
                security_key::install(owner, place, language, out, err)
            } else {
                install::install(scope(system), language, out, err)
            }
        }),
        Command::Uninstall { system, hid } => tell(|out, err| {
            let language = log::language();
            if hid.hid {
                security_key::uninstall(hid.root.as_deref(), language, out, err)
            } else {
                install::uninstall(scope(system), language, out, err)
            }
        }),
    }
}

/// Says what is wrong with the arguments, where they do not ask for the help. The exit status is the one that is customary, 2.
fn not_understood(
    error: &clap::Error,
    command: &clap::Command,
    arguments: &[OsString],
) -> ExitCode {
    if let ErrorKind::DisplayHelp
    | ErrorKind::DisplayVersion
    | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand = error.kind()
    {
        error.exit();
    }
    let language = log::language();
    let pair = language.pair(&misunderstood::message(error, command, arguments));
    tell(|_, err| {
        writeln!(err, "{}", language.printed(&pair))?;
        Ok(ExitCode::from(2))
    })
}

fn credentials_command(command: Option<Credentials>) -> ExitCode {
    let language = log::language();
    match command.unwrap_or(Credentials::List { names: false }) {
        Credentials::List { names: false } => keep(|out| credentials::list(language, out)),
        Credentials::List { names: true } => {
            at_the_desk(|desk, out| credentials::list_with_names(desk, out))
        }
        Credentials::Rename { id, name } => {
            keep(|out| credentials::rename(language, &id, &name, out))
        }
        Credentials::Remove { id, yes: true } => {
            keep(|out| credentials::remove(language, &id, |_| Ok(()), out))
        }
        Credentials::Remove { id, yes: false } => at_the_desk(|desk, out| {
            let confirm = |question: &Line<'_>| Ok(desk.borrow_mut().confirm(question)?);
            credentials::remove(language, &id, confirm, out)
        }),
    }
}

/// Runs a command about credentials that asks for secrets at the terminal.
fn at_the_desk(
    command: impl FnOnce(&RefCell<Desk>, &mut io::StdoutLock<'_>) -> Result<io::Result<()>, Trouble>,
) -> ExitCode {
    hardening::protect_memory();
    hardening::quiet_panics();
    let code = keep(|out| {
        let terminal = Terminal::open().map_err(|_| Trouble::NoTerminal)?;
        command(&RefCell::new(Desk::new(terminal, log::language())), out)
    });
    let_go::leave_behind();
    code
}

/// Runs a command about credentials, and says what went wrong.
fn keep(
    command: impl FnOnce(&mut io::StdoutLock<'_>) -> Result<io::Result<()>, Trouble>,
) -> ExitCode {
    tell(|out, err| match command(out) {
        Ok(written) => written.map(|()| ExitCode::SUCCESS),
        Err(trouble) => {
            let language = log::language();
            install::tell(language, &language.trouble(&trouble), err)
        }
    })
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    /// A packager's slip must not write to the system itself.
    #[test]
    fn what_belongs_to_the_security_key_does_not_go_with_system() {
        for command in ["install", "uninstall"] {
            for hid in [
                &["--root", "/x"][..],
                &["--owner", "1000"],
                &["--program", "/x"],
            ] {
                for others in [&["--system"][..], &["--system", "--hid"], &[]] {
                    let words = ["jpki-authenticator", command];
                    let words = words.iter().chain(others).chain(hid);
                    assert!(Cli::try_parse_from(words).is_err(), "{others:?} {hid:?}");
                }
            }
            let right = ["jpki-authenticator", command, "--hid", "--root", "/x"];
            assert!(Cli::try_parse_from(right).is_ok());
        }
    }
}
