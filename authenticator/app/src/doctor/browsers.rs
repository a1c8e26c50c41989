//! The way from each browser: the browser itself, its manifest, and the program that this names.
//!
//! Whoever uses the security key alone needs none of it.

use std::env;
use std::path::{Path, PathBuf};

use super::{Report, security_key};
use crate::install::browser::{Browser, Scope, home};
use crate::install::manifest::{Found, examine, is_program};
use crate::install::own_path;
use crate::messages::terminal::{Problem, Sandbox, Text};

pub(super) fn check(report: &mut Report) {
    // Who has one browser need not have the others.
    let there: Vec<Browser> = Browser::ALL
        .into_iter()
        .filter(|browser| executable(*browser).is_some() || sandbox(*browser).is_some())
        .collect();
    let checked = if there.is_empty() {
        Browser::ALL.to_vec()
    } else {
        there
    };
    for browser in checked {
        let manifest = manifest(browser);
        if manifest.is_none() && security_key::is_set_up() {
            report.passed(&Text::Connection(browser.name()), &Text::NotConnected);
            continue;
        }
        check_browser(report, browser);
        check_manifest(report, browser, manifest);
    }
}

fn check_browser(report: &mut Report, browser: Browser) {
    let heading = Text::Browser(browser.name());
    match (executable(browser), sandbox(browser)) {
        (Some(path), _) => report.passed_with(&heading, path.display().to_string()),
        (None, Some(sandbox)) => {
            report.failed(
                &heading,
                &Problem::SandboxedBrowser(browser.name(), sandbox),
            );
        }
        (None, None) => report.caution(&heading, &Problem::BrowserMissing(browser.name())),
    }
}

/// The manifest that the browser uses: the user's own comes first.
fn manifest(browser: Browser) -> Option<(Found, PathBuf)> {
    [Scope::User, Scope::System]
        .into_iter()
        .filter_map(|scope| browser.manifest_path(scope))
        .map(|path| (examine(browser, &path), path))
        .find(|(found, _)| *found != Found::Missing)
}

fn check_manifest(report: &mut Report, browser: Browser, manifest: Option<(Found, PathBuf)>) {
    let heading = Text::Connection(browser.name());
    let Some((found, path)) = manifest else {
        report.failed(&heading, &Problem::NeitherWay(browser.name()));
        return;
    };
    match found {
        Found::Program(program) if own_path().is_some_and(|own| is_same(&own, &program)) => {
            report.passed(&heading, &Text::ConnectionGood(&program));
        }
        Found::Program(program) => {
            report.caution(&heading, &Problem::ManifestOtherProgram(&program));
        }
        Found::ProgramMissing(program) => {
            report.failed(&heading, &Problem::ManifestProgramMissing(&program));
        }
        Found::OtherExtension => {
            report.failed(&heading, &Problem::ManifestOtherExtension(&path));
        }
        Found::Unreadable(kind) => {
            report.failed(&heading, &Problem::FileFailed(&path, &kind.to_string()));
        }
        Found::Broken | Found::Missing => report.failed(&heading, &Problem::ManifestBroken(&path)),
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    one == other || other.canonicalize().is_ok_and(|other| one == other)
}

/// The browser as a program that can start ours: in the PATH, and not shut in a snap.
fn executable(browser: Browser) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|folder| {
            browser
                .executables()
                .iter()
                .map(move |name| folder.join(name))
        })
        .find(|candidate| {
            is_program(candidate) && (browser.leaves_snap() || !leads_into_snap(candidate))
        })
}

/// `/snap/bin/chromium` is a link to snap itself; Ubuntu's `chromium-browser` package is a script that starts the snap.
fn leads_into_snap(program: &Path) -> bool {
    let real = program
        .canonicalize()
        .unwrap_or_else(|_| program.to_owned());
    program.starts_with("/snap")
        || real.starts_with("/snap")
        || real.file_name().is_some_and(|name| name == "snap")
        || is_snap_script(&real)
}

fn is_snap_script(program: &Path) -> bool {
    const LONGEST_SCRIPT: u64 = 16 * 1024;
    let short = program
        .metadata()
        .is_ok_and(|file| file.len() <= LONGEST_SCRIPT);
    short
        && std::fs::read_to_string(program)
            .is_ok_and(|script| script.contains("/snap/bin/chromium"))
}

fn sandbox(browser: Browser) -> Option<Sandbox> {
    let home = home().unwrap_or_default();
    browser
        .sandboxed()
        .iter()
        .find(|(_, place)| home.join(place).exists())
        .map(|(sandbox, _)| *sandbox)
}
