//! Writes the test vectors beside this program's source, or says which of them are not as it would write them.
//!
//! ```text
//! cargo run -p jpki-vectors             write them
//! cargo run -p jpki-vectors -- --check  compare
//! ```
//!
//! Everything is computed here from `docs/attestation-format.md` and the standards, with neither side's code: the
//! authenticator's tests make the same bytes again, the relying party's tests judge them.

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "it makes test data and may stop where that fails"
)]

mod accepted;
mod assertions;
mod attested;
mod authenticator;
mod bytes;
mod cbor;
mod ceremonies;
mod credential;
mod der;
mod files;
mod keys;
mod model;
mod refused;
mod rules;
mod sealing;
mod world;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = files::all(folder);
    if std::env::args().any(|argument| argument == "--check") {
        let differing = files::differing(folder, &files);
        for path in &differing {
            println!("{path} is not what `cargo run -p jpki-vectors` writes");
        }
        ExitCode::from(u8::from(!differing.is_empty()))
    } else {
        files::write(folder, &files);
        println!("{} files", files.len());
        ExitCode::SUCCESS
    }
}
