//! What an operator does to one person's account, from the command line.

use uuid::Uuid;

use super::{Store, uuid};
use crate::store::StoreError;

impl Store {
    /// The row IDs of a person's certificates, the one verified last first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn certificates_of(&self, person: Uuid) -> Result<Vec<Uuid>, StoreError> {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(
            "SELECT id FROM certificates WHERE person_id = ? ORDER BY verified_at DESC, id",
        )
        .bind(person.as_bytes().as_slice())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|id| uuid(id, "certificates.id")).collect()
    }

    /// Removes a credential, and ends the sessions signed in with it. False if there is none.
    ///
    /// The person's link code ends too: whoever had the credential may have made it, to come back with another card.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_credential(&self, id: Uuid) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "DELETE FROM link_codes WHERE person_id = (SELECT person_id FROM credentials WHERE id = ?)",
        )
        .bind(id.as_bytes().as_slice())
        .execute(&mut *transaction)
        .await?;
        let done = sqlx::query("DELETE FROM credentials WHERE id = ?")
            .bind(id.as_bytes().as_slice())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Unlinks a certificate from its person, with the credentials it vouched for: how many these were. None if there is no
    /// such certificate. The person's link code ends too, as in [`Store::remove_credential`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn unlink_certificate(&self, id: Uuid) -> Result<Option<u64>, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "DELETE FROM link_codes WHERE person_id = (SELECT person_id FROM certificates WHERE id = ?)",
        )
        .bind(id.as_bytes().as_slice())
        .execute(&mut *transaction)
        .await?;
        let credentials = sqlx::query("DELETE FROM credentials WHERE certificate_id = ?")
            .bind(id.as_bytes().as_slice())
            .execute(&mut *transaction)
            .await?;
        let certificate = sqlx::query("DELETE FROM certificates WHERE id = ?")
            .bind(id.as_bytes().as_slice())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok((certificate.rows_affected() == 1).then_some(credentials.rows_affected()))
    }

    /// Removes a person with everything that is theirs. False if there is no such person.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_person(&self, id: Uuid) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        // Credentials first: they refer to certificates, which go with the person.
        sqlx::query("DELETE FROM credentials WHERE person_id = ?")
            .bind(id.as_bytes().as_slice())
            .execute(&mut *transaction)
            .await?;
        let done = sqlx::query("DELETE FROM people WHERE id = ?")
            .bind(id.as_bytes().as_slice())
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected() == 1)
    }
}
