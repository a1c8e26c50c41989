//! authenticatorMakeCredential: a script of what goes wrong, then the parameters (`jpki_fuzz::world`).

#![no_main]

use jpki_fuzz::world::{self, Script};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

const COMMAND: u8 = 0x01;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let header = Script::LENGTH;
    jpki_fuzz::mutate::after_header(data, size, max_size, seed, header, jpki_fuzz::mutate::cbor)
});

fuzz_target!(|input: &[u8]| {
    if let Some((script, parameters)) = input.split_at_checked(Script::LENGTH) {
        world::handle(&[script, &[COMMAND], parameters].concat());
    }
});
