//! Where each browser looks for programs that its extensions may start.

use std::path::{Path, PathBuf};

use crate::messages::terminal::Sandbox;
use crate::native_messaging::extension::HOST_NAME;

/// A browser for which there is an extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Chromium as Linux distributions package it.
    Chromium,
    /// Google Chrome.
    Chrome,
    /// Microsoft Edge.
    Edge,
    /// Firefox, its extended support release included: both look in the same places.
    Firefox,
}

/// What a browser is built on: which of the two extensions it takes, and how it knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// By its origin.
    Chromium,
    /// By its ID.
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
    pub(crate) const ALL: [Browser; 4] = [
        Browser::Chromium,
        Browser::Chrome,
        Browser::Edge,
        Browser::Firefox,
    ];

    /// Those that Linux distributions package: to speak of where none is found.
    pub(crate) const PACKAGED: [Browser; 2] = [Browser::Chromium, Browser::Firefox];

    /// What it is built on.
    pub(crate) fn engine(self) -> Engine {
        match self {
            Browser::Chromium | Browser::Chrome | Browser::Edge => Engine::Chromium,
            Browser::Firefox => Engine::Firefox,
        }
    }

    /// Its name, for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Browser::Chromium => "Chromium",
            Browser::Chrome => "Google Chrome",
            Browser::Edge => "Microsoft Edge",
            Browser::Firefox => "Firefox",
        }
    }

    /// The names of its executable.
    pub(crate) fn executables(self) -> &'static [&'static str] {
        match self {
            Browser::Chromium => &["chromium", "chromium-browser"],
            Browser::Chrome => &["google-chrome-stable", "google-chrome"],
            Browser::Edge => &["microsoft-edge-stable", "microsoft-edge"],
            Browser::Firefox => &["firefox-esr", "firefox"],
        }
    }

    /// Whether it can start programs out of a snap: Firefox asks the desktop's portal to (not tried here).
    pub(crate) fn leaves_snap(self) -> bool {
        self.engine() == Engine::Firefox
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
            Browser::Chrome => &[
                (Sandbox::Flatpak, "/var/lib/flatpak/app/com.google.Chrome"),
                (
                    Sandbox::Flatpak,
                    ".local/share/flatpak/app/com.google.Chrome",
                ),
            ],
            Browser::Edge => &[
                (Sandbox::Flatpak, "/var/lib/flatpak/app/com.microsoft.Edge"),
                (
                    Sandbox::Flatpak,
                    ".local/share/flatpak/app/com.microsoft.Edge",
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

    /// The manifest's file (Chrome's and Edge's documentation of native messaging; MDN, "Native manifests"); `None` without a home folder.
    ///
    /// Browsers of Chromium's engine take their own folder from `XDG_CONFIG_HOME`, or else `~/.config`; so do we. Their beta and
    /// development channels have folders of their own; they too read the system's.
    pub(crate) fn manifest_path(self, scope: Scope) -> Option<PathBuf> {
        let of_system = |folder: &str| Some(folder.into());
        let of_user = |folder: &str| Some(config_home()?.join(folder).join("NativeMessagingHosts"));
        let folder: PathBuf = match (self, scope) {
            (Browser::Chromium, Scope::System) => of_system("/etc/chromium/native-messaging-hosts"),
            (Browser::Chrome, Scope::System) => of_system("/etc/opt/chrome/native-messaging-hosts"),
            (Browser::Edge, Scope::System) => of_system("/etc/opt/edge/native-messaging-hosts"),
            (Browser::Firefox, Scope::System) => {
                of_system("/usr/lib/mozilla/native-messaging-hosts")
            }
            (Browser::Chromium, Scope::User) => of_user("chromium"),
            (Browser::Chrome, Scope::User) => of_user("google-chrome"),
            (Browser::Edge, Scope::User) => of_user("microsoft-edge"),
            (Browser::Firefox, Scope::User) => {
                home().map(|home| home.join(".mozilla/native-messaging-hosts"))
            }
        }?;
        Some(folder.join(format!("{HOST_NAME}.json")))
    }

    /// Where an administrator's policies lie that bind every user; Firefox has none about programs that extensions may start.
    pub(crate) fn policies(self) -> Option<&'static Path> {
        match self {
            Browser::Chromium => Some(Path::new("/etc/chromium/policies/managed")),
            Browser::Chrome => Some(Path::new("/etc/opt/chrome/policies/managed")),
            Browser::Edge => Some(Path::new("/etc/opt/edge/policies/managed")),
            Browser::Firefox => None,
        }
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
