//! A virtual My Number card, as a state machine: commands in, answers out.
//!
//! It answers the commands of the JPKI application as the real card does, as far as that is
//! publicly known: certificates in padded files, reads of at most 256 bytes, short file
//! identifiers, PINs with counters, signatures, and the status words for everything else. What was
//! measured on real cards and what is assumed is said where it is decided, in `chip.rs`.
//!
//! [`crate::vpcd`] puts one into the real pcscd.

mod apdu;
mod chip;
mod fault;
mod file;
mod log;
mod memory;
mod personalisation;
mod pin;
mod status;
#[cfg(test)]
mod tests;
mod virtual_card;

pub use fault::{Fault, FaultKind, Moment, NotAFault};
pub use log::{Entry, Event, Log};
pub use memory::{FileMemory, Memory, ProcessMemory};
pub use personalisation::{KeyPair, Personalisation, PersonalisationError, Token};
pub use pin::{PinId, PinMemory, PinRecord};
pub use virtual_card::{CONTACT_ATR, NoAnswer, VirtualCard};
