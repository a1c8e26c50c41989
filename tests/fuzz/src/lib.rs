//! What the fuzz targets share (`docs/fuzzing.md`).
//!
//! | module | what lives there |
//! |---|---|
//! | `world` | the ports of the CTAP core in memory, and what must hold after every request |
//! | `judging` | what the verifier must accept, and so what it must not |
//! | `mutate` | mutators that keep CBOR and DER in shape, so that changes reach the code behind the parsers |
//! | `vectors` | the test vectors, where everything known to be good comes from |
#![forbid(unsafe_code)]

pub mod judging;
pub mod mutate;
pub mod world;

pub use jpki_fuzz_seeds::vectors;
