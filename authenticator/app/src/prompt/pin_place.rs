//! Where the PIN of a ceremony of the extension is typed: in a window of the system, or else in the browser.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::pinentry::Pinentry;

/// How long a ceremony waits for a program to be found. While it waits, nobody can cancel it.
const LOOKING: Duration = Duration::from_secs(6);

/// The place, once it is known.
pub(crate) enum PinPlace {
    /// A program that can open a window is looked for.
    Looking(Receiver<Pinentry>),
    /// A window of the system.
    Window(Pinentry),
    /// The extension's prompt.
    Browser,
}

impl PinPlace {
    /// Begins to look for a program that can open a window. It takes as long as the program takes to start; the ceremony goes on
    /// meanwhile.
    pub(crate) fn look() -> Self {
        let (sender, found) = mpsc::channel();
        let look = move || {
            // A ceremony that has ended, or does not wait any more, needs none.
            let _ = Pinentry::find_on_desktop().map(|pinentry| sender.send(pinentry));
        };
        let looking = thread::Builder::new().name("pinentry".into()).spawn(look);
        looking.map_or(Self::Browser, |_| Self::Looking(found))
    }

    /// The program that opens the window; `None`: the PIN is typed in the browser. Waits until that is known.
    pub(super) fn pinentry(&mut self) -> Option<Pinentry> {
        if let Self::Looking(found) = self {
            // A thread that found none has hung up.
            *self = found
                .recv_timeout(LOOKING)
                .map_or(Self::Browser, Self::Window);
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
