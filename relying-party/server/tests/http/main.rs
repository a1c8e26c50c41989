//! The relying party over real HTTP, with a software authenticator and the practice hierarchy.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test's helpers may fail the test"
)]

mod accounts;
mod attestation;
mod authenticator;
mod browser;
mod card_credentials;
mod ceremonies;
mod challenges;
mod cross_site;
mod explain;
mod linking;
mod operator;
mod pages;
mod program;
mod rates;
mod sessions;
mod sign_in;
mod world;
