//! The system calls by which the store, or a backup, is written.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// Calls that make, change, move, remove or synchronise files. Opening is among them: it may make the file.
const WRITING: &str = "openat,mkdir,write,pwrite64,pwritev,fsync,fdatasync,ftruncate,fallocate,unlink,unlinkat,\
                       rename,renameat2,link,linkat,chmod,fchmod,fchown";

/// The files that are watched, beneath the folder of all programs' data. A call on two of them is one on the first.
pub(crate) const WATCHED: [&str; 10] = [
    "jpki-authenticator/credentials.sqlite",
    "jpki-authenticator/credentials.sqlite-journal",
    WAL,
    "jpki-authenticator/credentials.sqlite-shm",
    "jpki-authenticator/secrets",
    "jpki-authenticator/secrets.new",
    "jpki-authenticator/lock",
    "jpki-authenticator",
    BACKUP,
    STICK,
];

const WAL: &str = "jpki-authenticator/credentials.sqlite-wal";
/// Where a backup is made, and the folder around it.
pub(crate) const BACKUP: &str = "stick/backup.age";
pub(crate) const STICK: &str = "stick";

/// One call: the so-manieth of its name on its file. One thread makes them all, as `strace` counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) file: &'static str,
    name: String,
    number: usize,
    /// After the last commit the store is only closed, as far as that comes before the program has ended.
    closing: bool,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}, number {}", self.name, self.file, self.number)
    }
}

/// What goes wrong at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// The program is killed before it.
    Killed,
    /// It fails, once.
    Fails,
    /// The disk is full, and stays so.
    DiskFull,
}

impl Mishap {
    /// Everything that can go wrong.
    pub(crate) const ALL: [Self; 3] = [Self::Killed, Self::Fails, Self::DiskFull];

    /// Whether work may end so.
    pub(crate) fn may_end(self, end: &str) -> bool {
        match self {
            // After the result was told the store is still closed.
            Self::Killed => ["killed", "result"].contains(&end),
            // Some files are made again or not needed, such as those that are only removed.
            Self::Fails | Self::DiskFull => ["storage", "result"].contains(&end),
        }
    }
}

/// `strace` with these arguments for calls on these files, where it may look into a program that protects its memory.
fn strace(
    arguments: &[&str],
    log: &Path,
    paths: impl IntoIterator<Item = PathBuf>,
) -> Vec<OsString> {
    let mut under: Vec<OsString> = Vec::new();
    if !rustix::process::geteuid().is_root() {
        under.extend(["/usr/bin/unshare", "--map-root-user"].map(OsString::from));
    }
    under.extend(["/usr/bin/strace", "-qq", "-y", "-o"].map(OsString::from));
    under.push(log.into());
    under.extend(arguments.iter().map(OsString::from));
    for path in paths {
        under.extend([OsString::from("-P"), path.into()]);
    }
    under
}

/// What writes the calls to a log.
pub(crate) fn recorded(base: &Path, log: &Path) -> Vec<OsString> {
    let trace = format!("trace={WRITING}");
    let paths = WATCHED.iter().map(|file| base.join(file));
    strace(&["-f", "-e", &trace], log, paths)
}

/// What has something go wrong at a call, and writes all calls of this kind to a log.
pub(crate) fn struck(base: &Path, log: &Path, call: &Call, mishap: Mishap) -> Vec<OsString> {
    let Call {
        file, name, number, ..
    } = call;
    let what = match mishap {
        Mishap::Killed => format!("signal=KILL:when={number}"),
        Mishap::Fails => format!("error=EIO:when={number}"),
        Mishap::DiskFull => format!("error=ENOSPC:when={number}+"),
    };
    let (trace, inject) = (format!("trace={name}"), format!("inject={name}:{what}"));
    strace(&["-f", "-e", &trace, "-e", &inject], log, [base.join(file)])
}

/// Makes sure that what went wrong went wrong at this call and no earlier one. False if it was not made: nothing went wrong then.
pub(crate) fn was_struck(log: &str, base: &Path, call: &Call, mishap: Mishap) -> bool {
    let made: Vec<Seen<'_>> = seen(log, base).collect();
    let is_injected = |seen: &Seen<'_>| seen.line.contains("(INJECTED)");
    let struck = match mishap {
        // The one that was begun and not done when the kill came was not made.
        Mishap::Killed => made.iter().position(|seen| !seen.done),
        Mishap::Fails | Mishap::DiskFull => made.iter().position(is_injected),
    };
    if struck.is_none() && call.closing {
        return false;
    }
    assert_eq!(
        struck.map(|at| at + 1),
        Some(call.number),
        "{call} {mishap:?}:\n{log}"
    );
    true
}

/// A call in a log of `strace`, as it begins.
struct Seen<'a> {
    thread: &'a str,
    file: &'static str,
    name: &'a str,
    line: &'a str,
    /// It has a result: the program was not killed before.
    done: bool,
}

fn seen<'a>(log: &'a str, base: &Path) -> impl Iterator<Item = Seen<'a>> {
    let base = base.display().to_string();
    log.lines().enumerate().filter_map(move |(at, line)| {
        let (thread, call) = line.trim().split_once(' ')?;
        let (name, rest) = call.trim_start().split_once('(')?;
        // The end of a call that was interrupted in the log, or no call.
        if name.starts_with('<') || name.contains(' ') {
            return None;
        }
        let is = |file: &&&str| {
            let path = format!("{base}/{file}");
            ['"', '>']
                .iter()
                .any(|end| rest.contains(&format!("{path}{end}")))
        };
        let file = *WATCHED.iter().find(is)?;
        Some(Seen {
            thread,
            file,
            name,
            line,
            done: is_done(log.lines().skip(at), thread, name),
        })
    })
}

/// Whether the call on the first of these lines has a result, there or where it is resumed. One that was killed has `?`.
fn is_done<'a>(mut lines: impl Iterator<Item = &'a str>, thread: &str, name: &str) -> bool {
    let first = lines.next().unwrap_or_default();
    let last = if first.ends_with("<unfinished ...>") {
        let resumed = format!("<... {name} resumed>");
        lines.find(|line| {
            let rest = line.trim().strip_prefix(thread).map(str::trim_start);
            rest.is_some_and(|rest| rest.starts_with(&resumed))
        })
    } else {
        Some(first)
    };
    last.is_some_and(|line| !line.trim_end().ends_with("= ?"))
}

/// The calls in the log of work that nothing disturbed, in their order.
pub(crate) fn calls_in(log: &str, base: &Path) -> Vec<Call> {
    let mut counted: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let made: Vec<Seen<'_>> = seen(log, base).collect();
    let threads: BTreeSet<&str> = made.iter().map(|seen| seen.thread).collect();
    assert_eq!(threads.len(), 1, "{log}");
    let mut calls: Vec<Call> = made
        .iter()
        .map(|seen| {
            let number = counted.entry((seen.file, seen.name)).or_default();
            *number += 1;
            Call {
                file: seen.file,
                name: seen.name.to_owned(),
                number: *number,
                closing: false,
            }
        })
        .collect();
    let commits = |call: &Call| call.file == WAL && call.name == "fdatasync";
    let written = calls
        .iter()
        .rposition(|call| call.file == WAL && call.name == "pwrite64");
    let mut after = calls.iter_mut().skip(written.unwrap());
    after.by_ref().find(|call| commits(call)).unwrap();
    after.for_each(|call| call.closing = true);
    calls
}

/// As `strace` wrote it: killed before the first call, and after it was done.
#[test]
fn a_kill_strikes_the_call_that_is_not_done() {
    let base = Path::new("/x");
    let first = Call {
        file: "jpki-authenticator",
        name: "chmod".to_owned(),
        number: 1,
        closing: false,
    };
    let second = Call {
        number: 2,
        ..first.clone()
    };
    let killed = r#"18496 chmod("/x/jpki-authenticator", 0700 <unfinished ...>
18516 +++ killed by SIGKILL +++
18496 <... chmod resumed>)              = ?
"#;
    let after = r#"1 chmod("/x/jpki-authenticator", 0700 <unfinished ...>
2 +++ exited with 0 +++
1 <... chmod resumed>) = 0
1 chmod("/x/jpki-authenticator", 0700) = ?
"#;
    assert!(was_struck(killed, base, &first, Mishap::Killed));
    assert!(was_struck(after, base, &second, Mishap::Killed));
    for (log, call) in [(killed, &second), (after, &first)] {
        let wrong = || was_struck(log, base, call, Mishap::Killed);
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(wrong)).is_err());
    }
}
