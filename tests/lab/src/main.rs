//! The program `jpki-lab`: see `jpki-lab --help`.

#![forbid(unsafe_code)]

mod cli;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jpki-lab: {error:#}");
            ExitCode::FAILURE
        }
    }
}
