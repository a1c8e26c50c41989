//! The certificate as the authenticator reads it from a card.

#![no_main]

use eid_card::Certificate;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use sha2::{Digest, Sha256};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jpki_fuzz::mutate::after_header(data, size, max_size, seed, 0, jpki_fuzz::mutate::der)
});

fuzz_target!(|der: &[u8]| {
    let Ok(certificate) = Certificate::from_der(der) else {
        return;
    };
    assert!(der.len() <= Certificate::MAX_LENGTH);
    assert_eq!(certificate.der(), der);
    let spki = certificate.subject_public_key_info();
    assert!(der.windows(spki.len()).any(|window| window == spki));
    assert_eq!(
        certificate.key_hash().as_bytes()[..],
        Sha256::digest(spki)[..]
    );
    assert!(!certificate.expired_at(certificate.not_after()));
    // A signature that nobody made.
    let forged = der.get(..256).unwrap_or_default();
    assert!(!certificate.verifies_sha256(&[7; 32], forged));
    assert!(!certificate.verifies_sha512(&[7; 64], forged));
});
