//! A device of the kernel's, made through `/dev/uhid` by a small program that does nothing else.
//!
//! Whoever holds that descriptor can make a keyboard as well. So it stays with the relay ([`relay`]), which begins as root, opens it,
//! gives up everything else, and carries 64-byte reports to and from the service; that one runs as the user.

mod event;
mod privileges;
pub(crate) mod relay;

pub(crate) use event::PHYS as DEVICE_PHYS;

/// How many reports a message between relay and service carries at most. The kernel's queue towards the relay has room for 32
/// events: they are read in one go, faster than a program can write them.
pub(crate) const MOST_REPORTS: usize = 32;
