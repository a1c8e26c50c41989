//! Messages, and the packets that they are cut into (CTAP 2.3 §11.2.4).

/// The bytes of a report, which carries one packet.
pub(crate) const REPORT_LENGTH: usize = 64;

/// One report, as it crosses the transport. The report has no number.
pub(crate) type Report = [u8; REPORT_LENGTH];

/// The payload of an initialization packet.
const FIRST: usize = REPORT_LENGTH - 7;
/// The payload of a continuation packet.
const FURTHER: usize = REPORT_LENGTH - 5;
/// The sequence numbers of continuation packets: 0 to 127.
const SEQUENCES: usize = 128;
/// The longest message.
pub(crate) const LONGEST: usize = FIRST + SEQUENCES * FURTHER;

/// Marks an initialization packet.
const INITIALIZATION: u8 = 0x80;

/// A channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Channel(pub(crate) u32);

impl Channel {
    /// Where channels are asked for.
    pub(crate) const BROADCAST: Channel = Channel(0xFFFF_FFFF);
}

// Commands (CTAP 2.3 §11.2.9), without the bit that marks an initialization packet.
pub(crate) const PING: u8 = 0x01;
pub(crate) const INIT: u8 = 0x06;
pub(crate) const CBOR: u8 = 0x10;
pub(crate) const CANCEL: u8 = 0x11;
pub(crate) const KEEPALIVE: u8 = 0x3B;
pub(crate) const ERROR: u8 = 0x3F;

/// Why a message got no answer of its own (CTAP 2.3 §11.2.9.1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ErrorCode {
    /// The command is none that is offered here.
    InvalidCommand = 0x01,
    /// The message is too long, or too long or too short for its command.
    InvalidLength = 0x03,
    /// The packet does not follow the one before it.
    InvalidSequence = 0x04,
    /// The rest of the message did not come in time.
    MessageTimeout = 0x05,
    /// Another message is being received or answered.
    ChannelBusy = 0x06,
    /// The channel was never allocated, or is not for this command.
    InvalidChannel = 0x0B,
    /// The authenticator's answer is longer than a message.
    Other = 0x7F,
}

/// A packet that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    /// The first of a message.
    Initialization {
        channel: Channel,
        command: u8,
        /// The length of the whole message.
        length: usize,
        /// The beginning of the message, and what the packet is filled up with.
        payload: &'a [u8],
    },
    /// A further one.
    Continuation {
        channel: Channel,
        sequence: u8,
        payload: &'a [u8],
    },
}

impl<'a> Packet<'a> {
    /// Every report is a packet.
    pub(crate) fn parse(report: &'a Report) -> Packet<'a> {
        let [a, b, c, d, kind, rest @ ..] = report;
        let channel = Channel(u32::from_be_bytes([*a, *b, *c, *d]));
        if kind & INITIALIZATION == 0 {
            return Packet::Continuation {
                channel,
                sequence: *kind,
                payload: rest,
            };
        }
        let [high, low, payload @ ..] = rest;
        Packet::Initialization {
            channel,
            command: kind & !INITIALIZATION,
            length: u16::from_be_bytes([*high, *low]).into(),
            payload,
        }
    }
}

/// A message to the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// On which channel.
    pub(crate) channel: Channel,
    /// Which command it belongs to.
    pub(crate) command: u8,
    /// At most [`LONGEST`] bytes.
    pub(crate) payload: Vec<u8>,
}

impl Message {
    /// An error.
    pub(crate) fn error(channel: Channel, code: ErrorCode) -> Message {
        Message {
            channel,
            command: ERROR,
            payload: vec![code as u8],
        }
    }

    /// Its reports, in order.
    pub(crate) fn reports(&self) -> impl Iterator<Item = Report> {
        let length = u16::try_from(self.payload.len()).unwrap_or(u16::MAX);
        let [high, low] = length.to_be_bytes();
        let (first, rest) = self
            .payload
            .split_at_checked(FIRST)
            .unwrap_or((&self.payload, &[]));
        let head = report(
            self.channel,
            &[INITIALIZATION | self.command, high, low],
            first,
        );
        let further = rest.chunks(FURTHER).zip(0..INITIALIZATION);
        let channel = self.channel;
        std::iter::once(head)
            .chain(further.map(move |(payload, sequence)| report(channel, &[sequence], payload)))
    }
}

/// Channel, head and payload, filled up with zeros.
fn report(channel: Channel, head: &[u8], payload: &[u8]) -> Report {
    let mut report = [0; REPORT_LENGTH];
    let channel = channel.0.to_be_bytes();
    let bytes = channel.iter().chain(head).chain(payload);
    for (place, byte) in report.iter_mut().zip(bytes) {
        *place = *byte;
    }
    report
}
