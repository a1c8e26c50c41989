//! Authentication: `navigator.credentials.get`, start and finish.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, PublicKeyCredential, Uuid, WebauthnError,
};

use super::{
    Refusal, client_data,
    options::{self, Listed},
};
use crate::{
    keys::Sealed,
    people::AccountName,
    rates::Counted,
    service::Service,
    store::{Certificate, Credential, Person, Purpose, Session},
};

/// A finished sign-in.
pub struct SignedIn {
    /// Who signed in.
    pub person: Person,
    /// The row ID of the credential they signed in with.
    pub credential: Uuid,
}

#[derive(Serialize, Deserialize)]
struct State {
    /// Whether an account was named; then only its credentials may answer.
    named: bool,
    /// The person of that account; none if there is no such account.
    person: Option<Uuid>,
    webauthn: DiscoverableAuthentication,
}

impl Service {
    /// Starts a sign-in: with whatever credential the person picks, or with those of the account they name.
    ///
    /// Whether there is such an account cannot be told from the answer.
    ///
    /// # Errors
    /// Too many began under this name, or the database failed.
    pub async fn start_authentication(
        &self,
        session: &Session,
        account_name: Option<&str>,
    ) -> Result<Value, Refusal> {
        let named = account_name.map(str::trim).filter(|name| !name.is_empty());
        let (person, allow) = match named {
            None => (None, Vec::new()),
            Some(name) => self.credentials_under(name).await?,
        };
        let (request, webauthn) = self
            .webauthn
            .start_discoverable_authentication()
            .map_err(|_| Refusal::Internal("request options"))?;
        let mut options = json!(request);
        options::adjust_request(&mut options, &allow, self.timeout_milliseconds())?;
        let challenge = options::challenge(&options)?;
        let state = State {
            named: named.is_some(),
            person,
            webauthn,
        };
        self.begin(
            Purpose::Authentication,
            &session.token_hash,
            &challenge,
            &state,
        )
        .await?;
        Ok(options)
    }

    /// The credentials under an account name, or the decoys that stand for them.
    async fn credentials_under(&self, name: &str) -> Result<(Option<Uuid>, Vec<Listed>), Refusal> {
        let parsed = AccountName::parse(name);
        let name = parsed.as_ref().map_or(name, AccountName::key);
        self.count(Counted::Account(name)).await?;
        // The same is asked for, and one list opened, whether there is such an account or not: it takes as long.
        let models = self.decoy_models(name).await?;
        let person = self.store.person_by_name(name).await?;
        let id = person.map(|person| person.id);
        let credentials = self.store.credentials_of(id.unwrap_or_default()).await?;
        // An account whose credentials were removed is no exception: an empty list would tell of it.
        let allow = if credentials.is_empty() {
            self.decoys(name, &models)?
        } else {
            credentials
                .iter()
                .map(|credential| self.listed(&credential.record))
                .collect::<Result<_, _>>()?
        };
        Ok((id, allow))
    }

    /// Finishes a sign-in with the browser's `AuthenticationResponseJSON`.
    ///
    /// # Errors
    /// The challenge is not this session's, the origin is another one's, or the sign-in failed; an unknown credential and a
    /// wrong signature are the same to the caller.
    pub async fn finish_authentication(
        &self,
        session: &Session,
        credential: Value,
    ) -> Result<SignedIn, Refusal> {
        let (client_data, _) = client_data::of(&credential)?;
        let state: State = self
            .take(Purpose::Authentication, &session.token_hash, &client_data)
            .await?;
        client_data.refuse_frames()?;
        let response = assertion(&credential)?;
        let raw_id = client_data::bytes_at(&credential, "/rawId")?;
        let stored = self
            .store
            .credential(&self.keys.credential_lookup(&raw_id))
            .await?
            .ok_or(Refusal::SignIn("unknown credential"))?;
        check_owner(&state, &stored, &credential)?;

        let row = stored.record.id;
        let mut passkey = self.passkey(&stored.record)?;
        let result = self
            .webauthn
            .finish_discoverable_authentication_v2(
                &response,
                state.webauthn,
                DiscoverableKey::from(&passkey),
            )
            .map_err(authentication_refusal)?;
        if !result.user_verified() {
            return Err(Refusal::NotVerified);
        }
        if self.ended_with_its_certificate(&stored) {
            return Err(Refusal::CardExpired);
        }
        let before = &stored.record.sealed;
        let after = if passkey.update_credential(&result) == Some(true) {
            let plain =
                serde_json::to_vec(&passkey).map_err(|_| Refusal::Internal("credential"))?;
            self.keys.seal(Sealed::Credential, row.as_bytes(), &plain)?
        } else {
            before.clone()
        };
        let person = self.store.person(stored.person_id).await?;
        let recorded = self
            .store
            .record_use(row, before, &after, self.clock.now())
            .await?;
        match person {
            Some(person) if recorded => Ok(SignedIn {
                person,
                credential: row,
            }),
            _ => Err(Refusal::SignIn(
                "the credential was removed or used meanwhile",
            )),
        }
    }
}

impl Service {
    /// A card credential proves a fresh signature by the *certified* key: past the certificate's end it proves nothing. A sealed
    /// key never was certified; it goes on.
    fn ended_with_its_certificate(&self, stored: &Credential) -> bool {
        let ended = |certificate: &Certificate| self.clock.now() > certificate.not_after;
        stored.record.card_key && stored.certificate.as_ref().is_some_and(ended)
    }
}

/// WebAuthn L3 §7.2 step 6: the credential belongs to the person who was named, or whom the authenticator names.
fn check_owner(state: &State, stored: &Credential, credential: &Value) -> Result<(), Refusal> {
    let handle = match credential.pointer("/response/userHandle") {
        None | Some(Value::Null) => None,
        Some(_) => Some(client_data::bytes_at(credential, "/response/userHandle")?),
    };
    match handle {
        Some(handle) if handle != stored.person_id.as_bytes() => {
            return Err(Refusal::SignIn("user handle of another person"));
        }
        None if !state.named => return Err(Refusal::SignIn("no user handle")),
        _ => {}
    }
    if state.named && state.person != Some(stored.person_id) {
        return Err(Refusal::SignIn("credential of another account"));
    }
    Ok(())
}

fn assertion(credential: &Value) -> Result<PublicKeyCredential, Refusal> {
    serde_json::from_value(json!({
        "id": credential.get("id"),
        "rawId": credential.get("rawId"),
        "type": credential.get("type"),
        "response": credential.get("response"),
    }))
    .map_err(|_| Refusal::Malformed("/"))
}

fn authentication_refusal(error: WebauthnError) -> Refusal {
    match error {
        WebauthnError::InvalidRPOrigin => Refusal::OtherOrigin,
        WebauthnError::InvalidRPIDHash => Refusal::OtherRpId,
        WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Refusal::NotVerified,
        WebauthnError::CredentialPossibleCompromise => {
            Refusal::SignIn("signature counter went back")
        }
        WebauthnError::CredentialBackupEligibilityInconsistent
        | WebauthnError::CredentialMayNotBeHardwareBound => {
            Refusal::SignIn("backup flags contradict the registration")
        }
        _ => Refusal::SignIn("signature or data"),
    }
}
