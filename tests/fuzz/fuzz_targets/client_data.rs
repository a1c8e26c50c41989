//! The client data JSON as the relying party reads it.

#![no_main]

use jpki_relying_party::ceremony::describe_client_data;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|json: &[u8]| {
    let Ok(read) = describe_client_data(json) else {
        return;
    };
    assert!(str::from_utf8(json).is_ok());
    // A second opinion on what was read: nothing is read in two ways. It reads the other members too, and no number beyond its range.
    let Ok(members) = serde_json::from_slice::<Value>(json) else {
        return;
    };
    assert_eq!(members["type"], read.kind);
    assert_eq!(members["origin"], read.origin);
    assert_eq!(
        members
            .get("crossOrigin")
            .is_some_and(|value| value == true),
        read.cross_origin
    );
    let challenge = members["challenge"].as_str().unwrap();
    assert!(!challenge.contains(['=', '+', '/']));
    assert!(read.challenge.len() <= challenge.len());
});
