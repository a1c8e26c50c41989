//! Firefox's own client code (`authenticator`, which Firefox ships) drives the authenticator and reads its answers.
#![allow(
    dead_code,
    unused_imports,
    reason = "the world is that of the core's own tests, which use more of it"
)]

mod client;
mod client_pin;
mod device;
mod extensions;
mod get_info;
mod hmac_secret;
mod management;
mod register;
#[path = "../../../../../authenticator/core/tests/ctap/requests.rs"]
mod requests;
mod reset;
mod sign_in;
#[path = "../../../../../authenticator/core/tests/ctap/world/mod.rs"]
mod world;
