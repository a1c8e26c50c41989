//! What the person may look up in the browser, without card or PIN: what was disclosed to which sites, and which sites are
//! remembered. Of the former, what `history` prints.

use std::io;

use serde::Serialize;

use crate::failure::Failure;
use crate::log;
use crate::native_messaging::outgoing::{DisclosureShown, Outgoing, Records};
use crate::native_messaging::port::{Broken, Port};
use crate::store::{Store, StoreError};

/// How much of the message the disclosures may take, in bytes of JSON.
const DISCLOSURES: usize = 40_000;
/// How much of it the sites may take. What is left of 64 KiB is more than the message's other members need.
const SITES: usize = 20_000;

/// Answers with the records. Where nothing is kept they are empty, and no store is made.
///
/// # Errors
/// [`Broken`], if they could not be sent.
pub(crate) fn show(port: &mut Port) -> Result<(), Broken> {
    answer(port, |_| Ok(()))
}

/// Forgets a site, and answers with the records as they are then. A site that is not remembered is forgotten already.
///
/// # Errors
/// [`Broken`], if they could not be sent.
pub(crate) fn forget(port: &mut Port, rp_id: &str) -> Result<(), Broken> {
    answer(port, |store| store.forget_site(rp_id))
}

fn answer(
    port: &mut Port,
    change: impl FnOnce(&mut Store) -> Result<(), StoreError>,
) -> Result<(), Broken> {
    let looked_up = Store::open_if_there().and_then(|store| {
        let Some(mut store) = store else {
            return Ok((None, Records::default()));
        };
        change(&mut store)?;
        let records = records(&mut store)?;
        Ok((Some(store), records))
    });
    let (message, store) = match looked_up {
        Ok((store, records)) => (Outgoing::Records(records), store),
        Err(error) => {
            log::store(&error);
            (Outgoing::error(Failure::Storage), None)
        }
    };
    let sent = port.send(&message).map_err(|_| Broken::Closed);
    if let Some(store) = store {
        store.tidy_up();
    }
    sent
}

fn records(store: &mut Store) -> Result<Records, StoreError> {
    let disclosures = store.disclosures()?.into_iter().rev();
    let shown = disclosures.map(|entry| DisclosureShown {
        at: entry.at,
        what: entry.what.name(),
        rp_id: entry.rp_id,
    });
    let (disclosures, older_disclosures) = newest(shown, DISCLOSURES)?;
    let (sites, older_sites) = newest(store.remembered_sites()?.into_iter(), SITES)?;
    Ok(Records {
        disclosures,
        older_disclosures,
        sites,
        older_sites,
    })
}

/// As many as there is room for, the newest first as they come, and how many are left out.
fn newest<T: Serialize>(
    entries: impl Iterator<Item = T>,
    room: usize,
) -> Result<(Vec<T>, usize), StoreError> {
    let mut left = room;
    let mut taken = Vec::new();
    let mut entries = entries.peekable();
    while let Some(entry) = entries.peek() {
        // With the comma after it.
        let length = 1 + json_length(entry).map_err(|_| StoreError::Impossible("rp_id"))?;
        let Some(rest) = left.checked_sub(length) else {
            break;
        };
        left = rest;
        taken.extend(entries.next());
    }
    Ok((taken, entries.count()))
}

fn json_length(value: &impl Serialize) -> io::Result<usize> {
    Ok(serde_json::to_vec(value)?.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::native_messaging::framing::MAX_MESSAGE;

    #[test]
    fn the_newest_are_taken_as_long_as_there_is_room_and_the_rest_is_counted() {
        let of = |room| newest(["aa", "b\"", "c"].into_iter(), room).unwrap();
        assert_eq!(of(15), (vec!["aa", "b\"", "c"], 0));
        assert_eq!(of(14), (vec!["aa", "b\""], 1));
        assert_eq!(of(10), (vec!["aa"], 2), "an escape counts as it is written");
        assert_eq!(of(0), (vec![], 3));
        assert_eq!(newest(std::iter::empty::<&str>(), 0).unwrap(), (vec![], 0));
    }

    #[test]
    fn the_most_there_can_be_is_one_message() {
        let site = "\u{1}".repeat(99);
        let endless = || std::iter::repeat_n(site.clone(), 1000);
        let (sites, older_sites) = newest(endless(), SITES).unwrap();
        let shown = endless().map(|rp_id| DisclosureShown {
            at: u64::MAX,
            what: "certificate",
            rp_id,
        });
        let (disclosures, older_disclosures) = newest(shown, DISCLOSURES).unwrap();
        assert!(older_sites > 0 && older_disclosures > 0);
        let message = Outgoing::Records(Records {
            disclosures,
            older_disclosures,
            sites,
            older_sites,
        });
        assert!(serde_json::to_vec(&message).unwrap().len() <= MAX_MESSAGE);
    }
}
