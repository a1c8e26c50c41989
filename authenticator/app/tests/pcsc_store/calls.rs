//! The system calls of a ceremony by which the store is written.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// Calls that make, change, move, remove or synchronise files. Opening is among them: it may make the file.
const WRITING: &str = "openat,mkdir,write,pwrite64,pwritev,fsync,fdatasync,ftruncate,fallocate,unlink,unlinkat,\
                       rename,renameat2,link,linkat,chmod,fchmod,fchown";

/// The files of the store.
const FILES: [&str; 7] = [
    "credentials.sqlite",
    "credentials.sqlite-journal",
    "credentials.sqlite-wal",
    "credentials.sqlite-shm",
    "secrets",
    "secrets.new",
    "lock",
];

/// One call: the so-manieth of its name on its file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Call {
    /// The file's name; none for the folder itself.
    file: Option<&'static str>,
    name: String,
    number: usize,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.unwrap_or("the folder");
        write!(f, "{} of {file}, number {}", self.name, self.number)
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
    pub(crate) const ALL: &'static [Self] = &[Self::Killed, Self::Fails, Self::DiskFull];

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
fn strace(arguments: &[&str], paths: impl IntoIterator<Item = PathBuf>) -> Vec<OsString> {
    let mut under: Vec<OsString> = Vec::new();
    if !rustix::process::geteuid().is_root() {
        under.extend(["/usr/bin/unshare", "--map-root-user"].map(OsString::from));
    }
    under.extend(["/usr/bin/strace", "-f", "-qq"].map(OsString::from));
    under.extend(arguments.iter().map(OsString::from));
    for path in paths {
        under.extend([OsString::from("-P"), path.into()]);
    }
    under
}

/// What writes the calls to a log.
pub(crate) fn recorded(data: &Path, log: &Path) -> Vec<OsString> {
    let trace = format!("trace={WRITING}");
    let log = log.display().to_string();
    let files = FILES.iter().map(|file| data.join(file));
    strace(
        &["-y", "-o", &log, "-e", &trace],
        files.chain([data.to_owned()]),
    )
}

/// What has something go wrong at a call.
pub(crate) fn struck(data: &Path, call: &Call, mishap: Mishap) -> Vec<OsString> {
    let Call { file, name, number } = call;
    let what = match mishap {
        Mishap::Killed => format!("signal=KILL:when={number}"),
        Mishap::Fails => format!("error=EIO:when={number}"),
        Mishap::DiskFull => format!("error=ENOSPC:when={number}+"),
    };
    let trace = format!("trace={name}");
    let inject = format!("inject={name}:{what}");
    let path = file.map_or_else(|| data.to_owned(), |file| data.join(file));
    strace(&["-o", "/dev/null", "-e", &trace, "-e", &inject], [path])
}

/// The calls in a log of `strace`, each on the file that it is about.
///
/// `strace` counts for each thread; so a call's number is that within its thread, and the same number of another thread is not
/// another case.
pub(crate) fn calls_in(log: &str, data: &Path) -> Vec<Call> {
    let mut counted: BTreeMap<(String, Option<&'static str>, String), usize> = BTreeMap::new();
    for line in log.lines() {
        let mut words = line.trim().splitn(2, ' ');
        let (Some(thread), Some(call)) = (words.next(), words.next()) else {
            continue;
        };
        let Some((name, rest)) = call.trim_start().split_once('(') else {
            continue;
        };
        if name.starts_with('<') || name.contains(' ') {
            continue;
        }
        let folder = data.display().to_string();
        let is = |file: &&&str| {
            let path = format!("{folder}/{file}");
            ['"', '>']
                .iter()
                .any(|end| rest.contains(&format!("{path}{end}")))
        };
        let file = FILES.iter().find(is).copied();
        *counted
            .entry((thread.to_owned(), file, name.to_owned()))
            .or_default() += 1;
    }
    let mut most: BTreeMap<(Option<&'static str>, String), usize> = BTreeMap::new();
    for ((_, file, name), count) in counted {
        let known = most.entry((file, name)).or_default();
        *known = (*known).max(count);
    }
    most.into_iter()
        .flat_map(|((file, name), count)| {
            (1..=count).map(move |number| Call {
                file,
                name: name.clone(),
                number,
            })
        })
        .collect()
}
