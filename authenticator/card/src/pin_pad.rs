//! The PIN pad of a reader: PC/SC part 10, "IFDs with Secure PIN Entry Capabilities" (version 2.02.09).
//!
//! The reader takes the digits, puts them into the command that it was given, sends that to the card and answers with the card's
//! status word. No digit reaches the computer.
//!
//! Numbers of two and four bytes are little-endian as in CCID, whose structure the driver makes of this one; control codes in the
//! list of features are big-endian (§2.2).

use pcsc::{Card, Error};

use crate::error::{CardError, Operation, VerifyError};
use crate::jpki::{self, PinFailure};
use crate::pin::Pin;

/// CM_IOCTL_GET_FEATURE_REQUEST, as a function of the control code.
const GET_FEATURE_REQUEST: u16 = 3400;

/// FEATURE_VERIFY_PIN_DIRECT.
const VERIFY_PIN_DIRECT: u8 = 0x06;

/// The most features a list may have; the standard knows about twenty.
const MOST_FEATURES: usize = 64;

/// Tag, length and control code of one feature.
const FEATURE: usize = 6;

/// How long the pad waits for the PIN, in seconds (bTimerOut). Nothing can end that wait from outside.
const SECONDS: u8 = 60;

/// bmFormatString: units are bytes, the PIN stands right behind Lc, left-justified, in ASCII.
const ASCII_RIGHT_BEHIND_LC: u8 = 0x82;

/// bEntryValidationCondition: the key that confirms was pressed. Some readers know no other.
const KEY_PRESSED: u8 = 0x02;

/// wLangId: English, of which each reader with texts has some.
const ENGLISH: u16 = 0x0409;

/// What stands in for the digits. No card's PIN: sent by mistake, it could not be right.
const PLACEHOLDER: [u8; Pin::LENGTH] = [0xFF; Pin::LENGTH];

/// A reader's PIN pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PinPad {
    /// The control code for FEATURE_VERIFY_PIN_DIRECT.
    verify: u32,
}

impl PinPad {
    /// The PIN pad of the reader that a card is in, if its driver offers one.
    pub(crate) fn of(card: &Card) -> Option<PinPad> {
        // The service cuts off no answer: there is room for whatever a driver can give.
        let mut answer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        let code = pcsc::ctl_code(GET_FEATURE_REQUEST.into());
        PinPad::among(card.control(code, &[], &mut answer).ok()?)
    }

    /// The PIN pad in a list of features (§2.2). A list that is not well formed has none.
    pub(crate) fn among(features: &[u8]) -> Option<PinPad> {
        if features.len() > MOST_FEATURES * FEATURE || !features.len().is_multiple_of(FEATURE) {
            return None;
        }
        let mut found = None;
        for feature in features.chunks_exact(FEATURE) {
            let [tag, 4, code @ ..] = feature else {
                return None;
            };
            if *tag == VERIFY_PIN_DIRECT {
                let verify = u32::from_be_bytes(code.try_into().ok()?);
                if verify == 0 || found.replace(PinPad { verify }).is_some() {
                    return None;
                }
            }
        }
        found
    }

    /// Has the reader ask for the PIN and send it to the card, once. Blocks until it has, or has given up.
    pub(crate) fn verify(self, card: &Card) -> Result<(), PinFailure> {
        let mut answer = vec![0; pcsc::MAX_BUFFER_SIZE_EXTENDED];
        match card.control(self.verify.into(), &verify_structure(), &mut answer) {
            Ok(answer) => verdict(answer),
            // The driver did not take the structure, so nothing was sent.
            Err(Error::UnsupportedFeature | Error::InvalidParameter | Error::InvalidValue) => {
                Err(PinFailure::Verdict(VerifyError::PadRefused))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// PIN_VERIFY_STRUCTURE (§2.5.2) with the command that the PIN goes into.
fn verify_structure() -> Vec<u8> {
    let digits = Pin::LENGTH as u8;
    let command = [jpki::VERIFY.as_slice(), &PLACEHOLDER].concat();
    let length = command.len() as u32;
    let mut structure = vec![SECONDS, 0, ASCII_RIGHT_BEHIND_LC];
    // bmPINBlockString: no length goes into the command; the block is as long as the PIN.
    structure.push(digits);
    // bmPINLengthFormat: as said, none.
    structure.push(0x00);
    // wPINMaxExtraDigit: least, most.
    structure.extend(u16::from_be_bytes([digits, digits]).to_le_bytes());
    structure.push(KEY_PRESSED);
    // bNumberMessage and bMsgIndex: the one text that asks for a PIN.
    structure.push(1);
    structure.extend(ENGLISH.to_le_bytes());
    structure.push(0);
    // bTeoPrologue: the driver's own business.
    structure.extend([0; 3]);
    // ulDataLength
    structure.extend(length.to_le_bytes());
    structure.extend(command);
    structure
}

/// What the answer says: the pad's own words (§2.5.2), or else the card's status word.
///
/// Where a card has a word of the same value, no try was counted either: they mean that nothing changed.
pub(crate) fn verdict(answer: &[u8]) -> Result<(), PinFailure> {
    let [sw1, sw2] = *answer else {
        return Err(CardError::Garbled(Operation::VerifyPin).into());
    };
    Err(PinFailure::Verdict(match u16::from_be_bytes([sw1, sw2]) {
        0x6400 => VerifyError::PadTimedOut,
        0x6401 => VerifyError::PadCancelled,
        0x6403 => VerifyError::PadWrongLength,
        0x6B80 => VerifyError::PadRefused,
        status => return jpki::verdict(status),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pin::Tries;

    /// One feature of a list.
    fn feature(tag: u8, code: u32) -> Vec<u8> {
        [[tag, 4].as_slice(), &code.to_be_bytes()].concat()
    }

    #[test]
    fn the_structure_is_the_standards() {
        assert_eq!(
            verify_structure(),
            [
                0x3C, // bTimerOut
                0x00, // bTimerOut2
                0x82, // bmFormatString
                0x04, // bmPINBlockString
                0x00, // bmPINLengthFormat
                0x04, 0x04, // wPINMaxExtraDigit
                0x02, // bEntryValidationCondition
                0x01, // bNumberMessage
                0x09, 0x04, // wLangId
                0x00, // bMsgIndex
                0x00, 0x00, 0x00, // bTeoPrologue
                0x09, 0x00, 0x00, 0x00, // ulDataLength
                0x00, 0x20, 0x00, 0x98, 0x04, 0xFF, 0xFF, 0xFF, 0xFF, // abData
            ]
        );
    }

    #[test]
    fn the_pad_is_found_among_other_features() {
        let list = [
            feature(0x12, 0x4233_0012),
            feature(VERIFY_PIN_DIRECT, 0x4233_0006),
            // A driver of ACS lists a feature of its own with no code (acsccid).
            feature(0x80, 0),
        ]
        .concat();
        let verify = 0x4233_0006;
        assert_eq!(PinPad::among(&list), Some(PinPad { verify }));
    }

    #[test]
    fn a_list_that_is_not_well_formed_has_no_pad() {
        let pad = feature(VERIFY_PIN_DIRECT, 0x4233_0006);
        let other = feature(0x12, 0x4233_0012);
        for list in [
            vec![],
            other.clone(),
            pad[..5].to_vec(),
            [pad.clone(), vec![0]].concat(),
            [pad.clone(), vec![0x12, 3, 0, 0, 0, 0]].concat(),
            [pad.clone(), pad.clone()].concat(),
            feature(VERIFY_PIN_DIRECT, 0),
            vec![VERIFY_PIN_DIRECT, 2, 0x42, 0x33, 0, 6],
            [pad, other.repeat(MOST_FEATURES)].concat(),
        ] {
            assert_eq!(PinPad::among(&list), None, "{list:02X?}");
        }
    }

    #[test]
    fn each_answer_is_told() {
        let told = |answer: &[u8]| match verdict(answer) {
            Ok(()) => None,
            Err(PinFailure::Verdict(error)) => Some(error),
            Err(PinFailure::Other(failure)) => Some(match failure {
                jpki::Failure::Card(error) => error.into(),
                jpki::Failure::Pcsc(error) => panic!("{error}"),
            }),
        };
        let refused = |status| CardError::Refused {
            operation: Operation::VerifyPin,
            status,
        };
        for (answer, expected) in [
            ([0x64, 0x00], VerifyError::PadTimedOut),
            ([0x64, 0x01], VerifyError::PadCancelled),
            ([0x64, 0x03], VerifyError::PadWrongLength),
            ([0x6B, 0x80], VerifyError::PadRefused),
            // Two new PINs that differ: nobody asked for a new one.
            ([0x64, 0x02], refused(0x6402).into()),
            (
                [0x63, 0xC2],
                VerifyError::WrongPin {
                    left: Tries::Left(2),
                },
            ),
            (
                [0x63, 0xC0],
                VerifyError::WrongPin {
                    left: Tries::Locked,
                },
            ),
            ([0x69, 0x83], VerifyError::Locked),
            ([0x69, 0x84], VerifyError::Locked),
        ] {
            assert_eq!(told(&answer), Some(expected), "{answer:02X?}");
        }
        assert_eq!(told(&[0x90, 0x00]), None);
        for garbled in [&[][..], &[0x90], &[0x90, 0x00, 0x00], &[0; 300]] {
            let error = CardError::Garbled(Operation::VerifyPin);
            assert_eq!(told(garbled), Some(error.into()));
        }
    }
}
