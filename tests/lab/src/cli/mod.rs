//! The command line.

mod pki;

use clap::{Parser, Subcommand};

/// A practice JPKI: certificates, people and cards to build and test against.
///
/// Nothing it makes is secret or trusted by anybody: keys follow from a seed, PINs are printed,
/// and every name says JPKI-LAB.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Pki(pki::Arguments),
}

impl Arguments {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Pki(arguments) => arguments.run(),
        }
    }
}
