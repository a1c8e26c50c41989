//! Where a card keeps its counters without power.

use super::pin::PinMemory;
use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Non-volatile memory. What [`Memory::write`] was given is there for good when it returns.
pub trait Memory: Send {
    /// Replaces what is remembered.
    fn write(&mut self, pins: &PinMemory) -> io::Result<()>;
}

/// Forgets with the process: for tests within one.
#[derive(Debug, Default)]
pub struct ProcessMemory;

impl Memory for ProcessMemory {
    fn write(&mut self, _pins: &PinMemory) -> io::Result<()> {
        Ok(())
    }
}

/// A JSON file.
#[derive(Debug)]
pub struct FileMemory {
    path: PathBuf,
}

impl FileMemory {
    /// Opens a card's memory and reads what is there; a card without a file is fresh.
    pub fn open(path: &Path) -> io::Result<(Self, PinMemory)> {
        let pins = match fs::read(path) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => PinMemory::default(),
            Err(error) => return Err(error),
        };
        Ok((
            FileMemory {
                path: path.to_owned(),
            },
            pins,
        ))
    }
}

impl Memory for FileMemory {
    /// Written aside, synchronised, renamed; then the folder is synchronised too, so that neither
    /// the end of the process nor that of the machine gives a try back.
    fn write(&mut self, pins: &PinMemory) -> io::Result<()> {
        let folder = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, pins)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|failure| failure.error)?;
        if cfg!(unix) {
            File::open(folder)?.sync_all()
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_without_a_file_is_fresh() {
        let folder = tempfile::tempdir().unwrap();
        let (_, pins) = FileMemory::open(&folder.path().join("state.json")).unwrap();
        assert_eq!(pins, PinMemory::default());
        assert_eq!((pins.authentication.tries, pins.signature.tries), (3, 5));
    }

    #[test]
    fn what_was_written_is_read_back_and_nothing_else_is_left_in_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        let (mut memory, mut pins) = FileMemory::open(&path).unwrap();
        pins.authentication.tries = 1;
        pins.signature.changed_to = Some("OTHER1".to_owned());
        memory.write(&pins).unwrap();
        assert_eq!(FileMemory::open(&path).unwrap().1, pins);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_something_else_is_an_error_not_a_fresh_card() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.json");
        fs::write(&path, "{}").unwrap();
        assert!(FileMemory::open(&path).is_err());
    }
}
