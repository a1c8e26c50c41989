//! Where each browser looks for programs that its extensions may start.

use std::path::{Path, PathBuf};

use crate::messages::terminal::Sandbox;
use crate::native_messaging::extension::HOST_NAME;

/// A browser for which there is an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Chromium as Linux distributions package it.
    Chromium,
    /// Firefox, its extended support release included: both look in the same places.
    Firefox,
}

/// For whom something is installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// For the user who runs the program.
    User,
    /// For every user of the computer.
    System,
}

impl Browser {
    /// Every browser.
    pub(crate) const ALL: [Browser; 2] = [Browser::Chromium, Browser::Firefox];

    /// Its name, for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Browser::Chromium => "Chromium",
            Browser::Firefox => "Firefox",
        }
    }

    /// The names of its executable.
    pub(crate) fn executables(self) -> &'static [&'static str] {
        match self {
            Browser::Chromium => &["chromium", "chromium-browser"],
            Browser::Firefox => &["firefox-esr", "firefox"],
        }
    }

    /// Whether it can start programs out of a snap: Firefox asks the desktop's portal to (not tried here).
    pub(crate) fn leaves_snap(self) -> bool {
        match self {
            Browser::Chromium => false,
            Browser::Firefox => true,
        }
    }

    /// Where a form of it that is shut in its sandbox is found, absolute or under the home folder.
    pub(crate) fn sandboxed(self) -> &'static [(Sandbox, &'static str)] {
        match self {
            Browser::Chromium => &[
                (Sandbox::Snap, "/snap/bin/chromium"),
                (
                    Sandbox::Flatpak,
                    "/var/lib/flatpak/app/org.chromium.Chromium",
                ),
                (
                    Sandbox::Flatpak,
                    ".local/share/flatpak/app/org.chromium.Chromium",
                ),
            ],
            Browser::Firefox => &[
                (Sandbox::Flatpak, "/var/lib/flatpak/app/org.mozilla.firefox"),
                (
                    Sandbox::Flatpak,
                    ".local/share/flatpak/app/org.mozilla.firefox",
                ),
            ],
        }
    }

    /// The manifest's file (Chrome's documentation of native messaging; MDN, "Native manifests"); `None` without a home folder.
    ///
    /// Chromium takes its own folder from `XDG_CONFIG_HOME`, or else `~/.config`; so do we.
    pub(crate) fn manifest_path(self, scope: Scope) -> Option<PathBuf> {
        let folder = match (self, scope) {
            (Browser::Chromium, Scope::System) => {
                Path::new("/etc/chromium/native-messaging-hosts").to_owned()
            }
            (Browser::Chromium, Scope::User) => {
                config_home()?.join("chromium/NativeMessagingHosts")
            }
            (Browser::Firefox, Scope::System) => {
                Path::new("/usr/lib/mozilla/native-messaging-hosts").to_owned()
            }
            (Browser::Firefox, Scope::User) => home()?.join(".mozilla/native-messaging-hosts"),
        };
        Some(folder.join(format!("{HOST_NAME}.json")))
    }
}

/// `$XDG_CONFIG_HOME` if it is absolute (XDG Base Directory Specification), or else `~/.config`.
fn config_home() -> Option<PathBuf> {
    let configured = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
    match configured.filter(|path| path.is_absolute()) {
        Some(path) => Some(path),
        None => home().map(|home| home.join(".config")),
    }
}

/// The home folder.
pub(crate) fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}
