//! Registration: `navigator.credentials.create`, start and finish.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use eid_attestation::{CredentialKey, Refused, RevocationOutcome, UnixTime, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    Passkey, PasskeyRegistration, RegisterPublicKeyCredential, Uuid, WebauthnError,
};

use super::{
    Refusal, client_data,
    options::{self, Listed, Wanted},
    sha256,
};
use crate::{
    config::CredentialOrder,
    people::{AccountName, LinkCode, NameProblem},
    service::{Closed, Service},
    store::{Account, Enrolment, Person, Purpose, Session},
};

/// A finished registration.
pub struct Registered {
    /// Whose it is.
    pub person: Person,
    /// The row ID of the new credential.
    pub credential: Uuid,
    /// How it came to be theirs.
    pub account: Account,
    /// The issuer profile that vouched, if one did.
    pub profile: Option<String>,
}

/// What a registration is asked for.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Asked {
    /// The account: a new one, or the one that is signed in, which needs no name.
    pub account_name: Option<String>,
    /// What the authenticator may call the account; without it the account name.
    pub display_name: Option<String>,
    /// A link code, instead of an account name.
    pub link_code: Option<String>,
    /// The kind of credential, where the operator leaves the choice (`credentials.order = "choice"`).
    pub credential: Option<Wanted>,
}

#[derive(Serialize, Deserialize)]
struct State {
    person: Uuid,
    account_name: String,
    account: Account,
    algorithms: Vec<i64>,
    webauthn: PasskeyRegistration,
}

impl Service {
    /// Starts a registration: for a new account, for the account that `session` is signed in to, or for a link code's.
    ///
    /// # Errors
    /// The account name cannot be one or is taken; the link code is not good; nobody can enrol; or the database failed.
    pub async fn start_registration(
        &self,
        session: &Session,
        asked: &Asked,
    ) -> Result<Value, Refusal> {
        match self.closed() {
            Some(Closed::NoCurrentIssuer) => return Err(Refusal::NoCurrentIssuer),
            Some(Closed::RevocationNotChecked) => return Err(Refusal::RevocationNotChecked),
            None => {}
        }
        let algorithms = options::algorithms(self.config.credentials.order, asked.credential)?;
        let (person, account_name, account) = self.account_for(session, asked).await?;
        let display_name = match asked.display_name.as_deref() {
            Some(name) => AccountName::parse(name)?.shown().to_owned(),
            None => account_name.clone(),
        };
        let (created, webauthn) = self
            .webauthn
            .start_passkey_registration(person, &account_name, &display_name, None)
            .map_err(|_| Refusal::Internal("creation options"))?;
        let exclude: Vec<Listed> = self
            .store
            .credentials_of(person)
            .await?
            .iter()
            .map(|credential| self.listed(&credential.record))
            .collect::<Result<_, _>>()?;
        let mut options = json!(created);
        options::adjust_creation(
            &mut options,
            self.config.attestation.conveyance,
            algorithms,
            &exclude,
            self.timeout_milliseconds(),
        )?;
        let challenge = options::challenge(&options)?;
        let state = State {
            person,
            account_name,
            account,
            algorithms: algorithms.to_vec(),
            webauthn,
        };
        self.begin(
            Purpose::Registration,
            &session.token_hash,
            &challenge,
            &state,
        )
        .await?;
        Ok(options)
    }

    /// Who the new credential is for: the person's ID, the account's name, and how it comes to be theirs.
    async fn account_for(
        &self,
        session: &Session,
        asked: &Asked,
    ) -> Result<(Uuid, String, Account), Refusal> {
        let name = asked
            .account_name
            .as_deref()
            .map(AccountName::parse)
            .transpose()?;
        if let Some(text) = &asked.link_code {
            if name.is_some() {
                return Err(Refusal::Malformed("/account_name"));
            }
            if session.person.is_some() {
                return Err(Refusal::SignedInAsOther);
            }
            let code = LinkCode::parse(text)?;
            let (person, lookup) = self
                .person_of_link_code(&code)
                .await?
                .ok_or(Refusal::LinkCode)?;
            return Ok((person.id, person.account_name, Account::Linked(lookup)));
        }
        match (&session.person, name) {
            (Some(person), Some(name)) if person.name_key != name.key() => {
                Err(Refusal::SignedInAsOther)
            }
            (Some(person), _) => Ok((person.id, person.account_name.clone(), Account::SignedIn)),
            (None, None) => Err(NameProblem::Empty.into()),
            (None, Some(name)) => {
                if self.store.person_by_name(name.key()).await?.is_some() {
                    return Err(Refusal::NameTaken);
                }
                let id = self.new_person_id(session, &name);
                Ok((id, name.shown().to_owned(), Account::New))
            }
        }
    }

    /// A new person's ID: the same for each attempt of one session under one name. After a refused attempt the authenticator
    /// then replaces what it made (CTAP 2.3 §6.1.2: same RP ID and user handle), and keeps no credential that opens nothing.
    fn new_person_id(&self, session: &Session, name: &AccountName) -> Uuid {
        let bytes = self.keys.new_person(&session.token_hash, name.key());
        let id = bytes.first_chunk().copied().unwrap_or_default();
        uuid::Builder::from_random_bytes(id).into_uuid()
    }

    /// Finishes a registration with the browser's `RegistrationResponseJSON`.
    ///
    /// # Errors
    /// Every condition of WebAuthn, of the eID attestation and of this service's policy, as [`Refusal`].
    pub async fn finish_registration(
        &self,
        session: &Session,
        credential: Value,
    ) -> Result<Registered, Refusal> {
        let (client_data, client_data_json) = client_data::of(&credential)?;
        let state: State = self
            .take(Purpose::Registration, &session.token_hash, &client_data)
            .await?;
        let signed_in = session.person.as_ref().map(|person| person.id);
        if signed_in != (state.account == Account::SignedIn).then_some(state.person) {
            return Err(Refusal::ChallengeUnknown);
        }
        client_data.refuse_frames()?;

        let attestation_object = client_data::bytes_at(&credential, "/response/attestationObject")?;
        let verdict = self.judge(&attestation_object, &sha256(&client_data_json))?;
        let judged_object = verdict
            .as_ref()
            .map_or(attestation_object, Verdict::none_rewrap);
        let passkey = self.check_webauthn(&credential, &judged_object, &state)?;
        let card_key = verdict
            .as_ref()
            .is_some_and(|verdict| verdict.credential_key == CredentialKey::Certificate);
        if self.config.credentials.order == CredentialOrder::CardOnly && !card_key {
            return Err(Refusal::CardKeyRequired);
        }

        let now = self.clock.now();
        let account_name = AccountName::parse(&state.account_name)?;
        let person = Person {
            id: state.person,
            account_name: account_name.shown().to_owned(),
            name_key: account_name.key().to_owned(),
            created_at: now,
        };
        let credential = self.credential_record(&passkey, card_key, &credential, now)?;
        let credential_row = credential.id;
        let certificate = verdict
            .as_ref()
            .map(|verdict| self.certificate_record(verdict, now))
            .transpose()?;
        let profile = verdict.map(|verdict| verdict.profile.name);
        self.store
            .enrol(&Enrolment {
                person: person.clone(),
                account: state.account,
                credential,
                certificate,
            })
            .await?;
        Ok(Registered {
            person,
            credential: credential_row,
            account: state.account,
            profile,
        })
    }

    /// The eID attestation's verdict. None only where policy lets other formats pass unvouched.
    fn judge(&self, object: &[u8], hash: &[u8; 32]) -> Result<Option<Verdict>, Refusal> {
        let at = UnixTime::from_secs(u64::try_from(self.clock.now()).unwrap_or_default());
        let verdict = match eid_attestation::verify(
            object,
            hash,
            &self.profiles,
            self.revocation.as_deref(),
            at,
        ) {
            Ok(verdict) => verdict,
            Err(Refused::OtherFormat { format }) if self.config.attestation.require => {
                return Err(Refusal::AttestationRequired { format });
            }
            // Not ours, or not even strictly encoded: `webauthn-rs` judges it, and it knows no `eid-x509`.
            Err(Refused::OtherFormat { .. } | Refused::AttestationObject(_))
                if !self.config.attestation.require =>
            {
                return Ok(None);
            }
            Err(refused) => return Err(refused.into()),
        };
        match verdict.revocation {
            RevocationOutcome::Good { .. } => {}
            RevocationOutcome::NotChecked => {
                if !self.may_enrol_unchecked(verdict.profile.class) {
                    return Err(Refusal::RevocationNotChecked);
                }
            }
        }
        Ok(Some(verdict))
    }

    /// WebAuthn's own checks, on the same authenticator data: type, challenge, origin, RP ID, flags, algorithm.
    fn check_webauthn(
        &self,
        credential: &Value,
        attestation_object: &[u8],
        state: &State,
    ) -> Result<Passkey, Refusal> {
        let raw_id = client_data::bytes_at(credential, "/rawId")?;
        let response: RegisterPublicKeyCredential = serde_json::from_value(json!({
            "id": credential.get("id"),
            "rawId": credential.get("rawId"),
            "type": credential.get("type"),
            "response": {
                "attestationObject": URL_SAFE_NO_PAD.encode(attestation_object),
                "clientDataJSON": credential.pointer("/response/clientDataJSON"),
            },
        }))
        .map_err(|_| Refusal::Malformed("/"))?;
        let passkey = self
            .webauthn
            .finish_passkey_registration(&response, &state.webauthn)
            .map_err(registration_refusal)?;
        if passkey.cred_id().as_slice() != raw_id {
            return Err(Refusal::Malformed("/rawId"));
        }
        if !state.algorithms.contains(&algorithm(&passkey)) {
            return Err(Refusal::Registration(
                WebauthnError::CredentialAlteredAlgFromRequest,
            ));
        }
        Ok(passkey)
    }
}

/// The COSE algorithm identifier of a credential.
pub(super) fn algorithm(passkey: &Passkey) -> i64 {
    i64::from(*passkey.cred_algorithm() as i32)
}

fn registration_refusal(error: WebauthnError) -> Refusal {
    match error {
        WebauthnError::InvalidRPOrigin | WebauthnError::CredentialCrossOrigin => {
            Refusal::OtherOrigin
        }
        WebauthnError::InvalidRPIDHash => Refusal::OtherRpId,
        WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Refusal::NotVerified,
        other => Refusal::Registration(other),
    }
}
