//! authenticatorGetAssertion (CTAP 2.3 §6.2).
//!
//! With a prompt of our own, the person chooses the account here: there is one assertion, never a
//! `numberOfCredentials`. `userSelected` (0x06) is left out although §6.2.2 would set it: Firefox's
//! parser refuses a response with any key beyond 5.

mod request;

use std::cmp::Reverse;

use crate::authenticator::{Authenticator, Moment};
use crate::authenticator_data::{self, Flags};
use crate::cbor::{self, Map};
use crate::ceremony::{PresentCard, VerifiedCard};
use crate::credential::{Binding, CredentialId, PairwiseKey, SealingMessage, names};
use crate::failure::Failure;
use crate::ports::{
    AccountName, CredentialKey, CredentialRecord, Person, Progress, Secrets, SignInQuestion,
    Storage,
};
use request::Request;

impl Authenticator<'_> {
    /// Signs in with a credential.
    pub(crate) fn get_assertion(
        &mut self,
        parameters: &[u8],
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let (person, storage) = (&mut *self.person, &mut *self.storage);

        // Steps 1 to 5: parameters and options.
        let request = Request::parse(parameters)?;
        let secrets = storage.secrets()?;

        // Step 7: the credentials that apply, of every card.
        let mut credentials = applicable(storage, &secrets, &request)?;
        if request.silent {
            return probe(&request, &secrets, &credentials);
        }
        if credentials.is_empty() {
            return Err(Failure::NoCredential(person.no_credential(&request.site())));
        }

        // Those of the card that is presented.
        let card = PresentCard::find(self.card, person)?;
        let key_hash = card.certificate().key_hash();
        credentials.retain(|credential| credential.card == key_hash);
        if credentials.is_empty() {
            drop(card);
            return Err(Failure::NoCredential(person.no_credential(&request.site())));
        }

        // Steps 6 and 9: user verification, with the person's consent and presence.
        let view = card.view(moment.now);
        let mut card = card.verify(person, |person, pin| {
            person.sign_in(&SignInQuestion {
                site: request.site(),
                pin,
                card: view,
                card_credential: false,
            })
        })?;

        // Step 10: extensions. There are none, so none are answered.

        // Steps 11 and 12: the account, chosen in our own prompt.
        let credential = choose(credentials, &request, &secrets, &mut card, person)?;

        // Step 13: the signature.
        let key = unseal(&credential, &request, &secrets, &mut card, person)?;
        drop(card);
        let flags = Flags {
            verified: true,
            backed_up: credential.backed_up,
        };
        let response = respond(&credential, &request, flags, &key);

        person.progress(Progress::Committing)?;
        storage.commit_use(&credential.id, moment.now)?;
        Ok(response)
    }
}

/// Step 7: with an allowList, the credentials of ours in it, in its order; without, the discoverable
/// ones of this RP ID, newest first.
fn applicable(
    storage: &mut dyn Storage,
    secrets: &Secrets,
    request: &Request,
) -> Result<Vec<CredentialRecord>, Failure> {
    let mut found = Vec::new();
    if request.allow_list.is_empty() {
        found = storage.credentials(&request.rp_id)?;
        found.retain(|credential| credential.discoverable);
        found.sort_by_key(|credential| (Reverse(credential.created_at), credential.id));
    } else {
        for id in &request.allow_list {
            if let Some(id) = CredentialId::from_bytes(id)
                && id.is_pairwise_of(secrets, &request.rp_id_hash)
            {
                found.extend(storage.credential(&id)?);
            }
        }
    }
    Ok(found)
}

/// A silent probe (`up: false`), by which browsers ask which credentials of a list exist here.
///
/// Answered at once, without card or person: UP = UV = 0, and a signature that is well-formed and
/// means nothing, because a real one needs the PIN (`docs/decisions/0020-silent-probes.md`).
/// Only credentials that are named are confirmed: without an allowList nothing is listed
/// unverified, as with credProtect level 2.
fn probe(
    request: &Request,
    secrets: &Secrets,
    credentials: &[CredentialRecord],
) -> Result<Vec<u8>, Failure> {
    let named = !request.allow_list.is_empty();
    let credential = credentials
        .first()
        .filter(|_| named)
        .ok_or(Failure::NoCredential(Ok(())))?;
    let key = PairwiseKey::for_probe(secrets, &credential.id)
        .ok_or(Failure::Internal("no scalar for a probe"))?;
    let flags = Flags {
        verified: false,
        backed_up: credential.backed_up,
    };
    let auth_data = authenticator_data::for_assertion(&request.rp_id_hash, flags);
    let signature = key.sign(&auth_data, &request.client_data_hash);
    Ok(cbor::encode(
        &assertion(credential, auth_data, signature).into(),
    ))
}

/// The credential to use: the first one that the allowList names, or the only one there is, or the
/// account that the person chooses. To show accounts, their names are opened: one signature of the card.
fn choose(
    mut credentials: Vec<CredentialRecord>,
    request: &Request,
    secrets: &Secrets,
    card: &mut VerifiedCard<'_>,
    person: &mut dyn Person,
) -> Result<CredentialRecord, Failure> {
    let chosen = if request.allow_list.is_empty() && credentials.len() > 1 {
        let accounts = open_names(&credentials, request, secrets, card, person)?;
        person.choose_account(&request.site(), &accounts)?
    } else {
        0
    };
    if chosen < credentials.len() {
        Ok(credentials.swap_remove(chosen))
    } else {
        Err(Failure::Internal(
            "the prompt chose an account that it was not shown",
        ))
    }
}

fn open_names(
    credentials: &[CredentialRecord],
    request: &Request,
    secrets: &Secrets,
    card: &mut VerifiedCard<'_>,
    person: &mut dyn Person,
) -> Result<Vec<AccountName>, Failure> {
    let message = SealingMessage::for_names(secrets, &card.certificate().key_hash());
    let key = card.sealing_key(person, secrets, &message)?;
    credentials
        .iter()
        .map(|credential| {
            let Some(sealed) = &credential.sealed_names else {
                return Ok(AccountName::default());
            };
            let opened = key.open(Binding::of(credential, &request.rp_id_hash), sealed)?;
            names::from_bytes(&opened).ok_or(Failure::SealBroken)
        })
        .collect()
}

fn unseal(
    credential: &CredentialRecord,
    request: &Request,
    secrets: &Secrets,
    card: &mut VerifiedCard<'_>,
    person: &mut dyn Person,
) -> Result<PairwiseKey, Failure> {
    let rp_id_hash = &request.rp_id_hash;
    let message = SealingMessage::for_key(secrets, rp_id_hash, &credential.id, &credential.card);
    let key = card.sealing_key(person, secrets, &message)?;
    let CredentialKey::Sealed(sealed) = &credential.key else {
        return Err(Failure::SealBroken);
    };
    let scalar = key.open(Binding::of(credential, rp_id_hash), sealed)?;
    PairwiseKey::from_scalar(&scalar).ok_or(Failure::SealBroken)
}

fn respond(
    credential: &CredentialRecord,
    request: &Request,
    flags: Flags,
    key: &PairwiseKey,
) -> Vec<u8> {
    let auth_data = authenticator_data::for_assertion(&request.rp_id_hash, flags);
    let signature = key.sign(&auth_data, &request.client_data_hash);
    let mut response = assertion(credential, auth_data, signature);
    // Only the user's ID: the names served to choose, and the person has chosen.
    if credential.discoverable {
        let user = Map::new().with("id", credential.user_handle.as_slice());
        response.insert(0x04, user);
    }
    cbor::encode(&response.into())
}

/// Members 1 to 3, always all of them.
fn assertion(credential: &CredentialRecord, auth_data: Vec<u8>, signature: Vec<u8>) -> Map {
    let descriptor = Map::new()
        .with("id", credential.id.as_bytes().as_slice())
        .with("type", "public-key");
    Map::new()
        .with(0x01, descriptor)
        .with(0x02, auth_data)
        .with(0x03, signature)
}
