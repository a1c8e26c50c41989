//! Ceremonies of one person take turns with the card: each browser, and each profile, starts a program of its own.
//!
//! A card that one of them shows cannot be held alone by another, so two prompts would keep each other from the PIN. The second
//! waits instead, as it waits for any other program, before it shows the card.

use std::fs::{File, TryLockError};
use std::path::PathBuf;

use authenticator_core::CardError;

/// Where turns are taken.
pub(crate) struct Turns(PathBuf);

/// A turn, over when this is dropped, or when the process ends.
pub(crate) struct Turn {
    _lock: Option<File>,
}

impl Turns {
    /// Turns of whoever has this folder.
    pub(crate) fn of(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Takes a turn. Where there are no locks everybody has one: the card itself goes to one program alone.
    ///
    /// # Errors
    /// [`CardError::Busy`] while another program has it.
    pub(crate) fn take(&self) -> Result<Turn, CardError> {
        let Ok(folder) = File::open(&self.0) else {
            return Ok(Turn { _lock: None });
        };
        match folder.try_lock() {
            Err(TryLockError::WouldBlock) => Err(CardError::Busy),
            Err(TryLockError::Error(_)) => Ok(Turn { _lock: None }),
            Ok(()) => Ok(Turn {
                _lock: Some(folder),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_everybody_where_there_is_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (
            Turns::of(folder.path().into()),
            Turns::of(folder.path().into()),
        );
        let turn = one.take().unwrap();
        assert_eq!(two.take().map(drop), Err(CardError::Busy));
        drop(turn);
        assert!(two.take().is_ok());

        let nowhere = Turns::of(folder.path().join("nowhere"));
        let _first = nowhere.take().unwrap();
        assert!(nowhere.take().is_ok());
    }
}
