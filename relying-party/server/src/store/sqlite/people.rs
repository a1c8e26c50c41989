//! People.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, uuid};
use crate::store::{Person, StoreError};

#[derive(FromRow)]
pub(super) struct PersonRow {
    id: Vec<u8>,
    account_name: String,
    name_key: String,
    created_at: i64,
}

impl PersonRow {
    pub(super) fn record(self) -> Result<Person, StoreError> {
        Ok(Person {
            id: uuid(&self.id, "people.id")?,
            account_name: self.account_name,
            name_key: self.name_key,
            created_at: self.created_at,
        })
    }
}

impl Store {
    /// The person with this account name, compared as `name_key`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn person_by_name(&self, name_key: &str) -> Result<Option<Person>, StoreError> {
        sqlx::query_as::<_, PersonRow>(
            "SELECT id, account_name, name_key, created_at FROM people WHERE name_key = ?",
        )
        .bind(name_key)
        .fetch_optional(&self.pool)
        .await?
        .map(PersonRow::record)
        .transpose()
    }

    /// The person with this ID.
    ///
    /// # Errors
    /// The database failed.
    pub async fn person(&self, id: Uuid) -> Result<Option<Person>, StoreError> {
        sqlx::query_as::<_, PersonRow>(
            "SELECT id, account_name, name_key, created_at FROM people WHERE id = ?",
        )
        .bind(id.as_bytes().as_slice())
        .fetch_optional(&self.pool)
        .await?
        .map(PersonRow::record)
        .transpose()
    }
}
