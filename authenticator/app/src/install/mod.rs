//! `install` and `uninstall`: making the program known to browsers, and taking that back.

pub(crate) mod browser;
pub(crate) mod manifest;
pub(crate) mod presence;
pub(crate) mod security_key;

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use browser::{Browser, Scope};
use manifest::Manifest;

use crate::messages::terminal::{Problem, Text};
use crate::messages::{Language, Pair};

/// Writes the manifest for every browser, so that one that comes later, or lies where nobody looks, finds it too; says what was
/// done for those that are there to `out`, what went wrong to `err`.
///
/// # Errors
/// If `out` or `err` cannot be written.
pub(crate) fn install(
    scope: Scope,
    language: Language,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    let Some(program) = own_path() else {
        return fail(language, &Problem::OwnPathUnknown, err);
    };
    if scope == Scope::System
        && let Some(place) = changeable_by_others(&program)
    {
        return fail(language, &Problem::ProgramNotSafe(&place), err);
    }
    let there = there_or_all();
    let mut others = Vec::new();
    for browser in Browser::ALL {
        let Some(path) = browser.manifest_path(scope) else {
            return fail(language, &Problem::NoHome, err);
        };
        let Ok(text) = Manifest::ours(browser, &program).to_json() else {
            return fail(language, &Problem::OwnPathUnknown, err);
        };
        let name = browser.name();
        let done = match put(&path, &text, scope) {
            Ok(Put::Written) => Text::Installed(name, &path),
            Ok(Put::AsItWas) => Text::InstalledAlready(name, &path),
            Err(error) => return fail_at(language, &path, &error, err),
        };
        if there.contains(&browser) {
            writeln!(out, "{}", language.text(&done))?;
        } else {
            others.push(name);
        }
    }
    if !others.is_empty() {
        writeln!(out, "{}", language.text(&Text::InstalledForOthers(&others)))?;
    }
    writeln!(out, "{}", language.text(&Text::ExtensionNeeded))?;
    Ok(ExitCode::SUCCESS)
}

/// The browsers to speak of: those that are there, or all of them where none is found.
fn there_or_all() -> Vec<Browser> {
    let there = presence::browsers();
    if there.is_empty() {
        Browser::ALL.to_vec()
    } else {
        there
    }
}

/// Removes the manifest for every browser, and nothing else.
///
/// # Errors
/// If `out` or `err` cannot be written.
pub(crate) fn uninstall(
    scope: Scope,
    language: Language,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    let there = there_or_all();
    for browser in Browser::ALL {
        let Some(path) = browser.manifest_path(scope) else {
            return fail(language, &Problem::NoHome, err);
        };
        let name = browser.name();
        let done = match fs::remove_file(&path) {
            Ok(()) => Text::Uninstalled(name, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if !there.contains(&browser) {
                    continue;
                }
                Text::NotInstalled(name, &path)
            }
            Err(error) => return fail_at(language, &path, &error, err),
        };
        writeln!(out, "{}", language.text(&done))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Where this program is, links followed: a manifest outlives the links in a build folder or a PATH.
pub(crate) fn own_path() -> Option<PathBuf> {
    std::env::current_exe()
        .and_then(fs::canonicalize)
        .ok()
        .filter(|path| manifest::is_program(path))
}

/// The part of the path by which somebody else than the administrator could put another program in this one's place.
///
/// In a folder with the sticky bit, others cannot touch what is the administrator's.
fn changeable_by_others(program: &Path) -> Option<PathBuf> {
    const STICKY: u32 = 0o1000;
    const WRITABLE: u32 = 0o022;
    program
        .ancestors()
        .find(|place| match fs::symlink_metadata(place) {
            Ok(found) => {
                let sticky = found.is_dir() && found.mode() & STICKY != 0;
                found.uid() != 0 || (found.mode() & WRITABLE != 0 && !sticky)
            }
            Err(_) => true,
        })
        .map(Path::to_owned)
}

enum Put {
    Written,
    AsItWas,
}

/// Makes `path` hold `text`: the old file or the new one is there at every moment, never half of it.
fn put(path: &Path, text: &str, scope: Scope) -> io::Result<Put> {
    let is_plain = fs::symlink_metadata(path).is_ok_and(|file| file.is_file());
    if is_plain && fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(Put::AsItWas);
    }
    let folder = path.parent().unwrap_or(Path::new("/"));
    // A folder of the user's, were the browser to make it first, would be closed to others.
    let mode = match scope {
        Scope::User => 0o700,
        Scope::System => 0o755,
    };
    fs::DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(folder)?;
    // Beside the old file, so that it can take its place; named by process, so that two may run at once.
    let mut unfinished = path.to_owned().into_os_string();
    unfinished.push(format!(".{}", std::process::id()));
    let unfinished = PathBuf::from(unfinished);
    let written = write_durably(&unfinished, text).and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        // It may not even have been made; the error that counts is the first.
        let _ = fs::remove_file(&unfinished);
    }
    written?;
    fs::File::open(folder)?.sync_all()?;
    Ok(Put::Written)
}

fn write_durably(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn fail_at(
    language: Language,
    path: &Path,
    error: &io::Error,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    let words = error.to_string();
    let problem = match error.kind() {
        io::ErrorKind::PermissionDenied if path.starts_with("/etc") || path.starts_with("/usr") => {
            Problem::NeedsAdministrator(path)
        }
        _ => Problem::FileFailed(path, &words),
    };
    fail(language, &problem, err)
}

/// Says what happened and what to do.
pub(crate) fn fail(
    language: Language,
    problem: &Problem<'_>,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    tell(language, &language.problem(problem), err)
}

/// Says a pair.
pub(crate) fn tell(language: Language, pair: &Pair, err: &mut impl Write) -> io::Result<ExitCode> {
    writeln!(err, "{}", language.printed(pair))?;
    Ok(ExitCode::FAILURE)
}
