//! The history that the person can read: when what is the same everywhere was disclosed, and to which site.

use std::io::{self, Write};
use std::process::ExitCode;

use authenticator_core::Disclosed;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::messages::Language;
use crate::messages::terminal::{pad, width};
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
    let what = |entry: &DisclosureEntry| match entry.what {
        Disclosed::Certificate => words.certificate,
        Disclosed::CardKey => words.card_key,
    };
    let columns = [words.what, words.certificate, words.card_key]
        .map(width)
        .into_iter()
        .max()
        .unwrap_or(0);
    let mut line = |when: &str, what: &str, site: &str| {
        writeln!(out, "{}  {}  {site}", pad(when, 16), pad(what, columns))
    };
    line(words.when, words.what, words.site)?;
    entries
        .iter()
        .try_for_each(|entry| line(&moment(entry.at), what(entry), &entry.rp_id))
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
