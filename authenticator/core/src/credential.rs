//! Credentials: their IDs, their kinds, and how their keys and names are sealed.

mod id;
mod keys;
mod kind;

pub use id::CredentialId;
pub use kind::CredentialKind;
