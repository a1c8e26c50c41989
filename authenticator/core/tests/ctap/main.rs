//! The authenticator through its public API: real certificates, a soft card, a scripted person, a store
//! in memory.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test's helpers may fail the test, and are pub for the test's other modules"
)]

mod backup;
mod card_registration;
mod card_sign_in;
mod client_pin;
mod config;
mod credential_management;
mod extensions;
mod get_assertion;
mod get_assertion_parameters;
mod get_info;
mod get_next_assertion;
mod hmac_secret;
mod large_blobs;
mod make_credential;
mod make_credential_parameters;
mod pin;
mod pin_pad;
mod presence;
mod prf;
mod properties;
mod release;
mod requests;
mod reset;
mod robustness;
mod silent_probes;
mod token_registration;
mod token_sign_in;
mod world;
