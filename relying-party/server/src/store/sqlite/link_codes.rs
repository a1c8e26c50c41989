//! Link codes: a person has at most one; it is redeemed by the enrolment that adds a credential (see `enrolment`).

use uuid::Uuid;

use super::{Store, people::PersonRow};
use crate::store::{CodeLookup, Person, StoreError};

impl Store {
    /// Keeps a person's new code in place of the one before.
    ///
    /// # Errors
    /// The database failed, or the person is gone.
    pub async fn keep_link_code(
        &self,
        person: Uuid,
        lookup: &CodeLookup,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO link_codes (person_id, lookup, expires_at) VALUES (?, ?, ?) \
             ON CONFLICT (person_id) DO UPDATE SET lookup = excluded.lookup, expires_at = excluded.expires_at",
        )
        .bind(person.as_bytes().as_slice())
        .bind(lookup.as_slice())
        .bind(expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The person whose code this is, while it is good. It stays good: the enrolment takes it out.
    ///
    /// # Errors
    /// The database failed.
    pub async fn person_by_link_code(
        &self,
        lookup: &CodeLookup,
        now: i64,
    ) -> Result<Option<Person>, StoreError> {
        sqlx::query_as::<_, PersonRow>(
            "SELECT p.id, p.account_name, p.name_key, p.created_at FROM link_codes c JOIN people p ON p.id = c.person_id \
             WHERE c.lookup = ? AND c.expires_at > ?",
        )
        .bind(lookup.as_slice())
        .bind(now)
        .fetch_optional(&self.pool)
        .await?
        .map(PersonRow::record)
        .transpose()
    }
}
