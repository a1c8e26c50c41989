//! Credentials for the store's tests.

use authenticator_core::{
    CredProtect, CredentialId, CredentialKey, CredentialRecord, Registration,
};
use eid_card::CardKeyHash;

use super::Store;

pub(super) fn id(byte: u8) -> CredentialId {
    let mut bytes = [byte; CredentialId::LENGTH];
    bytes[0] = 1;
    CredentialId::from_bytes(&bytes).unwrap()
}

pub(super) fn credential(byte: u8, rp_id: &str) -> CredentialRecord {
    CredentialRecord {
        id: id(byte),
        key: CredentialKey::Sealed(vec![byte; 72]),
        rp_id: rp_id.to_owned(),
        user_handle: vec![byte; 64],
        discoverable: true,
        card: CardKeyHash::from_bytes([byte; 32]),
        cred_protect: CredProtect::default(),
        large_blob_key: false,
        sealed_names: Some(vec![byte; 90]),
        backed_up: false,
        created_at: 1_800_000_000,
        last_used_at: None,
    }
}

pub(super) fn registration(byte: u8, rp_id: &str) -> Registration {
    Registration {
        credential: credential(byte, rp_id),
        replaces: vec![],
        disclosure: None,
        remember_site: false,
    }
}

pub(super) fn store() -> (tempfile::TempDir, Store) {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(&home.path().join("store")).unwrap();
    (home, store)
}
