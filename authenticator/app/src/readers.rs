//! A thread that looks into the readers, now and at every change, and reports what is there.

use std::io;
use std::thread;
use std::time::Duration;

use eid_card::{Holds, Look, ReaderError, Readers};

/// How often to try again while the PC/SC service does not answer, or a card does not, or is held by another program without
/// showing it.
const AGAIN: Duration = Duration::from_secs(1);
/// Otherwise the service wakes us.
const LONG: Duration = Duration::from_secs(3_600);

/// Starts the thread. `listener` says whether anybody still listens; if not, the thread ends.
///
/// # Errors
/// If the thread cannot be started.
pub(crate) fn watch(
    listener: impl Fn(Result<Look, ReaderError>) -> bool + Send + 'static,
) -> io::Result<()> {
    start(Readers::establish, listener)
}

/// As [`watch`], but a card that is found keeps the connection by which it was found: for whoever opens the card of a look at
/// once, or drops the look.
///
/// # Errors
/// If the thread cannot be started.
pub(crate) fn watch_to_open(
    listener: impl Fn(Result<Look, ReaderError>) -> bool + Send + 'static,
) -> io::Result<()> {
    let establish = || {
        let mut readers = Readers::establish()?;
        readers.keep_connections();
        Ok(readers)
    };
    start(establish, listener)
}

fn start(
    establish: fn() -> Result<Readers, ReaderError>,
    listener: impl Fn(Result<Look, ReaderError>) -> bool + Send + 'static,
) -> io::Result<()> {
    thread::Builder::new()
        .name("readers".into())
        .spawn(move || {
            let mut reported = None;
            let mut report = |seen: Result<Look, ReaderError>| {
                let news = reported.as_ref() != Some(&seen);
                !news || {
                    // The copy has no connections.
                    reported = Some(seen.clone());
                    listener(seen)
                }
            };
            while look_until_failure(establish, &mut report) {
                thread::sleep(AGAIN);
            }
        })
        .map(drop)
}

/// Looks until the service fails; false when nobody listens any more.
fn look_until_failure(
    establish: fn() -> Result<Readers, ReaderError>,
    report: &mut impl FnMut(Result<Look, ReaderError>) -> bool,
) -> bool {
    let mut readers = match establish() {
        Ok(readers) => readers,
        Err(error) => return report(Err(error)),
    };
    loop {
        let look = match readers.look() {
            Ok(look) => look,
            Err(error) => return report(Err(error)),
        };
        let unclear = look
            .readers()
            .iter()
            .any(|reader| matches!(reader.holds, Holds::Busy | Holds::Mute));
        if !report(Ok(look)) {
            return false;
        }
        if let Err(error) = readers.wait_for_change(if unclear { AGAIN } else { LONG }) {
            return report(Err(error));
        }
    }
}
