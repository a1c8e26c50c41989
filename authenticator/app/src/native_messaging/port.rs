//! One connection to the extension: what comes in, in one queue with what else can happen, and what goes out.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::thread;
use std::time::Instant;

use authenticator_core::CardError;
use eid_card::{Insertion, Look, ReaderError};
use serde::Serialize;

use super::framing::{FrameError, read_message, write_message};
use super::incoming::{Incoming, Unreadable};
use super::outgoing::{FatalCode, Outgoing};
use crate::prompt::conversation::CardRead;
use crate::prompt::pinentry::Answer;

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// The extension sent a message.
    Message(Incoming),
    /// The extension sent something else.
    Unreadable(Unreadable),
    /// The extension closed the port, or the stream failed.
    Closed,
    /// The system asks this process to end.
    Terminated,
    /// What is in the readers, now and whenever it changes.
    Readers(Result<Look, ReaderError>),
    /// What came of reading a card, in this stay.
    CardRead(Insertion, Result<CardRead, CardError>),
    /// The window with this number, in which the system asked, was answered.
    Window(u32, Answer),
}

/// Why a connection ends before its ceremony did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The other side is gone: nothing can be said any more.
    Closed,
    /// The other side broke the protocol.
    Fatal(FatalCode),
}

/// The program's end of a connection.
pub(crate) struct Port {
    output: Box<dyn Write>,
    events: Receiver<Event>,
    /// Events that are yet to be taken in, before those of `events`.
    put_off: VecDeque<Event>,
    sender: Sender<Event>,
}

impl Port {
    /// A port over the streams. A thread of its own reads the messages.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub(crate) fn new(
        input: impl Read + Send + 'static,
        output: impl Write + 'static,
    ) -> io::Result<Self> {
        let (sender, events) = mpsc::channel();
        let messages = sender.clone();
        thread::Builder::new()
            .name("messages".into())
            .spawn(move || read_messages(input, &messages))?;
        Ok(Self {
            output: Box::new(output),
            events,
            put_off: VecDeque::new(),
            sender,
        })
    }

    /// Where other threads report what happens.
    pub(crate) fn sender(&self) -> Sender<Event> {
        self.sender.clone()
    }

    /// Waits for the next event that the readers have no part in. What they report meanwhile is not lost: it comes next.
    pub(crate) fn wait_past_readers(&mut self) -> Event {
        loop {
            match self.events.recv().unwrap_or(Event::Closed) {
                report @ Event::Readers(_) => self.put_off.push_back(report),
                event => return event,
            }
        }
    }

    /// Drops what the readers have reported, and with it the connections by which cards were found. What else has come stays.
    pub(crate) fn drop_looks(&mut self) {
        self.put_off.extend(self.events.try_iter());
        self.put_off
            .retain(|event| !matches!(event, Event::Readers(_)));
    }

    /// Waits for the next event, without a deadline for ever; `None` when the deadline passed.
    pub(crate) fn wait(&mut self, deadline: Option<Instant>) -> Option<Event> {
        if let Some(event) = self.put_off.pop_front() {
            return Some(event);
        }
        let Some(deadline) = deadline else {
            return Some(self.events.recv().unwrap_or(Event::Closed));
        };
        match self
            .events
            .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Event::Closed),
        }
    }

    /// An event that has happened already.
    pub(crate) fn poll(&mut self) -> Option<Event> {
        if let Some(event) = self.put_off.pop_front() {
            return Some(event);
        }
        match self.events.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Event::Closed),
        }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// If it is too long ([`io::ErrorKind::InvalidInput`]), or the extension is gone.
    pub(crate) fn send(&mut self, message: &Outgoing<'_>) -> io::Result<()> {
        write_message(&mut self.output, &to_json(message)?)
    }
}

fn to_json(message: &impl Serialize) -> io::Result<Vec<u8>> {
    serde_json::to_vec(message).map_err(|_| io::ErrorKind::InvalidData.into())
}

fn read_messages(mut input: impl Read, events: &Sender<Event>) {
    loop {
        let event = match read_message(&mut input) {
            Ok(Some(message)) => match Incoming::parse(&message) {
                Ok(message) => Event::Message(message),
                Err(unreadable) => Event::Unreadable(unreadable),
            },
            Err(FrameError::TooLong(_)) => Event::Unreadable(Unreadable::BadMessage),
            Ok(None) | Err(FrameError::Truncated | FrameError::Io(_)) => Event::Closed,
        };
        // After these, what follows in the stream means nothing.
        let last = matches!(event, Event::Closed | Event::Unreadable(_));
        if events.send(event).is_err() || last {
            return;
        }
    }
}
