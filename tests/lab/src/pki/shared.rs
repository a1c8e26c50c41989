//! One hierarchy for all tests.

use super::{Options, Pki, PkiError, generate, key};
use rsa::RsaPrivateKey;
use std::{path::PathBuf, sync::OnceLock};

/// The hierarchy of the default options, made once per process.
///
/// Its keys are remembered in a folder beside the running program (in a test, under `target/`),
/// so that only the first of many test processes spends seconds on them.
pub fn shared() -> Result<&'static Pki, PkiError> {
    static SHARED: OnceLock<Pki> = OnceLock::new();
    if let Some(pki) = SHARED.get() {
        return Ok(pki);
    }
    let pki = generate(&shared_options())?;
    Ok(SHARED.get_or_init(|| pki))
}

/// A key outside the [`shared`] hierarchy, always the same for a label: a forger's, say.
pub fn shared_key(label: &str) -> Result<RsaPrivateKey, PkiError> {
    key(&shared_options(), label)
}

/// The options that the [`shared`] hierarchy was made from.
pub fn shared_options() -> Options {
    Options {
        key_cache: beside_the_program(),
        ..Options::default()
    }
}

fn beside_the_program() -> Option<PathBuf> {
    Some(
        std::env::current_exe()
            .ok()?
            .parent()?
            .join("jpki-lab-keys"),
    )
}
