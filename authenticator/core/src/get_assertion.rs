//! authenticatorGetAssertion (CTAP 2.3 §6.2).
//!
//! With a prompt of our own, the person chooses the account here: there is one assertion, and no
//! `numberOfCredentials`. `userSelected` (0x06) is left out although §6.2.2 would set it: Firefox's
//! parser refuses a response with any key beyond 5. With a platform's token, the platform has them choose
//! (`get_assertion/with_token.rs`).

mod next;
mod probe;
mod request;
mod usable;
mod with_token;

use crate::authenticator::{Authenticator, Moment, Transport};
use crate::cbor::{self, Map, Value};
use crate::ceremony::{PresentCard, VerifiedCard};
use crate::credential::CredentialKind;
use crate::extensions::{Prf, Salts};
use crate::failure::{Failure, NO_PIN};
use crate::key::Key;
use crate::parameters::{decode, required, rp_id, wants_touch};
use crate::ports::{
    Account, AccountName, CredentialRecord, Person, Progress, Secrets, SignInQuestion, Site,
};
pub(crate) use next::NextAssertions;
use request::Request;
use usable::{Usable, candidates};

impl Authenticator<'_> {
    /// Signs in with a credential.
    pub(crate) fn get_assertion(
        &mut self,
        parameters: &[u8],
        transport: Transport,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let map = decode(parameters)?;

        // Step 1: a platform that only wants to be told of a touch.
        if wants_touch(&map, 0x06, transport)? {
            let rp_id = rp_id(required(&map, 0x01, "rpId", Value::as_text)?)?;
            let site = Site {
                rp_id: &rp_id,
                name: None,
            };
            return Err(self.tell_of_touch(Some(site)));
        }

        // Steps 2 to 4: parameters and options.
        let request = Request::parse(&map, transport)?;
        let salts = request.extensions.salts(self.session, moment.rng)?;

        // Step 6.1: the platform's token.
        if let Some(auth) = &request.pin_uv_auth {
            return self.assert_with_token(&request, auth, salts, transport, moment);
        }
        // Step 5: `alwaysUv`, unless nobody is to be asked.
        let is_usb = transport != Transport::Internal;
        if is_usb && !request.silent && !self.person.asks_for_pin() {
            return Err(Failure::PinUvAuthTokenRequired);
        }
        let secrets = self.storage.secrets()?;

        // Step 7: the credentials that may apply, of every card.
        let mut credentials = candidates(self.storage, &request)?;
        if request.silent {
            credentials.retain(|credential| !credential.needs_verification());
            return self.answer_probe(&request, &secrets, &credentials);
        }
        let (person, storage) = (&mut *self.person, &mut *self.storage);
        if credentials.is_empty() {
            return Err(Failure::NoCredential(person.no_credential(&request.site())));
        }

        // Those of the card that is presented.
        self.session.end_token();
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
        if request.allow_list.is_some() {
            credentials.truncate(1);
        }

        // Steps 6.2 and 9: user verification, with the person's consent and presence.
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

        // Steps 10 and 13. The names have served: the person has chosen.
        let asked = Asked {
            request: &request,
            secrets: &secrets,
            salts: salts.as_ref(),
        };
        let names = AccountName::default();
        let prf = self.prf.as_deref_mut();
        let response = asked.assertion(&mut card, person, &credential, &names, prf, moment)?;
        drop(card);

        person.progress(Progress::Committing)?;
        if let Usable::Stored(record) = &credential {
            storage.commit_use(&record.id, moment.now)?;
        }
        Ok(cbor::encode(&response.into()))
    }
}

/// What assertions are made for.
struct Asked<'a> {
    request: &'a Request,
    secrets: &'a Secrets,
    salts: Option<&'a Salts>,
}

impl Asked<'_> {
    /// Steps 10 and 13: extensions, and the signature by a key in memory or in the card.
    fn assertion(
        &self,
        card: &mut VerifiedCard<'_>,
        person: &mut dyn Person,
        credential: &Usable,
        names: &AccountName,
        prf: Option<&mut Prf>,
        moment: &mut Moment<'_>,
    ) -> Result<Map, Failure> {
        let request = self.request;
        let key = key(credential, self.secrets, card, person)?;
        if let Some(prf) = prf {
            prf.evaluate(credential.id(), &key)?;
        }
        let answers = request.extensions.answers(
            &key,
            credential.has_large_blob_key(),
            self.salts,
            moment.rng,
        )?;
        let outputs = answers.outputs;
        let auth_data = credential.authenticator_data(request, !request.silent, true, outputs);
        let signature = key.sign(card, person, &auth_data, &request.client_data_hash)?;
        Ok(credential.response(auth_data, signature, names, answers.large_blob_key))
    }
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
