//! `install`, `uninstall` and `doctor`, run as a person runs them, on a computer without readers.
#![allow(clippy::unwrap_used)] // Outside the test functions too.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jpki_lab::pinentry::ScriptedPinentry;
use serde_json::{Value, json};

const NAME: &str = "jp.jpki_webauthn.authenticator.json";

/// Somebody's home folder, and what the programs in it say.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Home {
        let home = Home(tempfile::tempdir().unwrap());
        fs::create_dir(home.path("bin")).unwrap();
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn manifest(&self) -> PathBuf {
        self.path(".config/chromium/NativeMessagingHosts")
            .join(NAME)
    }

    fn firefox_manifest(&self) -> PathBuf {
        self.path(".mozilla/native-messaging-hosts").join(NAME)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_jpki-authenticator");
        self.command_of(Path::new(program), arguments)
    }

    fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("PATH", self.path("bin"))
            .env("PCSCLITE_CSOCK_NAME", self.path("no-pcscd"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        said(&mut self.command(arguments))
    }

    fn run_copy(&self, copy: &Path, arguments: &[&str]) -> Said {
        said(&mut self.command_of(copy, arguments))
    }

    /// As [`Home::command`], on a computer where another folder lies in this one's place.
    fn command_where(&self, place: &str, holds: &Path, arguments: &[&str]) -> Command {
        const SCRIPT: &str = r#"/usr/bin/mount --bind "$1" "$2" && shift 2 && exec "$@""#;
        let mut command = self.command_of(Path::new("/usr/bin/unshare"), &[]);
        if !rustix::process::geteuid().is_root() {
            command.arg("--map-root-user");
        }
        command
            .args(["--mount", "/bin/sh", "-c", SCRIPT, "sh"])
            .args([holds, Path::new(place)])
            .arg(env!("CARGO_BIN_EXE_jpki-authenticator"))
            .args(arguments);
        command
    }

    /// Puts an executable into the PATH.
    fn executable(&self, name: &str, content: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

struct Said {
    succeeded: bool,
    out: String,
    err: String,
}

impl Said {
    /// The line of doctor's report under a heading, and what it says to do.
    fn line(&self, heading: &str) -> (&str, Option<&str>) {
        let mut lines = self
            .out
            .lines()
            .skip_while(|line| !line.contains(&format!("] {heading} ")));
        let line = lines.next().unwrap();
        (
            line,
            lines
                .next()
                .map(str::trim)
                .filter(|next| next.starts_with('→')),
        )
    }
}

fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        succeeded: output.status.success(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
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
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_jpki-authenticator")).unwrap();
    let expected = json!({
        "name": "jp.jpki_webauthn.authenticator",
        "description": "My Number Card as a passkey (JPKI for WebAuthn)",
        "path": program,
        "type": "stdio",
        "allowed_origins": ["chrome-extension://kpfpmdbkokbeaeieohjpglnleemnajlg/"],
    });
    assert_eq!(read(&home.manifest()), expected);
    only_the_manifest_is_there(&home.manifest());
}

#[test]
fn install_makes_the_program_known_to_firefox() {
    let home = Home::new();
    let installed = home.run(&["install"]);
    assert!(installed.out.contains("Firefox can now start this program"));
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_jpki-authenticator")).unwrap();
    let expected = json!({
        "name": "jp.jpki_webauthn.authenticator",
        "description": "My Number Card as a passkey (JPKI for WebAuthn)",
        "path": program,
        "type": "stdio",
        "allowed_extensions": ["authenticator@jpki-webauthn"],
    });
    assert_eq!(read(&home.firefox_manifest()), expected);
    only_the_manifest_is_there(&home.firefox_manifest());
    assert!(home.run(&["uninstall"]).succeeded);
    assert!(!home.firefox_manifest().exists());
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
}

#[test]
fn the_persons_language_is_spoken() {
    let home = Home::new();
    let installed = said(home.command(&["install"]).env("LANG", "ja_JP.UTF-8"));
    assert!(
        installed.out.contains("起動できるようになりました"),
        "{}",
        installed.out
    );
    let report = said(
        home.command(&["doctor"])
            .env("LC_ALL", "ja_JP.UTF-8")
            .env("LANG", "C"),
    );
    assert!(
        report.out.contains("[問題] カードサービス"),
        "{}",
        report.out
    );
}

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
    let advice = "sudo apt install pcscd && sudo systemctl enable --now pcscd.socket";
    let card = with("C", &["card"]);
    assert!(!card.succeeded && card.err.contains("is not installed."));
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
    assert!(with("path", json!("/nowhere/jpki-authenticator")).contains("which is not a program"));
    assert!(with("path", json!("/bin/sh")).contains("another copy"));
    assert!(
        with("allowed_origins", json!(["chrome-extension://other/"])).contains("does not admit")
    );
    assert!(with("type", json!("socket")).contains("is damaged"));
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
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o644
    );

    fs::remove_file(&file).unwrap();
    symlink("/etc/passwd", &file).unwrap();
    assert!(
        home.run(&["doctor"])
            .line("Credentials")
            .0
            .contains("not a plain file")
    );
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
}

/// The files of `install --hid`, below the folder that is given instead of the system's.
const HID_FILES: [&str; 5] = [
    "etc/udev/rules.d/69-jpki-authenticator.rules",
    "etc/modules-load.d/jpki-authenticator.conf",
    "etc/systemd/system/jpki-authenticator-hid@.socket",
    "etc/systemd/system/jpki-authenticator-hid@.service",
    "etc/systemd/user/jpki-authenticator-hid.service",
];

#[test]
fn the_security_keys_files_are_written_once_and_taken_back() {
    let home = Home::new();
    let root = home.path("root");
    let arguments = |command| [command, "--hid", "--root", root.to_str().unwrap()];
    let install = || {
        let program = ["--program", "/usr/bin/jpki-authenticator"];
        home.run(&[arguments("install").as_slice(), &program].concat())
    };
    let installed = install();
    assert!(installed.succeeded, "{}", installed.err);
    assert_eq!(installed.out.matches("Written: ").count(), HID_FILES.len());
    for file in HID_FILES {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(!text.contains("@PROGRAM@"), "{file}");
        let mode = fs::metadata(root.join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{file}");
    }
    let program = "/usr/bin/jpki-authenticator";
    for (file, command) in [(HID_FILES[3], "hid-device"), (HID_FILES[4], "hid")] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(
            text.contains(&format!("ExecStart=\"{program}\" {command}\n")),
            "{text}"
        );
    }
    let again = install();
    assert_eq!(again.out.matches("As it was: ").count(), HID_FILES.len());
    let removed = home.run(&arguments("uninstall"));
    assert_eq!(removed.out.matches("Removed: ").count(), HID_FILES.len());
    assert!(HID_FILES.iter().all(|file| !root.join(file).exists()));
    let again = home.run(&arguments("uninstall"));
    assert!(again.succeeded);
    assert_eq!(
        again.out.matches("Was not there: ").count(),
        HID_FILES.len()
    );
}

/// For packages too, root runs no program that others can change, unless it is said where the package puts it.
#[test]
fn a_copy_that_others_can_change_is_in_no_unit_of_roots() {
    let home = Home::new();
    let copy = home.path("jpki-authenticator");
    fs::copy(env!("CARGO_BIN_EXE_jpki-authenticator"), &copy).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o777)).unwrap();
    let root = home.path("root");
    let arguments = ["install", "--hid", "--root", root.to_str().unwrap()];
    let refused = home.run_copy(&copy, &arguments);
    assert!(!refused.succeeded);
    assert!(
        refused.err.contains("jpki-authenticator"),
        "{}",
        refused.err
    );
    assert!(!root.exists());
    let relative = [arguments.as_slice(), &["--program", "bin/x"]].concat();
    assert!(!home.run_copy(&copy, &relative).succeeded);
    assert!(!root.exists());
    let placed = [arguments.as_slice(), &["--program", "/usr/bin/x"]].concat();
    assert!(home.run_copy(&copy, &placed).succeeded);
}

#[test]
fn systemd_and_udev_find_nothing_wrong_with_the_security_keys_files() {
    let home = Home::new();
    let root = home.path("root");
    let program = env!("CARGO_BIN_EXE_jpki-authenticator");
    home.run(&[
        "install",
        "--hid",
        "--root",
        root.to_str().unwrap(),
        "--program",
        program,
    ]);
    // As systemd would make them of the templates, for a user and for a connection.
    let units = root.join("etc/systemd/system");
    for (template, instance) in [
        (
            "jpki-authenticator-hid@.socket",
            "jpki-authenticator-hid@1000.socket",
        ),
        (
            "jpki-authenticator-hid@.service",
            "jpki-authenticator-hid@0-1-1000.service",
        ),
    ] {
        fs::copy(units.join(template), units.join(instance)).unwrap();
        let output = Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .arg(units.join(instance))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("jpki-authenticator"), "{said}");
    }
    // What the relay keeps to itself, by systemd's own measure (0: nothing is exposed; 10: everything).
    let output = Command::new("systemd-analyze")
        .args(["security", "--offline=yes", "--threshold=20", "--no-pager"])
        .arg(units.join("jpki-authenticator-hid@0-1-1000.service"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn the_relay_wants_to_be_started_by_systemd_and_scripts_want_udp() {
    let home = Home::new();
    let said = home.run(&["hid-device"]);
    assert!(!said.succeeded);
    assert!(said.err.contains("install --hid"), "{}", said.err);
    let said = home.run(&["hid", "--prompt", "none"]);
    assert!(!said.succeeded);
    assert!(said.err.contains("--udp"), "{}", said.err);
    let said = home.run(&["hid", "--udp", "0.0.0.0:0"]);
    assert!(!said.succeeded);
    assert!(
        said.err
            .starts_with("Other computers could reach 0.0.0.0:0."),
        "{}",
        said.err
    );
    let script = home.path("script");
    fs::write(&script, "approve\npni 9876\n").unwrap();
    let prompt = format!("script:{}", script.display());
    let said = home.run(&["hid", "--udp", "127.0.0.1:0", "--prompt", &prompt]);
    assert!(!said.succeeded);
    assert!(said.err.starts_with("Line 2 of "), "{}", said.err);
    assert!(!said.err.contains("9876"));
    // What would be cut off is refused.
    fs::write(&script, "approve\n".repeat(8 * 1024 + 1)).unwrap();
    let said = home.run(&["hid", "--udp", "127.0.0.1:0", "--prompt", &prompt]);
    assert!(!said.succeeded);
    assert!(said.err.contains("longer than 64 KiB"), "{}", said.err);
    let said = home.run(&["doctor"]);
    assert!(said.out.contains("Security key"), "{}", said.out);
}

#[test]
fn a_security_key_without_its_relay_says_what_to_do() {
    let home = Home::new();
    let nowhere = home.path("nowhere.socket");
    let mut service = home
        .command(&["hid", "--relay", nowhere.to_str().unwrap()])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(service.stderr.take().unwrap()).lines();
    let mut line = || said.next().unwrap().unwrap();
    let lines = [line(), line()];
    service.kill().unwrap();
    service.wait().unwrap();
    assert!(lines[0].contains("There is no relay at "), "{lines:?}");
    assert!(lines[1].contains("install --hid"), "{lines:?}");
}
