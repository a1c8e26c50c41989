//! The native prompt: the core's questions in windows of the system, which no browser sees.
//!
//! | module | what lives there |
//! |---|---|
//! | `person` | which windows a question takes, and what their answers mean |
//! | `windows` | one window after the other, until answered, refused or late |
//! | `entry` | the windows that ask for the PIN, also those of a ceremony of the extension |
//! | `page` | the text of a window |

pub(crate) mod entry;
mod page;
mod person;
mod windows;

pub(crate) use page::{Consent, Page};
pub(crate) use person::NativePerson;
pub(crate) use windows::{Handle, TITLE};

#[cfg(test)]
mod tests;
