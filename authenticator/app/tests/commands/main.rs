//! `install`, `uninstall` and `doctor`, run as a person runs them, on a computer without readers.
#![allow(clippy::unwrap_used)] // Outside the test functions too.

mod arguments;
mod doctor;
mod elsewhere;
mod install;
mod security_key;

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

/// Looking at what there is leaves nothing behind where there is nothing.
#[test]
fn looking_makes_no_store() {
    let home = Home::new();
    for (arguments, says) in [
        (&["history"][..], "has been disclosed to any site"),
        (
            &["credentials"],
            "There are no credentials on this computer.",
        ),
        (
            &["credentials", "list"],
            "There are no credentials on this computer.",
        ),
    ] {
        let shown = home.run(arguments);
        assert!(shown.succeeded && shown.out.contains(says), "{}", shown.out);
    }
    for arguments in [
        &["credentials", "rename", "ab", "x"][..],
        &["credentials", "remove", "ab", "--yes"],
    ] {
        let refused = home.run(arguments);
        assert!(
            refused.err.ends_with("  Code: JPKI-no-such-credential\n"),
            "{}",
            refused.err
        );
    }
    assert!(!home.path(".local").exists());
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
    let help = said(
        home.command(&["install", "--help"])
            .env("LC_MESSAGES", "ja_JP.UTF-8"),
    );
    assert!(
        help.out.starts_with("プログラムをブラウザーに登録します"),
        "{}",
        help.out
    );
    assert!(
        help.out.contains("\n使い方: ") && help.out.contains("\nオプション:\n"),
        "{}",
        help.out
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
