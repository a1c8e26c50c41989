//! What is said of arguments that are not understood.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use super::*;

#[test]
fn what_a_person_mistypes_is_said_with_what_to_do() {
    let home = Home::new();
    for (arguments, code, what, action) in [
        (
            &["frobnicate"][..],
            "no-such-command",
            "There is no such command.",
            "{program} --help",
        ),
        (
            &["instal"],
            "no-such-command",
            "There is no such command.",
            "Perhaps you meant: {program} install",
        ),
        (
            &["credentials", "renam", "ab", "x"],
            "no-such-command",
            "There is no such command.",
            "Perhaps you meant: {program} credentials rename",
        ),
        (
            &["doctor", "--pin=1234"],
            "no-such-option",
            "There is no such option.",
            "{program} doctor --help",
        ),
        (
            &["install", "--sistem"],
            "no-such-option",
            "There is no such option.",
            "Perhaps you meant --system. To see which there are, run: {program} install --help",
        ),
        (
            &["card", "1234"],
            "too-many-arguments",
            "There are too many arguments.",
            "{program} card --help",
        ),
        (
            &["card", "-1234"],
            "no-such-option",
            "There is no such option.",
            "{program} card --help",
        ),
        (
            &["card", "--pin\u{FF1D}1234"],
            "no-such-option",
            "There is no such option.",
            "{program} card --help",
        ),
        (
            &["help", "frobnicate"],
            "no-such-command",
            "There is no such command.",
            "run: {program} --help",
        ),
        (
            &["credentials", "help", "x"],
            "no-such-command",
            "There is no such command.",
            "run: {program} credentials --help",
        ),
        (
            &["backup", ""],
            "value-missing",
            "<FILE> needs a value.",
            "{program} backup --help",
        ),
        (
            &["uninstall", "--system=1234"],
            "argument-value",
            "--system does not take this value.",
            "{program} uninstall --help",
        ),
        (
            &["credentials", "rename"],
            "argument-missing",
            "<ID> <NAME> is missing.",
            "{program} credentials rename --help",
        ),
        (
            &["install", "--hid", "--owner"],
            "value-missing",
            "--owner <UID> needs a value.",
            "{program} install --help",
        ),
        (
            &["install", "--root", "/1234"],
            "argument-missing",
            "--hid is missing.",
            "{program} install --help",
        ),
        (
            &["install", "--hid", "--owner", "x1234"],
            "argument-value",
            "--owner <UID> does not take this value.",
            "{program} install --help",
        ),
        (
            &["hid", "--prompt", "1234"],
            "argument-value",
            "--prompt <pinentry|none|script:FILE> does not take this value.",
            "{program} hid --help",
        ),
        (
            &["install", "--system", "--hid"],
            "arguments-conflict",
            "--system does not go with --hid.",
            "{program} install --help",
        ),
        (
            &["uninstall", "--system", "--system"],
            "argument-twice",
            "--system is there twice.",
            "Give it once.",
        ),
    ] {
        let output = home.command(arguments).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let program = env!("CARGO_BIN_EXE_jpki-authenticator");
        let action = action.replace("{program}", program);
        let lines: Vec<&str> = err.lines().collect();
        assert_eq!(lines.len(), 3, "{arguments:?}: {err}");
        assert_eq!(lines[0], what, "{arguments:?}");
        assert!(lines[1].ends_with(&action), "{arguments:?}: {err}");
        assert_eq!(lines[2], format!("  Code: JPKI-{code}"), "{arguments:?}");
        assert!(!err.contains("1234"), "what was typed may be a PIN: {err}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let japanese = said(home.command(arguments).env("LANG", "ja_JP.UTF-8"));
        let japanese = japanese.err;
        assert!(japanese.contains("\u{3002}\n"), "{japanese}");
        assert!(japanese.ends_with(&format!("JPKI-{code}\n")), "{japanese}");
        assert!(!japanese.contains("1234"), "{japanese}");
    }
    let mut unclear = home.command(&["credentials", "rename", "ab"]);
    unclear.arg(OsStr::from_bytes(b"\xff"));
    let unclear = said(&mut unclear);
    assert!(
        unclear.err.ends_with("  Code: JPKI-arguments-unclear\n"),
        "{}",
        unclear.err
    );
}

#[test]
fn help_and_version_are_no_mistakes() {
    let home = Home::new();
    for arguments in [&["--help"][..], &["install", "--help"], &["--version"]] {
        let shown = home.run(arguments);
        assert!(shown.succeeded && shown.err.is_empty(), "{}", shown.err);
        assert!(!shown.out.contains("JPKI-"), "{}", shown.out);
    }
    let nothing = home.run(&[]);
    assert!(!nothing.succeeded && nothing.err.contains("Usage: jpki-authenticator <COMMAND>"));
}
