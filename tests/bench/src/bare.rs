//! Bare PC/SC at the same reader: commands sent by a program that does nothing else.
//!
//! PC/SC finds its service through the environment, so this is a process of its own: this same program again.

use std::ffi::CStr;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use jpki_lab::card::Entry;
use pcsc::{Card, Context, Disposition, Protocols, Scope, ShareMode};

use crate::desk::{Desk, Running};

/// The other process.
pub(crate) struct Bare {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _running: Running,
}

impl Bare {
    /// Starts it.
    pub(crate) fn start(desk: &Desk) -> anyhow::Result<Self> {
        let mut child = desk
            .command(&std::env::current_exe()?)
            .arg("bare")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take().context("no standard input")?;
        let stdout = child.stdout.take().context("no standard output")?;
        Ok(Self {
            stdin,
            stdout: BufReader::new(stdout),
            _running: Running(child),
        })
    }

    /// Sends commands that the card was asked before, and tells how long that took without the time in the card. Before some of
    /// them, by their number, it is powered up anew.
    pub(crate) fn send(
        &mut self,
        desk: &Desk,
        commands: &[Entry],
        power_ups: &[usize],
    ) -> anyhow::Result<Duration> {
        let line = line(commands, power_ups, desk.pin());
        let (elapsed, asked) = desk.during(|| {
            writeln!(self.stdin, "{line}")?;
            let mut answer = String::new();
            self.stdout.read_line(&mut answer)?;
            let nanoseconds = answer.trim().parse().context("no answer")?;
            Ok(Duration::from_nanos(nanoseconds))
        })?;
        ensure!(
            asked.commands == commands_like(commands, &asked.commands),
            "the card was asked something else"
        );
        Ok(elapsed.saturating_sub(asked.in_card))
    }
}

/// The first list with the moments of the second, for comparison.
fn commands_like(commands: &[Entry], moments: &[Entry]) -> Vec<Entry> {
    let mut commands = commands.to_vec();
    for (command, at) in commands.iter_mut().zip(moments) {
        command.t = at.t;
    }
    commands
}

/// What stands in a line where the card is powered up.
const POWER_UP: &str = "/";

/// Commands in hexadecimal, the PIN's digits back in place of their mask.
fn line(commands: &[Entry], power_ups: &[usize], pin: &str) -> String {
    let mut words = Vec::new();
    for (at, entry) in commands.iter().enumerate() {
        if power_ups.contains(&at) {
            words.push(POWER_UP.to_owned());
        }
        let mut digits = pin.bytes();
        let bytes = entry.command.iter().flat_map(|command| command.split(' '));
        let bytes = bytes.map(|byte| match byte {
            "**" => digits.next().map(|digit| format!("{digit:02X}")),
            byte => Some(byte.to_owned()),
        });
        words.push(bytes.flatten().collect());
    }
    words.join(" ")
}

/// The other process's whole life.
pub(crate) fn serve() -> anyhow::Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let parts: Vec<Vec<Vec<u8>>> = words
            .split(|word| *word == POWER_UP)
            .map(|part| part.iter().map(hex::decode).collect::<Result<_, _>>())
            .collect::<Result<_, _>>()?;
        let begun = Instant::now();
        exchange(&parts)?;
        let mut out = io::stdout().lock();
        writeln!(out, "{}", begun.elapsed().as_nanos())?;
        out.flush()?;
    }
    Ok(())
}

fn exchange(parts: &[Vec<Vec<u8>>]) -> anyhow::Result<()> {
    let context = Context::establish(Scope::User)?;
    let mut buffer = [0; pcsc::MAX_BUFFER_SIZE];
    for commands in parts {
        let card = connect(&context)?;
        for command in commands {
            card.transmit(command, &mut buffer)?;
        }
        card.disconnect(Disposition::UnpowerCard)
            .map_err(|(_, error)| error)?;
    }
    Ok(())
}

fn connect(context: &Context) -> anyhow::Result<Card> {
    let readers = context.list_readers_owned()?;
    let mut cards = readers
        .iter()
        .map(|reader| -> &CStr { reader })
        .filter_map(|reader| {
            context
                .connect(reader, ShareMode::Exclusive, Protocols::ANY)
                .ok()
        });
    cards.next().context("no card")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jpki_lab::card::Event;

    fn entry(command: &str) -> Entry {
        Entry {
            t: 0,
            event: Event::Apdu,
            command: Some(command.to_owned()),
            name: None,
            sw: None,
            pin_try: None,
            fault: None,
        }
    }

    #[test]
    fn masked_pins_are_put_back() {
        let commands = [entry("00 20 00 98"), entry("00 20 00 98 04 ** ** ** **")];
        assert_eq!(line(&commands, &[], "1234"), "00200098 002000980431323334");
        assert_eq!(
            line(&commands, &[1], "1234"),
            "00200098 / 002000980431323334"
        );
    }
}
