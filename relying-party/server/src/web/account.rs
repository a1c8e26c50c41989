//! An account as its owner sees it: credentials, and what each of them proved.

use axum::http::HeaderMap;
use serde::Serialize;

use super::session;
use crate::{
    service::Service,
    store::{Certificate, Class, Credential, Revocation, StoreError},
};

/// The algorithm of keys that are sealed under a card.
const ES256: i64 = -7;

/// How long a credential is told of as new, in seconds.
const RECENT: i64 = 14 * 86_400;
/// JPKI renews from three months before the end; the municipality's letter comes about then. In seconds.
const RENEWAL_NEAR: i64 = 90 * 86_400;

/// An account.
#[derive(Serialize)]
pub(super) struct Account {
    pub(super) account_name: String,
    pub(super) created_at: i64,
    pub(super) credentials: Vec<ShownCredential>,
}

/// A credential.
#[derive(Serialize)]
pub(super) struct ShownCredential {
    pub(super) kind: Kind,
    /// COSE algorithm identifier.
    pub(super) algorithm: i64,
    pub(super) key: Key,
    pub(super) created_at: i64,
    pub(super) last_used_at: Option<i64>,
    /// Whether this session was signed in with it.
    pub(super) current: bool,
    /// Whether it was added to the account within the last two weeks.
    pub(super) recent: bool,
    pub(super) proven: Proven,
    pub(super) vouched_by: Option<VouchedBy>,
}

/// What is known of a credential's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// An eID card signed its registration.
    EidCard,
    /// Nobody vouched for it.
    Passkey,
}

/// Whose key a credential has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Key {
    /// The card's own, which its certificate is about.
    Card,
    /// One that the person's software reports to keep sealed under the card.
    Sealed,
    /// Any other.
    Other,
}

/// What was proven, and when.
#[derive(Serialize)]
pub(super) struct Proven {
    /// Once, at registration.
    pub(super) registration: &'static [&'static str],
    /// Each time, at sign-in.
    pub(super) sign_in: &'static [&'static str],
}

/// Who vouched.
#[derive(Serialize)]
pub(super) struct VouchedBy {
    pub(super) profile: String,
    pub(super) class: &'static str,
    pub(super) country: String,
    pub(super) generation: String,
    pub(super) generation_from: i64,
    pub(super) generation_until: i64,
    pub(super) not_after: i64,
    pub(super) expired: bool,
    /// Whether it ends within ninety days, or has ended: time to tell what renewal means.
    pub(super) renewal_near: bool,
    pub(super) revocation: &'static str,
    pub(super) verified_at: i64,
}

impl VouchedBy {
    fn new(certificate: Certificate, now: i64) -> Self {
        Self {
            profile: certificate.profile,
            class: certificate.class.as_str(),
            country: certificate.country,
            generation: certificate.anchor,
            generation_from: certificate.anchor_from,
            generation_until: certificate.anchor_until,
            not_after: certificate.not_after,
            expired: now > certificate.not_after,
            renewal_near: now > certificate.not_after - RENEWAL_NEAR,
            revocation: certificate.revocation.as_str(),
            verified_at: certificate.verified_at,
        }
    }

    pub(super) fn is_practice(&self) -> bool {
        self.class == Class::Practice.as_str()
    }

    pub(super) fn is_test(&self) -> bool {
        self.class == Class::Test.as_str()
    }

    pub(super) fn is_unchecked(&self) -> bool {
        self.revocation == Revocation::NotChecked.as_str()
    }
}

impl ShownCredential {
    fn new(credential: Credential, current: bool, opened_at: i64, now: i64) -> Self {
        let vouched_by = credential
            .certificate
            .map(|certificate| VouchedBy::new(certificate, now));
        let kind = if vouched_by.is_some() {
            Kind::EidCard
        } else {
            Kind::Passkey
        };
        let key = match kind {
            Kind::EidCard if credential.record.card_key => Key::Card,
            Kind::EidCard if credential.record.algorithm == ES256 => Key::Sealed,
            Kind::EidCard | Kind::Passkey => Key::Other,
        };
        let proven = Proven {
            registration: match kind {
                Kind::EidCard => &["certificate", "card-signature", "card-pin"],
                Kind::Passkey => &["user-verification"],
            },
            sign_in: match key {
                Key::Card => &["certificate-key", "card-signature", "card-pin"],
                Key::Sealed => &["sealed-key", "user-verification"],
                Key::Other => &["key", "user-verification"],
            },
        };
        Self {
            kind,
            algorithm: credential.record.algorithm,
            key,
            created_at: credential.record.created_at,
            last_used_at: credential.record.last_used_at,
            current,
            recent: credential.record.created_at > opened_at
                && now - credential.record.created_at < RECENT,
            proven,
            vouched_by,
        }
    }
}

impl Account {
    /// The certificate verified last.
    pub(super) fn vouched_by(&self) -> Option<&VouchedBy> {
        self.credentials
            .iter()
            .filter_map(|credential| credential.vouched_by.as_ref())
            .max_by_key(|vouched| vouched.verified_at)
    }
}

/// The account of whoever is signed in.
pub(super) async fn of(
    service: &Service,
    headers: &HeaderMap,
) -> Result<Option<Account>, StoreError> {
    let Some(session) = session::current(service, headers).await? else {
        return Ok(None);
    };
    let Some(person) = session.person else {
        return Ok(None);
    };
    let now = service.clock.now();
    let credentials = service
        .store
        .credentials_of(person.id)
        .await?
        .into_iter()
        .map(|credential| {
            let current = session.credential == Some(credential.record.id);
            ShownCredential::new(credential, current, person.created_at, now)
        })
        .collect();
    Ok(Some(Account {
        account_name: person.account_name,
        created_at: person.created_at,
        credentials,
    }))
}
