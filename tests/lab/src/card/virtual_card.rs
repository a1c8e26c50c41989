//! A card in a reader: presence, power, faults and the log around the chip.

use super::{
    apdu::{self, Command},
    chip::Chip,
    fault::{Fault, FaultKind, Faults, Moment},
    log::{Entry, Event, Log},
    memory::{Memory, ProcessMemory},
    personalisation::Personalisation,
    pin::{PinId, PinMemory},
};
use std::io;
use thiserror::Error;

/// The answer to reset of the contact interface, as real cards give it (T=1; the one that OpenSC
/// knows). Nobody should tell a card by it: contactless readers make up their own.
pub const CONTACT_ATR: [u8; 9] = [0x3B, 0xE0, 0x00, 0xFF, 0x81, 0x31, 0xFE, 0x45, 0x14];

/// Noise in the place of an answer to reset, from a card that lies badly. It is longer than any (ISO/IEC 7816-3 §8.1: 32 bytes after
/// `TS`), so pcscd gives the card up as mute.
const NOISE: [u8; 64] = [0; 64];

/// Why a card did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoAnswer {
    /// There is no card in the reader, or it vanished just now.
    #[error("the card is not in the reader")]
    Absent,
    /// The card has no power.
    #[error("the card has no power")]
    Unpowered,
}

/// A virtual card. It starts in the reader and without power.
pub struct VirtualCard {
    chip: Chip,
    present: bool,
    powered: bool,
    faults: Faults,
    stalled: bool,
    lies_badly: bool,
    log: Log,
}

impl VirtualCard {
    /// A person's card whose counters live as long as this value.
    pub fn new(card: Personalisation) -> Self {
        Self::with_memory(card, PinMemory::default(), Box::new(ProcessMemory))
    }

    /// A person's card that remembers its counters elsewhere; see [`super::FileMemory::open`].
    pub fn with_memory(card: Personalisation, pins: PinMemory, memory: Box<dyn Memory>) -> Self {
        Self::around(Chip::new(Some(card), pins, memory))
    }

    /// A card of another kind: it has no JPKI application.
    pub fn foreign() -> Self {
        Self::around(Chip::new(
            None,
            PinMemory::default(),
            Box::new(ProcessMemory),
        ))
    }

    fn around(chip: Chip) -> Self {
        VirtualCard {
            chip,
            present: true,
            powered: false,
            faults: Faults::default(),
            stalled: false,
            lies_badly: false,
            log: Log::default(),
        }
    }

    /// Sends the log elsewhere from now on.
    pub fn set_log(&mut self, log: Log) {
        self.log = log;
    }

    /// Takes this card out of the reader and puts `other` in its place: reader and log stay the
    /// same, faults are forgotten. Nothing is in the reader if nothing was.
    pub fn exchange(&mut self, mut other: VirtualCard) {
        let present = self.present;
        self.remove();
        std::mem::swap(&mut self.log, &mut other.log);
        *self = other;
        self.present = false;
        if present {
            self.insert();
        }
    }

    /// Puts the card into the reader.
    pub fn insert(&mut self) {
        if !self.present {
            self.present = true;
            self.log.event(Event::Insert);
        }
    }

    /// Takes the card out of the reader.
    pub fn remove(&mut self) {
        self.vanish(None);
    }

    /// Whether the card is in the reader.
    pub fn is_present(&self) -> bool {
        self.present
    }

    /// Whether the card has power.
    pub fn is_powered(&self) -> bool {
        self.powered
    }

    /// Lays the card down so badly that it cannot be powered up, or well. A reader that has seen it must see it leave and come back.
    pub fn lie_badly(&mut self, badly: bool) {
        self.lies_badly = badly;
    }

    /// The answer to reset.
    pub fn atr(&self) -> &[u8] {
        if self.lies_badly {
            &NOISE
        } else {
            &CONTACT_ATR
        }
    }

    /// Powers the card up.
    pub fn power_on(&mut self) {
        if self.present && !self.powered {
            self.powered = true;
            self.chip.power_cycle();
            self.log.event(Event::PowerOn);
        }
    }

    /// Powers the card down: everything verified is forgotten.
    pub fn power_off(&mut self) {
        if self.powered {
            self.powered = false;
            self.chip.power_cycle();
            self.log.event(Event::PowerOff);
        }
    }

    /// Resets the card without powering it down: what was verified stays so.
    pub fn reset(&mut self) {
        if self.powered {
            self.chip.reset();
            self.log.event(Event::Reset);
        }
    }

    /// Sends a command; the answer ends with the status word.
    pub fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        if !self.present {
            return Err(NoAnswer::Absent);
        }
        if !self.powered {
            return Err(NoAnswer::Unpowered);
        }
        let fault = self.faults.next();
        let mut answer = match fault {
            Some(FaultKind::Vanish(Moment::Before)) => {
                self.vanish(Some("vanished before the command"));
                return Err(NoAnswer::Absent);
            }
            Some(FaultKind::Answer(status)) => status.to_be_bytes().to_vec(),
            _ => self.chip.transmit(command),
        };
        if fault == Some(FaultKind::Corrupt)
            && let [first, .., _, _] = answer.as_mut_slice()
        {
            *first ^= 0x01;
        }
        self.stalled = fault == Some(FaultKind::Stall);
        self.log_command(command, &answer, fault);
        match fault {
            Some(FaultKind::Vanish(Moment::During)) => {
                self.vanish(Some("vanished during the command"));
                Err(NoAnswer::Absent)
            }
            Some(FaultKind::Vanish(_)) => {
                self.vanish(Some("vanished after the command"));
                Ok(answer)
            }
            _ => Ok(answer),
        }
    }

    /// Adds a fault to come.
    pub fn add_fault(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Forgets the faults to come.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Whether the card has done what it was asked and holds its answer back.
    pub fn is_stalled(&self) -> bool {
        self.stalled
    }

    /// Lets a stalled card answer.
    pub fn go_on(&mut self) {
        self.stalled = false;
    }

    /// Tries left; 0 means locked.
    pub fn tries(&self, pin: PinId) -> u8 {
        self.chip.tries(pin)
    }

    /// Sets the tries left, as no real card allows.
    pub fn set_tries(&mut self, pin: PinId, tries: u8) -> io::Result<()> {
        self.chip.set_tries(pin, tries)
    }

    /// The log.
    pub fn log(&self) -> &Log {
        &self.log
    }

    fn vanish(&mut self, fault: Option<&str>) {
        if self.present {
            self.present = false;
            self.powered = false;
            self.stalled = false;
            self.chip.power_cycle();
            let fault = fault.map(str::to_owned);
            self.log.write(Entry {
                fault,
                ..Entry::of(Event::Remove)
            });
        }
    }

    fn log_command(&mut self, command: &[u8], answer: &[u8], fault: Option<FaultKind>) {
        let status = answer.last_chunk::<2>().copied().unwrap_or_default();
        self.log.write(Entry {
            command: Some(apdu::masked(command)),
            name: Some(apdu::name(command).to_owned()),
            sw: Some(format!("{:04X}", u16::from_be_bytes(status))),
            pin_try: Some(Command::parse(command).is_some_and(|c| c.presents_pin())),
            fault: fault.map(|kind| describe(kind).to_owned()),
            ..Entry::of(Event::Apdu)
        });
    }
}

fn describe(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Vanish(Moment::Before) => "vanished before the command",
        FaultKind::Vanish(Moment::During) => "vanished before answering",
        FaultKind::Vanish(Moment::After) => "vanished after answering",
        FaultKind::Answer(_) => "answered this and did nothing",
        FaultKind::Corrupt => "answered with a wrong bit",
        FaultKind::Stall => "held its answer back",
    }
}

impl std::fmt::Debug for VirtualCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualCard")
            .field("present", &self.present)
            .field("powered", &self.powered)
            .finish_non_exhaustive()
    }
}
