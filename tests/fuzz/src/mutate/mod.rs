//! Mutators that keep CBOR and DER in shape.
//!
//! libFuzzer's own mutator knows bytes only: nearly everything that it makes of a nested, length-prefixed format ends in the parser.
//! These change the tree and write it again. Every few inputs the bytes are mutated after all, so that the parsers get their share.

mod cbor;
mod der;
mod dice;

pub use cbor::cbor;
pub use der::der;

use dice::Dice;
use libfuzzer_sys::fuzzer_mutate;

/// One in so many inputs is mutated as bytes.
const AS_BYTES: usize = 4;

/// Mutates an input that is a header of fixed length and then something with a form, in place; the new length.
///
/// For `fuzz_mutator!`. `mutate` changes what follows the header; `None` if it has not the form.
pub fn after_header(
    data: &mut [u8],
    size: usize,
    max_size: usize,
    seed: u32,
    header: usize,
    mutate: fn(&[u8], u32) -> Option<Vec<u8>>,
) -> usize {
    let mut dice = Dice::new(seed);
    if size < header || max_size < header || dice.one_in(AS_BYTES) {
        return fuzzer_mutate(data, size, max_size);
    }
    if header > 0 && dice.one_in(4) {
        fuzzer_mutate(&mut data[..header], header, header);
        return size;
    }
    match mutate(&data[header..size], dice.next()) {
        Some(mutated) if header + mutated.len() <= max_size => {
            let end = header + mutated.len();
            data[header..end].copy_from_slice(&mutated);
            end
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}

/// Mutates bytes of a leaf by libFuzzer's own means, which know what the code compares with.
fn leaf(bytes: &[u8]) -> Vec<u8> {
    const GROWTH: usize = 64;
    let mut room = bytes.to_vec();
    room.resize(bytes.len() + GROWTH, 0);
    let length = fuzzer_mutate(&mut room, bytes.len(), bytes.len() + GROWTH);
    room.truncate(length);
    room
}
