//! Credential IDs that a relying party sends: one is known for the RP ID it was made for, to its last bit, or not at all.

#![no_main]

use authenticator_core::CredentialId;
use authenticator_core::cbor::{Map, Value, encode};
use jpki_fuzz::world::{self, Script};
use libfuzzer_sys::fuzz_target;

const GET_ASSERTION: u8 = 0x02;
const RP_IDS: [&str; 3] = ["example.jp", "www.example.jp", "example.com"];

fuzz_target!(|input: &[u8]| {
    let Some((site, id)) = input.split_first() else {
        return;
    };
    if let Some(read) = CredentialId::from_bytes(id) {
        assert_eq!(read.as_bytes(), id);
    }
    let rp_id = RP_IDS[usize::from(*site) % RP_IDS.len()];
    let descriptor = Map::new().with("id", id).with("type", "public-key");
    let probe = Map::new()
        .with(0x01, rp_id)
        .with(0x02, [0; 32].as_slice())
        .with(0x03, vec![Value::from(descriptor)])
        .with(0x05, Map::new().with("up", false));
    let request = [
        &[0; Script::LENGTH],
        [GET_ASSERTION].as_slice(),
        &encode(&probe.into()),
    ];
    let outcome = world::handle(&request.concat()).unwrap();
    assert_eq!(outcome.failure.is_none(), world::knows(rp_id, id));
});
