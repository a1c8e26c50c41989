//! An account as its operator sees and changes it: what is stored of it in clear, and the IDs to name parts of it by.

use std::fmt;

use eid_attestation::UnixTime;
use uuid::Uuid;

use super::{AccountName, LinkCode, LinkCodeProblem};
use crate::{
    service::Service,
    store::{Certificate, Credential, Person, StoreError},
};

/// An account, for the operator. Displayed as a few lines, one for each certificate and credential.
pub struct AccountView {
    person: Person,
    certificates: Vec<Uuid>,
    credentials: Vec<Credential>,
}

impl Service {
    /// The person whose account has this name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn person_named(&self, name: &str) -> Result<Option<Person>, StoreError> {
        match AccountName::parse(name) {
            Ok(name) => self.store.person_by_name(name.key()).await,
            Err(_) => Ok(None),
        }
    }

    /// A person's account.
    ///
    /// # Errors
    /// The database failed.
    pub async fn account_view(&self, person: Person) -> Result<AccountView, StoreError> {
        Ok(AccountView {
            certificates: self.store.certificates_of(person.id).await?,
            credentials: self.store.credentials_of(person.id).await?,
            person,
        })
    }

    /// A link code for a person whom the operator has recognised by other means.
    ///
    /// # Errors
    /// The database failed, or the system has no random numbers.
    pub async fn operators_link_code(
        &self,
        person: &Person,
        minutes: u32,
    ) -> Result<LinkCode, LinkCodeProblem> {
        self.make_link_code(person.id, minutes.saturating_mul(60))
            .await
    }

    /// Removes an account with everything that is in it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_person(&self, person: &Person) -> Result<bool, StoreError> {
        self.store.remove_person(person.id).await
    }

    /// Removes a credential; false if there is none with this ID.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove_credential(&self, id: Uuid) -> Result<bool, StoreError> {
        self.store.remove_credential(id).await
    }

    /// Unlinks a certificate and removes the credentials it vouched for; how many, or none if there is no such certificate.
    ///
    /// # Errors
    /// The database failed.
    pub async fn unlink_certificate(&self, id: Uuid) -> Result<Option<u64>, StoreError> {
        self.store.unlink_certificate(id).await
    }
}

impl fmt::Display for AccountView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "account \"{}\", opened {}",
            self.person.account_name,
            time(self.person.created_at)
        )?;
        for id in &self.certificates {
            let vouching = self
                .credentials
                .iter()
                .find(|credential| credential.certificate_id == Some(*id))
                .and_then(|credential| credential.certificate.as_ref());
            match vouching {
                Some(certificate) => writeln!(f, "certificate {id}  {}", described(certificate))?,
                None => writeln!(f, "certificate {id}  vouches for no credential")?,
            }
        }
        for credential in &self.credentials {
            let record = &credential.record;
            let used = record
                .last_used_at
                .map_or_else(|| "never".to_owned(), |at| time(at).to_string());
            let by = credential.certificate_id.map_or_else(
                || "nobody vouched".to_owned(),
                |id| format!("by certificate {id}"),
            );
            writeln!(
                f,
                "credential  {}  algorithm {}, registered {}, last used {used}, {by}",
                record.id,
                record.algorithm,
                time(record.created_at)
            )?;
        }
        Ok(())
    }
}

fn described(certificate: &Certificate) -> String {
    format!(
        "{} ({}, {}), {}, valid until {}, revocation {}",
        certificate.profile,
        certificate.class.as_str(),
        certificate.country,
        certificate.anchor,
        time(certificate.not_after),
        certificate.revocation.as_str()
    )
}

fn time(seconds: i64) -> UnixTime {
    UnixTime::from_secs(u64::try_from(seconds).unwrap_or_default())
}
