//! One request after another over CTAPHID, by a platform that knows the protocols: tokens, and what they are used for
//! (`jpki_fuzz::world`).

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| jpki_fuzz::world::handle_sequence(input));
