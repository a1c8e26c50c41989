//! How the person calls this program, so that what they are told to run can be run.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::OnceLock;

use crate::systemd;

/// The program's name where the PATH leads to it.
const NAME: &str = "jpki-authenticator";

static CALLED: OnceLock<String> = OnceLock::new();

/// Notes by which name or path the program was run (its first argument).
pub(crate) fn note_program(called: &OsStr) {
    // Only the first counts, and there is only one.
    let _ = CALLED.set(quoted(called));
}

/// The program as it can be typed into a shell: as it was this time.
pub(crate) fn program() -> &'static str {
    CALLED.get().map_or(NAME, String::as_str)
}

/// What sets the security key up. Root runs a part of the program, so a copy that others can change is put where they cannot.
pub(crate) fn set_up_security_key() -> String {
    let program = program();
    if program == NAME || program.starts_with("/usr/") {
        format!("sudo {program} install --hid")
    } else {
        format!(
            "sudo install {program} /usr/local/bin/{NAME} && sudo /usr/local/bin/{NAME} install --hid"
        )
    }
}

/// What starts pcscd here, now and after the next start of the computer where that is not so by itself.
pub(crate) fn start_pcscd() -> &'static str {
    if systemd::is_running() {
        "sudo systemctl enable --now pcscd.socket"
    } else {
        "sudo service pcscd start"
    }
}

/// What starts pcscd here anew.
pub(crate) fn restart_pcscd() -> &'static str {
    if systemd::is_running() {
        "sudo systemctl restart pcscd"
    } else {
        "sudo service pcscd restart"
    }
}

/// In quotation marks if a shell would take it apart.
fn quoted(called: &OsStr) -> String {
    let text = Path::new(called).display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_typed() {
        for (called, typed) in [
            ("jpki-authenticator", "jpki-authenticator"),
            (
                "target/debug/jpki-authenticator",
                "target/debug/jpki-authenticator",
            ),
            ("/home/taro/My Programs/j", "'/home/taro/My Programs/j'"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(quoted(OsStr::new(called)), typed);
        }
    }
}
