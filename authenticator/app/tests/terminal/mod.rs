//! The program at a terminal, as a person uses it: what is shown, and what is typed.
#![allow(dead_code)] // Each test program uses its part.

use std::process::Command;

use rexpect::process::{Signal, WaitStatus};
use rexpect::session::{PtySession, spawn_command};

use crate::host::Computer;

/// Long enough that only a program that hangs reaches it; opening a file takes a while.
const HANGING: u64 = 120_000;

/// A command that runs at a terminal of its own, with echo as every terminal has it.
pub(crate) struct AtTerminal {
    pub(crate) session: PtySession,
    seen: String,
}

impl AtTerminal {
    /// Runs the program on this computer.
    pub(crate) fn run(computer: &Computer, arguments: &[&str]) -> AtTerminal {
        let program = computer.program();
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "stty echo && exec \"$0\" \"$@\""])
            .arg(program.get_program())
            .args(program.get_args())
            .args(arguments)
            .env_clear();
        for (name, value) in program.get_envs() {
            command.env(name, value.unwrap());
        }
        command.env("PATH", "/usr/bin:/bin");
        AtTerminal {
            session: spawn_command(command, Some(HANGING)).unwrap(),
            seen: String::new(),
        }
    }

    /// Waits until this is shown.
    pub(crate) fn shows(&mut self, text: &str) -> &mut AtTerminal {
        match self.session.exp_string(text) {
            Ok(before) => self.seen += &(before + text),
            Err(error) => panic!("{text:?} is not shown: {error}\nbefore: {}", self.seen),
        }
        self
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) -> &mut AtTerminal {
        self.session.send_line(line).unwrap();
        self
    }

    /// Presses Ctrl-C.
    pub(crate) fn interrupts(&mut self) -> &mut AtTerminal {
        self.session.send_control('c').unwrap();
        self
    }

    /// Kills the program, as a power failure would end it.
    pub(crate) fn kill(&mut self) {
        self.session.process_mut().kill(Signal::SIGKILL).unwrap();
    }

    /// Stops the program where it is.
    pub(crate) fn holds(&mut self) -> &mut AtTerminal {
        self.session.process_mut().signal(Signal::SIGSTOP).unwrap();
        self
    }

    /// Lets a program go on that was stopped.
    pub(crate) fn goes_on(&mut self) -> &mut AtTerminal {
        self.session.process_mut().signal(Signal::SIGCONT).unwrap();
        self
    }

    /// Waits until this is shown; false if the program ends first.
    pub(crate) fn shows_unless_it_ends(&mut self, text: &str) -> bool {
        match self.session.exp_string(text) {
            Ok(before) => self.seen += &(before + text),
            Err(rexpect::error::Error::EOF { got, .. }) => {
                self.seen += &got;
                return false;
            }
            Err(error) => panic!("{text:?} is not shown: {error}\nbefore: {}", self.seen),
        }
        true
    }

    /// Waits for the end. Returns how it ended, and everything that was shown.
    pub(crate) fn ends_somehow(mut self) -> (WaitStatus, String) {
        self.seen += &self.session.exp_eof().unwrap();
        (self.session.process().wait().unwrap(), self.seen)
    }

    /// Waits for the end. Returns whether it succeeded, and everything that was shown.
    pub(crate) fn ends(self) -> (bool, String) {
        let (status, shown) = self.ends_somehow();
        (matches!(status, WaitStatus::Exited(_, 0)), shown)
    }
}
