//! The command line.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::backup::{Desk, Trouble};
use crate::hid::{self, PromptChoice};
use crate::install::browser::Scope;
use crate::install::security_key::{self, Place};
use crate::messages::keeping::Line;
use crate::native_messaging::{extension, host};
use crate::terminal::Terminal;
use crate::{
    backup, card, credentials, doctor, hardening, history, install, let_go, log, messages,
};

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
        /// The origin of the extension that calls, or its ID in Firefox.
        extension: String,
    },
    /// Show the cards in the readers: kind, PIN tries left, validity of the certificate. Never asks for the PIN.
    Card,
    /// Check everything that must be so for the program to work, and say what to do.
    Doctor,
    /// Wait for PIN pads that still wait for a process that has ended, and unpower their cards (started by the program itself).
    #[command(name = let_go::COMMAND, hide = true)]
    LetGo {
        /// The readers.
        readers: Vec<OsString>,
    },
    /// Be a security key for every program on this computer, while a card is in a reader.
    Hid {
        /// Speak CTAPHID over UDP at this address of this computer instead, for test suites. 127.0.0.1:8111 is customary.
        #[arg(long, value_name = "ADDRESS")]
        udp: Option<SocketAddr>,
        /// Who answers prompts there: the person in windows (pinentry), nobody, or the lines of a file. For practice cards: the file has PINs in it.
        #[arg(long, value_name = "pinentry|none|script:FILE")]
        prompt: Option<PromptChoice>,
        /// The socket of the relay that makes the device.
        #[arg(long, value_name = "SOCKET", conflicts_with = "udp")]
        relay: Option<PathBuf>,
    },
    /// Make the device for `hid` and carry its reports (systemd starts this itself, as root).
    HidDevice {
        /// Where there is no systemd: listen here, as root.
        #[arg(long, value_name = "SOCKET", requires = "owner")]
        listen: Option<PathBuf>,
        /// The number of the user who may connect there, and whose the device is.
        #[arg(long, value_name = "UID", requires = "listen")]
        owner: Option<u32>,
    },
    /// Make the program known to the browser, for you alone.
    Install {
        /// For all users of this computer instead (as an administrator).
        #[arg(long)]
        system: bool,
        #[command(flatten)]
        hid: ForHid,
        /// With --hid: the number of the user whose security key it is. Under sudo: who called it.
        #[arg(long, value_name = "UID", requires = "hid", conflicts_with = "system")]
        owner: Option<u32>,
        /// With --root: where the package puts the program.
        #[arg(long, value_name = "PATH", requires = "root", conflicts_with = "system", value_parser = absolute)]
        program: Option<PathBuf>,
    },
    /// Take back what `install` did. Credentials are kept.
    Uninstall {
        /// For all users of this computer instead (as an administrator).
        #[arg(long)]
        system: bool,
        #[command(flatten)]
        hid: ForHid,
    },
    /// List what was disclosed of the card, to which sites, and when.
    History,
    /// List, rename or remove the credentials on this computer.
    Credentials {
        #[command(subcommand)]
        command: Option<Credentials>,
    },
    /// Write the keys of the card's credentials into a new file that a passphrase opens.
    ///
    /// Passphrase and PIN are typed at the terminal, never given as arguments. Credentials whose key is the card's own are not in
    /// the file: they need no backup.
    Backup {
        /// The file to make.
        file: PathBuf,
    },
    /// Bring the credentials of a backup to this computer, for the card that they were made with.
    Restore {
        /// The file that `backup` made.
        file: PathBuf,
    },
    /// Move credentials to the card that has taken the old one's place.
    ///
    /// From a backup, or from the old card while both are at hand.
    Rebind {
        /// The file that `backup` made with the old card.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct ForHid {
    /// The security key instead: the device's udev rule and systemd units (as an administrator).
    #[arg(long, conflicts_with = "system")]
    hid: bool,
    /// With --hid: only write the files, below this folder (for packages).
    // `requires` does not count where what is required is in conflict with something that is there (clap 4).
    #[arg(
        long,
        value_name = "FOLDER",
        requires = "hid",
        conflicts_with = "system"
    )]
    root: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Credentials {
    /// List them: site, kind, card, dates, whether a backup holds them. This is what `credentials` alone does.
    List {
        /// Show the names of the accounts too: asks for the PIN of the card.
        #[arg(long)]
        names: bool,
    },
    /// Give a credential a name of your own, which is kept unencrypted; with an empty one, take it away.
    Rename {
        /// The beginning of its ID, as listed.
        id: String,
        /// The name.
        name: String,
    },
    /// Remove a credential from this computer. The site still lists it.
    Remove {
        /// The beginning of its ID, as listed.
        id: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

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
    match Cli::parse_from(arguments).command {
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

fn absolute(path: &str) -> Result<PathBuf, &'static str> {
    Some(PathBuf::from(path))
        .filter(|path| path.is_absolute())
        .ok_or("it must begin with /")
}

fn scope(system: bool) -> Scope {
    if system { Scope::System } else { Scope::User }
}

#[cfg(test)]
mod tests {
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
