//! Prompts: what the core wants to know of the person, asked in the extension's window.

pub(crate) mod conversation;
pub(crate) mod person;
