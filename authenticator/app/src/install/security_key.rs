//! `install --hid` and `uninstall --hid`: what the system must know so that the card can be a security key.
//!
//! Three files for the relay, which the administrator owns; one for the service, which each user runs; and who may connect.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::browser::Scope;
use super::{Put, changeable_by_others, fail, own_path, put, tell};
use crate::messages::Language;
use crate::messages::hid::{HidProblem, HidText};
use crate::messages::terminal::Problem;
use crate::systemd;

/// One file: where it goes, and what is in it. `@PROGRAM@` stands for this program's path.
pub(crate) struct SystemFile {
    /// Where.
    pub(crate) path: &'static str,
    text: &'static str,
}

/// The udev rule by which the device's node is its user's alone.
pub(crate) const RULES: SystemFile = SystemFile {
    path: "/etc/udev/rules.d/69-jpki-authenticator.rules",
    text: include_str!("../../system/69-jpki-authenticator.rules"),
};
const MODULE: SystemFile = SystemFile {
    path: "/etc/modules-load.d/jpki-authenticator.conf",
    text: include_str!("../../system/modules-load.conf"),
};
const SOCKET: SystemFile = SystemFile {
    path: "/etc/systemd/system/jpki-authenticator-hid@.socket",
    text: include_str!("../../system/jpki-authenticator-hid@.socket"),
};
/// The relay.
pub(crate) const RELAY: SystemFile = SystemFile {
    path: "/etc/systemd/system/jpki-authenticator-hid@.service",
    text: include_str!("../../system/jpki-authenticator-hid@.service"),
};
const SERVICE: SystemFile = SystemFile {
    path: "/etc/systemd/user/jpki-authenticator-hid.service",
    text: include_str!("../../system/jpki-authenticator-hid.service"),
};
const FILES: [SystemFile; 5] = [RULES, MODULE, SOCKET, RELAY, SERVICE];

/// The user's own service.
pub(crate) const SERVICE_NAME: &str = "jpki-authenticator-hid.service";

impl SystemFile {
    /// What belongs into the file when this is the program.
    pub(crate) fn text_for(&self, program: &Path) -> String {
        self.text.replace("@PROGRAM@", &quoted(program))
    }

    fn under(&self, root: &Path) -> PathBuf {
        root.join(self.path.trim_start_matches('/'))
    }
}

/// A program's path as the first word of `ExecStart=` (systemd.service(5), "Command lines"; `%` begins a specifier).
fn quoted(program: &Path) -> String {
    let path = program.display().to_string();
    let path = path.replace('\\', r"\\").replace('"', r#"\""#);
    format!("\"{}\"", path.replace('%', "%%"))
}

/// The unit that lets a user connect.
pub(crate) fn socket_unit(user: u32) -> String {
    format!("jpki-authenticator-hid@{user}.socket")
}

/// Where a package puts things.
pub(crate) struct Place<'a> {
    /// The folder that stands for `/`.
    pub(crate) root: &'a Path,
    /// Where the program will be. Where it was built is no place of the computers that the package is for.
    pub(crate) program: Option<PathBuf>,
}

/// Writes the files and has the system take note of them. With `package`, writes below its folder and does nothing else.
///
/// # Errors
/// If `out` or `err` cannot be written.
pub(crate) fn install(
    owner: Option<u32>,
    package: Option<Place<'_>>,
    language: Language,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    if let Some(Place { root, program }) = package {
        // Where a package puts it, and who can change it there, is the package's business.
        let Some(program) = program else {
            return refuse(language, &HidProblem::NoProgramPath, err);
        };
        return write_files(root, &program, language, out, err);
    }
    let Some(program) = own_path() else {
        return fail(language, &Problem::OwnPathUnknown, err);
    };
    if !rustix::process::geteuid().is_root() {
        return refuse(language, &HidProblem::NeedsAdministrator, err);
    }
    if let Some(place) = changeable_by_others(&program) {
        return fail(language, &Problem::ProgramNotSafe(&place), err);
    }
    let Some(owner) = owner.or_else(caller) else {
        return refuse(language, &HidProblem::WhoseKey, err);
    };
    if !is_user(owner) {
        return refuse(language, &HidProblem::NoSuchUser(owner), err);
    }
    let written = write_files(Path::new("/"), &program, language, out, err)?;
    if written != ExitCode::SUCCESS {
        return Ok(written);
    }
    if !systemd::is_running() {
        return refuse(language, &HidProblem::NoSystemd(owner), err);
    }
    let socket = socket_unit(owner);
    for command in [
        &["modprobe", "uhid"][..],
        &["udevadm", "control", "--reload"],
        &["systemctl", "daemon-reload"],
        &["systemctl", "enable", "--now", &socket],
        &["systemctl", "--global", "enable", SERVICE_NAME],
    ] {
        if let Err(said) = run(command) {
            let command = command.join(" ");
            return refuse(language, &HidProblem::CommandFailed(&command, &said), err);
        }
    }
    // The user may not be logged in, or the manager of theirs not know the new unit yet.
    let machine = format!("--machine={owner}@");
    let start = ["systemctl", "--user", &machine, "start", SERVICE_NAME];
    let reload = ["systemctl", "--user", &machine, "daemon-reload"];
    let started = run(&reload).and_then(|()| run(&start)).is_ok();
    let done = HidText::Ready { owner, started };
    writeln!(out, "\n{}", language.hid_text(&done))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the files below `root`.
fn write_files(
    root: &Path,
    program: &Path,
    language: Language,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    for file in &FILES {
        let path = file.under(root);
        let done = match put(&path, &file.text_for(program), Scope::System) {
            Ok(Put::Written) => HidText::Written(&path),
            Ok(Put::AsItWas) => HidText::WrittenAlready(&path),
            Err(error) => return fail_at(language, &path, &error, err),
        };
        writeln!(out, "{}", language.hid_text(&done))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Takes back what [`install`] did, for every user.
///
/// # Errors
/// If `out` or `err` cannot be written.
pub(crate) fn uninstall(
    root: Option<&Path>,
    language: Language,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    if root.is_none() {
        if !rustix::process::geteuid().is_root() {
            return refuse(language, &HidProblem::NeedsAdministrator, err);
        }
        // What is not there cannot be stopped; that is as well.
        let sockets = enabled_sockets();
        for socket in &sockets {
            let _ = run(&["systemctl", "disable", "--now", socket]);
        }
        let _ = run(&["systemctl", "stop", "jpki-authenticator-hid@*.service"]);
        let _ = run(&["systemctl", "--global", "disable", SERVICE_NAME]);
    }
    for file in &FILES {
        let path = file.under(root.unwrap_or(Path::new("/")));
        let done = match fs::remove_file(&path) {
            Ok(()) => HidText::Removed(&path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => HidText::NotThere(&path),
            Err(error) => return fail_at(language, &path, &error, err),
        };
        writeln!(out, "{}", language.hid_text(&done))?;
    }
    if root.is_none() {
        let _ = run(&["systemctl", "daemon-reload"]);
        let _ = run(&["udevadm", "control", "--reload"]);
    }
    Ok(ExitCode::SUCCESS)
}

/// The users' sockets that start with the system.
fn enabled_sockets() -> Vec<String> {
    let Ok(folder) = fs::read_dir("/etc/systemd/system/sockets.target.wants") else {
        return Vec::new();
    };
    let names = folder.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .filter(|name| name.starts_with("jpki-authenticator-hid@"))
        .collect()
}

/// The user who became root to run this.
fn caller() -> Option<u32> {
    ["SUDO_UID", "PKEXEC_UID"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok()?.parse().ok())
        .filter(|user| *user != 0)
}

/// Whether somebody has this number; so it is taken to be where that cannot be asked.
fn is_user(number: u32) -> bool {
    // Whatever else than /etc/passwd knows users is asked too (nsswitch.conf). 2: nothing was found (getent(1)).
    let asked = Command::new("getent")
        .args(["passwd", &number.to_string()])
        .stdin(Stdio::null())
        .output();
    !asked.is_ok_and(|asked| asked.status.code() == Some(2))
}

/// Runs a command of the system's; what it said if it failed.
fn run(command: &[&str]) -> Result<(), String> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(());
    };
    let ran = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    match ran {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn refuse(
    language: Language,
    problem: &HidProblem<'_>,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    tell(language, &language.hid_problem(problem), err)
}

fn fail_at(
    language: Language,
    path: &Path,
    error: &io::Error,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    if error.kind() == io::ErrorKind::PermissionDenied {
        refuse(language, &HidProblem::NeedsAdministrator, err)
    } else {
        fail(
            language,
            &Problem::FileFailed(path, &error.to_string()),
            err,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_of_any_path_is_one_word_of_a_unit() {
        for (path, word) in [
            (
                "/usr/local/bin/jpki-authenticator",
                r#""/usr/local/bin/jpki-authenticator""#,
            ),
            ("/opt/my card/100%", r#""/opt/my card/100%%""#),
            (r#"/opt/a"b\c"#, r#""/opt/a\"b\\c""#),
        ] {
            let text = RELAY.text_for(Path::new(path));
            let line = format!("ExecStart={word} hid-device");
            assert!(text.lines().any(|unit| unit == line), "{line}");
        }
    }
}
