//! Whether a browser is there, and whether it can start programs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::browser::{Browser, home};
use super::manifest::is_program;
use crate::messages::terminal::Sandbox;

/// The browsers that are there.
pub(crate) fn browsers() -> Vec<Browser> {
    Browser::ALL
        .into_iter()
        .filter(|browser| executable(*browser).is_some() || sandbox(*browser).is_some())
        .collect()
}

/// The browser as a program that can start ours: in the PATH, and not shut in a snap.
pub(crate) fn executable(browser: Browser) -> Option<PathBuf> {
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
    short && fs::read_to_string(program).is_ok_and(|script| script.contains("/snap/bin/chromium"))
}

/// The sandbox that a form of the browser is shut in, if there is one.
pub(crate) fn sandbox(browser: Browser) -> Option<Sandbox> {
    let home = home().unwrap_or_default();
    browser
        .sandboxed()
        .iter()
        .find(|(_, place)| home.join(place).exists())
        .map(|(sandbox, _)| *sandbox)
}
