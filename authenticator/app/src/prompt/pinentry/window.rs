//! One question in one window: a pinentry process that lives as long as the window does.

use std::fmt;
use std::io;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use zeroize::Zeroizing;

use super::assuan::{Broken, Connection, Reply};
use super::find::Pinentry;
use crate::log;

/// How long a pinentry that was told to end may take to put the screen in order.
const TIDYING_UP: Duration = Duration::from_millis(500);

/// Codes of `libgpg-error` that a pinentry answers with.
const TIMEOUT: u16 = 62;
const CANCELED: u16 = 99;
const NOT_CONFIRMED: u16 = 114;
const FULLY_CANCELED: u16 = 198;

/// What a window shows. There are two buttons at most: pinentry-gnome3 has no third.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dialog {
    /// What is asked.
    pub(crate) kind: Kind,
    /// Above everything, several lines.
    pub(crate) description: String,
    /// What went wrong before; shown so that it is seen.
    pub(crate) error: Option<String>,
    /// The button that agrees.
    pub(crate) ok: String,
    /// The button that does not, as the Escape key and closing the window do; a message has none.
    pub(crate) cancel: Option<String>,
}

/// What a window asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: it tells something, and has one button.
    #[default]
    Message,
    /// Yes or no.
    Confirm,
    /// A PIN, in a field with this label.
    Pin(String),
}

/// How a window ended.
pub(crate) enum Answer {
    /// The button that agrees.
    Ok,
    /// The same, with what was typed.
    Typed(Zeroizing<String>),
    /// The person did not agree.
    Cancelled,
    /// Nobody answered in time.
    TimedOut,
    /// The window could not be shown.
    Failed,
}

/// Never what was typed.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Answer::Ok => "Ok",
            Answer::Typed(_) => "Typed(…)",
            Answer::Cancelled => "Cancelled",
            Answer::TimedOut => "TimedOut",
            Answer::Failed => "Failed",
        })
    }
}

/// A window that is open, or was answered. Dropped, it is closed.
#[derive(Debug)]
pub(crate) struct Window {
    process: Child,
}

impl Window {
    /// Opens a window for at most `time`, and reports how it ended from a thread of its own. A window that was closed may report
    /// or not.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub(crate) fn open(
        pinentry: &Pinentry,
        title: &str,
        dialog: Dialog,
        time: Duration,
        report: impl FnOnce(Answer) + Send + 'static,
    ) -> io::Result<Self> {
        let mut process = pinentry
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (input, output) = (process.stdout.take(), process.stdin.take());
        let window = Self { process };
        let (Some(input), Some(output)) = (input, output) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let options = pinentry.options();
        let title = title.to_owned();
        thread::Builder::new()
            .name("pinentry".into())
            .spawn(move || {
                report(
                    ask(input, output, &options, &title, &dialog, time).unwrap_or_else(|broken| {
                        log::line(&format_args!("pinentry: {broken}"));
                        Answer::Failed
                    }),
                );
            })?;
        Ok(window)
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // First asked to end: in a terminal it has settings to put back. The process is not waited for yet, so its number is its own.
        if let Some(process) = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw)
            && matches!(self.process.try_wait(), Ok(None))
        {
            let _ = kill_process(process, Signal::TERM);
        }
        let since = Instant::now();
        while since.elapsed() < TIDYING_UP {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The whole conversation.
fn ask(
    input: ChildStdout,
    output: ChildStdin,
    options: &[(&'static str, String)],
    title: &str,
    dialog: &Dialog,
    time: Duration,
) -> Result<Answer, Broken> {
    let mut connection = Connection::greet(input, output)?;
    for (option, value) in options {
        let option = match value.as_str() {
            "" => (*option).to_owned(),
            value => format!("{option}={value}"),
        };
        // A program that does not know an option has no need of it.
        connection.command("OPTION", &option)?;
    }
    let mut set = |name, value: &str| match connection.command(name, value)? {
        Reply::Done(_) => Ok(()),
        Reply::Refused(_) => Err(Broken::Protocol),
    };
    // The window closes by itself, too, should this process be gone by then.
    set("SETTIMEOUT", &(time.as_secs() + 1).to_string())?;
    set("SETTITLE", title)?;
    set("SETDESC", &dialog.description)?;
    if let Some(error) = &dialog.error {
        set("SETERROR", error)?;
    }
    set("SETOK", &dialog.ok)?;
    if let Some(cancel) = &dialog.cancel {
        set("SETCANCEL", cancel)?;
    }
    let (command, argument) = match &dialog.kind {
        // GNOME's windows show the prompt as their heading.
        Kind::Message => {
            set("SETPROMPT", title)?;
            ("CONFIRM", "--one-button")
        }
        Kind::Confirm => {
            set("SETPROMPT", title)?;
            ("CONFIRM", "")
        }
        Kind::Pin(label) => {
            set("SETPROMPT", label)?;
            ("GETPIN", "")
        }
    };
    let reply = connection.command(command, argument)?;
    Ok(match (reply, &dialog.kind) {
        (Reply::Done(data), Kind::Pin(_)) => Answer::Typed(data),
        (Reply::Done(_), Kind::Message | Kind::Confirm) => Answer::Ok,
        (Reply::Refused(CANCELED | FULLY_CANCELED | NOT_CONFIRMED), _) => Answer::Cancelled,
        (Reply::Refused(TIMEOUT), _) => Answer::TimedOut,
        (Reply::Refused(code), _) => {
            log::line(&format_args!("pinentry: error {code}"));
            Answer::Failed
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_does_not_show_what_was_typed() {
        let text = Zeroizing::new("5678".to_owned());
        let answer = Answer::Typed(text);
        assert_eq!(format!("{answer:?}"), "Typed(…)");
    }
}
