//! The attestation object as the verifier sees it. Only what is in the vectors is accepted, byte for byte.
//!
//! An input is the number of a registration of the vectors, whose client data and time count, and an attestation object.

#![no_main]

use eid_attestation::{explain_registration, verify};
use jpki_fuzz::judging::{ACCEPTABLE, FAULTLESS, PROFILES};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jpki_fuzz::mutate::after_header(data, size, max_size, seed, 1, jpki_fuzz::mutate::cbor)
});

fuzz_target!(|input: &[u8]| {
    let Some((number, object)) = input.split_first() else {
        return;
    };
    let vector = &FAULTLESS[usize::from(*number) % FAULTLESS.len()];
    let hash = &vector.client_data_hash;
    let verdict = verify(object, hash, &PROFILES, None, vector.at);
    let report = explain_registration(object, hash, &PROFILES, None, vector.at);
    assert_eq!(report.refused(), verdict.as_ref().err());
    match verdict {
        Ok(verdict) => {
            let registration = (object.to_vec(), *hash);
            assert!(
                ACCEPTABLE.contains(&registration),
                "altered bytes were accepted"
            );
            let rewrapped = authenticator_core::cbor::decode(&verdict.none_rewrap()).unwrap();
            let auth_data = rewrapped.as_map().unwrap().get("authData").unwrap();
            assert_eq!(auth_data.as_bytes(), Some(verdict.auth_data.as_slice()));
        }
        Err(refused) => {
            assert_ne!(
                object, vector.object,
                "a faultless one was refused: {refused}"
            );
            assert!(!refused.code().is_empty() && refused.to_string().len() < 1024);
        }
    }
});
