//! The relying party: people, credentials, sign-in with an eID card.
//!
//! | module | what lives there |
//! |---|---|
//! | [`config`] | what an operator sets, by file and by environment |
//! | [`keys`] | the key file; sealing and keyed hashes |
//! | [`store`] | everything that outlives a request |
//! | [`people`] | account names |
//! | `rates` | how often a client, or a sign-in under one name, may begin |
//! | [`ceremony`] | registration and authentication, with both judges: `eid-attestation` and `webauthn-rs` |
//! | [`service`] | all of the above together, without HTTP |
//! | [`web`] | pages, JSON endpoints, sessions, the defences of both |
//! | [`explain`] | the outcome of every rule for a certificate or a registration in a file |

#![forbid(unsafe_code)]

pub mod ceremony;
pub mod clock;
pub mod config;
pub mod explain;
pub mod keys;
pub mod pem;
pub mod people;
mod rates;
pub mod service;
pub mod store;
pub mod web;
