//! Rates: counted in one statement, so that replicas count together.

use super::Store;
use crate::store::StoreError;

impl Store {
    /// Counts one more in `bucket`, and returns how many that makes in the present window of `seconds`.
    ///
    /// # Errors
    /// The database failed.
    pub async fn count(
        &self,
        bucket: &[u8; 32],
        now: i64,
        seconds: i64,
    ) -> Result<i64, StoreError> {
        // Fetched to its end: SQLite commits when the statement is done.
        let counts: Vec<i64> = sqlx::query_scalar(
            "INSERT INTO rates (bucket, count, ends_at) VALUES (?1, 1, ?2 + ?3) ON CONFLICT (bucket) DO UPDATE SET \
             count = CASE WHEN ends_at > ?2 THEN count + 1 ELSE 1 END, \
             ends_at = CASE WHEN ends_at > ?2 THEN ends_at ELSE ?2 + ?3 END RETURNING count",
        )
        .bind(bucket.as_slice())
        .bind(now)
        .bind(seconds)
        .fetch_all(&self.pool)
        .await?;
        counts
            .first()
            .copied()
            .ok_or(StoreError::Unexpected("rates"))
    }
}
