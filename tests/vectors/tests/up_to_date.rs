//! The files are what the generator writes.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

#[test]
fn the_generator_writes_these_files() {
    let output = Command::new(env!("CARGO_BIN_EXE_jpki-vectors"))
        .arg("--check")
        .output()
        .unwrap();
    let differing = String::from_utf8_lossy(&output.stdout);
    let failure = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{differing}{failure}run `cargo run -p jpki-vectors` and look at what changed"
    );
}
