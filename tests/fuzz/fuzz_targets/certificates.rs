//! The certificate as the verifier sees it. Every rule is judged, whether or not the signature holds; only the certificates of the
//! vectors pass them all.
//!
//! An input is the number of a registration of the vectors, whose time counts, the number of a profile, and a certificate.

#![no_main]

use std::sync::LazyLock;

use eid_attestation::{Profile, explain_certificate};
use eid_card::Certificate;
use jpki_fuzz::judging::{CERTIFICATES, FAULTLESS, all_profiles};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static PROFILES: LazyLock<[Profile; 4]> = LazyLock::new(all_profiles);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jpki_fuzz::mutate::after_header(data, size, max_size, seed, 2, jpki_fuzz::mutate::der)
});

fuzz_target!(|input: &[u8]| {
    let [number, profile, der @ ..] = input else {
        return;
    };
    let at = FAULTLESS[usize::from(*number) % FAULTLESS.len()].at;
    let profile = &PROFILES[usize::from(*profile) % PROFILES.len()];
    let report = explain_certificate(der, profile, at);
    if report.refused().is_none() {
        assert!(
            CERTIFICATES.contains(der),
            "an altered certificate was accepted"
        );
    }
    // Whether or not it is one of a card: the authenticator's reader gets the same bytes.
    let _ = Certificate::from_der(der);
});
