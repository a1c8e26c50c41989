//! The TCP ports of the virtual readers' slots.

use std::net::{Ipv4Addr, TcpListener};

use super::{PcscdError, io_error};

/// Each definition of a virtual reader has this many slots, on consecutive ports.
pub(super) const SLOTS_PER_READER: u16 = 2;
pub(super) const MOST_SLOTS: usize = 16;

/// A run of free ports, near one that the system offers.
pub(super) fn free_ports(slots: usize) -> Result<u16, PcscdError> {
    let count = ports_for(slots);
    for _ in 0..100 {
        let offered = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(io_error("looking for a free port"))?
            .port();
        if are_free(offered, count) {
            return Ok(offered);
        }
    }
    Err(PcscdError::NoFreePorts)
}

pub(super) fn ports_for(slots: usize) -> u16 {
    // At most MOST_SLOTS, checked or clamped before it matters.
    let slots = u16::try_from(slots.min(MOST_SLOTS)).unwrap_or(SLOTS_PER_READER);
    slots.div_ceil(SLOTS_PER_READER) * SLOTS_PER_READER
}

pub(super) fn are_free(first: u16, count: u16) -> bool {
    let Some(end) = first.checked_add(count) else {
        return false;
    };
    first >= 1024
        && (first..end).all(|port| TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).is_ok())
}
