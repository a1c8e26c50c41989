//! A PIN pad that still waits when this process ends. PC/SC has no way to end that, and nobody is left then to unpower the card
//! after an entry that comes late: so another process waits for that, this same program again.

use std::env;
use std::ffi::{CString, OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use eid_card::{pin_entries_under_way, unpower_when_free};

use crate::log;

/// The command by which it is started.
pub(crate) const COMMAND: &str = "let-go";

/// Longer than a pad waits by itself.
const AT_MOST: Duration = Duration::from_secs(90);

/// Leaves the cards behind whose PIN pads still wait to a process that outlives this one. To be called when nothing more is done.
pub(crate) fn leave_behind() {
    let readers = pin_entries_under_way();
    if readers.is_empty() {
        return;
    }
    let readers = readers.into_iter().map(CString::into_bytes);
    let started = env::current_exe().and_then(|program| {
        Command::new(program)
            .arg(COMMAND)
            .args(readers.map(OsString::from_vec))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // What ends this process and its like is not meant for it.
            .process_group(0)
            .spawn()
    });
    if let Err(error) = started {
        log::line(&format_args!("letting go of the card: {error}"));
    }
}

/// The other process's whole life.
pub(crate) fn run(readers: &[OsString]) -> ! {
    thread::scope(|scope| {
        for reader in readers {
            scope.spawn(|| let_go(reader));
        }
    });
    // As in the native host: a thread that was given up may still be inside libpcsclite.
    signal_hook::low_level::exit(0)
}

fn let_go(reader: &OsStr) {
    // A name with a zero byte in it is no reader's.
    if let Ok(reader) = CString::new(reader.as_bytes()) {
        unpower_when_free(&reader, AT_MOST);
    }
}
