//! Command APDUs: taken apart (ISO/IEC 7816-4 §5.2), named, and shown without PINs.

use std::fmt::Write as _;

pub(super) mod ins {
    pub(in crate::card) const VERIFY: u8 = 0x20;
    pub(in crate::card) const CHANGE_REFERENCE_DATA: u8 = 0x24;
    pub(in crate::card) const SIGN: u8 = 0x2A;
    pub(in crate::card) const SELECT: u8 = 0xA4;
    pub(in crate::card) const READ_BINARY: u8 = 0xB0;
}

/// Instructions whose data field can hold a PIN, on this card or any other.
const CARRY_PINS: [u8; 5] = [
    ins::VERIFY,
    0x21, // VERIFY, BER-TLV form
    ins::CHANGE_REFERENCE_DATA,
    0x2C, // RESET RETRY COUNTER
    0x32, // CHANGE KEY (JICSAP)
];

/// A command with its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Command<'a> {
    pub(super) cla: u8,
    pub(super) ins: u8,
    pub(super) p1: u8,
    pub(super) p2: u8,
    pub(super) data: &'a [u8],
    /// How many bytes are wanted back: 1 to 256 in the short form.
    pub(super) le: Option<usize>,
    /// Lc and Le in the extended form, which this card does not take.
    pub(super) extended: bool,
}

impl<'a> Command<'a> {
    /// `None` when the lengths within do not add up.
    pub(super) fn parse(apdu: &'a [u8]) -> Option<Self> {
        let (&[cla, ins, p1, p2], body) = apdu.split_first_chunk::<4>()?;
        let command = |data, le, extended| {
            Some(Command {
                cla,
                ins,
                p1,
                p2,
                data,
                le,
                extended,
            })
        };
        let short = |le: u8| if le == 0 { 256 } else { usize::from(le) };
        let wide = |high: u8, low: u8| match u16::from_be_bytes([high, low]) {
            0 => 65_536,
            n => usize::from(n),
        };
        match body {
            [] => command(&[], None, false),
            [le] => command(&[], Some(short(*le)), false),
            [0, high, low] => command(&[], Some(wide(*high, *low)), true),
            [0, high, low, rest @ ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let (data, le) = rest.split_at_checked(length)?;
                match le {
                    [] => command(data, None, true),
                    [high, low] => command(data, Some(wide(*high, *low)), true),
                    _ => None,
                }
            }
            [length, rest @ ..] => {
                let (data, le) = rest.split_at_checked(usize::from(*length))?;
                match le {
                    [] => command(data, None, false),
                    [le] => command(data, Some(short(*le)), false),
                    _ => None,
                }
            }
        }
    }

    /// Whether a PIN is presented to be compared: what may cost a try.
    pub(super) fn presents_pin(&self) -> bool {
        self.ins == ins::VERIFY && !self.data.is_empty()
    }
}

/// What the command is called.
pub(super) fn name(apdu: &[u8]) -> &'static str {
    match (apdu.get(1), apdu.len()) {
        (Some(&ins::VERIFY), 0..=5) => "GET TRIES",
        (Some(&ins::VERIFY), _) => "VERIFY",
        (Some(&ins::CHANGE_REFERENCE_DATA), _) => "CHANGE PIN",
        (Some(&ins::SIGN), _) => "SIGN",
        (Some(&ins::SELECT), _) => "SELECT",
        (Some(&ins::READ_BINARY), _) => "READ BINARY",
        (Some(0x84), _) => "GET CHALLENGE",
        (Some(0xC0), _) => "GET RESPONSE",
        (Some(0xCA), _) => "GET DATA",
        _ => "?",
    }
}

/// The command in hexadecimal, with `**` for every byte that could belong to a PIN.
pub(super) fn masked(apdu: &[u8]) -> String {
    let secret = apdu.get(1).is_some_and(|ins| CARRY_PINS.contains(ins));
    let mut out = String::with_capacity(apdu.len() * 3);
    for (position, byte) in apdu.iter().enumerate() {
        if position > 0 {
            out.push(' ');
        }
        // CLA INS P1 P2 and the first length byte are no part of the data field.
        if secret && position > 4 {
            out.push_str("**");
        } else {
            let _ = write!(out, "{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(apdu: &[u8]) -> Option<(&[u8], Option<usize>, bool)> {
        Command::parse(apdu).map(|c| (c.data, c.le, c.extended))
    }

    #[test]
    fn takes_every_form_apart() {
        assert_eq!(parse(&[0, 0xA4, 0, 0]), Some((&[][..], None, false)));
        assert_eq!(
            parse(&[0, 0xB0, 0, 0, 0]),
            Some((&[][..], Some(256), false))
        );
        assert_eq!(parse(&[0, 0xB0, 0, 0, 4]), Some((&[][..], Some(4), false)));
        assert_eq!(
            parse(&[0, 0xA4, 2, 12, 2, 0, 10]),
            Some((&[0, 10][..], None, false))
        );
        assert_eq!(
            parse(&[0x80, 0x2A, 0, 0x97, 1, 9, 0]),
            Some((&[9][..], Some(256), false))
        );
        assert_eq!(
            parse(&[0, 0xB0, 0, 0, 0, 0, 0]),
            Some((&[][..], Some(65_536), true))
        );
        assert_eq!(parse(&[0, 0xB0, 0, 0, 0, 1, 0, 7]), None);
        assert_eq!(
            parse(&[0, 0xB0, 0, 0, 0, 0, 1, 7]),
            Some((&[7][..], None, true))
        );
        assert_eq!(
            parse(&[0, 0xB0, 0, 0, 0, 0, 1, 7, 2, 0]),
            Some((&[7][..], Some(512), true))
        );
    }

    #[test]
    fn refuses_lengths_that_do_not_add_up() {
        for apdu in [
            &[][..],
            &[0, 0xA4, 0],
            &[0, 0xA4, 0, 0, 2, 1],
            &[0, 0xA4, 0, 0, 1, 1, 0, 0],
        ] {
            assert_eq!(parse(apdu), None, "{apdu:02X?}");
        }
    }

    #[test]
    fn no_command_that_carries_a_pin_shows_it() {
        assert_eq!(
            masked(b"\x00\x20\x00\x98\x041234"),
            "00 20 00 98 04 ** ** ** **"
        );
        assert_eq!(
            masked(b"\x00\x24\x01\x80\x045678"),
            "00 24 01 80 04 ** ** ** **"
        );
        assert_eq!(masked(&[0x00, 0x20, 0x00, 0x98]), "00 20 00 98");
        // Malformed, or meant for another card: still not shown.
        assert_eq!(
            masked(b"\x00\x20\x00\x80\x041234\x00"),
            "00 20 00 80 04 ** ** ** ** **"
        );
        assert_eq!(
            masked(b"\x80\x32\x00\x80\x041234"),
            "80 32 00 80 04 ** ** ** **"
        );
        assert_eq!(
            masked(&[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x18]),
            "00 A4 02 0C 02 00 18"
        );
    }
}
