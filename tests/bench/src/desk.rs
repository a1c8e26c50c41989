//! A computer with a PC/SC service of its own, one reader, and a practice card in it.

use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use jpki_lab::card::{Entry, Event, Personalisation, VirtualCard};
use jpki_lab::pcscd::{PrivatePcscd, SOCKET_VARIABLE};
use jpki_lab::pki::shared;
use jpki_lab::vpcd::{Attachment, Pace};
use tempfile::TempDir;

/// Ample: nothing waits this long unless it is broken.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";

/// The computer.
pub(crate) struct Desk {
    card: Attachment,
    home: TempDir,
    home_in_memory: TempDir,
    pcscd: PrivatePcscd,
    pin: &'static str,
}

/// What was asked of the card during something.
pub(crate) struct Asked {
    /// Every command, in order.
    pub(crate) commands: Vec<Entry>,
    /// Before which of them, but the first, the card was powered up.
    pub(crate) power_ups: Vec<usize>,
    /// How long the card worked on them.
    pub(crate) in_card: Duration,
}

impl Desk {
    /// With the card of the practice person p01 in the reader.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let pki = shared()?;
        let person = pki.person("p01").context("the practice person p01")?;
        let card = Personalisation::of(pki, person).context("a card for p01")?;
        let pcscd = PrivatePcscd::start(1)?;
        let slot = pcscd.slots().first().context("no reader")?;
        let card = Attachment::new(VirtualCard::new(card), *slot, Pace::default());
        let desk = Self {
            card,
            home: TempDir::new()?,
            home_in_memory: TempDir::new_in(MEMORY)?,
            pcscd,
            pin: &person.pin,
        };
        ensure!(
            desk.card.wait_until_noticed(PATIENCE),
            "pcscd has not noticed the card"
        );
        desk.settle()?;
        Ok(desk)
    }

    /// A program on this computer, with its environment and no other.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env(SOCKET_VARIABLE, self.pcscd.socket())
            .current_dir(self.home.path());
        command
    }

    /// The card's PIN.
    pub(crate) fn pin(&self) -> &'static str {
        self.pin
    }

    /// Changes how long the card takes.
    pub(crate) fn set_pace(&self, pace: Pace) {
        self.card.set_pace(pace);
    }

    /// The process ID of the PC/SC service.
    pub(crate) fn pcscd_id(&mut self) -> anyhow::Result<u32> {
        Ok(self.pcscd.id()?)
    }

    /// The home folder.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Another one, for which nobody waits for the disk.
    pub(crate) fn home_in_memory(&self) -> &Path {
        self.home_in_memory.path()
    }

    /// Waits until the card has no power: every use begins from there.
    pub(crate) fn settle(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while self.card.with_card(|card| card.is_powered()) {
            ensure!(begun.elapsed() < PATIENCE, "the card keeps its power");
            sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// How many commands the card has been asked so far.
    pub(crate) fn commands_so_far(&self) -> usize {
        self.card
            .with_card(|card| commands(card.log().entries()).count())
    }

    /// How long the card has worked so far.
    pub(crate) fn time_in_card(&self) -> Duration {
        self.card.time_in_card()
    }

    /// Does something and tells what that asked of the card.
    pub(crate) fn during<T>(
        &self,
        action: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<(T, Asked)> {
        let so_far = || self.card.with_card(|card| card.log().entries().len());
        let (before, begun) = (so_far(), self.time_in_card());
        let done = action()?;
        let in_card = self.time_in_card().saturating_sub(begun);
        let log = self.card.with_card(|card| {
            let log = card.log().entries().iter().skip(before);
            log.cloned().collect::<Vec<Entry>>()
        });
        let mut power_ups: Vec<usize> = log
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.event == Event::PowerOn)
            .map(|(at, _)| commands(log.get(..at).unwrap_or_default()).count())
            .collect();
        let commands: Vec<Entry> = commands(&log).cloned().collect();
        power_ups.dedup();
        power_ups.retain(|at| (1..commands.len()).contains(at));
        Ok((
            done,
            Asked {
                commands,
                power_ups,
                in_card,
            },
        ))
    }
}

fn commands(log: &[Entry]) -> impl Iterator<Item = &Entry> {
    log.iter().filter(|entry| entry.event == Event::Apdu)
}

/// A process that does not outlive its handle.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
