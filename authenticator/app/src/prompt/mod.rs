//! Prompts: what the core wants to know of the person, asked in the extension's window or in windows of the system.

pub(crate) mod conversation;
#[allow(dead_code, unused_imports)] // Until the HID service asks in it.
pub(crate) mod native;
pub(crate) mod person;
#[allow(dead_code, unused_imports)] // Likewise.
pub(crate) mod pinentry;
mod shown;
