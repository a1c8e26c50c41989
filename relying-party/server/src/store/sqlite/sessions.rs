//! Sessions.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, people::PersonRow, uuid};
use crate::store::{Person, Session, StoreError, TokenHash};

/// A session's "last seen" is rewritten at most this often, in seconds: a write is a disk flush.
const SEEN_EVERY: i64 = 60;

#[derive(FromRow)]
struct SessionRow {
    person_id: Option<Vec<u8>>,
    credential: Option<Vec<u8>>,
    seen_at: i64,
}

impl Store {
    /// Makes a session, for nobody yet or for a person who just signed in.
    ///
    /// # Errors
    /// The database failed.
    pub async fn create_session(
        &self,
        token_hash: &TokenHash,
        signed_in: Option<(Uuid, Uuid)>,
        now: i64,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        let (person, credential) = signed_in.unzip();
        sqlx::query(
            "INSERT INTO sessions (token_hash, person_id, credential_id, created_at, seen_at, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(token_hash.as_slice())
        .bind(person.as_ref().map(|id| id.as_bytes().as_slice()))
        .bind(credential.as_ref().map(|id| id.as_bytes().as_slice()))
        .bind(now)
        .bind(now)
        .bind(expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The session with this token, unless it expired or was idle since before `idle_since`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn session(
        &self,
        token_hash: &TokenHash,
        now: i64,
        idle_since: i64,
    ) -> Result<Option<Session>, StoreError> {
        let Some(row) = sqlx::query_as::<_, SessionRow>(
            "SELECT person_id, credential_id AS credential, seen_at FROM sessions \
             WHERE token_hash = ? AND expires_at > ? AND seen_at > ?",
        )
        .bind(token_hash.as_slice())
        .bind(now)
        .bind(idle_since)
        .fetch_optional(&self.pool)
        .await?
        else {
            return Ok(None);
        };
        if now - row.seen_at >= SEEN_EVERY {
            sqlx::query("UPDATE sessions SET seen_at = ? WHERE token_hash = ? AND seen_at < ?")
                .bind(now)
                .bind(token_hash.as_slice())
                .bind(now)
                .execute(&self.pool)
                .await?;
        }
        Ok(Some(Session {
            token_hash: *token_hash,
            person: match row.person_id {
                None => None,
                Some(id) => self.session_person(&id).await?,
            },
            credential: row
                .credential
                .map(|id| uuid(&id, "sessions.credential_id"))
                .transpose()?,
            seen_at: row.seen_at,
        }))
    }

    async fn session_person(&self, id: &[u8]) -> Result<Option<Person>, StoreError> {
        sqlx::query_as::<_, PersonRow>(
            "SELECT id, account_name, name_key, created_at FROM people WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?
        .map(PersonRow::record)
        .transpose()
    }

    /// Ends a session, and with it the ceremonies it started.
    ///
    /// # Errors
    /// The database failed.
    pub async fn end_session(&self, token_hash: &TokenHash) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sessions WHERE token_hash = ?")
            .bind(token_hash.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
