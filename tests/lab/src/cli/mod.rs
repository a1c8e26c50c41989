//! The command line.

mod card;
#[cfg(unix)]
mod control;
mod inserted;
#[cfg(target_os = "linux")]
mod pcscd;
mod pki;

use clap::{Parser, Subcommand};
use serde::Serialize;
use std::io::Write as _;

/// A practice JPKI: certificates, people and cards to build and test against.
///
/// Nothing it makes is secret or trusted by anybody: keys follow from a seed, PINs are printed,
/// and every name says JPKI-LAB.
#[derive(Parser)]
#[command(version, after_help = EXAMPLE)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLE: &str = "\
Example: a card in a reader of its own, read by OpenSC
  jpki-lab pki --out pki
  sleep infinity | jpki-lab pcscd --slots 1 --ready-file pcscd.json &
  jpki-lab card --pki pki --person p01 --vpcd 127.0.0.1:PORT &    # PORT: see pcscd.json
  PCSCLITE_CSOCK_NAME=SOCKET pkcs11-tool --list-objects           # SOCKET: likewise";

#[derive(Subcommand)]
enum Command {
    Pki(pki::Arguments),
    Card(card::Arguments),
    #[cfg(target_os = "linux")]
    Pcscd(pcscd::Arguments),
}

impl Arguments {
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Pki(arguments) => arguments.run(),
            Command::Card(arguments) => arguments.run(),
            #[cfg(target_os = "linux")]
            Command::Pcscd(arguments) => arguments.run(),
        }
    }
}

/// One JSON object, one line, at once.
fn print_line(value: &impl Serialize) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(value)?)?;
    out.flush()?;
    Ok(())
}

/// Returns when standard input is closed.
fn wait_for_end_of_input() -> anyhow::Result<()> {
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink())?;
    Ok(())
}
