//! authenticatorGetAssertion (CTAP 2.3 §6.2).
//!
//! With a prompt of our own, the person chooses the account here: there is one assertion, never a
//! `numberOfCredentials`. `userSelected` (0x06) is left out although §6.2.2 would set it: Firefox's
//! parser refuses a response with any key beyond 5.

mod request;
mod usable;

use crate::authenticator::{Authenticator, Moment};
use crate::cbor::{self, Map};
use crate::ceremony::{PresentCard, VerifiedCard};
use crate::credential::{CredentialKind, PairwiseKey, card_probe_signature};
use crate::extensions::large_blob_key;
use crate::failure::{Failure, NO_PIN};
use crate::key::Key;
use crate::ports::{Account, Card, CredentialRecord, Person, Progress, Secrets, SignInQuestion};
use request::Request;
use usable::{Usable, candidates};

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

        // Step 7: the credentials that may apply, of every card.
        let mut credentials = candidates(storage, &request)?;
        if request.silent {
            credentials.retain(|credential| !credential.needs_verification());
            return probe(self.card, &request, &secrets, &credentials);
        }
        if credentials.is_empty() {
            return Err(Failure::NoCredential(person.no_credential(&request.site())));
        }

        // Those of the card that is presented.
        let card = PresentCard::find(self.card, person)?;
        let key_hash = card.certificate().key_hash();
        credentials.retain(|credential| credential.is_of(&key_hash, &request.rp_id_hash));
        if credentials.is_empty() {
            drop(card);
            return Err(Failure::NoCredential(person.no_credential(&request.site())));
        }
        if card.certificate().expired_at(moment.now) {
            credentials.retain(|credential| credential.kind() == CredentialKind::Pairwise);
        }
        if credentials.is_empty() {
            return Err(Failure::CertificateExpired);
        }
        // Of those that an allowList names, the first is used.
        if !request.allow_list.is_empty() {
            credentials.truncate(1);
        }

        // Steps 6 and 9: user verification, with the person's consent and presence.
        let view = card.view(moment.now);
        let card_credential = credentials
            .iter()
            .all(|credential| credential.kind() == CredentialKind::Card);
        let mut card = card.verify(person, |person, pin| {
            let answer = person.sign_in(&SignInQuestion {
                site: request.site(),
                pin: Some(pin),
                card: view,
                card_credential,
            })?;
            answer.ok_or(NO_PIN)
        })?;

        // Steps 11 and 12: the account, chosen in our own prompt.
        let credential = choose(credentials, &request, &secrets, &mut card, person)?;

        // Step 13: the signature, by a key in memory or in the card.
        let key = key(&credential, &secrets, &mut card, person)?;
        // Step 10: extensions, of which the key is part.
        let outputs = request.extensions.outputs(&key);
        let large_blob_key = match (&key, credential.stored()) {
            (Key::Pairwise(material), Some(record))
                if request.extensions.large_blob_key && record.large_blob_key =>
            {
                Some(large_blob_key(&material.key)?)
            }
            _ => None,
        };
        let auth_data = credential.authenticator_data(&request, true, outputs);
        let client_data_hash = &request.client_data_hash;
        let signature = key.sign(&mut card, person, &auth_data, client_data_hash)?;
        drop(card);

        person.progress(Progress::Committing)?;
        if let Usable::Stored(record) = &credential {
            storage.commit_use(&record.id, moment.now)?;
        }
        Ok(credential.response(auth_data, signature, large_blob_key))
    }
}

/// A silent probe (`up: false`), by which browsers ask which credentials of a list exist here.
///
/// Answered at once and without the person: UP = UV = 0, and a signature that is well-formed and
/// means nothing, because a real one needs the PIN (`docs/decisions/0020-silent-probes.md`). The card
/// is looked at only where the list names a card credential that is not stored.
/// Only credentials that are named are confirmed: without an allowList nothing is listed
/// unverified, as with credProtect level 2; one of level 3 is not among `credentials`.
fn probe(
    card: &mut dyn Card,
    request: &Request,
    secrets: &Secrets,
    credentials: &[Usable],
) -> Result<Vec<u8>, Failure> {
    let unknown = Failure::NoCredential(Ok(()));
    if request.allow_list.is_empty() {
        return Err(unknown);
    }
    let stored = credentials.iter().find(|credential| {
        matches!(credential, Usable::Stored(record)
            if credential.is_of(&record.card, &request.rp_id_hash))
    });
    let credential = match stored {
        Some(stored) => stored,
        None if credentials.is_empty() => return Err(unknown),
        None => {
            let card = PresentCard::look(card).ok_or(unknown)?;
            let key_hash = card.certificate().key_hash();
            let mut named = credentials.iter();
            named
                .find(|credential| credential.is_of(&key_hash, &request.rp_id_hash))
                .ok_or(unknown)?
        }
    };
    let auth_data = credential.authenticator_data(request, false, Map::new());
    let signature = match credential.kind() {
        CredentialKind::Pairwise => PairwiseKey::for_probe(secrets, credential.id())
            .ok_or(Failure::Internal("no scalar for a probe"))?
            .sign(&auth_data, &request.client_data_hash),
        CredentialKind::Card => card_probe_signature(secrets, credential.id()),
    };
    Ok(cbor::encode(
        &credential.assertion(auth_data, signature).into(),
    ))
}

/// The credential to use: the only one there is, or the account that the person chooses. To show accounts,
/// their names are opened: one signature of the card.
fn choose(
    mut credentials: Vec<Usable>,
    request: &Request,
    secrets: &Secrets,
    card: &mut VerifiedCard<'_>,
    person: &mut dyn Person,
) -> Result<Usable, Failure> {
    let chosen = if credentials.len() > 1 {
        // Several only without an allowList, and then all of them are stored.
        let records: Vec<&CredentialRecord> =
            credentials.iter().filter_map(Usable::stored).collect();
        let names = card.open_names(person, secrets, &records)?;
        let accounts: Vec<Account> = records
            .iter()
            .zip(names)
            .map(|(record, name)| Account {
                name,
                created_at: record.created_at,
            })
            .collect();
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

/// The key of a credential of this card: that of a pairwise one is unsealed, by one signature of the card.
fn key(
    credential: &Usable,
    secrets: &Secrets,
    card: &mut VerifiedCard<'_>,
    person: &mut dyn Person,
) -> Result<Key, Failure> {
    match (credential.kind(), credential.stored()) {
        (CredentialKind::Pairwise, Some(record)) => {
            Ok(Key::Pairwise(card.open_key(person, secrets, record)?))
        }
        _ => Ok(Key::Card),
    }
}
