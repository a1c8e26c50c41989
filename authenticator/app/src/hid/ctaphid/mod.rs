//! The device's side of CTAPHID (CTAP 2.3 §11.2): reports in, actions out. It has no I/O and no clock of its own.
//!
//! One message at a time: it is received, answered, and only then comes the next; who comes meanwhile is told that the channel is
//! busy. Times are durations since any fixed point, of a clock that does not jump.

mod packet;

use std::time::Duration;

use packet::{CANCEL, CBOR, ErrorCode, INIT, KEEPALIVE, PING};
pub(crate) use packet::{Channel, LONGEST, Message, Packet, REPORT_LENGTH, Report};

/// How long the next packet of a message may take. The standard names no figure; U2F's reference tests measure this one.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the host hears that a request is being worked on (CTAP 2.3 §11.2.9.1.7).
const KEEPALIVE_EVERY: Duration = Duration::from_millis(100);

/// The version of CTAPHID.
const PROTOCOL_VERSION: u8 = 2;

// Capabilities (CTAP 2.3 §11.2.9.1.3).
const CAPABILITY_CBOR: u8 = 0x04;
/// CTAPHID_MSG is not there: no U2F, since the user is always verified.
const CAPABILITY_NMSG: u8 = 0x08;

/// What INIT answers about this device: protocol, version of the device (major, minor, build), capabilities. No wink and no lock.
const ABOUT: [u8; 5] = [PROTOCOL_VERSION, 0, 1, 0, CAPABILITY_CBOR | CAPABILITY_NMSG];

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Send this to the host.
    Send(Message),
    /// Have the authenticator answer this request.
    Begin(Request),
    /// End this request early, whose answer is still wanted.
    Cancel(RequestId),
    /// End this request early; nobody waits for its answer any more.
    Abandon(RequestId),
}

/// Tells requests apart, so that an abandoned one's answer goes nowhere. Later ones are greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RequestId(u64);

/// A request to the authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Which.
    pub(crate) id: RequestId,
    /// On which channel it came.
    pub(crate) channel: Channel,
    /// Command byte ‖ parameters; at least one byte.
    pub(crate) message: Vec<u8>,
}

/// What the authenticator waits for, as the host is told with every keepalive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Status {
    /// For nothing: it works.
    #[default]
    Processing = 1,
    /// For the person.
    UserPresenceNeeded = 2,
}

/// The device's channels and its one message.
#[derive(Debug)]
pub(crate) struct Ctaphid {
    /// The channel allocated last.
    last: u32,
    /// The highest channel ever allocated: all up to it are live. A channel costs nothing, so none is ever taken away.
    highest: u32,
    requests: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle,
    /// Part of a message has come.
    Receiving {
        message: Partial,
        until: Duration,
    },
    /// The authenticator works on a request.
    Working {
        request: RequestId,
        channel: Channel,
        status: Status,
        cancelled: bool,
        keepalive_at: Duration,
    },
}

/// A message of which more is to come.
#[derive(Debug)]
struct Partial {
    channel: Channel,
    command: u8,
    length: usize,
    payload: Vec<u8>,
    sequence: u8,
}

impl Partial {
    /// Takes in the payload of a packet, as far as it belongs to the message. Whether it is complete.
    fn add(&mut self, payload: &[u8]) -> bool {
        let missing = self.length.saturating_sub(self.payload.len());
        self.payload.extend(payload.iter().take(missing));
        self.payload.len() == self.length
    }
}

impl Ctaphid {
    /// A device that was just plugged in.
    pub(crate) fn new() -> Ctaphid {
        Ctaphid {
            last: 0,
            highest: 0,
            requests: 0,
            state: State::Idle,
        }
    }

    /// Takes in a report.
    pub(crate) fn receive(&mut self, report: &Report, now: Duration) -> Vec<Action> {
        match Packet::parse(report) {
            Packet::Initialization {
                channel,
                command: INIT,
                length,
                payload,
            } => self.initialize(channel, length, payload),
            // There is never an answer to a cancellation itself (CTAP 2.3 §11.2.9.1.5).
            Packet::Initialization {
                channel,
                command: CANCEL,
                ..
            } => self.cancel(channel).into_iter().collect(),
            Packet::Initialization {
                channel,
                command,
                length,
                payload,
            } => self
                .begin(channel, command, length, payload, now)
                .unwrap_or_else(|code| Some(Action::Send(Message::error(channel, code))))
                .into_iter()
                .collect(),
            Packet::Continuation {
                channel,
                sequence,
                payload,
            } => self
                .go_on(channel, sequence, payload, now)
                .into_iter()
                .collect(),
        }
    }

    /// Takes in the authenticator's answer to a request.
    pub(crate) fn answer(&mut self, request: RequestId, answer: Vec<u8>) -> Option<Message> {
        match self.state {
            State::Working {
                request: working,
                channel,
                ..
            } if working == request => {
                self.state = State::Idle;
                Some(if answer.len() <= LONGEST {
                    Message {
                        channel,
                        command: CBOR,
                        payload: answer,
                    }
                } else {
                    Message::error(channel, ErrorCode::Other)
                })
            }
            _ => None,
        }
    }

    /// Takes in what the authenticator waits for while it works on a request; the host hears of a change at once.
    pub(crate) fn set_status(
        &mut self,
        request: RequestId,
        status: Status,
        now: Duration,
    ) -> Option<Message> {
        match &mut self.state {
            State::Working {
                request: working,
                status: said,
                ..
            } if *working == request && *said != status => {
                *said = status;
                self.keep_alive(now)
            }
            _ => None,
        }
    }

    /// Whether the authenticator works on a request.
    pub(crate) fn is_working(&self) -> bool {
        matches!(self.state, State::Working { .. })
    }

    /// When [`Ctaphid::tick`] has something to do.
    pub(crate) fn wakes_at(&self) -> Option<Duration> {
        match &self.state {
            State::Idle => None,
            State::Receiving { until, .. } => Some(*until),
            State::Working { keepalive_at, .. } => Some(*keepalive_at),
        }
    }

    /// Does what is due. A packet that has come in by now is to be taken in before.
    pub(crate) fn tick(&mut self, now: Duration) -> Option<Message> {
        match &self.state {
            State::Receiving { message, until } if *until <= now => {
                let channel = message.channel;
                self.state = State::Idle;
                Some(Message::error(channel, ErrorCode::MessageTimeout))
            }
            State::Working { keepalive_at, .. } if *keepalive_at <= now => self.keep_alive(now),
            _ => None,
        }
    }

    fn keep_alive(&mut self, now: Duration) -> Option<Message> {
        match &mut self.state {
            State::Working {
                channel,
                status,
                keepalive_at,
                ..
            } => {
                *keepalive_at = now + KEEPALIVE_EVERY;
                Some(Message {
                    channel: *channel,
                    command: KEEPALIVE,
                    payload: vec![*status as u8],
                })
            }
            _ => None,
        }
    }

    /// CTAPHID_INIT: a channel is allocated, or a live one starts over. It is answered whatever else is going on.
    fn initialize(&mut self, channel: Channel, length: usize, payload: &[u8]) -> Vec<Action> {
        let refuse = |code| vec![Action::Send(Message::error(channel, code))];
        if channel != Channel::BROADCAST && !self.is_live(channel) {
            return refuse(ErrorCode::InvalidChannel);
        }
        let Some((nonce, 8)) = payload.first_chunk::<8>().map(|nonce| (nonce, length)) else {
            return refuse(ErrorCode::InvalidLength);
        };
        let (ended, allocated) = if channel == Channel::BROADCAST {
            (None, self.allocate())
        } else {
            (self.start_over(channel), channel)
        };
        let answer = Message {
            channel,
            command: INIT,
            payload: [&nonce[..], &allocated.0.to_be_bytes(), &ABOUT].concat(),
        };
        ended.into_iter().chain([Action::Send(answer)]).collect()
    }

    fn is_live(&self, channel: Channel) -> bool {
        (1..=self.highest).contains(&channel.0)
    }

    /// Channels are numbered as they come. After four billion the first is handed out again.
    fn allocate(&mut self) -> Channel {
        self.last = match self.last.saturating_add(1) {
            number if number < Channel::BROADCAST.0 => number,
            _ => 1,
        };
        self.highest = self.highest.max(self.last);
        Channel(self.last)
    }

    /// Ends whatever is going on on this channel.
    fn start_over(&mut self, channel: Channel) -> Option<Action> {
        match &self.state {
            State::Receiving { message, .. } if message.channel == channel => {
                self.state = State::Idle;
                None
            }
            State::Working {
                request,
                channel: working,
                ..
            } if *working == channel => {
                let request = *request;
                self.state = State::Idle;
                Some(Action::Abandon(request))
            }
            _ => None,
        }
    }

    /// CTAPHID_CANCEL: nothing unless a request of this channel is being worked on.
    fn cancel(&mut self, channel: Channel) -> Option<Action> {
        match &mut self.state {
            State::Working {
                request,
                channel: working,
                cancelled,
                ..
            } if *working == channel && !*cancelled => {
                *cancelled = true;
                Some(Action::Cancel(*request))
            }
            _ => None,
        }
    }

    /// The first packet of a message.
    fn begin(
        &mut self,
        channel: Channel,
        command: u8,
        length: usize,
        payload: &[u8],
        now: Duration,
    ) -> Result<Option<Action>, ErrorCode> {
        if !self.is_live(channel) {
            return Err(ErrorCode::InvalidChannel);
        }
        match &self.state {
            State::Idle => {}
            // Where the next packet of a message was due, another message begins.
            State::Receiving { message, .. } if message.channel == channel => {
                self.state = State::Idle;
                return Err(ErrorCode::InvalidSequence);
            }
            State::Receiving { .. } | State::Working { .. } => return Err(ErrorCode::ChannelBusy),
        }
        match command {
            PING => {}
            CBOR if length > 0 => {}
            CBOR => return Err(ErrorCode::InvalidLength),
            _ => return Err(ErrorCode::InvalidCommand),
        }
        if length > LONGEST {
            return Err(ErrorCode::InvalidLength);
        }
        let mut message = Partial {
            channel,
            command,
            length,
            payload: Vec::with_capacity(length),
            sequence: 0,
        };
        if message.add(payload) {
            Ok(Some(self.complete(message, now)))
        } else {
            self.state = State::Receiving {
                message,
                until: now + PATIENCE,
            };
            Ok(None)
        }
    }

    /// A further packet. One that belongs to nothing is dropped.
    fn go_on(
        &mut self,
        channel: Channel,
        sequence: u8,
        payload: &[u8],
        now: Duration,
    ) -> Option<Action> {
        let State::Receiving { message, until } = &mut self.state else {
            return None;
        };
        if message.channel != channel {
            return None;
        }
        if message.sequence != sequence {
            self.state = State::Idle;
            return Some(Action::Send(Message::error(
                channel,
                ErrorCode::InvalidSequence,
            )));
        }
        message.sequence += 1;
        if !message.add(payload) {
            *until = now + PATIENCE;
            return None;
        }
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Receiving { message, .. } => Some(self.complete(message, now)),
            State::Idle | State::Working { .. } => None,
        }
    }

    /// A whole message.
    fn complete(&mut self, message: Partial, now: Duration) -> Action {
        let Partial {
            channel,
            command,
            payload,
            ..
        } = message;
        if command == PING {
            self.state = State::Idle;
            return Action::Send(Message {
                channel,
                command,
                payload,
            });
        }
        self.requests += 1;
        let id = RequestId(self.requests);
        self.state = State::Working {
            request: id,
            channel,
            status: Status::default(),
            cancelled: false,
            keepalive_at: now + KEEPALIVE_EVERY,
        };
        Action::Begin(Request {
            id,
            channel,
            message: payload,
        })
    }
}

#[cfg(test)]
mod judge;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
