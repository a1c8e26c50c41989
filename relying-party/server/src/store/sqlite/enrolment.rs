//! A finished registration: person, certificate and credential in one transaction.

use sqlx::{Sqlite, Transaction};
use uuid::Uuid;

use super::{Store, uuid};
use crate::store::{
    Account, CertificateRecord, CodeLookup, CredentialRecord, EnrolError, Enrolment, Person,
};

impl Store {
    /// Stores a registration as a whole, or nothing of it. Durable when it returns.
    ///
    /// # Errors
    /// The account name, the certificate or the credential ID belongs to somebody already, the link code is gone, or the
    /// database failed.
    pub async fn enrol(&self, enrolment: &Enrolment) -> Result<(), EnrolError> {
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let person = &enrolment.person;
        match &enrolment.account {
            Account::New => insert_person(&mut transaction, person).await?,
            Account::SignedIn => find_person(&mut transaction, person.id).await?,
            Account::Linked(code) => {
                redeem_link_code(
                    &mut transaction,
                    code,
                    person.id,
                    enrolment.credential.created_at,
                )
                .await?;
            }
        }
        let certificate = match &enrolment.certificate {
            None => None,
            Some(certificate) => {
                Some(keep_certificate(&mut transaction, enrolment.person.id, certificate).await?)
            }
        };
        insert_credential(
            &mut transaction,
            enrolment.person.id,
            certificate,
            &enrolment.credential,
        )
        .await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// What a violated UNIQUE constraint means.
fn taken(error: sqlx::Error, meaning: EnrolError) -> EnrolError {
    match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => meaning,
        _ => error.into(),
    }
}

async fn insert_person(
    transaction: &mut Transaction<'_, Sqlite>,
    person: &Person,
) -> Result<(), EnrolError> {
    sqlx::query("INSERT INTO people (id, account_name, name_key, created_at) VALUES (?, ?, ?, ?)")
        .bind(person.id.as_bytes().as_slice())
        .bind(&person.account_name)
        .bind(&person.name_key)
        .bind(person.created_at)
        .execute(&mut **transaction)
        .await
        .map_err(|error| taken(error, EnrolError::NameTaken))?;
    Ok(())
}

async fn find_person(
    transaction: &mut Transaction<'_, Sqlite>,
    id: Uuid,
) -> Result<(), EnrolError> {
    sqlx::query("SELECT 1 FROM people WHERE id = ?")
        .bind(id.as_bytes().as_slice())
        .fetch_optional(&mut **transaction)
        .await?
        .map(|_| ())
        .ok_or(EnrolError::PersonGone)
}

/// Uses a link code up. Of any number of enrolments, on any replica, one gets it; if that one is not stored, it stays good.
async fn redeem_link_code(
    transaction: &mut Transaction<'_, Sqlite>,
    lookup: &CodeLookup,
    person: Uuid,
    now: i64,
) -> Result<(), EnrolError> {
    let redeemed: Vec<Vec<u8>> = sqlx::query_scalar(
        "DELETE FROM link_codes WHERE lookup = ? AND person_id = ? AND expires_at > ? RETURNING person_id",
    )
    .bind(lookup.as_slice())
    .bind(person.as_bytes().as_slice())
    .bind(now)
    .fetch_all(&mut **transaction)
    .await?;
    if redeemed.is_empty() {
        return Err(EnrolError::LinkCodeGone);
    }
    Ok(())
}

/// The row ID under which the certificate is kept: a certificate has one person, who may use it again.
async fn keep_certificate(
    transaction: &mut Transaction<'_, Sqlite>,
    person: Uuid,
    certificate: &CertificateRecord,
) -> Result<Uuid, EnrolError> {
    let known: Option<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT id, person_id FROM certificates WHERE lookup = ?")
            .bind(certificate.lookup.as_slice())
            .fetch_optional(&mut **transaction)
            .await?;
    let shown = &certificate.shown;
    match known {
        Some((_, owner)) if owner != person.as_bytes() => Err(EnrolError::CertificateTaken),
        Some((id, _)) => {
            sqlx::query("UPDATE certificates SET revocation = ?, verified_at = ? WHERE id = ?")
                .bind(shown.revocation.as_str())
                .bind(shown.verified_at)
                .bind(&id)
                .execute(&mut **transaction)
                .await?;
            Ok(uuid(&id, "certificates.id")?)
        }
        None => {
            sqlx::query(
                "INSERT INTO certificates (id, person_id, lookup, facts, profile, class, country, anchor, anchor_from, \
                 anchor_until, not_after, revocation, verified_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(certificate.id.as_bytes().as_slice())
            .bind(person.as_bytes().as_slice())
            .bind(certificate.lookup.as_slice())
            .bind(&certificate.facts)
            .bind(&shown.profile)
            .bind(shown.class.as_str())
            .bind(&shown.country)
            .bind(&shown.anchor)
            .bind(shown.anchor_from)
            .bind(shown.anchor_until)
            .bind(shown.not_after)
            .bind(shown.revocation.as_str())
            .bind(shown.verified_at)
            .execute(&mut **transaction)
            .await
            .map_err(|error| taken(error, EnrolError::CertificateTaken))?;
            Ok(certificate.id)
        }
    }
}

async fn insert_credential(
    transaction: &mut Transaction<'_, Sqlite>,
    person: Uuid,
    certificate: Option<Uuid>,
    credential: &CredentialRecord,
) -> Result<(), EnrolError> {
    sqlx::query(
        "INSERT INTO credentials (id, person_id, certificate_id, lookup, sealed, algorithm, card_key, transports, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(credential.id.as_bytes().as_slice())
    .bind(person.as_bytes().as_slice())
    .bind(certificate.as_ref().map(|id| id.as_bytes().as_slice()))
    .bind(credential.lookup.as_slice())
    .bind(&credential.sealed)
    .bind(credential.algorithm)
    .bind(credential.card_key)
    .bind(serde_json::Value::from(credential.transports.clone()).to_string())
    .bind(credential.created_at)
    .execute(&mut **transaction)
    .await
    .map_err(|error| taken(error, EnrolError::CredentialTaken))?;
    Ok(())
}
