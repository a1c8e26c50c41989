//! Who may call: the project's own browser extension, by its pinned ID.

use std::ffi::OsString;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

/// The host's name, in the browsers' manifests.
pub(crate) const HOST_NAME: &str = "jp.jpki_webauthn.authenticator";

/// The first of each is the one that the manifest in this repository pins; a store that gives another adds it (docs/stores.md).
#[derive(Deserialize)]
struct Ids {
    chromium: Vec<String>,
    firefox: Vec<String>,
}

/// The file is compiled in and tested below; were it damaged, no extension would be let in.
static IDS: LazyLock<Option<Ids>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../browser-ext/extension-id.json")).ok()
});

/// The origins of the extension in browsers of the Chromium family.
pub(crate) fn chromium_origins() -> Vec<String> {
    let ids = IDS.iter().flat_map(|ids| &ids.chromium);
    ids.map(|id| format!("chrome-extension://{id}/")).collect()
}

/// The IDs of the extension in Firefox.
pub(crate) fn firefox_ids() -> Vec<String> {
    let ids = IDS.iter().flat_map(|ids| &ids.firefox);
    ids.cloned().collect()
}

/// Whether the caller is the project's own extension: by its origin (Chromium), or its ID (Firefox).
pub(crate) fn is_ours(caller: &str) -> bool {
    let mut ours = chromium_origins().into_iter().chain(firefox_ids());
    ours.any(|one| one == caller)
}

/// Who calls, if these are the arguments with which a browser starts a host.
///
/// Browsers of the Chromium family name the extension's origin first; Firefox names the manifest's file and then the
/// extension's ID (MDN, "Native messaging").
pub(crate) fn caller(arguments: &[OsString]) -> Option<&str> {
    let first = arguments.get(1)?;
    if let Some(origin) = first.to_str()
        && origin.starts_with("chrome-extension://")
    {
        return Some(origin);
    }
    let manifest = Path::new(first);
    let is_ours = manifest.is_absolute()
        && manifest.extension().is_some_and(|end| end == "json")
        && manifest.file_stem().is_some_and(|name| name == HOST_NAME);
    if is_ours {
        arguments.get(2)?.to_str()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pinned_extension_is_ours() {
        assert!(is_ours(
            "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/"
        ));
        assert!(is_ours("authenticator@jpki-webauthn"));
        for other in [
            "",
            "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg",
            "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/index.html",
            "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
            "https://kpfpmdbkokbeaeieohjpglnleemnajlg/",
            "kpfpmdbkokbeaeieohjpglnleemnajlg",
            "chrome-extension://authenticator@jpki-webauthn/",
            "other@jpki-webauthn",
            "authenticator@jpki-webauthn.example",
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn the_pinned_ids_have_the_form_of_extension_ids() {
        let origins = chromium_origins();
        assert!(!origins.is_empty());
        for origin in origins {
            let id = origin
                .strip_prefix("chrome-extension://")
                .and_then(|rest| rest.strip_suffix('/'))
                .unwrap();
            assert_eq!(id.len(), 32);
            assert!(id.bytes().all(|letter| (b'a'..=b'p').contains(&letter)));
        }
        let ids = firefox_ids();
        assert!(!ids.is_empty());
        assert!(ids.iter().all(|id| id.contains('@')));
    }

    #[test]
    fn both_browsers_ways_of_starting_a_host_name_the_caller() {
        let caller_of = |arguments: &[&str]| {
            let all: Vec<OsString> = ["program"]
                .iter()
                .chain(arguments)
                .map(Into::into)
                .collect();
            caller(&all).map(str::to_owned)
        };
        assert_eq!(
            caller_of(&["chrome-extension://x/"]).as_deref(),
            Some("chrome-extension://x/")
        );
        let manifest =
            "/home/taro/.mozilla/native-messaging-hosts/jp.jpki_webauthn.authenticator.json";
        assert_eq!(caller_of(&[manifest, "x@y"]).as_deref(), Some("x@y"));
        for arguments in [
            &[] as &[&str],
            &[manifest],
            &["jp.jpki_webauthn.authenticator.json", "x@y"],
            &["/home/taro/other.json", "x@y"],
            &["backup", "/home/taro/jp.jpki_webauthn.authenticator.json"],
        ] {
            assert_eq!(caller_of(arguments), None, "{arguments:?}");
        }
    }
}
