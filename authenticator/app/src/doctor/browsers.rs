//! The way from each browser: the browser itself, its manifest, and the program that this names.
//!
//! Whoever uses the security key alone needs none of it.

use std::path::{Path, PathBuf};

use super::policies::{self, Obstacle};
use super::{Report, security_key};
use crate::install::browser::{Browser, Scope};
use crate::install::manifest::{Found, examine};
use crate::install::own_path;
use crate::install::presence::{browsers, executable, sandbox};
use crate::messages::terminal::{Problem, Text};

pub(super) fn check(report: &mut Report) {
    // Who has one browser need not have the others.
    let there = browsers();
    let checked = if there.is_empty() {
        Browser::PACKAGED.to_vec()
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

/// A manifest that was looked at.
struct Examined {
    found: Found,
    path: PathBuf,
    scope: Scope,
}

/// The manifest that the browser uses: the user's own comes first.
fn manifest(browser: Browser) -> Option<Examined> {
    [Scope::User, Scope::System]
        .into_iter()
        .filter_map(|scope| {
            let path = browser.manifest_path(scope)?;
            let found = examine(browser, &path);
            Some(Examined { found, path, scope })
        })
        .find(|examined| examined.found != Found::Missing)
}

fn check_manifest(report: &mut Report, browser: Browser, manifest: Option<Examined>) {
    let name = browser.name();
    let heading = Text::Connection(name);
    let Some(Examined { found, path, scope }) = manifest else {
        report.failed(&heading, &Problem::NeitherWay(name));
        return;
    };
    let policies = browser.policies().and_then(policies::obstacle);
    match policies {
        Some(Obstacle::Blocked(file)) => {
            report.failed(&heading, &Problem::BlockedByPolicy(name, &file));
            return;
        }
        Some(Obstacle::NotOfUsers(file)) if scope == Scope::User => {
            report.failed(&heading, &Problem::NotOfUsersByPolicy(name, &file));
            return;
        }
        Some(Obstacle::NotOfUsers(_)) | None => {}
    }
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
