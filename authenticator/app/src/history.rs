//! The history that the person can read: to which sites the certificate was disclosed, and when.

use std::io::{self, Write};
use std::process::ExitCode;

use time::OffsetDateTime;
use time::macros::format_description;

use crate::store::{DisclosureEntry, Store, StoreError};
use crate::{log, messages};

/// Prints the history.
pub(crate) fn run() -> ExitCode {
    match Store::open_default().and_then(|mut store| store.disclosures()) {
        Ok(entries) if print(&entries, &mut io::stdout().lock()).is_ok() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => fail(&error),
    }
}

fn fail(error: &StoreError) -> ExitCode {
    log::line(error);
    ExitCode::FAILURE
}

fn print(entries: &[DisclosureEntry], output: &mut impl Write) -> io::Result<()> {
    let words = messages::history(log::language());
    if entries.is_empty() {
        return writeln!(output, "{}", words.empty);
    }
    writeln!(output, "{:<16}  {}", words.when, words.site)?;
    for entry in entries {
        writeln!(output, "{:<16}  {}", moment(entry.at), entry.rp_id)?;
    }
    Ok(())
}

fn moment(seconds: u64) -> String {
    const MINUTE: &[time::format_description::FormatItem<'_>] =
        format_description!("[year]-[month]-[day] [hour]:[minute]");
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|moment| moment.format(MINUTE).ok())
        .unwrap_or_default()
}
