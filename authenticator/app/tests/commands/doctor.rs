//! `doctor`, and what any command says where the way to the card is missing.

use super::*;

/// The driver's own words would be that a service does not answer, which sends nobody to the package that is missing.
#[test]
fn without_pcscd_it_is_said_what_to_install_and_start() {
    let home = Home::new();
    let empty = home.path("empty");
    fs::create_dir(&empty).unwrap();
    let with = |language: &str, arguments: &[&str]| {
        said(
            home.command_where("/usr/sbin", &empty, arguments)
                .env("LANG", language),
        )
    };
    let advice = if Path::new("/run/systemd/system").is_dir() {
        "sudo apt install pcscd && sudo systemctl enable --now pcscd.socket"
    } else {
        "sudo apt install pcscd && sudo service pcscd start"
    };
    let card = with("C", &["card"]);
    assert!(!card.succeeded && card.err.contains("is not installed."));
    assert!(card.err.contains("Code: JPKI-pcsc-not-installed\n"));
    assert!(card.err.contains(advice), "{}", card.err);
    let card = with("ja_JP.UTF-8", &["card"]);
    assert!(card.err.contains("インストールされていません"));
    assert!(card.err.contains(advice), "{}", card.err);
    let report = with("C", &["doctor"]);
    let (line, to_do) = report.line("Smart card service");
    assert!(line.contains("is not installed."), "{line}");
    assert!(to_do.unwrap().ends_with(advice), "{to_do:?}");

    // Where its socket is, it is somewhere.
    fs::write(home.path("no-pcscd"), "").unwrap();
    let card = with("C", &["card"]);
    assert!(card.err.contains("is not running."), "{}", card.err);
    fs::remove_file(home.path("no-pcscd")).unwrap();
    // And where its program is.
    let card = home.run(&["card"]);
    assert!(card.err.contains("is not running."), "{}", card.err);
    assert!(!card.err.contains("apt install"), "{}", card.err);
}

#[test]
fn the_doctor_says_what_is_missing() {
    let home = Home::new();
    let report = home.run(&["doctor"]);
    assert!(!report.succeeded);
    assert!(report.line("Smart card service").0.starts_with("[FAIL]"));
    let (connection, to_do) = report.line("Way from Chromium");
    assert!(connection.starts_with("[FAIL]"), "{connection}");
    // By the path by which it was run: it need not be in the PATH.
    let called = env!("CARGO_BIN_EXE_jpki-authenticator");
    let to_install = format!("→ For the browser extension, run: {called} install");
    assert_eq!(to_do, Some(to_install.as_str()));
    assert!(report.out.contains("→ Or for a security key: sudo "));
    assert!(report.out.contains("  Code: JPKI-not-set-up\n"));
    assert!(report.out.contains("  Code: JPKI-browser-missing\n"));
    let japanese = said(home.command(&["doctor"]).env("LANG", "ja_JP.UTF-8")).out;
    assert!(japanese.contains("→ セキュリティキーとして使う場合: sudo "));
    assert!(!report.line("Chromium").0.starts_with("[ok  ]"));
    assert!(report.line("Credentials").0.contains("none yet"));
}

/// The two ways do not need each other.
#[test]
fn whoever_has_set_up_the_security_key_alone_is_not_told_that_the_extension_is_missing() {
    let home = Home::new();
    let root = home.path("root");
    let placed = ["--program", "/usr/bin/jpki-authenticator"];
    home.run(
        &[
            &["install", "--hid", "--root", root.to_str().unwrap()][..],
            &placed,
        ]
        .concat(),
    );
    let units = root.join("etc/systemd/system");
    let doctor = |language: &str| {
        let mut doctor = home.command_where("/etc/systemd/system", &units, &["doctor"]);
        said(doctor.env("LANG", language))
    };
    let report = doctor("C");
    let (line, to_do) = report.line("Way from Chromium");
    assert!(
        line.starts_with("[ok  ]") && line.contains("not set up"),
        "{line}"
    );
    assert_eq!(to_do, None);
    // Nor is a browser missed that nobody needs.
    assert!(!report.out.contains("] Chromium "), "{}", report.out);
    assert!(doctor("ja_JP.UTF-8").out.contains("設定されていません"));
    // What was set up is checked as ever.
    home.run(&["install"]);
    fs::write(home.manifest(), "{").unwrap();
    let report = doctor("C");
    assert!(report.line("Way from Chromium").0.starts_with("[FAIL]"));
}

#[test]
fn the_doctor_says_where_the_pin_is_typed() {
    let home = Home::new();
    let report = home.run(&["doctor"]);
    assert!(report.line("PIN entry").0.contains("in the browser"));
    let report = said(home.command(&["doctor"]).env("DISPLAY", ":of-nobody"));
    let (line, to_do) = report.line("PIN entry");
    assert!(line.contains("typed into the browser"), "{line}");
    assert!(to_do.unwrap().contains("install pinentry-gnome3"));
    assert!(report.out.contains("  Code: JPKI-no-pinentry\n"));
    let pinentry = ScriptedPinentry::new().unwrap();
    let mut doctor = home.command(&["doctor"]);
    doctor.env("JPKI_PINENTRY", pinentry.program());
    // No desktop, no window.
    let report = said(&mut doctor);
    assert!(report.line("PIN entry").0.contains("in the browser"));
    let report = said(doctor.env("DISPLAY", ":of-the-pinentry"));
    let (line, _) = report.line("PIN entry");
    assert!(line.contains("in a window of the system"), "{line}");
    assert!(
        line.contains(&*pinentry.program().to_string_lossy()),
        "{line}"
    );
}

#[test]
fn the_doctor_follows_the_manifest_to_the_program() {
    let home = Home::new();
    home.executable("chromium", "#!/bin/sh\n");
    home.run(&["install"]);
    let report = home.run(&["doctor"]);
    assert!(
        report.line("Chromium").0.starts_with("[ok  ]"),
        "{}",
        report.out
    );
    assert!(
        report.line("Way from Chromium").0.starts_with("[ok  ]"),
        "{}",
        report.out
    );

    let good = read(&home.manifest());
    let with = |member: &str, value: Value| {
        let mut manifest = good.clone();
        manifest[member] = value;
        fs::write(home.manifest(), manifest.to_string()).unwrap();
        home.run(&["doctor"]).out
    };
    for (member, value, words, code) in [
        (
            "path",
            json!("/nowhere/jpki-authenticator"),
            "which is not a program",
            "JPKI-manifest-program-missing",
        ),
        (
            "path",
            json!("/bin/sh"),
            "another copy",
            "JPKI-manifest-other-program",
        ),
        (
            "allowed_origins",
            json!(["chrome-extension://other/"]),
            "does not admit",
            "JPKI-manifest-other-extension",
        ),
        (
            "type",
            json!("socket"),
            "is damaged",
            "JPKI-manifest-damaged",
        ),
    ] {
        let report = with(member, value);
        assert!(report.contains(words), "{report}");
        assert!(report.contains(&format!("Code: {code}\n")), "{report}");
    }
}

#[test]
fn the_doctor_asks_for_no_second_browser() {
    let home = Home::new();
    home.executable("firefox-esr", "#!/bin/sh\n");
    let report = home.run(&["doctor"]);
    assert!(report.line("Firefox").0.starts_with("[ok  ]"));
    assert!(report.line("Way from Firefox").0.starts_with("[FAIL]"));
    assert!(!report.out.contains("Chromium"), "{}", report.out);
    home.run(&["install"]);
    let report = home.run(&["doctor"]);
    let (line, _) = report.line("Way from Firefox");
    assert!(line.starts_with("[ok  ]"), "{line}");
}

/// The browser would not say why it starts nothing.
#[test]
fn the_doctor_reads_the_administrators_policies() {
    let home = Home::new();
    home.executable("chromium", "#!/bin/sh\n");
    home.run(&["install"]);
    let etc = home.path("etc");
    let policies = etc.join("policies/managed");
    fs::create_dir_all(&policies).unwrap();
    let with = |policy: Value| {
        fs::write(policies.join("ours.json"), policy.to_string()).unwrap();
        said(&mut home.command_where("/etc/chromium", &etc, &["doctor"]))
    };
    let report = with(json!({"NativeMessagingBlocklist": ["*"]}));
    let (line, to_do) = report.line("Way from Chromium");
    assert!(
        line.starts_with("[FAIL]") && line.contains("do not let it"),
        "{line}"
    );
    assert!(to_do.unwrap().contains("NativeMessagingAllowlist"));
    assert!(report.out.contains("Code: JPKI-policy-forbids-program\n"));
    let report = with(json!({"NativeMessagingUserLevelHosts": false}));
    let (_, to_do) = report.line("Way from Chromium");
    assert!(to_do.unwrap().ends_with(" install --system"), "{to_do:?}");
    assert!(
        report
            .out
            .contains("Code: JPKI-policy-forbids-users-programs\n")
    );
    let report = with(json!({"HomepageLocation": "https://example.jp"}));
    let (line, _) = report.line("Way from Chromium");
    assert!(line.starts_with("[ok  ]"), "{line}");
}

#[test]
fn the_doctor_recognises_browsers_that_cannot_start_programs() {
    let home = Home::new();
    home.executable(
        "chromium-browser",
        "#!/bin/sh\nexec /snap/bin/chromium \"$@\"\n",
    );
    fs::create_dir_all(home.path(".local/share/flatpak/app/org.chromium.Chromium")).unwrap();
    let report = home.run(&["doctor"]);
    let (line, to_do) = report.line("Chromium");
    assert!(
        line.starts_with("[FAIL]") && line.contains("cannot start this program"),
        "{line}"
    );
    assert!(to_do.unwrap().contains("package of your distribution"));
    assert!(report.out.contains("Code: JPKI-browser-sandboxed\n"));
}

#[test]
fn the_doctor_sees_who_can_read_the_credentials_and_touches_nothing() {
    let home = Home::new();
    let folder = home.path(".local/share/jpki-authenticator");
    fs::create_dir_all(&folder).unwrap();
    let set =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(&folder, 0o700);
    assert!(
        home.run(&["doctor"])
            .line("Credentials")
            .0
            .starts_with("[ok  ]")
    );

    let file = folder.join("credentials.sqlite3");
    fs::write(&file, "").unwrap();
    set(&file, 0o644);
    let report = home.run(&["doctor"]);
    let (line, to_do) = report.line("Credentials");
    assert!(line.starts_with("[FAIL]"), "{line}");
    assert_eq!(
        to_do,
        Some(format!("→ Run: chmod go= {}", file.display()).as_str())
    );
    assert!(report.out.contains("Code: JPKI-storage-not-private\n"));
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o644
    );

    let database = folder.join("credentials.sqlite");
    fs::write(&database, "this is no database, however long it may be").unwrap();
    set(&database, 0o600);
    set(&file, 0o600);
    let report = home.run(&["doctor"]);
    let (line, _) = report.line("Credentials");
    assert!(line.starts_with("[FAIL]"), "{line}");
    assert!(
        report.out.contains("Code: JPKI-storage\n"),
        "{}",
        report.out
    );
    fs::remove_file(&database).unwrap();

    fs::remove_file(&file).unwrap();
    symlink("/etc/passwd", &file).unwrap();
    let report = home.run(&["doctor"]);
    assert!(report.line("Credentials").0.contains("not a plain file"));
    assert!(report.out.contains("Code: JPKI-storage-not-yours\n"));
}
