//! The program `jpki-lab`: see `jpki-lab --help`.

#![forbid(unsafe_code)]

mod cli;

use clap::Parser as _;

fn main() -> anyhow::Result<()> {
    cli::Arguments::parse().run()
}
