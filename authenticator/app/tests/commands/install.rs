//! `install` and `uninstall` of the way from the browsers.

use super::*;

/// What a browser is told, with the member by which it knows our extension.
fn manifest_that_admits(member: &str, ours: &str) -> Value {
    json!({
        "name": "jp.jpki_webauthn.authenticator",
        "description": "My Number Card as a passkey (JPKI for WebAuthn)",
        "path": fs::canonicalize(env!("CARGO_BIN_EXE_jpki-authenticator")).unwrap(),
        "type": "stdio",
        member: [ours],
    })
}

#[test]
fn install_makes_the_program_known_to_chromium() {
    let home = Home::new();
    let installed = home.run(&["install"]);
    assert!(installed.succeeded, "{}", installed.err);
    assert!(
        installed
            .out
            .contains("Chromium can now start this program")
    );
    let ours = "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/";
    let expected = manifest_that_admits("allowed_origins", ours);
    assert_eq!(read(&home.manifest()), expected);
    only_the_manifest_is_there(&home.manifest());
}

#[test]
fn install_makes_the_program_known_to_firefox() {
    let home = Home::new();
    let installed = home.run(&["install"]);
    assert!(installed.out.contains("Firefox can now start this program"));
    let expected = manifest_that_admits("allowed_extensions", "authenticator@jpki-webauthn");
    assert_eq!(read(&home.firefox_manifest()), expected);
    only_the_manifest_is_there(&home.firefox_manifest());
    assert!(home.run(&["uninstall"]).succeeded);
    assert!(!home.firefox_manifest().exists());
}

#[test]
fn install_makes_the_program_known_to_chrome_and_edge() {
    let home = Home::new();
    assert!(home.run(&["install"]).succeeded);
    let ours = "chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/";
    for folder in ["google-chrome", "microsoft-edge"] {
        let manifest = home
            .path(".config")
            .join(folder)
            .join("NativeMessagingHosts")
            .join(NAME);
        let expected = manifest_that_admits("allowed_origins", ours);
        assert_eq!(read(&manifest), expected, "{folder}");
    }
    assert!(home.run(&["uninstall"]).succeeded);
    let left = Command::new("find")
        .args([home.path("").as_os_str(), "-name".as_ref(), NAME.as_ref()])
        .output()
        .unwrap();
    assert!(left.stdout.is_empty(), "{left:?}");
}

/// Who has one browser need not hear of the others; one that comes later finds the program all the same.
#[test]
fn install_speaks_of_the_browsers_that_are_there() {
    let home = Home::new();
    home.executable("microsoft-edge", "#!/bin/sh\n");
    let installed = home.run(&["install"]);
    assert!(
        installed
            .out
            .starts_with("Microsoft Edge can now start this program."),
        "{}",
        installed.out
    );
    let others = "So can these, should they come: Chromium, Google Chrome, Firefox.\n";
    assert!(installed.out.contains(others), "{}", installed.out);
    assert!(installed.out.ends_with("README.md says how to load it.\n"));
    assert_eq!(installed.out.lines().count(), 4);
    assert!(home.manifest().exists() && home.firefox_manifest().exists());
    let report = home.run(&["doctor"]);
    let (line, _) = report.line("Way from Microsoft Edge");
    assert!(line.starts_with("[ok  ]"), "{line}");

    let mut japanese = home.command(&["install"]);
    let japanese = said(japanese.env("LANG", "ja_JP.UTF-8"));
    let others = "後から入れたときも、そのまま使えます: Chromium、Google Chrome、Firefox";
    assert!(japanese.out.contains(others), "{}", japanese.out);
}

fn only_the_manifest_is_there(manifest: &Path) {
    let folder = manifest.parent().unwrap().to_owned();
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        1,
        "nothing unfinished stays behind"
    );
    assert_eq!(
        fs::metadata(&folder).unwrap().permissions().mode() & 0o077,
        0
    );
}

#[test]
fn installing_again_changes_nothing_and_repairs_what_is_broken() {
    let home = Home::new();
    home.run(&["install"]);
    let before = fs::metadata(home.manifest()).unwrap().modified().unwrap();
    let again = home.run(&["install"]);
    assert!(
        again.succeeded && again.out.contains("already"),
        "{}",
        again.out
    );
    assert_eq!(
        fs::metadata(home.manifest()).unwrap().modified().unwrap(),
        before
    );

    fs::write(home.manifest(), "{").unwrap();
    assert!(home.run(&["install"]).succeeded);
    assert_eq!(read(&home.manifest())["type"], "stdio");
}

/// Somebody's dotfiles may lead elsewhere; what is there is not ours to write to.
#[test]
fn a_link_in_the_manifests_place_is_replaced_and_not_followed() {
    let home = Home::new();
    fs::create_dir_all(home.manifest().parent().unwrap()).unwrap();
    fs::write(home.path("elsewhere"), "mine").unwrap();
    symlink(home.path("elsewhere"), home.manifest()).unwrap();
    assert!(home.run(&["install"]).succeeded);
    assert_eq!(fs::read_to_string(home.path("elsewhere")).unwrap(), "mine");
    assert!(fs::symlink_metadata(home.manifest()).unwrap().is_file());
}

#[test]
fn the_configuration_folder_is_chromiums_own() {
    let home = Home::new();
    let other = home.path("other");
    let installed = said(home.command(&["install"]).env("XDG_CONFIG_HOME", &other));
    assert!(installed.succeeded);
    assert!(
        other
            .join("chromium/NativeMessagingHosts")
            .join(NAME)
            .exists()
    );
    assert!(!home.path(".config").exists());
    // A relative path is not one (XDG Base Directory Specification).
    said(
        home.command(&["install"])
            .env("XDG_CONFIG_HOME", "relative"),
    );
    assert!(home.manifest().exists());
}

#[test]
fn uninstall_removes_the_manifest_and_nothing_else() {
    let home = Home::new();
    home.run(&["install"]);
    let other = home.manifest().with_file_name("org.example.other.json");
    fs::write(&other, "{}").unwrap();
    fs::create_dir_all(home.path(".local/share/jpki-authenticator")).unwrap();
    let removed = home.run(&["uninstall"]);
    assert!(
        removed.succeeded && removed.out.contains("no longer knows"),
        "{}",
        removed.out
    );
    assert!(!home.manifest().exists());
    assert!(other.exists() && home.path(".local/share/jpki-authenticator").exists());
    let again = home.run(&["uninstall"]);
    assert!(
        again.succeeded && again.out.contains("did not know"),
        "{}",
        again.out
    );
}

#[test]
fn what_cannot_be_written_is_said_with_what_to_do() {
    let home = Home::new();
    fs::write(home.path(".config"), "a file where a folder should be").unwrap();
    let failed = home.run(&["install"]);
    assert!(!failed.succeeded && failed.out.is_empty());
    assert!(
        failed.err.contains("cannot be used") && failed.err.contains("→ Check that"),
        "{}",
        failed.err
    );
    assert!(failed.err.ends_with("  Code: JPKI-file-failed\n"));
}

/// Whoever can replace the program would run theirs in everybody's browser.
#[test]
fn a_program_that_others_can_replace_is_not_installed_for_everybody() {
    let home = Home::new();
    let folder = home.path("shared");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let program = folder.join("jpki-authenticator");
    fs::copy(env!("CARGO_BIN_EXE_jpki-authenticator"), &program).unwrap();
    let refused = said(
        Command::new(&program)
            .args(["install", "--system"])
            .env_clear()
            .env("HOME", home.path("")),
    );
    assert!(!refused.succeeded);
    assert!(
        refused
            .err
            .contains("Others than the administrator can change"),
        "{}",
        refused.err
    );
    assert!(refused.err.contains("/usr/local/bin"), "{}", refused.err);
    assert!(refused.err.ends_with("  Code: JPKI-program-not-safe\n"));
}
