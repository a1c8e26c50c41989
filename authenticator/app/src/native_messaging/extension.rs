//! Who may call: the project's own browser extension, by its pinned ID.

use std::sync::LazyLock;

use serde::Deserialize;

/// The host's name, in the browsers' manifests.
pub(crate) const HOST_NAME: &str = "jp.jpki_webauthn.authenticator";

/// The origin of the extension in browsers of the Chromium family.
pub(crate) static CHROMIUM_ORIGIN: LazyLock<String> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Ids {
        chromium: String,
    }

    // The file is compiled in and tested below; were it damaged, no extension would be let in.
    let ids = serde_json::from_str(include_str!("../../../../browser-ext/extension-id.json"));
    let Ids { chromium } = ids.unwrap_or(Ids {
        chromium: String::new(),
    });
    format!("chrome-extension://{chromium}/")
});

/// Whether the caller is the project's own extension.
pub(crate) fn is_ours(caller: &str) -> bool {
    caller == CHROMIUM_ORIGIN.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_pinned_extension_is_ours() {
        assert!(is_ours(
            "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/"
        ));
        for other in [
            "",
            "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg",
            "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/index.html",
            "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
            "https://kpfpmdbkokbeaeieohjpglnleemnajlg/",
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn the_pinned_id_has_the_form_of_an_extension_id() {
        let id = CHROMIUM_ORIGIN
            .strip_prefix("chrome-extension://")
            .and_then(|rest| rest.strip_suffix('/'))
            .unwrap();
        assert_eq!(id.len(), 32);
        assert!(id.bytes().all(|letter| (b'a'..=b'p').contains(&letter)));
    }
}
