//! Credential IDs, what is sealed in the stores, and what backups hold.

use ciborium::Value as Cbor;
use serde_json::Value;

use crate::vectors;

/// What the vectors say about making registrations.
fn made() -> Vec<Value> {
    let folders = ["registrations/accepted", "registrations/refused"];
    let vectors = folders.into_iter().flat_map(vectors::folder);
    vectors
        .filter_map(|mut vector| vector.get_mut("authenticator").map(Value::take))
        .collect()
}

/// The number of an RP ID, and an ID.
pub(crate) fn credential_ids() -> Vec<Vec<u8>> {
    let ids = made()
        .into_iter()
        .map(|made| vectors::hex(&made, "/credential/id"));
    ids.flat_map(|id| [0, 1].map(|site| [&[site], id.as_slice()].concat()))
        .collect()
}

/// Sealed keys and names, and the same opened.
pub(crate) fn sealed_blobs() -> Vec<Vec<u8>> {
    let mut blobs = Vec::new();
    for made in made() {
        for sealed in made["sealed"].as_array().unwrap() {
            blobs.push(vectors::hex(sealed, "/sealed"));
            blobs.push(vectors::hex(sealed, "/plaintext"));
        }
    }
    blobs
}

/// Backups of one credential and of all, as CBOR and then private keys.
pub(crate) fn backup_files() -> Vec<Vec<u8>> {
    let joined = |(cbor, keys): (Vec<u8>, Vec<u8>)| [cbor, keys].concat();
    backups().into_iter().map(joined).collect()
}

/// Backups of no credential, one, two and all: CBOR and private keys (`authenticator/core/src/backup/payload.rs`).
pub(crate) fn backups() -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut credentials = Vec::new();
    let mut keys = Vec::new();
    for made in made() {
        if let Some(key) = vectors::find_hex(&made, "/credential/private_key") {
            let stored = &made["stored"];
            let entry = |key: i32, value: Cbor| (Cbor::from(key), value);
            credentials.push(Cbor::Map(vec![
                entry(1, vectors::hex(stored, "/id").into()),
                entry(2, stored["rp_id"].as_str().unwrap().into()),
                entry(3, vectors::hex(stored, "/user_handle").into()),
                entry(4, stored["discoverable"].as_bool().unwrap().into()),
                entry(5, stored["created_at"].as_u64().unwrap().into()),
                entry(6, "taro@example.jp".into()),
            ]));
            keys.push(key);
        }
    }
    let backup = |count: usize| {
        let map = Cbor::Map(vec![
            (1.into(), 1_780_282_800.into()),
            (2.into(), vec![7; 32].into()),
            (3.into(), Cbor::Array(credentials[..count].to_vec())),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&map, &mut bytes).unwrap();
        (bytes, keys[..count].concat())
    };
    vec![backup(0), backup(1), backup(2), backup(keys.len())]
}
