//! CredentialManagement, LargeBlobs and Config with a right token: a CBOR array of steps (`jpki_fuzz::world`).

#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jpki_fuzz::mutate::after_header(data, size, max_size, seed, 0, jpki_fuzz::mutate::cbor)
});

fuzz_target!(|input: &[u8]| jpki_fuzz::world::handle_management(input));
