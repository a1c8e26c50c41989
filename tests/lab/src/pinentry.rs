//! A pinentry that a test answers: a real program that speaks Assuan over its standard streams, as those of the desktops do.
//!
//! The program is a relay, compiled when it is needed; this module is at its other end. Each window that a program under test
//! opens arrives as a [`Window`], to be looked at and answered, or seen to be closed.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    process::Command,
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// The program itself.
const RELAY: &str = include_str!("pinentry/relay.c");

/// Long enough that only a program that hangs reaches it.
const HANGING: Duration = Duration::from_secs(60);

/// A pinentry whose windows come here. Dropped, its program is removed.
#[derive(Debug)]
pub struct ScriptedPinentry {
    folder: TempDir,
    windows: Receiver<Window>,
}

/// A window that is open.
#[derive(Debug)]
pub struct Window {
    /// The command that opened it: `GETPIN`, `CONFIRM`, or `CONFIRM --one-button`.
    pub command: String,
    /// What was set before, by the name of the command (`SETDESC`, …), decoded; an `OPTION` by `OPTION` and its name.
    pub set: Vec<(String, String)>,
    stream: BufReader<UnixStream>,
}

impl ScriptedPinentry {
    /// Makes the program.
    ///
    /// # Errors
    /// If it cannot be compiled, or the socket cannot be made.
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("pinentry-").tempdir()?;
        let socket = folder.path().join("socket");
        let source = folder.path().join("relay.c");
        fs::write(&source, RELAY)?;
        let built = Command::new("cc")
            .args(["-Wall", "-Werror"])
            .arg(format!("-DSOCKET=\"{}\"", socket.display()))
            .arg("-o")
            .arg(folder.path().join("pinentry"))
            .arg(&source)
            .output()?;
        if !built.status.success() {
            let said = String::from_utf8_lossy(&built.stderr).into_owned();
            return Err(io::Error::other(said));
        }
        let listener = UnixListener::bind(&socket)?;
        let (sender, windows) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                thread::spawn(move || serve(stream, &sender));
            }
        });
        Ok(Self { folder, windows })
    }

    /// The program, to be named to the program under test.
    pub fn program(&self) -> PathBuf {
        self.folder.path().join("pinentry")
    }

    /// The folder of the program, to be put on the search path.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The next window that is opened.
    ///
    /// # Panics
    /// If none is for a minute.
    pub fn window(&self) -> Window {
        match self.windows.recv_timeout(HANGING) {
            Ok(window) => window,
            #[allow(clippy::panic)] // A test that waits in vain has failed.
            Err(error) => panic!("no window was opened: {error}"),
        }
    }

    /// Whether a window was opened that nobody has looked at.
    pub fn has_window(&self) -> bool {
        self.windows.try_recv().is_ok()
    }
}

impl Window {
    /// What was set by this command, or nothing.
    pub fn text(&self, command: &str) -> &str {
        self.set
            .iter()
            .rev()
            .find(|(name, _)| name == command)
            .map_or("", |(_, text)| text)
    }

    /// Everything that a person reads.
    pub fn description(&self) -> &str {
        self.text("SETDESC")
    }

    /// Types this and agrees.
    pub fn type_in(self, typed: &str) {
        self.say(&format!("D {typed}\nOK\n"));
    }

    /// Presses the button that agrees.
    pub fn ok(self) {
        self.say("OK\n");
    }

    /// Presses the button that does not agree.
    pub fn cancel(self) {
        self.say("ERR 83886179 Operation cancelled <Pinentry>\n");
    }

    /// Answers with these very lines.
    pub fn say(mut self, lines: &str) {
        // If the program under test closed it meanwhile, nobody hears it.
        let _ = self.stream.get_mut().write_all(lines.as_bytes());
    }

    /// Waits until the program under test closes it.
    ///
    /// # Panics
    /// If it says anything instead, or does not for a minute.
    #[allow(clippy::panic)] // A test that waits in vain has failed.
    pub fn closed(mut self) {
        let mut line = String::new();
        let waited = self.stream.get_mut().set_read_timeout(Some(HANGING));
        match waited.and_then(|()| self.stream.read_line(&mut line)) {
            Ok(0) => {}
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
            outcome => panic!("the window was not closed: {outcome:?}, {line:?}"),
        }
    }
}

/// Speaks with one process of the program until it opens a window.
fn serve(stream: UnixStream, windows: &Sender<Window>) {
    let mut stream = BufReader::new(stream);
    let mut set = Vec::new();
    let answer = |stream: &mut BufReader<UnixStream>, lines: &str| {
        stream.get_mut().write_all(lines.as_bytes()).is_ok()
    };
    if !answer(&mut stream, "OK Pleased to meet you\n") {
        return;
    }
    let mut line = String::new();
    loop {
        line.clear();
        if !matches!(stream.read_line(&mut line), Ok(length) if length > 0) {
            return;
        }
        let command = line.trim_end_matches('\n');
        let (name, argument) = command.split_once(' ').unwrap_or((command, ""));
        let said = match (name, argument) {
            ("GETINFO", "flavor") => "D gtk2\nOK\n",
            ("OPTION", option) => {
                let (option, value) = option.split_once('=').unwrap_or((option, ""));
                set.push((format!("OPTION {option}"), decoded(value)));
                "OK\n"
            }
            (name, text) if name.starts_with("SET") => {
                set.push((name.to_owned(), decoded(text)));
                "OK\n"
            }
            ("GETPIN" | "CONFIRM" | "MESSAGE", _) => {
                let window = Window {
                    command: command.to_owned(),
                    set,
                    stream,
                };
                // The test may have ended.
                let _ = windows.send(window);
                return;
            }
            _ => "ERR 83886355 Unknown command <Pinentry>\n",
        };
        if !answer(&mut stream, said) {
            return;
        }
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        match byte {
            b'%' => match (digit(), digit()) {
                (Some(high), Some(low)) => bytes.extend(u8::try_from(high << 4 | low)),
                _ => bytes.push(byte),
            },
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
