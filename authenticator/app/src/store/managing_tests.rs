use authenticator_core::{CredProtect, Disclosed, Disclosure};

use super::*;
use crate::store::samples::{credential, id, registration, store};

fn card(byte: u8) -> CardKeyHash {
    CardKeyHash::from_bytes([byte; 32])
}

fn settings(rp_ids: &[&str]) -> Settings {
    Settings {
        enterprise_attestation: true,
        min_pin_length_rp_ids: rp_ids.iter().map(|id| (*id).to_owned()).collect(),
    }
}

#[test]
fn a_cards_credentials_are_its_own_at_every_site() {
    let (_home, mut store) = store();
    let mut second = registration(2, "example.com");
    second.credential.card = card(1);
    second.credential.cred_protect = CredProtect::Required;
    store
        .commit_registration(&registration(1, "example.jp"))
        .unwrap();
    store.commit_registration(&second).unwrap();
    store
        .commit_registration(&registration(3, "example.jp"))
        .unwrap();
    let mut found = store.credentials_of(&card(1)).unwrap();
    found.sort_by_key(|credential| credential.id);
    assert_eq!(found, [credential(1, "example.jp"), second.credential]);
    assert_eq!(store.credentials_of(&card(9)).unwrap(), []);
}

#[test]
fn a_credential_is_removed_or_renamed_under_its_own_card_only() {
    let (home, mut store) = store();
    let mut disclosing = registration(1, "example.jp");
    disclosing.disclosure = Some(Disclosure {
        what: Disclosed::Certificate,
        rp_id: "example.jp".to_owned(),
        credential: id(1),
        card: card(1),
        at: 1_800_000_000,
    });
    store.commit_registration(&disclosing).unwrap();
    assert!(!store.remove_of(&card(2), &id(1)).unwrap());
    assert!(!store.put_names(&card(2), &id(1), Some(b"other")).unwrap());
    assert_eq!(
        store.credential(&id(1)).unwrap(),
        Some(credential(1, "example.jp"))
    );

    assert!(store.put_names(&card(1), &id(1), Some(b"new")).unwrap());
    drop(store);
    let mut store = Store::open(&home.path().join("store")).unwrap();
    let renamed = store.credential(&id(1)).unwrap().unwrap();
    assert_eq!(renamed.sealed_names.as_deref(), Some(&b"new"[..]));
    assert!(store.put_names(&card(1), &id(1), None).unwrap());
    assert!(store.remove_of(&card(1), &id(1)).unwrap());
    assert!(!store.remove_of(&card(1), &id(1)).unwrap());
    drop(store);
    let mut store = Store::open(&home.path().join("store")).unwrap();
    assert_eq!(store.credential(&id(1)).unwrap(), None);
    assert_eq!(store.disclosures().unwrap().len(), 1, "the history stays");
}

#[test]
fn each_card_has_its_own_large_blobs() {
    let (home, mut store) = store();
    assert_eq!(store.large_blobs(&card(1)).unwrap(), None);
    store.put_large_blobs(&card(1), b"first").unwrap();
    store.put_large_blobs(&card(2), b"of another card").unwrap();
    store.put_large_blobs(&card(1), b"second").unwrap();
    drop(store);
    let mut store = Store::open(&home.path().join("store")).unwrap();
    assert_eq!(
        store.large_blobs(&card(1)).unwrap().as_deref(),
        Some(&b"second"[..])
    );
    assert_eq!(
        store.large_blobs(&card(2)).unwrap().as_deref(),
        Some(&b"of another card"[..])
    );
}

#[test]
fn settings_are_there_after_opening_again() {
    let (home, mut store) = store();
    assert_eq!(store.settings().unwrap(), Settings::default());
    store
        .put_settings(&settings(&["example.jp", "example.com"]))
        .unwrap();
    store.put_settings(&settings(&["example.org"])).unwrap();
    drop(store);
    let mut store = Store::open(&home.path().join("store")).unwrap();
    assert_eq!(store.settings().unwrap(), settings(&["example.org"]));
}

#[test]
fn a_reset_leaves_other_cards_and_the_history() {
    let (_home, mut store) = store();
    for byte in [1, 2] {
        let mut each = registration(byte, "example.jp");
        each.remember_site = true;
        each.disclosure = Some(Disclosure {
            what: Disclosed::CardKey,
            rp_id: "example.jp".to_owned(),
            credential: id(byte),
            card: card(byte),
            at: 1_800_000_000,
        });
        store.commit_registration(&each).unwrap();
        store.put_large_blobs(&card(byte), &[byte; 17]).unwrap();
    }
    store.put_settings(&settings(&["example.jp"])).unwrap();
    store.reset(&card(1)).unwrap();
    assert_eq!(store.credentials_of(&card(1)).unwrap(), []);
    assert_eq!(store.large_blobs(&card(1)).unwrap(), None);
    assert_eq!(store.settings().unwrap(), Settings::default());
    assert_eq!(
        store.credentials("example.jp").unwrap(),
        [credential(2, "example.jp")]
    );
    assert!(store.large_blobs(&card(2)).unwrap().is_some());
    assert_eq!(store.disclosures().unwrap().len(), 2);
    assert!(store.site_remembered("example.jp").unwrap());
}
