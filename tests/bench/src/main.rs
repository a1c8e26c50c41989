//! Measures both sides against what they stand on: `make bench`.
//!
//! | module | what is measured, and beside what |
//! |---|---|
//! | [`ceremonies`] | the authenticator: commands to the card, time, memory; beside OpenSC and beside bare PC/SC |
//! | [`security_key`] | the service: each CTAP command over CTAPHID, keepalives, idle time; beside an echo of the same packets and bare PC/SC |
//! | [`registration`] | `eid-attestation`, beside two bare RSA verifications |
//! | [`sign_in`] | the relying party's sign-in, beside `webauthn-rs` alone and one bare ES256 verification |
//!
//! The rest serves them: [`sample`] takes turns and medians, [`report`] writes them down, [`desk`] is a computer with a
//! reader and a practice card, [`host`] speaks to the program as a browser does, [`ctaphid`] and [`platform`] as a
//! platform does that has found a security key, [`opensc`] and [`bare`] are the others at the same reader, [`process`] looks at
//! processes, [`passkey`] is a browser with an authenticator made of software.

#![forbid(unsafe_code)]

mod bare;
mod ceremonies;
mod ctaphid;
mod desk;
mod host;
mod opensc;
mod passkey;
mod platform;
mod process;
mod registration;
mod report;
mod sample;
mod security_key;
mod sign_in;

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};

use report::Report;
use sample::Rounds;

/// Measures both sides of JPKI for WebAuthn and writes a table and `bench/report.json`.
#[derive(Parser)]
struct Arguments {
    /// A tenth of the rounds: to see that it works, not to quote.
    #[arg(long)]
    quick: bool,
    /// Only this one of the four.
    #[arg(long)]
    only: Option<Only>,
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
    /// Answers the packets of a CTAPHID host with themselves.
    #[command(hide = true)]
    Echo,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Only {
    Registration,
    SignIn,
    Ceremonies,
    SecurityKey,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    match arguments.part {
        Some(Part::Bare) => return bare::serve(),
        Some(Part::Echo) => return ctaphid::serve_echo(),
        None => {}
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
    let program = beside.join("jpki-authenticator");
    let wanted = |part| arguments.only.is_none_or(|only| only == part);
    if wanted(Only::Registration) {
        registration::measure(&mut report, rounds)?;
    }
    if wanted(Only::SignIn) {
        sign_in::measure(&mut report, rounds)?;
    }
    if wanted(Only::Ceremonies) {
        ceremonies::measure(&mut report, rounds, &program)?;
    }
    if wanted(Only::SecurityKey) {
        security_key::measure(&mut report, rounds, &program)?;
    }

    write!(io::stdout(), "{}", report.table())?;
    fs::create_dir_all(&out).with_context(|| format!("making {}", out.display()))?;
    let file = out.join("report.json");
    fs::write(&file, report.json()?).with_context(|| format!("writing {}", file.display()))?;
    Ok(())
}
