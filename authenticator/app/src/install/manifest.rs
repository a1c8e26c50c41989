//! The manifest by which a browser knows the program (Chrome's documentation of native messaging; MDN, "Native manifests").

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::browser::{Browser, Engine};
use crate::native_messaging::extension::{HOST_NAME, chromium_origins, firefox_ids};

/// More than any manifest of ours has.
const LONGEST: u64 = 64 * 1024;

/// The manifest's members.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    name: String,
    description: String,
    path: PathBuf,
    #[serde(rename = "type")]
    interface: String,
    /// The browsers of the Chromium family read this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    allowed_origins: Vec<String>,
    /// Firefox reads this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    allowed_extensions: Vec<String>,
}

impl Manifest {
    /// The manifest that starts `program` for our extension alone.
    pub(crate) fn ours(browser: Browser, program: &Path) -> Manifest {
        let (allowed_origins, allowed_extensions) = match browser.engine() {
            Engine::Chromium => (chromium_origins(), Vec::new()),
            Engine::Firefox => (Vec::new(), firefox_ids()),
        };
        Manifest {
            name: HOST_NAME.into(),
            description: "My Number Card as a passkey (JPKI for WebAuthn)".into(),
            path: program.to_owned(),
            interface: "stdio".into(),
            allowed_origins,
            allowed_extensions,
        }
    }

    fn admits_ours(&self, browser: Browser) -> bool {
        let (ours, admitted) = match browser.engine() {
            Engine::Chromium => (chromium_origins(), &self.allowed_origins),
            Engine::Firefox => (firefox_ids(), &self.allowed_extensions),
        };
        ours.iter().all(|one| admitted.contains(one))
    }

    /// As it stands in the file.
    ///
    /// # Errors
    /// If the program's path is not UTF-8, which JSON cannot hold.
    pub(crate) fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}

/// What a browser would make of the manifest that it finds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// No file.
    Missing,
    /// A file that is no manifest of this program's.
    Broken,
    /// A manifest that does not let our extension in.
    OtherExtension,
    /// A manifest whose program is not there, or cannot be started.
    ProgramMissing(PathBuf),
    /// A manifest that starts this program.
    Program(PathBuf),
    /// A file that cannot be read.
    Unreadable(io::ErrorKind),
}

/// Looks at a manifest as the browser does.
pub(crate) fn examine(browser: Browser, path: &Path) -> Found {
    let text = match fs::metadata(path) {
        Ok(file) if file.is_file() && file.len() <= LONGEST => fs::read_to_string(path),
        Ok(_) => return Found::Broken,
        Err(error) => Err(error),
    };
    let text = match text {
        Ok(text) => text,
        Err(error) => {
            return match error.kind() {
                io::ErrorKind::NotFound => Found::Missing,
                io::ErrorKind::InvalidData => Found::Broken,
                kind => Found::Unreadable(kind),
            };
        }
    };
    match serde_json::from_str::<Manifest>(&text) {
        Ok(manifest)
            if manifest.name == HOST_NAME
                && manifest.interface == "stdio"
                && manifest.path.is_absolute() =>
        {
            if !manifest.admits_ours(browser) {
                Found::OtherExtension
            } else if is_program(&manifest.path) {
                Found::Program(manifest.path)
            } else {
                Found::ProgramMissing(manifest.path)
            }
        }
        _ => Found::Broken,
    }
}

/// Whether a path leads to a file that somebody may start.
pub(crate) fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examined(text: &str) -> Found {
        examined_by(Browser::Chromium, text)
    }

    fn examined_by(browser: Browser, text: &str) -> Found {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest.json");
        fs::write(&path, text).unwrap();
        examine(browser, &path)
    }

    #[test]
    fn our_own_manifest_starts_the_program() {
        let program = Path::new("/bin/sh");
        for (browser, admits) in [
            (Browser::Chromium, "allowed_origins"),
            (Browser::Firefox, "allowed_extensions"),
        ] {
            let text = Manifest::ours(browser, program).to_json().unwrap();
            assert_eq!(
                examined_by(browser, &text),
                Found::Program(program.to_owned())
            );
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(json["type"], "stdio");
            assert_eq!(json["name"], "jp.jpki_webauthn.authenticator");
            assert_eq!(json[admits].as_array().unwrap().len(), 1);
            // A browser may refuse a manifest with the other's member.
            assert_eq!(json.as_object().unwrap().len(), 5);
        }
    }

    #[test]
    fn one_browsers_manifest_is_not_the_others() {
        let program = Path::new("/bin/sh");
        let text = Manifest::ours(Browser::Chromium, program)
            .to_json()
            .unwrap();
        assert_eq!(examined_by(Browser::Firefox, &text), Found::OtherExtension);
        let text = Manifest::ours(Browser::Firefox, program).to_json().unwrap();
        assert_eq!(examined(&text), Found::OtherExtension);
    }

    #[test]
    fn what_a_browser_would_stumble_over_is_named() {
        let good = Manifest::ours(Browser::Chromium, Path::new("/bin/sh"));
        let good = good.to_json().unwrap();
        assert_eq!(examined(""), Found::Broken);
        assert_eq!(examined("{}"), Found::Broken);
        assert_eq!(examined(&good.replace("stdio", "socket")), Found::Broken);
        assert_eq!(examined(&good.replace("/bin/sh", "sh")), Found::Broken);
        assert_eq!(examined(&good.replace(HOST_NAME, "other")), Found::Broken);
        let other = good.replace("chrome-extension://", "chrome-extension://x");
        assert_eq!(examined(&other), Found::OtherExtension);
        let gone = PathBuf::from("/nowhere/program");
        let moved = good.replace("/bin/sh", "/nowhere/program");
        assert_eq!(examined(&moved), Found::ProgramMissing(gone));
        let text = good.replace("/bin/sh", "/etc/passwd");
        assert_eq!(examined(&text), Found::ProgramMissing("/etc/passwd".into()));
        let examine = |path| examine(Browser::Chromium, Path::new(path));
        assert_eq!(examine("/nowhere/at-all.json"), Found::Missing);
        assert_eq!(examine("/etc"), Found::Broken);
    }
}
