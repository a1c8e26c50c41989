//! The system calls by which the store, or a backup, is written.

use std::collections::BTreeMap;
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

/// One call: the so-manieth of its name on its file, over all threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) file: &'static str,
    name: String,
    number: usize,
    /// The same within its thread, which is how `strace` counts.
    number_in_thread: usize,
    by_first_thread: bool,
    /// Another thread has made as many of them before: `strace` would strike that one.
    behind_another: bool,
    makes_nothing: bool,
    /// After the last commit the store is only closed, by either thread, and as far as that comes before the program has ended.
    closing: bool,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}, number {}", self.name, self.file, self.number)
    }
}

impl Call {
    /// What can go wrong at it: everything.
    ///
    /// Before one kind of call nothing can be killed: another thread than the first opens what is there, and the first did
    /// before. But such a call changes nothing on the disk, so what is there before it is there before the next one.
    pub(crate) fn mishaps(&self) -> &'static [Mishap] {
        if self.is_hidden() {
            assert!(self.makes_nothing, "{self} cannot be struck");
            &[Mishap::Fails]
        } else {
            &[Mishap::Killed, Mishap::Fails, Mishap::DiskFull]
        }
    }

    /// Whether it is struck with only the first thread looked at.
    fn is_alone(&self) -> bool {
        self.behind_another && self.by_first_thread
    }

    /// Whether it is struck after the first thread's count was put ahead.
    fn is_hidden(&self) -> bool {
        self.behind_another && !self.by_first_thread
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

/// Opens a file a few times and becomes the program, whose first thread `strace` has counted further by then.
const OPENED_BEFORE: &str = r#"
times=$1 file=$2; shift 2
while [ "$times" -gt 0 ]; do true <"$file"; times=$((times - 1)); done
exec "$@"
"#;

/// What has something go wrong at a call, and writes all calls of this kind to a log.
pub(crate) fn struck(base: &Path, log: &Path, call: &Call, mishap: Mishap) -> Vec<OsString> {
    let Call { file, name, .. } = call;
    let number = call.number_in_thread;
    let what = match mishap {
        Mishap::Killed => format!("signal=KILL:when={number}"),
        Mishap::Fails => format!("error=EIO:when={number}"),
        Mishap::DiskFull => format!("error=ENOSPC:when={number}+"),
    };
    let (trace, inject) = (format!("trace={name}"), format!("inject={name}:{what}"));
    let mut arguments = vec!["-e", &trace, "-e", &inject];
    // Without it, the first thread alone is looked at.
    if !call.is_alone() {
        arguments.push("-f");
    }
    let path = base.join(file);
    let mut under = strace(&arguments, log, [path.clone()]);
    if call.is_hidden() {
        let times = number.to_string();
        under.extend(["/bin/sh", "-c", OPENED_BEFORE, "sh", &times].map(OsString::from));
        under.push(path.into());
    }
    under
}

/// Makes sure that what went wrong went wrong at this call and no earlier one. False if it was not made: nothing went wrong then.
pub(crate) fn was_struck(log: &str, base: &Path, call: &Call, mishap: Mishap) -> bool {
    let all: Vec<Seen<'_>> = seen(log, base).collect();
    let is_injected = |seen: &Seen<'_>| seen.line.contains("(INJECTED)");
    // What a shell did before is no call of the program.
    let before = if call.is_hidden() {
        call.number_in_thread
    } else {
        0
    };
    let made = all.get(before..).unwrap_or_default();
    let expected = if call.is_alone() {
        call.number_in_thread
    } else {
        call.number
    };
    let struck = match mishap {
        // All that were begun and not done when the kill came were not made, in whichever thread.
        Mishap::Killed => made
            .iter()
            .any(|seen| !seen.done)
            .then(|| made.iter().filter(|seen| seen.done).count() + 1)
            .filter(|struck| *struck >= expected),
        _ => made.iter().position(is_injected).map(|at| at + 1),
    };
    if struck.is_none() && call.closing {
        return false;
    }
    assert_eq!(struck, Some(expected), "{call} {mishap:?}:\n{log}");
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
        // Without -f there is no number of the thread.
        let (thread, call) = match line.trim().split_once(' ') {
            Some((thread, call)) if thread.bytes().all(|byte| byte.is_ascii_digit()) => {
                (thread, call.trim_start())
            }
            _ => ("", line.trim()),
        };
        let (name, rest) = call.split_once('(')?;
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
pub(crate) fn calls_in<'a>(log: &'a str, base: &Path) -> Vec<Call> {
    let mut counted: BTreeMap<(&str, &'a str), usize> = BTreeMap::new();
    let mut in_thread: BTreeMap<(&'a str, &str, &'a str), usize> = BTreeMap::new();
    let first_thread = seen(log, base).next().map(|seen| seen.thread);
    let count = |seen: Seen<'a>| {
        let number = counted.entry((seen.file, seen.name)).or_default();
        *number += 1;
        let number_in_thread = {
            let number = in_thread
                .entry((seen.thread, seen.file, seen.name))
                .or_default();
            *number += 1;
            *number
        };
        Call {
            file: seen.file,
            name: seen.name.to_owned(),
            number: *number,
            number_in_thread,
            by_first_thread: Some(seen.thread) == first_thread,
            behind_another: in_thread.iter().any(|((thread, file, name), count)| {
                *thread != seen.thread
                    && *file == seen.file
                    && *name == seen.name
                    && *count >= number_in_thread
            }),
            closing: false,
            makes_nothing: seen.name == "openat" && !seen.line.contains("O_CREAT"),
        }
    };
    let mut calls: Vec<Call> = seen(log, base).map(count).collect();
    let commits =
        |call: &Call| call.file == WAL && call.name == "fdatasync" && !call.by_first_thread;
    let written = calls
        .iter()
        .rposition(|call| call.file == WAL && call.name == "pwrite64");
    let mut after = calls.iter_mut().skip(written.unwrap());
    after.by_ref().find(|call| commits(call)).unwrap();
    after.for_each(|call| call.closing = true);
    calls
}

/// As `strace` wrote it: killed before its first call, which it shows in a second thread as well; and after the first was done.
#[test]
fn a_kill_strikes_the_call_that_is_not_done() {
    let base = Path::new("/x");
    let name = || "chmod".to_owned();
    let first = Call {
        file: "jpki-authenticator",
        name: name(),
        number: 1,
        number_in_thread: 1,
        by_first_thread: true,
        behind_another: false,
        closing: false,
        makes_nothing: false,
    };
    let second = Call {
        name: name(),
        number: 2,
        number_in_thread: 2,
        ..first
    };
    let killed = r#"18496 chmod("/x/jpki-authenticator", 0700 <unfinished ...>
18516 chmod("/x/jpki-authenticator", 0700 <unfinished ...>
18496 <... chmod resumed>)              = ?
18516 +++ killed by SIGKILL +++
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
