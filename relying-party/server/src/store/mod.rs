//! Everything that outlives a request: people, credentials, certificates, sessions, challenges.
//!
//! This module is the only one that knows a database. Today there is one query set, for SQLite; another one has the same
//! functions over the same records. No state is kept in memory, so that any number of replicas may share a database.

mod records;
mod sqlite;

pub use records::{
    Account, Certificate, CertificateRecord, Challenge, Class, CodeLookup, Credential,
    CredentialRecord, Enrolment, Person, Purpose, Revocation, Session, TokenHash,
};
pub use sqlite::Store;

/// Why the store did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened, read or written.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The database's tables cannot be brought up to date.
    #[error("the database's tables cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database file cannot be made.
    #[error("the database file cannot be made: {0}")]
    File(#[from] std::io::Error),
    /// The file is there, but it is no database.
    #[error("{0} is no SQLite database")]
    NotADatabase(String),
    /// The database was made with another key file.
    #[error("the database was made with another key file")]
    OtherKeyFile,
    /// A row has a value that this program never writes.
    #[error("the database has a value in {0} that this program never writes")]
    Unexpected(&'static str),
}

/// Why an enrolment was not stored.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The account name belongs to somebody.
    #[error("the account name is taken")]
    NameTaken,
    /// The certificate belongs to another person.
    #[error("the certificate belongs to another person")]
    CertificateTaken,
    /// The credential ID is known already.
    #[error("the credential ID is registered already")]
    CredentialTaken,
    /// The person is no longer there.
    #[error("the person is no longer there")]
    PersonGone,
    /// The link code was used or has expired.
    #[error("the link code was used or has expired")]
    LinkCodeGone,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for EnrolError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

#[cfg(test)]
mod tests;
