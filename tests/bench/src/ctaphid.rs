//! A host's side of CTAPHID over UDP, and the bare thing beside it: a process that answers the same packets and does nothing else.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, UdpSocket};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::desk::{Desk, Running};

pub(crate) const PING: u8 = 0x01;
pub(crate) const INIT: u8 = 0x06;
pub(crate) const CBOR: u8 = 0x10;
const KEEPALIVE: u8 = 0x3B;

const BROADCAST: u32 = 0xFFFF_FFFF;
const LOCALHOST: &str = "127.0.0.1:0";
const REPORT: usize = 64;

/// Ample: nothing waits this long unless it is broken.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// An answer, and when it came.
pub(crate) struct Answer {
    pub(crate) message: Vec<u8>,
    /// From the last packet of the request to the first of the answer.
    pub(crate) after: Duration,
    /// The keepalives before it: when each came, counted as `after`, and what it said.
    pub(crate) keepalives: Vec<(Duration, u8)>,
}

/// A host with a channel.
pub(crate) struct Host {
    socket: UdpSocket,
    channel: u32,
}

impl Host {
    /// Waits until there is a device at the address, and gets a channel.
    pub(crate) fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let mut host = Self::without_channel(address)?;
        let begun = Instant::now();
        loop {
            host.socket.set_read_timeout(Some(LOOK_EVERY))?;
            if let Ok(answer) = host.ask(INIT, b"a client") {
                let channel = answer.message.get(8..).and_then(|rest| rest.first_chunk());
                host.channel = u32::from_be_bytes(*channel.context("no channel")?);
                host.socket.set_read_timeout(Some(PATIENCE))?;
                return Ok(host);
            }
            ensure!(begun.elapsed() < PATIENCE, "no device at {address}");
        }
    }

    fn without_channel(address: SocketAddr) -> anyhow::Result<Self> {
        let socket = UdpSocket::bind(LOCALHOST)?;
        socket.connect(address)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            socket,
            channel: BROADCAST,
        })
    }

    /// Sends a message and waits for the answer to it.
    pub(crate) fn ask(&self, command: u8, message: &[u8]) -> anyhow::Result<Answer> {
        let reports = reports(self.channel, command, message)?;
        let (last, before) = reports.split_last().context("no packet")?;
        for report in before {
            self.socket.send(report)?;
        }
        let begun = Instant::now();
        self.socket.send(last)?;
        let mut keepalives = Vec::new();
        loop {
            let first = self.report()?;
            let after = begun.elapsed();
            match message_of(&first)? {
                (KEEPALIVE, _, status) => {
                    keepalives.push((after, status.first().copied().unwrap_or_default()));
                }
                (answered, length, begin) if answered == command => {
                    return Ok(Answer {
                        message: self.rest(length, begin)?,
                        after,
                        keepalives,
                    });
                }
                (other, _, payload) => bail!("command {other:#x} with {payload:?}"),
            }
        }
    }

    /// The whole message that began so.
    fn rest(&self, length: usize, begin: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut message = begin.to_vec();
        while message.len() < length {
            message.extend(self.report()?.iter().skip(5));
        }
        message.truncate(length);
        Ok(message)
    }

    fn report(&self) -> anyhow::Result<[u8; REPORT]> {
        let mut report = [0; REPORT];
        let length = self.socket.recv(&mut report).context("no answer")?;
        ensure!(length == REPORT, "a report of {length} bytes");
        Ok(report)
    }
}

/// A message in packets.
fn reports(channel: u32, command: u8, message: &[u8]) -> anyhow::Result<Vec<[u8; REPORT]>> {
    let channel = channel.to_be_bytes();
    let length = u16::try_from(message.len())?.to_be_bytes();
    let (begin, rest) = message.split_at(message.len().min(REPORT - 7));
    let first = [&channel[..], &[0x80 | command], &length, begin].concat();
    let rest = rest.chunks(REPORT - 5).zip(0_u8..);
    let rest = rest.map(|(part, sequence)| [&channel[..], &[sequence], part].concat());
    let padded = |bytes: Vec<u8>| {
        let mut report = [0; REPORT];
        for (to, from) in report.iter_mut().zip(bytes) {
            *to = from;
        }
        report
    };
    Ok([first].into_iter().chain(rest).map(padded).collect())
}

/// Command, length and beginning of a message, from its first packet.
fn message_of(report: &[u8; REPORT]) -> anyhow::Result<(u8, usize, &[u8])> {
    let [_, _, _, _, command, high, low, payload @ ..] = report;
    ensure!(command & 0x80 != 0, "a packet that begins no message");
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    Ok((command & 0x7F, length, payload))
}

/// The other process: it answers each whole message with its first packet.
pub(crate) struct Echo {
    host: Host,
    _running: Running,
}

impl Echo {
    /// Starts it.
    pub(crate) fn start(desk: &Desk) -> anyhow::Result<Self> {
        let mut child = desk
            .command(&std::env::current_exe()?)
            .arg("echo")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let address = address_from(&mut child)?;
        Ok(Self {
            host: Host::without_channel(address)?,
            _running: Running(child),
        })
    }

    /// How long it takes to answer this message.
    pub(crate) fn answers(&self, command: u8, message: &[u8]) -> anyhow::Result<Duration> {
        let reports = reports(self.host.channel, command, message)?;
        let (last, before) = reports.split_last().context("no packet")?;
        for report in before {
            self.host.socket.send(report)?;
        }
        let begun = Instant::now();
        self.host.socket.send(last)?;
        self.host.report()?;
        Ok(begun.elapsed())
    }
}

/// The other process's whole life.
pub(crate) fn serve_echo() -> anyhow::Result<()> {
    let socket = UdpSocket::bind(LOCALHOST)?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", socket.local_addr()?)?;
    out.flush()?;
    let mut missing = 0;
    loop {
        let mut report = [0; REPORT];
        let (_, from) = socket.recv_from(&mut report)?;
        missing = match message_of(&report) {
            Ok((_, length, payload)) => length.saturating_sub(payload.len()),
            Err(_) => usize::saturating_sub(missing, REPORT - 5),
        };
        if missing == 0 {
            socket.send_to(&report, from)?;
        }
    }
}

/// The address that a process says first.
pub(crate) fn address_from(child: &mut Child) -> anyhow::Result<SocketAddr> {
    let stdout: ChildStdout = child.stdout.take().context("no standard output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    line.trim().parse().context("no address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_cut_into_packets_and_its_first_one_tells_its_length() {
        let message: Vec<u8> = (0..120).collect();
        let reports = reports(0x0102_0304, PING, &message).unwrap();
        let [first, second, third] = reports.as_slice() else {
            panic!("{} packets", reports.len());
        };
        assert_eq!(first[..8], [1, 2, 3, 4, 0x81, 0, 120, 0]);
        assert_eq!(second[..6], [1, 2, 3, 4, 0, 57]);
        assert_eq!(third[..9], [1, 2, 3, 4, 1, 116, 117, 118, 119]);
        assert!(third[9..].iter().all(|byte| *byte == 0));
        assert_eq!(message_of(first).unwrap().1, 120);
        assert!(message_of(second).is_err());
    }
}
