//! Backups of pairwise credentials: when one is offered, and the commands `backup`, `restore` and `rebind`.
//!
//! Private keys are only ever in zeroised memory and, encrypted, in the file. The card is unpowered on every way out.

mod advice;
mod desk;
mod file;
mod passphrase;
mod trouble;

use std::cell::RefCell;
use std::path::Path;

use authenticator_core::{Backup, CredentialId, CredentialKind, OpenCredential};
use eid_card::CardKeyHash;
use rand_core::OsRng;

use crate::card::now;
use crate::messages::keeping::Line;
use crate::store::{Kept, Store};

pub(crate) use advice::{Advice, advise};
pub(crate) use desk::{Desk, Wanted, with_card};
pub(crate) use passphrase::SHORTEST as SHORTEST_PASSPHRASE;
pub(crate) use trouble::{BackupProblem, Trouble, of_card};

/// Writes the pairwise credentials of the card that is there into a new file.
///
/// # Errors
/// [`Trouble`]; then nothing is marked as backed up, and there is no new file, except where marking was what failed.
pub(crate) fn back_up(desk: &RefCell<Desk>, path: &Path) -> Result<(), Trouble> {
    file::check_free(path)?;
    let mut store = Store::open_default()?;
    let secrets = store.secrets()?;
    let everything = store.everything()?;
    if !everything.iter().any(is_pairwise) {
        return Err(Trouble::NothingToBackUp);
    }
    let passphrase = passphrase::choose(&mut desk.borrow_mut())?;
    let of_card = |card: &CardKeyHash| -> Vec<Kept> { pairwise_of(&everything, card) };
    let backup = with_card(
        desk,
        Wanted::TheOne,
        |card| match of_card(card).is_empty() {
            true => Err(Trouble::NothingOfThisCard),
            false => Ok(()),
        },
        |card, holder| {
            let key_hash = card.certificate().key_hash();
            let kept = of_card(&key_hash);
            Ok(Backup {
                made_at: now(),
                card: key_hash,
                credentials: open(card, holder, &secrets, &kept)?,
            })
        },
    )?;
    desk.borrow_mut().say(&Line::Encrypting);
    let content = file::encrypt(&backup, &passphrase).map_err(|problem| problem.of(path))?;
    file::write_new(path, &content)?;
    let ids: Vec<CredentialId> = backup.credentials.iter().map(|each| each.id).collect();
    store.mark_backed_up(&ids)?;
    desk.borrow_mut().say(&Line::BackedUp(ids.len(), path));
    Ok(())
}

/// Brings the credentials of a backup into this computer's store, sealed under the card that they were made with.
///
/// # Errors
/// [`Trouble`]; then the store is as it was.
pub(crate) fn restore(desk: &RefCell<Desk>, path: &Path) -> Result<(), Trouble> {
    let backup = read(desk, path)?;
    let mut store = Store::open_default()?;
    let here: Vec<CredentialId> = store.everything()?.iter().map(id).collect();
    let (present, missing): (Vec<OpenCredential>, Vec<OpenCredential>) = backup
        .credentials
        .into_iter()
        .partition(|credential| here.contains(&credential.id));
    let made_with = backup.card;
    if !missing.is_empty() {
        let sealed = seal_under(desk, &mut store, Wanted::TheOne, &missing, |card| {
            match *card == made_with {
                true => Ok(()),
                false => Err(Trouble::MadeWithAnotherCard(path.to_owned())),
            }
        })?;
        store.put_sealed(&sealed)?;
    }
    let said = Line::Restored(missing.len(), present.len());
    desk.borrow_mut().say(&said);
    Ok(())
}

/// Seals the credentials of a backup under another card than they were made with.
///
/// # Errors
/// [`Trouble`]; then the store is as it was.
pub(crate) fn rebind_from(desk: &RefCell<Desk>, path: &Path) -> Result<(), Trouble> {
    let backup = read(desk, path)?;
    let mut store = Store::open_default()?;
    let made_with = backup.card;
    let credentials = &backup.credentials;
    let sealed = seal_under(
        desk,
        &mut store,
        Wanted::TheOne,
        credentials,
        |card| match *card == made_with {
            false => Ok(()),
            true => Err(Trouble::MadeWithThisCard(path.to_owned())),
        },
    )?;
    store.put_sealed(&sealed)?;
    desk.borrow_mut().say(&Line::Rebound(sealed.len()));
    Ok(())
}

/// Seals the credentials of one card under another, while both are at hand. In between, the keys are in memory only.
///
/// # Errors
/// [`Trouble`]; then the store is as it was.
pub(crate) fn rebind(desk: &RefCell<Desk>) -> Result<(), Trouble> {
    let mut store = Store::open_default()?;
    let secrets = store.secrets()?;
    let everything = store.everything()?;
    let pairwise = everything.iter().filter(|kept| is_pairwise(kept));
    let cards: Vec<CardKeyHash> = pairwise.map(|kept| kept.record.card).collect();
    if cards.is_empty() {
        return Err(Trouble::NothingToBackUp);
    }
    desk.borrow_mut().say(&Line::FirstTheOldCard);
    let (old, opened) = with_card(
        desk,
        Wanted::OneOf(cards),
        |_| Ok(()),
        |card, holder| {
            let old = card.certificate().key_hash();
            let kept = pairwise_of(&everything, &old);
            Ok((old, open(card, holder, &secrets, &kept)?))
        },
    )?;
    desk.borrow_mut().say(&Line::NowTheNewCard);
    let mut sealed = seal_under(desk, &mut store, Wanted::Not(old), &opened, |_| Ok(()))?;
    // Nothing new holds a copy: what was in a backup before still is, and the rest is not.
    let backed_up = pairwise_of(&everything, &old);
    for (sealed, before) in sealed.iter_mut().zip(&backed_up) {
        sealed.record.backed_up = before.record.backed_up;
    }
    store.put_sealed(&sealed)?;
    desk.borrow_mut().say(&Line::Rebound(sealed.len()));
    Ok(())
}

/// Reads a backup file, asks for its passphrase, and says what is in it before any PIN is asked for.
fn read(desk: &RefCell<Desk>, path: &Path) -> Result<Backup, Trouble> {
    let content = file::read(path)?;
    let mut desk = desk.borrow_mut();
    let passphrase = passphrase::ask_for_file(&mut desk)?;
    desk.say(&Line::Decrypting);
    let backup = file::decrypt(&content, &passphrase).map_err(|problem| problem.of(path))?;
    let mut sites: Vec<&str> = backup.credentials.iter().map(|each| &*each.rp_id).collect();
    sites.dedup();
    desk.say(&Line::BackupHolds(
        backup.credentials.len(),
        backup.made_at,
        &sites,
    ));
    Ok(backup)
}

/// Opens the pairwise credentials of the card, with the names that the person gave them.
fn open(
    card: &mut authenticator_core::VerifiedCard<'_>,
    holder: &mut desk::AtTheDesk<'_>,
    secrets: &authenticator_core::Secrets,
    kept: &[Kept],
) -> Result<Vec<OpenCredential>, Trouble> {
    let records: Vec<_> = kept.iter().map(|kept| kept.record.clone()).collect();
    let mut opened = card.open(holder, secrets, &records)?;
    for (credential, kept) in opened.iter_mut().zip(kept) {
        credential.label = kept.label.clone();
    }
    Ok(opened)
}

/// Seals credentials under the card that is there, if `check` accepts it.
fn seal_under(
    desk: &RefCell<Desk>,
    store: &mut Store,
    wanted: Wanted,
    credentials: &[OpenCredential],
    check: impl FnOnce(&CardKeyHash) -> Result<(), Trouble>,
) -> Result<Vec<Kept>, Trouble> {
    let secrets = store.secrets()?;
    let records = with_card(desk, wanted, check, |card, holder| {
        Ok(card.seal(holder, &secrets, credentials, &mut OsRng)?)
    })?;
    let labels = credentials.iter().map(|each| each.label.clone());
    let sealed = records.into_iter().zip(labels);
    Ok(sealed
        .map(|(record, label)| Kept { record, label })
        .collect())
}

fn pairwise_of(everything: &[Kept], card: &CardKeyHash) -> Vec<Kept> {
    let of_card = |kept: &&Kept| is_pairwise(kept) && kept.record.card == *card;
    everything.iter().filter(of_card).cloned().collect()
}

fn is_pairwise(kept: &Kept) -> bool {
    kept.record.kind() == CredentialKind::Pairwise
}

fn id(kept: &Kept) -> CredentialId {
    kept.record.id
}
