//! The history that the person can read: to which sites the certificate was disclosed, and when.

use std::io::{self, Write};
use std::process::ExitCode;

use time::OffsetDateTime;
use time::macros::format_description;

use crate::messages::Language;
use crate::store::{DisclosureEntry, Store};
use crate::{install, messages};

/// Prints the history.
///
/// # Errors
/// If `out` or `err` cannot be written.
pub(crate) fn run(
    language: Language,
    out: &mut impl Write,
    err: &mut impl Write,
) -> io::Result<ExitCode> {
    match Store::open_default().and_then(|mut store| store.disclosures()) {
        Ok(entries) => print(language, &entries, out).map(|()| ExitCode::SUCCESS),
        Err(error) => install::tell(language, &messages::store_error(language, &error), err),
    }
}

fn print(language: Language, entries: &[DisclosureEntry], out: &mut impl Write) -> io::Result<()> {
    let words = messages::history(language);
    if entries.is_empty() {
        return writeln!(out, "{}", words.empty);
    }
    writeln!(out, "{:<16}  {}", words.when, words.site)?;
    for entry in entries {
        writeln!(out, "{:<16}  {}", moment(entry.at), entry.rp_id)?;
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
