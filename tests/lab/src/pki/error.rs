//! What can go wrong with a hierarchy.

use std::path::PathBuf;
use thiserror::Error;

/// Why a hierarchy could not be made, written or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PkiError {
    /// Too few or too many people were asked for.
    #[error("the number of people must be {least} to {most}")]
    People {
        /// The fewest possible.
        least: usize,
        /// The most possible.
        most: usize,
    },
    /// The year is not one that certificates around it could be written for.
    #[error("the year must be 1990 to 2090")]
    Year,
    /// A key could not be made.
    #[error("making an RSA key failed")]
    KeyGeneration(#[source] rsa::Error),
    /// A key could not be written as PKCS#8.
    #[error("encoding a key failed")]
    KeyEncoding(#[source] rsa::pkcs8::Error),
    /// A key that should have been made was not.
    #[error("a key of the hierarchy is missing")]
    KeyMissing,
    /// A certificate could not be signed: the CA's key is too short for the digest.
    #[error("signing a certificate failed")]
    Signature(#[source] rsa::Error),
    /// A file could not be written.
    #[error("{path} could not be written")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("{path} could not be read; `jpki-lab pki --out` makes it")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `pki.json` is not what it should be.
    #[error("{path} is not the index of a practice hierarchy")]
    Index {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
    /// `pki.json` is of another version.
    #[error("{path} is of another version; make the hierarchy anew with `jpki-lab pki`")]
    Format {
        /// Which file.
        path: PathBuf,
    },
    /// JSON could not be written.
    #[error("encoding JSON failed")]
    Json(#[source] serde_json::Error),
}
