//! Prompts: what the core wants to know of the person, asked in the extension's window or in windows of the system.

pub(crate) mod conversation;
pub(crate) mod native;
pub(crate) mod person;
pub(crate) mod pin_place;
pub(crate) mod pinentry;
mod shown;
