//! What a migration cannot do, because it needs the key file.

use super::Store;
use crate::store::StoreError;

impl Store {
    /// Replaces credential IDs that an older version stored in clear by their keyed hashes. Once for a database.
    ///
    /// # Errors
    /// The database failed; then nothing was replaced.
    pub async fn hash_credential_ids(
        &self,
        hash: impl Fn(&[u8]) -> [u8; 32],
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let done: bool = sqlx::query_scalar("SELECT ids_hashed FROM installation")
            .fetch_one(&mut *transaction)
            .await?;
        if done {
            return Ok(());
        }
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as("SELECT id, lookup FROM credentials")
            .fetch_all(&mut *transaction)
            .await?;
        for (id, credential_id) in rows {
            sqlx::query("UPDATE credentials SET lookup = ? WHERE id = ?")
                .bind(hash(&credential_id).as_slice())
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query("UPDATE installation SET ids_hashed = 1")
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
