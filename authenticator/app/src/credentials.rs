//! `credentials`: what is kept on this computer, as far as it can be told without the PIN; names of accounts only with it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};

use authenticator_core::{AccountName, CredentialId, CredentialKind};
use eid_card::{CardKeyHash, Readers};

use crate::backup::{Desk, Trouble, Wanted, with_card};
use crate::local_time;
use crate::messages::Language;
use crate::messages::keeping::Line;
use crate::messages::program;
use crate::messages::terminal::{pad, width};
use crate::store::{Kept, Store};

/// The longest name that a person can give a credential, in characters.
const LONGEST_LABEL: usize = 64;
/// How many bytes of an ID are shown: enough to tell a person's credentials apart.
const SHOWN: usize = 4;

/// Lists every credential.
///
/// # Errors
/// [`Trouble`], or if `out` cannot be written.
pub(crate) fn list(language: Language, out: &mut impl Write) -> Result<io::Result<()>, Trouble> {
    let everything = match Store::open_if_there()? {
        Some(mut store) => store.everything()?,
        None => Vec::new(),
    };
    Ok(print(language, &everything, None, out))
}

/// Lists every credential with the account names of the card that is there, which costs the PIN and one signature.
///
/// # Errors
/// [`Trouble`], or if `out` cannot be written.
pub(crate) fn list_with_names(
    desk: &RefCell<Desk>,
    out: &mut impl Write,
) -> Result<io::Result<()>, Trouble> {
    let language = desk.borrow().language;
    let Some(mut store) = Store::open_if_there()? else {
        return Ok(print(language, &[], None, out));
    };
    let everything = store.everything()?;
    let sealed: Vec<&Kept> = everything
        .iter()
        .filter(|kept| kept.record.sealed_names.is_some())
        .collect();
    if sealed.is_empty() {
        return Ok(print(language, &everything, None, out));
    }
    let secrets = store.secrets()?;
    let cards = sealed.iter().map(|kept| kept.record.card).collect();
    let names = with_card(
        desk,
        Wanted::OneOf(cards),
        |_| Ok(()),
        |card, holder| {
            let key_hash = card.certificate().key_hash();
            let of_card = sealed.iter().filter(|kept| kept.record.card == key_hash);
            let records: Vec<_> = of_card.map(|kept| kept.record.clone()).collect();
            let accounts = card.open_names(holder, &secrets, &records)?;
            let ids = records.iter().map(|record| record.id);
            Ok(ids.zip(accounts).collect())
        },
    )?;
    Ok(print(language, &everything, Some(&names), out))
}

/// Gives a credential a name, or with an empty one takes it away.
///
/// # Errors
/// [`Trouble`], or if `out` cannot be written.
pub(crate) fn rename(
    language: Language,
    id: &str,
    label: &str,
    out: &mut impl Write,
) -> Result<io::Result<()>, Trouble> {
    let label = label.trim();
    if label.chars().count() > LONGEST_LABEL || label.chars().any(is_unshowable) {
        return Err(Trouble::UnusableLabel);
    }
    let (mut store, kept) = find(id)?;
    let label = Some(label).filter(|label| !label.is_empty());
    if !store.rename(&kept.record.id, label)? {
        return Err(Trouble::NoSuchCredential(id.to_owned()));
    }
    let line = label.map_or(Line::LabelRemoved, Line::Renamed);
    Ok(writeln!(out, "{}", language.line(&line)))
}

/// Removes a credential, once `confirm` has agreed.
///
/// # Errors
/// [`Trouble`], or if `out` cannot be written.
pub(crate) fn remove(
    language: Language,
    id: &str,
    confirm: impl FnOnce(&Line<'_>) -> Result<(), Trouble>,
    out: &mut impl Write,
) -> Result<io::Result<()>, Trouble> {
    let (mut store, kept) = find(id)?;
    let kind = kept.record.kind();
    let rp_id = kept.record.rp_id;
    confirm(&Line::ConfirmRemoval(&shown(&kept.record.id), &rp_id, kind))?;
    store.remove(&kept.record.id)?;
    Ok(writeln!(out, "{}", language.line(&Line::Removed(&rp_id))))
}

/// Control characters could rewrite what the terminal shows; those that change the direction of writing likewise.
fn is_unshowable(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The one credential whose ID begins so, and the store that it is in.
fn find(id: &str) -> Result<(Store, Kept), Trouble> {
    let id = id.to_lowercase();
    let Some(mut store) = Store::open_if_there()? else {
        return Err(Trouble::NoSuchCredential(id));
    };
    let everything = store.everything()?;
    let mut found = everything
        .iter()
        .filter(|kept| !id.is_empty() && whole(&kept.record.id).starts_with(&id));
    match (found.next(), found.next()) {
        (Some(kept), None) => Ok((store, kept.clone())),
        (None, _) => Err(Trouble::NoSuchCredential(id)),
        (Some(_), Some(_)) => Err(Trouble::SeveralSuchCredentials(id)),
    }
}

/// The ID in hexadecimal, without the version, which says nothing.
fn whole(id: &CredentialId) -> String {
    let digits = id.as_bytes().iter().skip(1);
    digits.map(|byte| format!("{byte:02x}")).collect()
}

fn shown(id: &CredentialId) -> String {
    whole(id).chars().take(2 * SHOWN).collect()
}

fn print(
    language: Language,
    everything: &[Kept],
    names: Option<&BTreeMap<CredentialId, AccountName>>,
    out: &mut impl Write,
) -> io::Result<()> {
    let text = |line: Line<'_>| language.line(&line);
    if everything.is_empty() {
        return writeln!(out, "{}", text(Line::NoCredentials));
    }
    let cards = letters(everything);
    let here = cards_in_readers();
    let mut rows = vec![vec![
        text(Line::Id),
        text(Line::Site),
        text(Line::Kind),
        text(Line::Card),
        text(Line::Made),
        text(Line::Used),
        text(Line::Backup),
        text(Line::Label),
    ]];
    for Kept { record, label } in everything {
        let letter = cards.get(record.card.as_bytes()).copied().unwrap_or('?');
        let backup = match (record.kind(), record.backed_up) {
            (CredentialKind::Card, _) => Line::NoBackupNeeded,
            (_, true) => Line::InBackup,
            (_, false) => Line::NotInBackup,
        };
        let used = record.last_used_at.map(local_time::day);
        rows.push(vec![
            shown(&record.id),
            record.rp_id.clone(),
            text(Line::KindOf(record.kind())),
            text(Line::CardName(letter, here.contains(&record.card))),
            local_time::day(record.created_at),
            used.unwrap_or_else(|| text(Line::Never)),
            text(backup),
            showable(label.as_deref().unwrap_or_default()),
        ]);
    }
    if let Some(names) = names {
        let accounts = everything.iter().map(|kept| {
            let sealed = kept.record.sealed_names.is_some();
            match names.get(&kept.record.id) {
                Some(account) => account_text(account),
                None if sealed => text(Line::Sealed),
                None => String::new(),
            }
        });
        let column = std::iter::once(text(Line::Account)).chain(accounts);
        for (row, cell) in rows.iter_mut().zip(column) {
            row.push(cell);
        }
    }
    table(&rows, out)?;
    let pairwise = |kept: &&Kept| kept.record.kind() == CredentialKind::Pairwise;
    if everything
        .iter()
        .filter(pairwise)
        .any(|kept| !kept.record.backed_up)
    {
        writeln!(out, "\n{}", text(Line::MakeABackup(program())))?;
    }
    Ok(())
}

/// Both names: they are the site's words.
fn account_text(account: &AccountName) -> String {
    let names = [&account.name, &account.display_name];
    let names: Vec<String> = names
        .into_iter()
        .flatten()
        .map(|name| showable(name))
        .collect();
    names.join(", ")
}

/// A text of somebody else's (a site's, a backup's) without what a terminal must not be sent.
fn showable(text: &str) -> String {
    text.chars().filter(|c| !is_unshowable(*c)).collect()
}

/// Rows in columns as wide as they need; empty columns are left out.
fn table(rows: &[Vec<String>], out: &mut impl Write) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            let used = rows.iter().skip(1).any(|row| !cell(row, column).is_empty());
            let widest = rows.iter().map(|row| width(&cell(row, column))).max();
            widest.filter(|_| used).unwrap_or(0)
        })
        .collect();
    for row in rows {
        let cells: Vec<String> = widths
            .iter()
            .enumerate()
            .filter(|(_, width)| **width > 0)
            .map(|(column, width)| pad(&cell(row, column), *width))
            .collect();
        writeln!(out, "{}", cells.join("  ").trim_end())?;
    }
    Ok(())
}

/// A letter for each card, in the order of its oldest credential here. Nothing of the card's own is shown.
fn letters(everything: &[Kept]) -> BTreeMap<[u8; 32], char> {
    let mut by_age: Vec<&Kept> = everything.iter().collect();
    by_age.sort_by_key(|kept| (kept.record.created_at, kept.record.id));
    let mut letters = BTreeMap::new();
    for kept in by_age {
        let next = ('A'..='Z').nth(letters.len()).unwrap_or('?');
        letters.entry(*kept.record.card.as_bytes()).or_insert(next);
    }
    letters
}

/// The cards that lie in readers now; none if that cannot be told.
fn cards_in_readers() -> Vec<CardKeyHash> {
    let look = Readers::establish().and_then(|mut readers| readers.look());
    let Ok(look) = look else {
        return Vec::new();
    };
    look.cards()
        .filter_map(|card| card.open().ok())
        .map(|card| card.certificate().key_hash())
        .collect()
}
