//! Credentials, with the certificate that vouched for each.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, uuid};
use crate::store::{Certificate, Class, Credential, CredentialRecord, Revocation, StoreError};

#[derive(FromRow)]
struct CredentialRow {
    id: Vec<u8>,
    person_id: Vec<u8>,
    certificate_id: Option<Vec<u8>>,
    lookup: Vec<u8>,
    sealed: Vec<u8>,
    algorithm: i64,
    card_key: bool,
    transports: String,
    created_at: i64,
    last_used_at: Option<i64>,
    #[sqlx(flatten)]
    certificate: CertificateColumns,
}

/// All absent or all present, as the join leaves them.
#[derive(FromRow)]
struct CertificateColumns {
    profile: Option<String>,
    class: Option<String>,
    country: Option<String>,
    anchor: Option<String>,
    anchor_from: Option<i64>,
    anchor_until: Option<i64>,
    not_after: Option<i64>,
    revocation: Option<String>,
    verified_at: Option<i64>,
}

impl CertificateColumns {
    fn record(self) -> Result<Option<Certificate>, StoreError> {
        let Some(profile) = self.profile else {
            return Ok(None);
        };
        let read = || -> Option<Certificate> {
            Some(Certificate {
                profile,
                class: Class::from_word(&self.class?)?,
                country: self.country?,
                anchor: self.anchor?,
                anchor_from: self.anchor_from?,
                anchor_until: self.anchor_until?,
                not_after: self.not_after?,
                revocation: Revocation::from_word(&self.revocation?)?,
                verified_at: self.verified_at?,
            })
        };
        read()
            .map(Some)
            .ok_or(StoreError::Unexpected("certificates"))
    }
}

impl CredentialRow {
    fn record(self) -> Result<Credential, StoreError> {
        Ok(Credential {
            person_id: uuid(&self.person_id, "credentials.person_id")?,
            record: CredentialRecord {
                id: uuid(&self.id, "credentials.id")?,
                lookup: self
                    .lookup
                    .try_into()
                    .map_err(|_| StoreError::Unexpected("credentials.lookup"))?,
                sealed: self.sealed,
                algorithm: self.algorithm,
                card_key: self.card_key,
                transports: serde_json::from_str(&self.transports)
                    .map_err(|_| StoreError::Unexpected("credentials.transports"))?,
                created_at: self.created_at,
                last_used_at: self.last_used_at,
            },
            certificate_id: self
                .certificate_id
                .map(|id| uuid(&id, "credentials.certificate_id"))
                .transpose()?,
            certificate: self.certificate.record()?,
        })
    }
}

macro_rules! select_credentials {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.person_id, c.certificate_id, c.lookup, c.sealed, c.algorithm, c.card_key, c.transports, c.created_at, c.last_used_at, \
             v.profile, v.class, v.country, v.anchor, v.anchor_from, v.anchor_until, v.not_after, v.revocation, \
             v.verified_at FROM credentials c LEFT JOIN certificates v ON v.id = c.certificate_id ",
            $rest
        )
    };
}

impl Store {
    /// A person's credentials, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn credentials_of(&self, person: Uuid) -> Result<Vec<Credential>, StoreError> {
        sqlx::query_as::<_, CredentialRow>(select_credentials!(
            "WHERE c.person_id = ? ORDER BY c.created_at, c.id"
        ))
        .bind(person.as_bytes().as_slice())
        .fetch_all(&self.pool)
        .await?
        .into_iter()
        .map(CredentialRow::record)
        .collect()
    }

    /// The credential with the ID the authenticator chose, found by its keyed hash.
    ///
    /// # Errors
    /// The database failed.
    pub async fn credential(&self, lookup: &[u8; 32]) -> Result<Option<Credential>, StoreError> {
        sqlx::query_as::<_, CredentialRow>(select_credentials!("WHERE c.lookup = ?"))
            .bind(lookup.as_slice())
            .fetch_optional(&self.pool)
            .await?
            .map(CredentialRow::record)
            .transpose()
    }

    /// The credentials of some person, the same one for the same pivot while nobody registers: a model for decoys.
    ///
    /// # Errors
    /// The database failed.
    pub async fn model_credentials(
        &self,
        pivot: &[u8; 32],
    ) -> Result<Vec<CredentialRecord>, StoreError> {
        // Person IDs are random, so the pivot picks one evenly; past the last one, begin at the first.
        let rows = sqlx::query_as::<_, CredentialRow>(select_credentials!(
            "WHERE c.person_id = coalesce((SELECT person_id FROM credentials WHERE person_id >= ?1 ORDER BY person_id LIMIT 1), \
             (SELECT min(person_id) FROM credentials)) ORDER BY c.created_at, c.id"
        ))
        .bind(pivot.first_chunk::<16>().map(<[u8; 16]>::as_slice))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| Ok(row.record()?.record))
            .collect()
    }

    /// Records a sign-in: when, and the credential's new counter and backup state, sealed.
    ///
    /// False if the credential is gone, or another sign-in changed it since `before` was read: a counter must not go back.
    ///
    /// # Errors
    /// The database failed.
    pub async fn record_use(
        &self,
        id: Uuid,
        before: &[u8],
        after: &[u8],
        now: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE credentials SET sealed = ?, last_used_at = ? WHERE id = ? AND sealed = ?",
        )
        .bind(after)
        .bind(now)
        .bind(id.as_bytes().as_slice())
        .bind(before)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
