//! The extensions, a file each (CTAP 2.3 §12).

mod cred_protect;

pub use cred_protect::CredProtect;
