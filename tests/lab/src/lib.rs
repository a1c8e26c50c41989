//! A practice JPKI, for building and testing whatever talks to a My Number card or trusts one.
//!
//! | module | what it is |
//! |---|---|
//! | [`pki`] | certification authorities and people with exactly the certificates of the real hierarchy, and wrong ones on request |
//! | [`card`] | a virtual My Number card as a state machine: commands in, answers out, faults on request |
//! | [`vpcd`] | puts such a card into the real pcscd, through the virtual reader of vsmartcard |
//! | [`pcscd`] | a private pcscd with virtual readers (Linux) |
//! | [`pinentry`] | a pinentry that a test answers (Linux) |
//!
//! Everything says JPKI-LAB and nothing here is secret: keys follow from a seed, PINs are printed.
//! The program `jpki-lab` offers the same on the command line.

#![forbid(unsafe_code)]

mod asn1;
pub mod card;
#[cfg(target_os = "linux")]
pub mod pcscd;
#[cfg(target_os = "linux")]
pub mod pinentry;
pub mod pki;
pub mod vpcd;
