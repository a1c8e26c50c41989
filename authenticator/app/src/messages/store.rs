//! About the store.

use super::terminal::Problem;
use super::{Language, Pair};
use crate::store::StoreError;

/// What happened to the store, and what to do.
pub(crate) fn explained(language: Language, error: &StoreError) -> Pair {
    let detail;
    let problem = match error {
        StoreError::NoHome => Problem::NoHome,
        StoreError::NotPrivate(path) => Problem::StorageForeign(path),
        StoreError::Io { path, error } => {
            detail = error.to_string();
            Problem::FileFailed(path, &detail)
        }
        StoreError::SecretsDamaged(path) => Problem::SecretsDamaged(path),
        StoreError::SecretsMissing(path) => Problem::SecretsMissing(path),
        StoreError::Newer => Problem::StorageNewer,
        StoreError::NoRandomness | StoreError::Impossible(_) | StoreError::Database(_) => {
            detail = error.to_string();
            Problem::StorageFault(&detail)
        }
    };
    language.problem(&problem)
}
