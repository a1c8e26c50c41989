//! Where the PIN of a ceremony of the extension is typed: in a window of the system, or else in the browser.

use std::mem;
use std::thread::{self, JoinHandle};

use super::pinentry::Pinentry;

/// The place, once it is known.
pub(crate) enum PinPlace {
    /// A program that can open a window is looked for.
    Looking(JoinHandle<Option<Pinentry>>),
    /// A window of the system.
    Window(Pinentry),
    /// The extension's prompt.
    Browser,
}

impl PinPlace {
    /// Begins to look for a program that can open a window. It takes as long as the program takes to start; the ceremony goes on
    /// meanwhile.
    pub(crate) fn look() -> Self {
        let looking = thread::Builder::new().name("pinentry".into());
        looking
            .spawn(Pinentry::find_on_desktop)
            .map_or(Self::Browser, Self::Looking)
    }

    /// The program that opens the window; `None`: the PIN is typed in the browser. Waits until that is known.
    pub(super) fn pinentry(&mut self) -> Option<Pinentry> {
        if matches!(self, Self::Looking(_))
            && let Self::Looking(looking) = mem::replace(self, Self::Browser)
            && let Some(found) = looking.join().ok().flatten()
        {
            *self = Self::Window(found);
        }
        match self {
            Self::Window(pinentry) => Some(pinentry.clone()),
            Self::Looking(_) | Self::Browser => None,
        }
    }

    /// The window could not be shown.
    pub(super) fn give_up(&mut self) {
        *self = Self::Browser;
    }
}
