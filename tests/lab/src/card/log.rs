//! What a card was asked, without PINs.

use serde::{Deserialize, Serialize};
use std::{
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
    time::Instant,
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The card was put into the reader.
    Insert,
    /// The card was taken out of the reader, or vanished.
    Remove,
    /// The reader powered the card up.
    PowerOn,
    /// The reader powered the card down.
    PowerOff,
    /// The reader reset the card without powering it down.
    Reset,
    /// A command.
    Apdu,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Milliseconds since the card program started.
    pub t: u64,
    /// What happened.
    pub event: Event,
    /// The command in hexadecimal, PINs masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The command's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The status word, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sw: Option<String>,
    /// For a command: whether a PIN was presented to the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_try: Option<bool>,
    /// The requested fault that took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

#[derive(Debug)]
enum Sink {
    Memory(Vec<Entry>),
    File(File),
}

/// Where a card's log goes.
#[derive(Debug)]
pub struct Log {
    begun: Instant,
    sink: Sink,
}

impl Default for Log {
    fn default() -> Self {
        Log {
            begun: Instant::now(),
            sink: Sink::Memory(Vec::new()),
        }
    }
}

impl Log {
    /// Appends to a file, one JSON object a line, each written out before the card answers.
    pub fn to_file(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Log {
            begun: Instant::now(),
            sink: Sink::File(file),
        })
    }

    /// What was logged, if it was kept in memory.
    pub fn entries(&self) -> &[Entry] {
        match &self.sink {
            Sink::Memory(entries) => entries,
            Sink::File(_) => &[],
        }
    }

    pub(super) fn event(&mut self, event: Event) {
        self.write(Entry::of(event));
    }

    pub(super) fn write(&mut self, mut entry: Entry) {
        entry.t = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match &mut self.sink {
            Sink::Memory(entries) => entries.push(entry),
            Sink::File(file) => {
                let line = serde_json::to_string(&entry).map(|json| json + "\n");
                let written = line
                    .map_err(io::Error::from)
                    .and_then(|l| file.write_all(l.as_bytes()));
                if let Err(error) = written {
                    eprintln!("jpki-lab: the log could not be written: {error}");
                }
            }
        }
    }
}

impl Entry {
    pub(super) fn of(event: Event) -> Self {
        Entry {
            t: 0,
            event,
            command: None,
            name: None,
            sw: None,
            pin_try: None,
            fault: None,
        }
    }
}
