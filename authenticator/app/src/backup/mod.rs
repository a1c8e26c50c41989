//! Backups of pairwise credentials: when one is offered, and the commands `backup`, `restore` and `rebind`.
//!
//! Private keys are only ever in zeroised memory and, encrypted, in the file. The card is unpowered on every way out.

mod advice;
mod desk;
mod file;
mod passphrase;
mod trouble;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use authenticator_core::{Backup, CredentialId, CredentialKind, CredentialRecord, OpenCredential};
use eid_card::CardKeyHash;
use rand_core::OsRng;

use crate::card::now;
use crate::messages::keeping::Line;
use crate::store::{Kept, Sealed, Store};

pub(crate) use advice::{Advice, advise, may_advise};
#[cfg(fuzzing)]
pub(crate) use file::decrypt_within;

pub(crate) use desk::{Desk, Wanted, with_card};
pub(crate) use passphrase::SHORTEST as SHORTEST_PASSPHRASE;
pub(crate) use trouble::{BackupProblem, Trouble, of_card};

/// Writes the pairwise credentials of the card that is there into a new file.
///
/// # Errors
/// [`Trouble`]; then nothing is marked as backed up, and there is no new file, except where marking was what failed.
pub(crate) fn back_up(desk: &RefCell<Desk>, path: &Path) -> Result<(), Trouble> {
    file::check_free(path)?;
    let mut store = Store::open_if_there()?.ok_or(Trouble::NothingToBackUp)?;
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

/// Brings the credentials of a backup into this computer's store, sealed under the card that they were made with. Those that
/// are here are left as they are.
///
/// # Errors
/// [`Trouble`]; then the store is as it was.
pub(crate) fn restore(desk: &RefCell<Desk>, path: &Path) -> Result<(), Trouble> {
    let backup = read(desk, path)?;
    let mut store = Store::open_default()?;
    let stored = by_id(&store.everything()?);
    let made_with = backup.card;
    let held = backup.credentials.len();
    let missing: Vec<OpenCredential> = backup
        .credentials
        .into_iter()
        .filter(|credential| !stored.contains_key(&credential.id))
        .collect();
    let mut restored = 0;
    if !missing.is_empty() {
        let secrets = store.secrets()?;
        let sealed = with_card(
            desk,
            Wanted::TheOne,
            |card| match *card == made_with {
                true => Ok(()),
                false => Err(Trouble::MadeWithAnotherCard(path.to_owned())),
            },
            |card, holder| seal(card, holder, &secrets, &missing, &stored),
        )?;
        restored = store.put_sealed(&sealed)?;
    }
    let said = Line::Restored(restored, held - restored);
    desk.borrow_mut().say(&said);
    Ok(())
}

/// Seals the credentials of a backup under another card than they were made with: those that are here under any other card, and
/// those that are not here.
///
/// # Errors
/// [`Trouble`]; then the store is as it was.
pub(crate) fn rebind_from(desk: &RefCell<Desk>, path: &Path) -> Result<(), Trouble> {
    let backup = read(desk, path)?;
    let mut store = Store::open_default()?;
    let secrets = store.secrets()?;
    let stored = by_id(&store.everything()?);
    let made_with = backup.card;
    let is_under = |id: &CredentialId, card: &CardKeyHash| {
        stored.get(id).is_some_and(|record| record.card == *card)
    };
    let ids: Vec<CredentialId> = backup.credentials.iter().map(|each| each.id).collect();
    let sealed = with_card(
        desk,
        Wanted::TheOne,
        |card| match ids.iter().all(|id| is_under(id, card)) {
            _ if *card == made_with => Err(Trouble::MadeWithThisCard(path.to_owned())),
            true => Err(Trouble::AllUnderThisCard(path.to_owned())),
            false => Ok(()),
        },
        |card, holder| {
            let new = card.certificate().key_hash();
            let mut credentials = backup.credentials;
            credentials.retain(|credential| !is_under(&credential.id, &new));
            seal(card, holder, &secrets, &credentials, &stored)
        },
    )?;
    put_under_the_new_card(desk, &mut store, &sealed, &made_with)
}

/// Seals the credentials of one card under another, while both are at hand. In between, the keys are in memory only.
///
/// # Errors
/// [`Trouble`]; then the store is as it was.
pub(crate) fn rebind(desk: &RefCell<Desk>) -> Result<(), Trouble> {
    let mut store = Store::open_if_there()?.ok_or(Trouble::NothingToRebind)?;
    let secrets = store.secrets()?;
    let everything = store.everything()?;
    let pairwise = everything.iter().filter(|kept| is_pairwise(kept));
    let cards: Vec<CardKeyHash> = pairwise.map(|kept| kept.record.card).collect();
    if cards.is_empty() {
        return Err(Trouble::NothingToRebind);
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
    let stored = by_id(&everything);
    let mut sealed = with_card(
        desk,
        Wanted::Not(old),
        |_| Ok(()),
        |card, holder| seal(card, holder, &secrets, &opened, &stored),
    )?;
    // Nothing new holds a copy: what was in a backup before still is, and the rest is not.
    for Sealed { record, before, .. } in &mut sealed {
        record.backed_up = before.as_ref().is_some_and(|before| before.backed_up);
    }
    put_under_the_new_card(desk, &mut store, &sealed, &old)
}

/// Stores what a new card has sealed, and says what was moved and what was not.
fn put_under_the_new_card(
    desk: &RefCell<Desk>,
    store: &mut Store,
    sealed: &[Sealed],
    old: &CardKeyHash,
) -> Result<(), Trouble> {
    let moved = store.put_sealed(sealed)?;
    let mut desk = desk.borrow_mut();
    desk.say(&Line::Rebound(moved));
    if moved < sealed.len() {
        desk.say(&Line::ChangedMeanwhile(sealed.len() - moved));
    }
    match pairwise_of(&store.everything()?, old).len() {
        0 => {}
        left => desk.say(&Line::StillUnderTheOldCard(left)),
    }
    Ok(())
}

/// Reads a backup file, asks for its passphrase, and says what is in it before any PIN is asked for.
fn read(desk: &RefCell<Desk>, path: &Path) -> Result<Backup, Trouble> {
    let content = file::read(path)?;
    // Before anybody types the passphrase of another file.
    file::check_head(&content).map_err(|problem| problem.of(path))?;
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

/// Seals credentials under the card, in place of how they are stored.
fn seal(
    card: &mut authenticator_core::VerifiedCard<'_>,
    holder: &mut desk::AtTheDesk<'_>,
    secrets: &authenticator_core::Secrets,
    credentials: &[OpenCredential],
    stored: &BTreeMap<CredentialId, CredentialRecord>,
) -> Result<Vec<Sealed>, Trouble> {
    let records = card.seal(holder, secrets, credentials, &mut OsRng)?;
    let sealed = records.into_iter().zip(credentials);
    Ok(sealed
        .map(|(record, credential)| Sealed {
            label: credential.label.clone(),
            before: stored.get(&record.id).cloned(),
            record,
        })
        .collect())
}

fn by_id(everything: &[Kept]) -> BTreeMap<CredentialId, CredentialRecord> {
    let records = everything.iter().map(|kept| kept.record.clone());
    records.map(|record| (record.id, record)).collect()
}

fn pairwise_of(everything: &[Kept], card: &CardKeyHash) -> Vec<Kept> {
    let of_card = |kept: &&Kept| is_pairwise(kept) && kept.record.card == *card;
    everything.iter().filter(of_card).cloned().collect()
}

fn is_pairwise(kept: &Kept) -> bool {
    kept.record.kind() == CredentialKind::Pairwise
}
