//! The serial number is positive and at most 20 bytes (RFC 5280 §4.1.2.2).
//!
//! The 20 bytes are those of the INTEGER's contents: a leading zero byte counts, as in the encoding that RFC 5280 bounds.

use super::{Case, Stop};
use crate::refused::Refused;

const MAX_BYTES: usize = 20;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let serial = case.need_certificate()?.serial;
    if matches!(serial, [] | [0] | [0x80..=0xff, ..]) {
        return Err(Refused::SerialNotPositive.into());
    }
    if serial.len() > MAX_BYTES {
        return Err(Refused::SerialTooLong {
            bytes: serial.len(),
        }
        .into());
    }
    Ok(())
}
