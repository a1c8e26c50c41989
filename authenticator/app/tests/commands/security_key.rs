//! `install --hid`, and the programs that it installs.

use super::*;

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

/// For packages too: only where it is said does root run what is where a package puts it.
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
    // The folder that it was built in is no place of the computer that it is for.
    assert!(refused.err.contains("--program"), "{}", refused.err);
    let code = "  Code: JPKI-no-program-path\n";
    assert!(refused.err.ends_with(code), "{}", refused.err);
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
    assert!(said.err.ends_with("Code: JPKI-relay-not-connected\n"));
    let said = home.run(&["hid", "--prompt", "none"]);
    assert!(!said.succeeded);
    assert!(said.err.contains("--udp"), "{}", said.err);
    assert!(said.err.ends_with("Code: JPKI-prompt-without-udp\n"));
    let said = home.run(&["hid", "--udp", "0.0.0.0:0"]);
    assert!(!said.succeeded);
    assert!(
        said.err
            .starts_with("Other computers could reach 0.0.0.0:0."),
        "{}",
        said.err
    );
    assert!(said.err.ends_with("Code: JPKI-not-loopback\n"));
    let script = home.path("script");
    fs::write(&script, "approve\npni 9876\n").unwrap();
    let prompt = format!("script:{}", script.display());
    let said = home.run(&["hid", "--udp", "127.0.0.1:0", "--prompt", &prompt]);
    assert!(!said.succeeded);
    assert!(said.err.starts_with("Line 2 of "), "{}", said.err);
    assert!(said.err.ends_with("Code: JPKI-script-not-understood\n"));
    assert!(!said.err.contains("9876"));
    // What would be cut off is refused.
    fs::write(&script, "approve\n".repeat(8 * 1024 + 1)).unwrap();
    let said = home.run(&["hid", "--udp", "127.0.0.1:0", "--prompt", &prompt]);
    assert!(!said.succeeded);
    assert!(said.err.contains("longer than 64 KiB"), "{}", said.err);
    assert!(said.err.ends_with("Code: JPKI-script-too-long\n"));
    // One that is not there.
    fs::remove_file(&script).unwrap();
    let said = home.run(&["hid", "--udp", "127.0.0.1:0", "--prompt", &prompt]);
    assert!(said.err.ends_with("Code: JPKI-script-unreadable\n"));
    // A port that somebody has.
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = home.run(&["hid", "--udp", &address]);
    assert!(said.err.starts_with(&address), "{}", said.err);
    assert!(said.err.ends_with("Code: JPKI-address-failed\n"));
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
    let lines = [line(), line(), line()];
    service.kill().unwrap();
    service.wait().unwrap();
    assert!(lines[0].contains("There is no relay at "), "{lines:?}");
    assert!(lines[1].contains("install --hid"), "{lines:?}");
    assert_eq!(lines[2], "  Code: JPKI-no-relay");
}
