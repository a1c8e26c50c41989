//! Measures both sides against what they stand on: `make bench`.
//!
//! | module | what is measured, and beside what |
//! |---|---|
//! | [`ceremonies`] | the authenticator: commands to the card, time, memory; beside OpenSC and beside bare PC/SC |
//! | [`registration`] | `eid-attestation`, beside two bare RSA verifications |
//! | [`sign_in`] | the relying party's sign-in, beside `webauthn-rs` alone and one bare ES256 verification |
//!
//! The rest serves them: [`sample`] takes turns and medians, [`report`] writes them down, [`desk`] is a computer with a
//! reader and a practice card, [`host`] speaks to the program as a browser does, [`opensc`] and [`bare`] are the
//! others at the same reader, [`memory`] looks at processes, [`passkey`] is a browser with an authenticator made of software.

#![forbid(unsafe_code)]

mod bare;
mod ceremonies;
mod desk;
mod host;
mod memory;
mod opensc;
mod passkey;
mod registration;
mod report;
mod sample;
mod sign_in;

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use report::Report;
use sample::Rounds;

/// Measures both sides of JPKI for WebAuthn and writes a table and `bench/report.json`.
#[derive(Parser)]
struct Arguments {
    /// A tenth of the rounds: to see that it works, not to quote.
    #[arg(long)]
    quick: bool,
    /// Where the report goes; by default `bench` beside the folder this program is in.
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Sends the commands of each line of standard input to the card and tells how long it took.
    #[command(hide = true)]
    Bare,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(Part::Bare) = arguments.part {
        return bare::serve();
    }
    let beside = std::env::current_exe()?;
    let beside = beside.parent().context("this program is in no folder")?;
    let out = match arguments.out {
        Some(out) => out,
        None => beside.parent().unwrap_or(beside).join("bench"),
    };
    let rounds = if arguments.quick {
        Rounds::quick()
    } else {
        Rounds::full()
    };

    let mut report = Report::default();
    registration::measure(&mut report, rounds)?;
    sign_in::measure(&mut report, rounds)?;
    ceremonies::measure(&mut report, rounds, &beside.join("jpki-authenticator"))?;

    write!(io::stdout(), "{}", report.table())?;
    fs::create_dir_all(&out).with_context(|| format!("making {}", out.display()))?;
    let file = out.join("report.json");
    fs::write(&file, report.json()?).with_context(|| format!("writing {}", file.display()))?;
    Ok(())
}
