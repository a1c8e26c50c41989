//! Which pinentry asks, and where it can show itself.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, fs, thread};

use super::assuan::{Connection, Reply};

/// Names the program, or switches it off with `none`.
const CHOICE: &str = "JPKI_PINENTRY";

/// Programs by name, the system's choice first. The others count where that one needs a terminal and there is none.
const NAMES: [&str; 5] = [
    "pinentry",
    "pinentry-gnome3",
    "pinentry-qt",
    "pinentry-gtk-2",
    "pinentry-curses",
];

/// What a desktop's windows need to know. A user's service may have been started before the desktop was.
const DESKTOP: [&str; 5] = [
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
];

/// How long a program may take to say what it is.
const INTRODUCTION: Duration = Duration::from_secs(5);

/// A pinentry that can show itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pinentry {
    program: PathBuf,
    /// What its environment has beside this process's.
    desktop: BTreeMap<&'static str, OsString>,
    tty: Option<PathBuf>,
}

/// Why nothing can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoPinentry {
    /// It was switched off.
    SwitchedOff,
    /// There is no desktop, and no terminal.
    Unseen,
    /// No program that fits is installed.
    NotInstalled,
}

impl Pinentry {
    /// The program that can ask the person now, on the desktop or in this process's terminal, if there is one.
    pub(crate) fn find() -> Option<Self> {
        Self::find_with(terminal_of_this_process()).ok()
    }

    /// The program that can ask the person now in a window of the desktop, if there is one. A program that a browser starts may
    /// have a terminal, the one in which the browser was started: nobody looks there.
    pub(crate) fn find_on_desktop() -> Option<Self> {
        Self::look_on_desktop().ok()
    }

    /// The same, or why there is none.
    ///
    /// # Errors
    /// [`NoPinentry`].
    pub(crate) fn look_on_desktop() -> Result<Self, NoPinentry> {
        Self::find_with(None)
    }

    /// Where it is.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    fn find_with(tty: Option<PathBuf>) -> Result<Self, NoPinentry> {
        let programs = match env::var_os(CHOICE).filter(|choice| !choice.is_empty()) {
            Some(choice) if choice == "none" => return Err(NoPinentry::SwitchedOff),
            Some(choice) => vec![choice],
            None => NAMES.iter().map(OsString::from).collect(),
        };
        let desktop = desktop();
        let display = ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| desktop.contains_key(name));
        if !display && tty.is_none() {
            return Err(NoPinentry::Unseen);
        }
        let path = env::var_os("PATH").unwrap_or_default();
        programs
            .iter()
            .filter_map(|name| on_path(name, &path))
            .map(|program| Self {
                program,
                desktop: desktop.clone(),
                tty: tty.clone(),
            })
            .find(Self::can_show_itself)
            .ok_or(NoPinentry::NotInstalled)
    }

    /// This very program, with this in its environment.
    #[cfg(test)]
    pub(crate) fn at(program: PathBuf, display: Option<&str>, tty: Option<PathBuf>) -> Self {
        let display = display.map(|display| ("DISPLAY", OsString::from(display)));
        Self {
            program,
            desktop: display.into_iter().collect(),
            tty,
        }
    }

    /// Starts it, with the environment that it needs.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.envs(&self.desktop);
        command
    }

    /// What it is told first.
    pub(super) fn options(&self) -> Vec<(&'static str, String)> {
        // As gpg-agent does: a grabbed keyboard fails where a menu is open, and the window could not be asked for at all.
        let mut options = vec![("no-grab", String::new())];
        if let Some(tty) = &self.tty {
            options.push(("ttyname", tty.display().to_string()));
            let kind = env::var("TERM").ok().filter(|kind| !kind.is_empty());
            options.push(("ttytype", kind.unwrap_or_else(|| "vt100".into())));
        }
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .filter_map(|name| env::var(name).ok())
            .find(|value| !value.is_empty());
        if let Some(locale) = locale {
            options.push(("lc-ctype", locale));
        }
        options
    }

    /// A program for a terminal needs one. A program for a desktop says where it would fall back to one.
    pub(crate) fn can_show_itself(&self) -> bool {
        match self.flavour() {
            Some(flavour) => {
                let text = flavour
                    .split(':')
                    .any(|each| each == "curses" || each == "tty");
                !text || self.tty.is_some()
            }
            None => false,
        }
    }

    /// What it says it is: `gtk2`, `curses`, `gtk2:curses` where no window can be opened (pinentry 1.1 and newer).
    fn flavour(&self) -> Option<String> {
        let mut process = self
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (input, output) = (process.stdout.take()?, process.stdin.take()?);
        let (sender, receiver) = mpsc::channel();
        let ask = move || {
            let asked = Connection::greet(input, output)
                .and_then(|mut connection| connection.command("GETINFO", "flavor"));
            // Nobody waits any more: there is nobody to tell.
            let _ = sender.send(asked);
        };
        let asked = thread::Builder::new().name("pinentry".into()).spawn(ask);
        let said = asked
            .ok()
            .and_then(|_| receiver.recv_timeout(INTRODUCTION).ok());
        let _ = process.kill();
        let _ = process.wait();
        match said? {
            Ok(Reply::Done(data)) if !data.is_empty() => Some(data.to_string()),
            _ => None,
        }
    }
}

/// Where windows go: as this process's environment says, or else as the user's systemd does, which desktops tell.
fn desktop() -> BTreeMap<&'static str, OsString> {
    let own: BTreeMap<_, _> = DESKTOP
        .into_iter()
        .filter_map(|name| Some((name, env::var_os(name)?)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let display = own.contains_key("DISPLAY") || own.contains_key("WAYLAND_DISPLAY");
    // Set by systemd for its services, and for nothing else.
    if display || env::var_os("INVOCATION_ID").is_none() {
        return own;
    }
    let shown = Command::new("systemctl")
        .args(["--user", "show-environment"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let shown = shown.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let mut desktop = of_the_session(&shown.unwrap_or_default());
    desktop.extend(own);
    desktop
}

/// Reads what `systemctl show-environment` prints. Values that it had to quote are left out: none of these needs that.
fn of_the_session(shown: &str) -> BTreeMap<&'static str, OsString> {
    shown
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(_, value)| !value.is_empty() && !value.starts_with(['$', '"', '\'']))
        .filter_map(|(name, value)| {
            let name = DESKTOP.into_iter().find(|each| *each == name)?;
            Some((name, OsString::from(value)))
        })
        .collect()
}

/// The program of this name or at this path.
fn on_path(name: &OsStr, path: &OsStr) -> Option<PathBuf> {
    if Path::new(name).components().count() > 1 {
        return Some(PathBuf::from(name)).filter(|program| is_program(program));
    }
    env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|program| is_program(program))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// The terminal's name, by which another process can open it; `/dev/tty` is another one for each.
fn terminal_of_this_process() -> Option<PathBuf> {
    fs::File::open("/dev/tty").ok()?;
    ["/proc/self/fd/0", "/proc/self/fd/2", "/proc/self/fd/1"]
        .iter()
        .filter_map(|stream| fs::read_link(stream).ok())
        .find(|target| target.starts_with("/dev/pts") || target.starts_with("/dev/tty"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sessions_environment_is_read_strictly() {
        let shown = "HOME=/home/taro\nDISPLAY=:0\nXAUTHORITY=/run/user/1000/.mutter-Xwaylandauth\n\
            WAYLAND_DISPLAY=$'odd\\n'\nDBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus\n\
            XDG_RUNTIME_DIR=\nLD_PRELOAD=/tmp/x.so\nnonsense\n";
        let read = of_the_session(shown);
        let expected = [
            ("DISPLAY", ":0"),
            ("XAUTHORITY", "/run/user/1000/.mutter-Xwaylandauth"),
            ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/user/1000/bus"),
        ];
        assert_eq!(
            read,
            expected
                .into_iter()
                .map(|(name, value)| (name, OsString::from(value)))
                .collect()
        );
    }

    #[test]
    fn programs_are_looked_for_in_absolute_folders_only() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("pinentry");
        fs::write(&program, "").unwrap();
        let path = env::join_paths([Path::new("."), folder.path()]).unwrap();
        assert_eq!(on_path(OsStr::new("pinentry"), &path), None);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(
            on_path(OsStr::new("pinentry"), &path),
            Some(program.clone())
        );
        assert_eq!(on_path(program.as_os_str(), OsStr::new("")), Some(program));
        assert_eq!(on_path(OsStr::new("pinentry"), OsStr::new(".")), None);
    }
}
