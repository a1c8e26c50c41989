//! What keeps secrets inside this process, and the card from staying unlocked when it ends.

use std::{panic, thread};

use rustix::fs::Mode;
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit, umask,
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::log;

/// No core dumps, no reading of this process's memory by others of the same user, no files for others.
pub(crate) fn protect_memory() {
    // Each is a further fence, not the only one: without it the program still works.
    let _ = setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    umask(Mode::RWXG | Mode::RWXO);
}

/// A panic's message might quote what was being handled: only the place is told.
pub(crate) fn quiet_panics() {
    panic::set_hook(Box::new(|info| {
        if let Some(place) = info.location() {
            log::line(&format_args!(
                "panicked at {}:{}",
                place.file(),
                place.line()
            ));
        }
    }));
}

/// Reports the system's wish that this process ends, each time, so that the card is let go in order. `report` says whether
/// anybody still listens.
pub(crate) fn end_orderly(report: impl Fn() -> bool + Send + 'static) {
    let waiting = Signals::new([SIGTERM, SIGINT, SIGHUP]).and_then(|mut signals| {
        let wait = move || while signals.forever().next().is_some() && report() {};
        thread::Builder::new().name("signals".into()).spawn(wait)
    });
    if waiting.is_err() {
        log::line(&"no thread for signals");
    }
}
