//! Standard error, for whoever looks for the reason of a failure. Never a PIN, a serial, a subject or key material.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::Mutex;

use crate::failure::Failure;
use crate::messages::hid::HidProblem;
use crate::messages::{self, Language, Place};
use crate::native_messaging::outgoing::FatalCode;
use crate::store::StoreError;

static LANGUAGE: Mutex<Option<Language>> = Mutex::new(None);

/// Chooses the language by a BCP 47 tag.
pub(crate) fn set_language(tag: &str) {
    if let Ok(mut language) = LANGUAGE.lock() {
        *language = Some(Language::from_tag(tag));
    }
}

/// The language of messages: the one chosen, or else the environment's.
pub(crate) fn language() -> Language {
    LANGUAGE
        .lock()
        .ok()
        .and_then(|language| *language)
        .unwrap_or_else(Language::from_environment)
}

/// Tells why a ceremony failed, and what to do.
pub(crate) fn failure(failure: Failure) {
    line(&messages::failure(language(), failure, Place::Ceremony));
}

/// Tells what is waited for, where no site asked yet.
pub(crate) fn waiting(failure: Failure) {
    line(&messages::failure(language(), failure, Place::Usual));
}

/// Tells why the store cannot be used, and what to do.
pub(crate) fn store(error: &StoreError) {
    line(&messages::store_error(language(), error));
}

/// Tells why a connection ended, and what to do.
pub(crate) fn fatal(code: FatalCode) {
    line(&messages::fatal(language(), code));
}

/// Tells what went wrong with the security key, and what to do.
pub(crate) fn hid(problem: &HidProblem<'_>) {
    line(&language().hid_problem(problem));
}

/// Tells a detail.
pub(crate) fn line(detail: &dyn Display) {
    // Standard error may be closed; then there is nobody to tell.
    let _ = writeln!(io::stderr().lock(), "jpki-authenticator: {detail}");
}
