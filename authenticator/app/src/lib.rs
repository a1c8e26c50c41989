//! The authenticator program: everything around `authenticator-core`.
//!
//! | module | what lives there |
//! |---|---|
//! | `cli` | the command line |
//! | `native_messaging` | the protocol with the browser extension |
//! | `hid` | the card as a security key: CTAP over HID |
//! | `client` | what WebAuthn asks of a client: origin, RP ID, client data, options, responses |
//! | `ceremony` | one request from the extension's message to its result |
//! | `prompt` | the core's questions, asked in the extension's window or in windows of the system |
//! | `card`, `doctor` | what is there, and what stands in the way |
//! | `install` | making the program known to browsers |
//! | `readers`, `watch` | which cards are there |
//! | `pcscd`, `systemd` | why the PC/SC service does not answer, and what starts services here |
//! | `credentials`, `backup` | what the person does with their credentials: list, rename, remove, back up, restore, rebind |
//! | `terminal` | what is typed there, and not echoed |
//! | `store` | credentials, remembered sites, history, secrets |
//! | `messages`, `log`, `failure` | what is said to people, where, and about what |
//! | `history`, `records`, `local_time` | what was disclosed to which sites, on the command line and in the browser, and when by the person's clock |
//! | `hardening` | no core dumps, an orderly end |
#![forbid(unsafe_code)]

mod backup;
mod card;
mod ceremony;
mod cli;
mod client;
mod credentials;
mod doctor;
mod failure;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod hardening;
mod hid;
mod history;
mod install;
mod let_go;
mod local_time;
mod log;
mod messages;
mod native_messaging;
mod pcscd;
mod prompt;
mod readers;
mod records;
mod store;
mod systemd;
mod terminal;
mod watch;

pub use cli::run;
