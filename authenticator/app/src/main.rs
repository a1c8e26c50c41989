//! `jpki-authenticator`: the My Number Card behind WebAuthn.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    jpki_authenticator::run(std::env::args_os())
}
