//! What is stored of a registration: sealed, hashed, or shown.

use eid_attestation::{RevocationOutcome, UnixTime, Verdict};
use serde::Serialize;
use serde_json::Value;
use webauthn_rs::prelude::Passkey;

use super::{Refusal, random_id, registration::algorithm};
use crate::{
    keys::Sealed,
    service::Service,
    store::{Certificate, CertificateRecord, Class, CredentialRecord, Revocation},
};

/// What is sealed of a certificate: enough to ask for its revocation.
#[derive(Serialize)]
struct Facts {
    issuer_key_hash: String,
    serial: String,
    distribution_points: Option<String>,
}

impl Service {
    pub(super) fn credential_record(
        &self,
        passkey: &Passkey,
        card_key: bool,
        credential: &Value,
        now: i64,
    ) -> Result<CredentialRecord, Refusal> {
        let id = random_id();
        let plain = serde_json::to_vec(passkey).map_err(|_| Refusal::Internal("credential"))?;
        Ok(CredentialRecord {
            id,
            lookup: self.keys.credential_lookup(passkey.cred_id().as_slice()),
            sealed: self.keys.seal(Sealed::Credential, id.as_bytes(), &plain)?,
            algorithm: algorithm(passkey),
            card_key,
            transports: transports(credential),
            created_at: now,
            last_used_at: None,
        })
    }

    /// The certificate itself is dropped here; what recognises its holder is sealed.
    pub(super) fn certificate_record(
        &self,
        verdict: &Verdict,
        now: i64,
    ) -> Result<CertificateRecord, Refusal> {
        let id = random_id();
        let holder = &verdict.holder;
        let facts = Facts {
            issuer_key_hash: hex::encode(holder.issuer_key_hash.as_bytes()),
            serial: hex::encode(holder.serial.as_bytes()),
            distribution_points: holder
                .distribution_points
                .as_ref()
                .map(|points| hex::encode(points.as_der())),
        };
        let plain = serde_json::to_vec(&facts).map_err(|_| Refusal::Internal("facts"))?;
        Ok(CertificateRecord {
            id,
            lookup: self
                .keys
                .certificate_lookup(holder.issuer_key_hash.as_bytes(), holder.serial.as_bytes()),
            facts: self
                .keys
                .seal(Sealed::CertificateFacts, id.as_bytes(), &plain)?,
            shown: Certificate {
                profile: verdict.profile.name.clone(),
                class: match verdict.profile.class {
                    eid_attestation::Class::Production => Class::Production,
                    eid_attestation::Class::Test => Class::Test,
                    eid_attestation::Class::Practice => Class::Practice,
                },
                country: verdict.profile.country.clone(),
                anchor: verdict.anchor.label.clone(),
                anchor_from: seconds(verdict.anchor.not_before),
                anchor_until: seconds(verdict.anchor.not_after),
                not_after: seconds(holder.not_after),
                revocation: match verdict.revocation {
                    RevocationOutcome::NotChecked => Revocation::NotChecked,
                    RevocationOutcome::Good { .. } => Revocation::Good,
                },
                verified_at: now,
            },
        })
    }
}

fn seconds(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// The transports the browser reported; hints for later, so anything strange is left out.
fn transports(credential: &Value) -> Vec<String> {
    credential
        .pointer("/response/transports")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|name| {
            !name.is_empty()
                && name.len() <= 16
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        })
        .take(8)
        .map(str::to_owned)
        .collect()
}
