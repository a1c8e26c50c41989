//! The person at the PIN pad of a private pcscd's readers ([`PrivatePcscd::start_with_pin_pad`](super::PrivatePcscd)).

use super::{PcscdError, io_error};
use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

/// Its driver.
pub(super) const DRIVER: &str = include_str!("pad.c");

const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The features that its driver lists: FEATURE_VERIFY_PIN_DIRECT and, after it, FEATURE_GET_TLV_PROPERTIES.
const FEATURES: [u8; 12] = [0x06, 4, 0x42, 0x33, 0, 0x06, 0x12, 4, 0x42, 0x33, 0, 0x12];

/// A PIN pad (PC/SC part 10), and whoever presses its keys.
#[derive(Debug, Clone)]
pub struct PinPad {
    folder: PathBuf,
}

impl PinPad {
    /// Prepares the folder that the driver looks into.
    pub(super) fn prepare(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir(&folder)?;
        fs::write(folder.join("features"), FEATURES)?;
        Ok(PinPad { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Has the driver answer so when it is asked for its features; as it should again with `None`.
    pub fn list_features(&self, list: Option<&[u8]>) -> Result<(), PcscdError> {
        self.write("features", list.unwrap_or(&FEATURES))
    }

    /// The PIN_VERIFY_STRUCTURE that the pad was given, while it waits for keys.
    pub fn asks(&self) -> Option<Vec<u8>> {
        fs::read(self.folder.join("asked")).ok()
    }

    /// Waits until it is so; `None` if it is not within `patience`.
    pub fn wait_until_it_asks(&self, patience: Duration) -> Option<Vec<u8>> {
        let until = Instant::now() + patience;
        loop {
            match self.asks() {
                None if Instant::now() < until => thread::sleep(LOOK_EVERY),
                asked => return asked,
            }
        }
    }

    /// Waits until the pad does not ask any more; false if it still does after `patience`.
    pub fn wait_until_it_is_quiet(&self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        while self.asks().is_some() {
            if Instant::now() >= until {
                return false;
            }
            thread::sleep(LOOK_EVERY);
        }
        true
    }

    /// Presses these digits and the key that confirms.
    pub fn type_in(&self, digits: &str) -> Result<(), PcscdError> {
        self.press(digits.as_bytes())
    }

    /// Presses the key that cancels.
    pub fn cancel(&self) -> Result<(), PcscdError> {
        self.press(b"cancel")
    }

    /// Presses nothing until the pad gives up, which it then does at once.
    pub fn let_time_pass(&self) -> Result<(), PcscdError> {
        self.press(b"nothing")
    }

    /// Has the reader answer with these bytes, without asking the card.
    pub fn lie(&self, answer: &[u8]) -> Result<(), PcscdError> {
        self.press(&[b"answer ", answer].concat())
    }

    fn press(&self, keys: &[u8]) -> Result<(), PcscdError> {
        self.write("pressed", keys)
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), PcscdError> {
        let new = self.folder.join(format!("{name}.new"));
        fs::write(&new, content)
            .and_then(|()| fs::rename(&new, self.folder.join(name)))
            .map_err(io_error("pressing keys"))
    }
}
