//! Another implementation of the host's side, the crate `ctaphid`, over a pipe without any delay.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::VecDeque;

use ctaphid::error::{CommandError, Error, RequestError, ResponseError};
use ctaphid::types::Command;

use super::*;

/// Our device, with an authenticator behind it that keeps the host waiting and then answers `0x00 ‖ request`.
struct Pipe {
    device: RefCell<Ctaphid>,
    waiting: RefCell<VecDeque<Report>>,
}

#[derive(Debug)]
struct Info;

impl ctaphid::HidDeviceInfo for Info {
    fn vendor_id(&self) -> u16 {
        0
    }

    fn product_id(&self) -> u16 {
        0
    }

    fn path(&self) -> Cow<'_, str> {
        "pipe".into()
    }
}

impl ctaphid::HidDevice for Pipe {
    type Info = Info;

    fn send(&self, data: &[u8]) -> Result<(), RequestError> {
        // hidapi's convention: the number of the report comes first, which is 0 where reports have none.
        let [0, report @ ..] = data else {
            panic!("a numbered report")
        };
        let mut device = self.device.borrow_mut();
        let mut waiting = self.waiting.borrow_mut();
        let mut say = |message: Message| waiting.extend(message.reports());
        for action in device.receive(report.try_into().unwrap(), Duration::ZERO) {
            match action {
                Action::Send(message) => say(message),
                Action::Begin(request) => {
                    for tenth in 1..=3 {
                        say(device.tick(KEEPALIVE_EVERY * tenth).unwrap());
                    }
                    let answer = [&[0], request.message.as_slice()].concat();
                    say(device.answer(request.id, answer).unwrap());
                }
                Action::Cancel(_) | Action::Abandon(_) => panic!("{action:?}"),
            }
        }
        Ok(())
    }

    fn receive<'a>(
        &self,
        buffer: &'a mut [u8],
        _: Option<Duration>,
    ) -> Result<&'a [u8], ResponseError> {
        let report = self.waiting.borrow_mut().pop_front();
        let report = report.ok_or(ResponseError::Timeout)?;
        buffer[..64].copy_from_slice(&report);
        Ok(&buffer[..64])
    }
}

fn connect() -> ctaphid::Device<Pipe> {
    let pipe = Pipe {
        device: RefCell::new(Ctaphid::new()),
        waiting: RefCell::new(VecDeque::new()),
    };
    ctaphid::Device::new(pipe, Info).unwrap()
}

#[test]
fn another_hosts_library_understands_who_we_are() {
    let device = connect();
    assert_eq!(device.protocol_version(), 2);
    let capabilities = device.capabilities();
    assert!(capabilities.has_cbor() && !capabilities.has_wink() && !capabilities.has_msg());
}

#[test]
fn another_hosts_library_pings_and_asks() {
    let device = connect();
    for length in [0, 1, 57, 58, 116, 117, 1024, 7609] {
        let data: Vec<u8> = (0..length).map(|at| (at % 253) as u8).collect();
        device.ping(&data).unwrap();
        // Command byte and status are added.
        let data = &data[..length.min(7607)];
        let expected = [&[0x04], data].concat();
        assert_eq!(device.ctap2(0x04, data).unwrap(), expected, "{length}");
    }
}

#[test]
fn another_hosts_library_hears_that_locks_are_unknown() {
    let device = connect();
    let error = device.lock(Duration::from_secs(1)).unwrap_err();
    assert!(format!("{error:?}").contains("InvalidCommand"), "{error:?}");
    let error = device.wink().unwrap_err();
    assert!(matches!(
        error,
        Error::CommandError(CommandError::NotSupported(Command::Wink))
    ));
}
