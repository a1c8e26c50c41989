//! The kernel's events (linux/uhid.h): packed, in the byte order of the machine.

use crate::hid::ctaphid::{REPORT_LENGTH, Report};

// Types of events. Those not named here ask for nothing.
const DESTROY: u32 = 1;
const OUTPUT: u32 = 6;
const GET_REPORT: u32 = 9;
const GET_REPORT_REPLY: u32 = 10;
const CREATE2: u32 = 11;
const INPUT2: u32 = 12;
const SET_REPORT: u32 = 13;
const SET_REPORT_REPLY: u32 = 14;

/// No event is longer.
pub(crate) const LONGEST: usize = 4 + 4_372 + 4;

/// The room for a report's data, and for a descriptor.
const DATA: usize = 4_096;

/// The type of an output report.
const OUTPUT_REPORT: u8 = 1;

/// libfido2 takes USB devices alone.
const BUS_USB: u16 = 3;
/// Assigned to nobody, so that no driver for another make takes it.
const VENDOR: u32 = 0xFFFF;
const PRODUCT: u32 = 0x4A50;

/// The device's name, for people.
const NAME: &str = "JPKI for WebAuthn (My Number Card)";
/// By this, and the owner's number as `uniq`, the udev rule knows the device. Both stay the same: random ones abort udev's
/// transaction.
pub(crate) const PHYS: &str = "jpki-authenticator";

/// A FIDO device: usage page 0xF1D0, usage 1, reports of 64 bytes in both directions (CTAP 2.3 §11.2.8.2).
const DESCRIPTOR: [u8; 34] = [
    0x06, 0xD0, 0xF1, // usage page: FIDO Alliance
    0x09, 0x01, // usage: U2F HID authenticator device
    0xA1, 0x01, // collection: application
    0x09, 0x20, // usage: input report data
    0x15, 0x00, // logical minimum: 0
    0x26, 0xFF, 0x00, // logical maximum: 255
    0x75, 0x08, // report size: 8 bits
    0x95, 0x40, // report count: 64
    0x81, 0x02, // input: data, variable, absolute
    0x09, 0x21, // usage: output report data
    0x15, 0x00, // logical minimum: 0
    0x26, 0xFF, 0x00, // logical maximum: 255
    0x75, 0x08, // report size: 8 bits
    0x95, 0x40, // report count: 64
    0x91, 0x02, // output: data, variable, absolute
    0xC0, // end of the collection
];

/// Makes the one device there is. `owner`: the user's number.
pub(crate) fn create(owner: u32) -> Vec<u8> {
    let mut event = Vec::from(CREATE2.to_ne_bytes());
    push_text(&mut event, NAME, 128);
    push_text(&mut event, PHYS, 64);
    push_text(&mut event, &owner.to_string(), 64);
    let length = u16::try_from(DESCRIPTOR.len()).unwrap_or_default();
    event.extend(length.to_ne_bytes());
    event.extend(BUS_USB.to_ne_bytes());
    for number in [VENDOR, PRODUCT, 0, 0] {
        event.extend(number.to_ne_bytes());
    }
    event.extend(DESCRIPTOR);
    event
}

/// Takes it away.
pub(crate) fn destroy() -> Vec<u8> {
    DESTROY.to_ne_bytes().into()
}

/// Sends a report to the host.
pub(crate) fn input(report: &Report) -> Vec<u8> {
    let mut event = Vec::from(INPUT2.to_ne_bytes());
    let length = u16::try_from(REPORT_LENGTH).unwrap_or_default();
    event.extend(length.to_ne_bytes());
    event.extend(report);
    event
}

/// What an event asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To hand on a report of the host's.
    Report(Report),
    /// To be answered so: there are no reports to get or set, and whoever asks waits.
    Reply(Vec<u8>),
    /// Nothing.
    Nothing,
}

/// Understands an event from the kernel.
pub(crate) fn understand(event: &[u8]) -> Asked {
    let Some((kind, body)) = event.split_first_chunk() else {
        return Asked::Nothing;
    };
    match u32::from_ne_bytes(*kind) {
        OUTPUT => output(body).map_or(Asked::Nothing, Asked::Report),
        GET_REPORT => refuse(body, GET_REPORT_REPLY),
        SET_REPORT => refuse(body, SET_REPORT_REPLY),
        _ => Asked::Nothing,
    }
}

/// One report: its number, which is 0 since reports have none here, and 64 bytes. Anything else is dropped.
fn output(body: &[u8]) -> Option<Report> {
    let (data, rest) = body.split_at_checked(DATA)?;
    let (size, rest) = rest.split_first_chunk()?;
    if usize::from(u16::from_ne_bytes(*size)) != 1 + REPORT_LENGTH
        || rest.first()? != &OUTPUT_REPORT
    {
        return None;
    }
    match data.split_first()? {
        (0, data) => data.first_chunk().copied(),
        _ => None,
    }
}

fn refuse(body: &[u8], reply: u32) -> Asked {
    const EIO: u16 = 5;
    let Some(id) = body.first_chunk::<4>() else {
        return Asked::Nothing;
    };
    let mut event = Vec::from(reply.to_ne_bytes());
    event.extend(id);
    event.extend(EIO.to_ne_bytes());
    Asked::Reply(event)
}

/// A text in a field of so many bytes, the last of which is 0.
fn push_text(event: &mut Vec<u8>, text: &str, room: usize) {
    let zeros = std::iter::repeat(0);
    event.extend(text.bytes().take(room - 1).chain(zeros).take(room));
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// An output event as the kernel makes it.
    fn output_event(data: &[u8], size: u16, kind: u8) -> Vec<u8> {
        let mut event = Vec::from(6_u32.to_ne_bytes());
        event.extend(data);
        event.resize(4 + 4_096, 0);
        event.extend(size.to_ne_bytes());
        event.push(kind);
        event.resize(4_380, 0);
        event
    }

    #[test]
    fn the_device_is_made_as_the_kernel_expects() {
        let event = create(1000);
        // offsetof() in struct uhid_event: name, phys, uniq, rd_size, bus, vendor, product, version, country, rd_data.
        assert_eq!(event[..4], 11_u32.to_ne_bytes());
        let text = |at: usize| {
            let end = event[at..].iter().position(|byte| *byte == 0).unwrap();
            std::str::from_utf8(&event[at..at + end]).unwrap()
        };
        assert!(text(4).starts_with("JPKI"));
        assert_eq!(text(132), "jpki-authenticator");
        assert_eq!(text(196), "1000");
        assert_eq!(event[260..262], 34_u16.to_ne_bytes());
        assert_eq!(event[262..264], 3_u16.to_ne_bytes());
        assert_eq!(event.len(), 280 + 34);
        assert_eq!(event[280..283], [0x06, 0xD0, 0xF1]);
        assert!(event.len() <= LONGEST);
    }

    #[test]
    fn reports_go_in_and_out() {
        let mut data = vec![0];
        data.extend(1..=64);
        let Asked::Report(report) = understand(&output_event(&data, 65, 1)) else {
            panic!()
        };
        assert_eq!(report.to_vec(), (1..=64).collect::<Vec<u8>>());
        let event = input(&report);
        assert_eq!(
            event[..6],
            [12_u32.to_ne_bytes().as_slice(), &64_u16.to_ne_bytes()].concat()
        );
        assert_eq!(event[6..], report);
    }

    #[test]
    fn what_is_no_report_is_dropped() {
        let data: Vec<u8> = (0..80).collect();
        for (data, size, kind) in [
            (&data[..], 64, 1),
            (&data[..], 66, 1),
            (&data[..], 0, 1),
            (&data[..], 65, 0),
            (&data[..], 65, 2),
            (&data[1..], 65, 1),
        ] {
            assert_eq!(understand(&output_event(data, size, kind)), Asked::Nothing);
        }
        for length in [0, 3, 4, 5, 4_102] {
            let event = output_event(&data, 65, 1);
            assert_eq!(understand(&event[..length]), Asked::Nothing);
        }
        for kind in [0_u32, 2, 3, 4, 5, 7, 8, 11, 12, 99] {
            assert_eq!(understand(&kind.to_ne_bytes()), Asked::Nothing);
        }
    }

    #[test]
    fn whoever_wants_to_get_or_set_reports_is_refused_at_once() {
        for (asked, answered) in [(9_u32, 10_u32), (13, 14)] {
            let mut event = Vec::from(asked.to_ne_bytes());
            event.extend([7, 0, 0, 0, 0, 1]);
            let Asked::Reply(reply) = understand(&event) else {
                panic!()
            };
            assert_eq!(reply[..4], answered.to_ne_bytes());
            assert_eq!(reply[4..8], [7, 0, 0, 0]);
            assert_eq!(reply[8..], 5_u16.to_ne_bytes());
        }
    }
}
