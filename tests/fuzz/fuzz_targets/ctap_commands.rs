//! Any CTAP request: a script of what goes wrong, then command byte and parameters (`jpki_fuzz::world`).

#![no_main]

use jpki_fuzz::world::{self, Script};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let header = Script::LENGTH + 1;
    jpki_fuzz::mutate::after_header(data, size, max_size, seed, header, jpki_fuzz::mutate::cbor)
});

fuzz_target!(|input: &[u8]| {
    world::handle(input);
});
