//! The card that is in the reader, and the ones that could be.

use anyhow::{Context as _, bail};
use jpki_lab::{
    card::{FileMemory, Personalisation, PinId, Token, VirtualCard},
    vpcd::{Attachment, Pace},
};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

/// Where cards come from.
pub(super) struct Wallet {
    pub(super) pki: PathBuf,
    /// The file of the first person's counters, where it is not beside the certificates.
    pub(super) state: Option<PathBuf>,
    pub(super) first: String,
    pub(super) token: Token,
}

/// Who stands for a card of another kind.
const FOREIGN: &str = "foreign";

impl Wallet {
    pub(super) fn card(&self, person: &str) -> anyhow::Result<VirtualCard> {
        if person == FOREIGN {
            return Ok(VirtualCard::foreign());
        }
        let card = Personalisation::read_from(&self.pki, person)?;
        let path = self.state_file(person);
        let (memory, pins) = FileMemory::open(&path)
            .with_context(|| format!("reading the card's counters from {}", path.display()))?;
        let card = Personalisation {
            token: self.token,
            ..card
        };
        Ok(VirtualCard::with_memory(card, pins, Box::new(memory)))
    }

    fn state_file(&self, person: &str) -> PathBuf {
        match &self.state {
            Some(path) if person == self.first => path.clone(),
            Some(path) => path.with_file_name(format!("{person}-state.json")),
            None => jpki_lab::pki::person_folder(&self.pki, person).join("state.json"),
        }
    }
}

/// What the control socket can see and change.
pub(super) struct Inserted {
    pub(super) attachment: Attachment,
    pub(super) wallet: Wallet,
    pub(super) person: Mutex<String>,
    pub(super) log: Option<PathBuf>,
}

/// The answer to `status`.
#[derive(Serialize)]
pub(super) struct Status {
    person: String,
    present: bool,
    connected: bool,
    powered: bool,
    tries: u8,
    sign_tries: u8,
}

impl Inserted {
    pub(super) fn status(&self) -> Status {
        let connected = self.attachment.is_connected();
        let person = self.person().clone();
        self.attachment.with_card(|card| Status {
            person,
            present: card.is_present(),
            connected,
            powered: card.is_powered(),
            tries: card.tries(PinId::Authentication),
            sign_tries: card.tries(PinId::Signature),
        })
    }

    pub(super) fn exchange(&self, person: &str) -> anyhow::Result<()> {
        self.attachment.exchange(self.wallet.card(person)?);
        person.clone_into(&mut self.person());
        Ok(())
    }

    pub(super) fn set_pace(&self, pace: Pace) {
        self.attachment.set_pace(pace);
    }

    pub(super) fn set_tries(&self, tries: u8) -> anyhow::Result<()> {
        let full = PinId::Authentication.full_tries();
        if tries > full {
            bail!("a card has at most {full} tries");
        }
        self.attachment
            .with_card(|card| card.set_tries(PinId::Authentication, tries))
            .context("writing the card's counters")
    }

    pub(super) fn log(&self) -> Option<&Path> {
        self.log.as_deref()
    }

    fn person(&self) -> std::sync::MutexGuard<'_, String> {
        self.person
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
