//! Signing in with a platform's token: the PIN is verified, and the platform has the person choose the account.

use std::collections::VecDeque;

use super::Asked;
use super::next::NextAssertions;
use super::request::Request;
use super::usable::{Usable, candidates};
use crate::authenticator::{Authenticator, Moment, Transport};
use crate::cbor::{self, Map};
use crate::ceremony::VerifiedCard;
use crate::credential::{CredentialId, CredentialKind};
use crate::extensions::Salts;
use crate::failure::Failure;
use crate::parameters::PinUvAuthParam;
use crate::permissions::Permissions;
use crate::ports::{AccountName, CredentialRecord, Person, Progress, SignInQuestion};
use crate::unfinished::Unfinished;

impl Authenticator<'_> {
    /// Goes on from step 6.1.
    ///
    /// With `up: false` the token is not used up, the card stays held, and the signature is a real one: UV without UP.
    pub(super) fn assert_with_token(
        &mut self,
        request: &Request,
        auth: &PinUvAuthParam,
        salts: Option<Salts>,
        transport: Transport,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let (person, storage) = (&mut *self.person, &mut *self.storage);

        // Step 6.1.
        self.session.authorise(
            auth,
            &[&request.client_data_hash],
            Permissions::GET_ASSERTION,
            Some(&request.rp_id),
        )?;
        let card = VerifiedCard::taken_back(self.card, self.session);
        let mut card = card.ok_or(Failure::PinAuthInvalid)?;

        // Step 7: the credentials that may apply, of this card.
        let secrets = storage.secrets()?;
        let mut credentials = candidates(storage, request)?;
        let key_hash = card.certificate().key_hash();
        credentials.retain(|credential| credential.is_of(&key_hash, &request.rp_id_hash));
        let found = !credentials.is_empty();
        if card.certificate().expired_at(moment.now) {
            credentials.retain(|credential| credential.kind() == CredentialKind::Pairwise);
        }
        if credentials.is_empty() {
            return Err(match (request.silent, found) {
                (true, _) => {
                    card.keep(self.session);
                    Failure::NoCredential(Ok(()))
                }
                (false, true) => Failure::CertificateExpired,
                (false, false) if self.session.take_presence() => Failure::NoCredential(Ok(())),
                (false, false) => {
                    drop(card);
                    Failure::NoCredential(person.no_credential(&request.site()))
                }
            });
        }
        // Of those that an allowList names, the first is used.
        if request.allow_list.is_some() {
            credentials.truncate(1);
        }

        // Step 9: presence.
        if !request.silent && !self.session.take_presence() {
            person.sign_in(&SignInQuestion {
                site: request.site(),
                pin: None,
                card: card.view(moment.now),
                card_credential: credentials
                    .iter()
                    .all(|credential| credential.kind() == CredentialKind::Card),
            })?;
        }

        let asked = Asked {
            request,
            secrets: &secrets,
            salts: salts.as_ref(),
        };
        // Steps 10 to 13, for every account while the card is held: names and keys open only so.
        let mut responses = asked.assertions(&mut card, person, &credentials, moment)?;
        if request.silent {
            card.keep(self.session);
        } else {
            drop(card);
        }

        person.progress(Progress::Committing)?;
        let number = responses.len();
        let (_, mut first) = responses
            .pop_front()
            .ok_or(Failure::Internal("no assertion was made"))?;
        if let Some(Usable::Stored(record)) = credentials.first() {
            storage.commit_use(&record.id, moment.now)?;
        }
        if number > 1 {
            first.insert(0x05, i64::try_from(number).unwrap_or(i64::MAX));
            let rest = responses
                .into_iter()
                .map(|(id, response)| (id, cbor::encode(&response.into())))
                .collect();
            let next = NextAssertions::new(transport, rest, self.session);
            self.session.set_unfinished(Unfinished::Assertions(next));
        }
        Ok(cbor::encode(&first.into()))
    }
}

impl Asked<'_> {
    /// An assertion for each, in their order. Names are told only where there are several to choose from.
    fn assertions(
        &self,
        card: &mut VerifiedCard<'_>,
        person: &mut dyn Person,
        credentials: &[Usable],
        moment: &mut Moment<'_>,
    ) -> Result<VecDeque<(CredentialId, Map)>, Failure> {
        let names = if credentials.len() > 1 {
            // Several only without an allowList, and then all of them are stored.
            let records: Vec<&CredentialRecord> =
                credentials.iter().filter_map(Usable::stored).collect();
            card.open_names(person, self.secrets, &records)?
        } else {
            vec![AccountName::default()]
        };
        let mut responses = VecDeque::new();
        for (credential, names) in credentials.iter().zip(&names) {
            let response = self.assertion(card, person, credential, names, None, moment)?;
            responses.push_back((*credential.id(), response));
        }
        Ok(responses)
    }
}
