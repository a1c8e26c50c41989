//! The terminal, for what is typed there: answers, and secrets that are not echoed.
//!
//! A signal (Ctrl-C, a closed terminal) does not end the process at once: it ends the question that is open, or is heard at the
//! next step, so that the terminal echoes again and the card is let go in order.

use std::fs::{File, OpenOptions};
use std::io::{self, PipeReader, Read, Write};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr,
};
use zeroize::Zeroizing;

use crate::hardening;

/// The longest line that a terminal hands over (Linux: `MAX_CANON`).
const LONGEST: usize = 4096;

/// The person wants no more, or the terminal is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GivenUp;

/// The terminal of this process.
pub(crate) struct Terminal {
    tty: File,
    /// Readable as soon as a signal came, and from then on.
    signals: PipeReader,
}

impl Terminal {
    /// Opens the terminal, whatever standard input and output are.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn open() -> io::Result<Self> {
        let tty = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
        let (signals, signalled) = io::pipe()?;
        hardening::end_orderly(move || (&signalled).write_all(&[0]).is_ok());
        Ok(Self { tty, signals })
    }

    /// Shows a line.
    pub(crate) fn say(&mut self, line: &str) {
        // A terminal that is gone is noticed where something is read from it.
        let _ = writeln!(self.tty, "{line}");
    }

    /// Asks for a line that is echoed. What was typed before the question is thrown away: nobody agrees to what they
    /// have not read.
    ///
    /// # Errors
    /// [`GivenUp`].
    pub(crate) fn ask(&mut self, prompt: &str) -> Result<Zeroizing<String>, GivenUp> {
        tcflush(&self.tty, QueueSelector::IFlush).map_err(|_| GivenUp)?;
        self.write(prompt)?;
        self.read_line()
    }

    /// Asks for a line that is not echoed. What was typed before the question is thrown away.
    ///
    /// # Errors
    /// [`GivenUp`].
    pub(crate) fn ask_hidden(&mut self, prompt: &str) -> Result<Zeroizing<String>, GivenUp> {
        let before = tcgetattr(&self.tty).map_err(|_| GivenUp)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        hidden
            .local_modes
            .insert(LocalModes::ICANON | LocalModes::ECHONL);
        let tty = self.tty.try_clone().map_err(|_| GivenUp)?;
        let unread = OptionalActions::Now;
        let _echo_again = EchoAgain {
            tty,
            before,
            unread,
        };
        tcsetattr(&self.tty, OptionalActions::Flush, &hidden).map_err(|_| GivenUp)?;
        self.write(prompt)?;
        self.read_line()
    }

    /// Echoes nothing until what is returned is dropped. What is typed meanwhile is thrown away: it is meant for somewhere else, and
    /// the next program at this terminal, a shell perhaps, would keep it.
    ///
    /// # Errors
    /// [`GivenUp`] if the terminal is gone.
    pub(crate) fn hush(&self) -> Result<EchoAgain, GivenUp> {
        let before = tcgetattr(&self.tty).map_err(|_| GivenUp)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        let tty = self.tty.try_clone().map_err(|_| GivenUp)?;
        tcsetattr(&self.tty, OptionalActions::Flush, &hidden).map_err(|_| GivenUp)?;
        let unread = OptionalActions::Flush;
        Ok(EchoAgain {
            tty,
            before,
            unread,
        })
    }

    /// Waits a moment.
    ///
    /// # Errors
    /// [`GivenUp`] if a signal came, then or before.
    pub(crate) fn pause(&self, moment: Duration) -> Result<(), GivenUp> {
        let timeout = Timespec::try_from(moment).map_err(|_| GivenUp)?;
        let mut waiting = [PollFd::new(&self.signals, PollFlags::IN)];
        match poll(&mut waiting, Some(&timeout)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => Ok(()),
            _ => Err(GivenUp),
        }
    }

    fn write(&mut self, text: &str) -> Result<(), GivenUp> {
        write!(self.tty, "{text}").map_err(|_| GivenUp)
    }

    /// Reads one line; the terminal hands it over whole.
    fn read_line(&mut self) -> Result<Zeroizing<String>, GivenUp> {
        loop {
            let mut waiting = [
                PollFd::new(&self.signals, PollFlags::IN),
                PollFd::new(&self.tty, PollFlags::IN),
            ];
            match poll(&mut waiting, None) {
                Err(rustix::io::Errno::INTR) => continue,
                Err(_) => return Err(GivenUp),
                Ok(_) => {}
            }
            let [signalled, typed] = waiting.map(|each| !each.revents().is_empty());
            if signalled {
                return Err(GivenUp);
            }
            if typed {
                break;
            }
        }
        let mut buffer = Zeroizing::new([0; LONGEST]);
        let length = self.tty.read(&mut *buffer).map_err(|_| GivenUp)?;
        // No bytes at all: end of file.
        let line = buffer.get(..length).filter(|line| !line.is_empty());
        let line = std::str::from_utf8(line.ok_or(GivenUp)?).map_err(|_| GivenUp)?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        let mut copy = Zeroizing::new(String::with_capacity(LONGEST));
        copy.push_str(line);
        Ok(copy)
    }
}

/// Gives the terminal its echo back, however the question ends.
pub(crate) struct EchoAgain {
    tty: File,
    before: Termios,
    /// What becomes of what was typed and not read.
    unread: OptionalActions,
}

impl Drop for EchoAgain {
    fn drop(&mut self) {
        // A terminal that is gone needs no echo.
        let _ = tcsetattr(&self.tty, self.unread, &self.before);
    }
}
