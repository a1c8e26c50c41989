//! The applet against a scripted card: what is sent, byte for byte, and what is made of the answers.

mod pin;
mod reading;
mod signing;

use super::*;

/// Answers from a list and remembers what was sent; then it is as if the card had gone.
#[derive(Default)]
struct Script {
    answers: std::collections::VecDeque<Vec<u8>>,
    sent: Vec<Vec<u8>>,
    /// Answer given for ever once the list is empty.
    forever: Option<Vec<u8>>,
}

impl Script {
    fn new(answers: &[&[u8]]) -> Script {
        Script {
            answers: answers.iter().map(|answer| answer.to_vec()).collect(),
            ..Script::default()
        }
    }

    fn forever(answer: &[u8]) -> Script {
        Script {
            forever: Some(answer.to_vec()),
            ..Script::default()
        }
    }
}

impl Wire for &mut Script {
    fn exchange(
        &mut self,
        command: &[u8],
        answer: &mut [u8; LONGEST_ANSWER],
    ) -> Result<usize, pcsc::Error> {
        self.sent.push(command.to_vec());
        let next = self
            .answers
            .pop_front()
            .or(self.forever.clone())
            .ok_or(pcsc::Error::RemovedCard)?;
        let room = answer
            .get_mut(..next.len())
            .ok_or(pcsc::Error::InsufficientBuffer)?;
        room.copy_from_slice(&next);
        Ok(next.len())
    }
}

const SELECT: [u8; 15] = [
    0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01,
];
const TRIES: [u8; 4] = [0x00, 0x20, 0x00, 0x98];
const VERIFY_1234: [u8; 9] = [0x00, 0x20, 0x00, 0x98, 0x04, b'1', b'2', b'3', b'4'];

fn pin() -> Pin {
    Pin::parse("1234").unwrap()
}

fn card_error<T: std::fmt::Debug>(result: Result<T, Failure>) -> CardError {
    match result.unwrap_err() {
        Failure::Card(error) => error,
        Failure::Pcsc(error) => panic!("the link failed: {error}"),
    }
}

fn verdict(result: Result<(), PinFailure>) -> VerifyError {
    match result.unwrap_err() {
        PinFailure::Verdict(error) => error,
        PinFailure::Other(Failure::Card(error)) => error.into(),
        PinFailure::Other(Failure::Pcsc(error)) => panic!("the link failed: {error}"),
    }
}
