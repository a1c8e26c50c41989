//! The two WebAuthn ceremonies: registration and authentication.
//!
//! Between start and finish a ceremony's state lies sealed in the store, bound to the session that started it. The finish takes it
//! out *before* it verifies anything, so that a challenge is used once whatever the outcome.

mod authentication;
mod client_data;
mod decoy;
mod options;
mod records;
mod refusal;
mod registration;

use aws_lc_rs::digest;
use serde::{Serialize, de::DeserializeOwned};
use webauthn_rs::prelude::{Passkey, Uuid};

pub use authentication::SignedIn;
pub use client_data::{ClientData, describe as describe_client_data};
pub use options::Wanted;
pub use refusal::Refusal;
pub use registration::{Asked, Registered};

use options::Listed;

use crate::{
    keys::Sealed,
    service::Service,
    store::{Challenge, CredentialRecord, Purpose, TokenHash},
};

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out
        .iter_mut()
        .zip(digest::digest(&digest::SHA256, bytes).as_ref())
    {
        *to = *from;
    }
    out
}

impl Service {
    /// Seals a ceremony's state and keeps it for its finish by the same session.
    async fn begin(
        &self,
        purpose: Purpose,
        session: &TokenHash,
        challenge: &[u8],
        state: &impl Serialize,
    ) -> Result<(), Refusal> {
        let id = sha256(challenge);
        let plain = serde_json::to_vec(state).map_err(|_| Refusal::Internal("state"))?;
        let state = self.keys.seal(Sealed::Ceremony, &id, &plain)?;
        self.store
            .keep_challenge(&Challenge {
                id,
                purpose,
                session: *session,
                state,
                expires_at: self.clock.now() + i64::from(self.config.limits.challenge_seconds),
            })
            .await?;
        Ok(())
    }

    /// Takes out the state of the ceremony whose challenge is in the client data. It is gone afterwards.
    async fn take<State: DeserializeOwned>(
        &self,
        purpose: Purpose,
        session: &TokenHash,
        client_data: &ClientData,
    ) -> Result<State, Refusal> {
        let id = sha256(&client_data.challenge);
        let sealed = self
            .store
            .take_challenge(&id, purpose, session, self.clock.now())
            .await?
            .ok_or(Refusal::ChallengeUnknown)?;
        let plain = self.keys.open(Sealed::Ceremony, &id, &sealed)?;
        // One that an older version of this program began: the person starts again.
        serde_json::from_slice(&plain).map_err(|_| Refusal::ChallengeUnknown)
    }

    /// What is sealed of a credential.
    fn passkey(&self, record: &CredentialRecord) -> Result<Passkey, Refusal> {
        let plain = self
            .keys
            .open(Sealed::Credential, record.id.as_bytes(), &record.sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Refusal::Internal("credential"))
    }

    /// A credential, to be listed in options.
    fn listed(&self, record: &CredentialRecord) -> Result<Listed, Refusal> {
        Ok(Listed {
            credential_id: self.passkey(record)?.cred_id().to_vec(),
            transports: record.transports.clone(),
        })
    }

    fn timeout_milliseconds(&self) -> u64 {
        u64::from(self.config.limits.challenge_seconds) * 1000
    }
}

fn random_id() -> Uuid {
    Uuid::new_v4()
}
