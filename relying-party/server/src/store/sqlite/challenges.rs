//! Challenges: used once, by the session that asked for them.

use super::Store;
use crate::store::{Challenge, Purpose, StoreError, TokenHash};

impl Store {
    /// Keeps a ceremony until its finish.
    ///
    /// # Errors
    /// The database failed, or the session has ended meanwhile.
    pub async fn keep_challenge(&self, challenge: &Challenge) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO challenges (id, purpose, session, state, expires_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(challenge.id.as_slice())
        .bind(challenge.purpose.as_str())
        .bind(challenge.session.as_slice())
        .bind(&challenge.state)
        .bind(challenge.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes a ceremony's sealed state out. Of any number of callers, on any replica, one gets it.
    ///
    /// None when it expired, was taken, belongs to another session or ceremony, or never was.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_challenge(
        &self,
        id: &[u8; 32],
        purpose: Purpose,
        session: &TokenHash,
        now: i64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        // Fetched to its end: SQLite commits the deletion when the statement is done, not when the row is read.
        let taken: Vec<Vec<u8>> = sqlx::query_scalar(
            "DELETE FROM challenges WHERE id = ? AND purpose = ? AND session = ? AND expires_at > ? RETURNING state",
        )
        .bind(id.as_slice())
        .bind(purpose.as_str())
        .bind(session.as_slice())
        .bind(now)
        .fetch_all(&self.pool)
        .await?;
        Ok(taken.into_iter().next())
    }
}
