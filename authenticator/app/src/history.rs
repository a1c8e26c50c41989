//! The history that the person can read: what of the card was disclosed to which sites, and when.

use std::io::{self, Write};
use std::process::ExitCode;

use authenticator_core::Disclosed;

use crate::local_time::minute;
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
    let entries = Store::open_if_there().and_then(|store| match store {
        Some(mut store) => store.disclosures(),
        None => Ok(Vec::new()),
    });
    match entries {
        Ok(entries) => print(language, &entries, out).map(|()| ExitCode::SUCCESS),
        Err(error) => install::tell(language, &messages::store_error(language, &error), err),
    }
}

fn print(language: Language, entries: &[DisclosureEntry], out: &mut impl Write) -> io::Result<()> {
    let words = messages::history(language);
    if entries.is_empty() {
        return writeln!(out, "{}", words.empty);
    }
    let rows: Vec<[String; 3]> = entries
        .iter()
        .map(|entry| {
            let what = match entry.what {
                Disclosed::Certificate => words.certificate,
                Disclosed::CardKey => words.card_key,
            };
            [minute(entry.at), what.to_owned(), entry.rp_id.clone()]
        })
        .collect();
    let heading = [words.when, words.what, words.site].map(str::to_owned);
    let widest = |column: usize| {
        let cells = rows
            .iter()
            .chain([&heading])
            .filter_map(|row| row.get(column));
        cells.map(|cell| width(cell)).max().unwrap_or(0)
    };
    let (when, what) = (widest(0), widest(1));
    for [at, disclosed, site] in [&heading].into_iter().chain(&rows) {
        writeln!(out, "{}  {}  {site}", pad(at, when), pad(disclosed, what))?;
    }
    Ok(())
}
