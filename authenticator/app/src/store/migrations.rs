//! The database's versions.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use rusqlite_migration::{Error, M, MigrationDefinitionError, Migrations};

use super::StoreError;

/// Each leads from one version to the next. One that was published never changes (`tests/pcsc_store/schemas`).
const STEPS: &[M<'static>] = &[
    M::up(include_str!("../../migrations/0001_credentials.sql")),
    M::up(include_str!("../../migrations/0002_card_credentials.sql")),
    M::up(include_str!("../../migrations/0003_labels.sql")),
    M::up(include_str!("../../migrations/0004_extensions.sql")),
    M::up(include_str!(
        "../../migrations/0005_large_blobs_and_settings.sql"
    )),
];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// Brings the database to this program's version, all the way or not at all. The caller holds the folder's lock.
///
/// # Errors
/// [`StoreError`]; [`StoreError::Newer`] if a newer program wrote it.
pub(super) fn to_latest(connection: &mut Connection) -> Result<(), StoreError> {
    let version: i64 = connection.query_row("PRAGMA user_version", (), |row| row.get(0))?;
    if version == 0 {
        take_over(connection)?;
    }
    MIGRATIONS
        .to_latest(connection)
        .map_err(|error| match error {
            Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => {
                StoreError::Newer
            }
            Error::RusqliteError { err, .. } => StoreError::Database(err),
            _ => StoreError::Impossible("user_version"),
        })
}

/// The first versions of this program kept the version in a table of its own.
///
/// # Errors
/// [`StoreError`]; [`StoreError::Newer`] if a newer program wrote it. Then nothing was changed.
fn take_over(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let table = "SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations'";
    if transaction
        .query_row(table, (), |_| Ok(()))
        .optional()?
        .is_none()
    {
        return Ok(());
    }
    let version: i64 = transaction.query_row(
        "SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success",
        (),
        |row| row.get(0),
    )?;
    // Left as it is, for the program that wrote it.
    if usize::try_from(version).is_ok_and(|version| version > STEPS.len()) {
        return Err(StoreError::Newer);
    }
    transaction.pragma_update(None, "user_version", version)?;
    transaction.execute("DROP TABLE _sqlx_migrations", ())?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database at the first of the versions.
    fn at_the_first() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        MIGRATIONS.to_version(&mut connection, 1).unwrap();
        connection
    }

    fn version(connection: &Connection) -> i64 {
        connection
            .query_row("PRAGMA user_version", (), |row| row.get(0))
            .unwrap()
    }

    fn has_the_table(connection: &Connection) -> bool {
        let table = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '_sqlx_migrations')";
        connection.query_row(table, (), |row| row.get(0)).unwrap()
    }

    #[test]
    fn every_step_can_be_run() {
        MIGRATIONS.validate().unwrap();
    }

    #[test]
    fn a_version_in_a_table_is_taken_over() {
        for (rows, expected) in [
            ("(1, 1)", Ok(())),
            ("(1, 1), (9999, 1)", Err(())),
            // Never finished, so never done.
            ("(1, 1), (9999, 0)", Ok(())),
        ] {
            let mut connection = at_the_first();
            let table = format!(
                "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, success BOOLEAN NOT NULL);
                 INSERT INTO _sqlx_migrations VALUES {rows}; PRAGMA user_version = 0",
            );
            connection.execute_batch(&table).unwrap();
            let done = to_latest(&mut connection);
            match expected {
                Ok(()) => {
                    done.unwrap();
                    assert_eq!(version(&connection), STEPS.len() as i64);
                    assert!(!has_the_table(&connection), "{rows}");
                }
                Err(()) => {
                    assert!(matches!(done, Err(StoreError::Newer)), "{rows}");
                    assert_eq!(version(&connection), 0);
                    assert!(has_the_table(&connection), "{rows}");
                }
            }
        }
    }
}
