//! authenticatorMakeCredential (CTAP 2.3 §6.1).
//!
//! One order differs from the text: the excludeList (step 12) is looked at before the one prompt in which the
//! person consents, is present and types the PIN (steps 11 and 14). Nobody types a PIN only to hear
//! that they are registered already (`docs/decisions/0021-one-prompt-per-ceremony.md`).

mod consent;
mod probe;
mod request;

use eid_card::CardKeyHash;

use crate::attestation::{Release, Statement};
use crate::authenticator::{Authenticator, Moment, Transport};
use crate::authenticator_data::{self, Flags};
use crate::cbor::{self, Map};
use crate::ceremony::{CardInHand, PresentCard, VerifiedCard};
use crate::credential::{
    Binding, CredentialId, CredentialKind, SealingMessage, names, random, stored_pairwise,
};
use crate::extensions::{CredProtect, Kept};
use crate::failure::Failure;
use crate::key::Key;
use crate::parameters::{decode, wants_touch};
use crate::permissions::Permissions;
use crate::ports::{
    CredentialKey, CredentialRecord, Disclosure, Person, Progress, Registration, Secrets, Storage,
};
use consent::{Consent, Offers, ask};
use request::Request;

impl Authenticator<'_> {
    /// Makes a credential.
    pub(crate) fn make_credential(
        &mut self,
        parameters: &[u8],
        transport: Transport,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let map = decode(parameters)?;

        // Step 1: a platform that only wants to be told of a touch.
        if wants_touch(&map, 0x08, transport)? {
            return Err(self.tell_of_touch(None));
        }

        // Steps 2 to 9: parameters, algorithm, options, enterprise attestation.
        let request = Request::parse(&map, transport)?;
        if transport != Transport::Internal && probe::asks_for_touch(&request.rp_id) {
            return self.register_for_touch(&request, moment);
        }
        let salts = request.extensions.salts(self.session, moment.rng)?;
        let (person, storage) = (&mut *self.person, &mut *self.storage);
        let secrets = storage.secrets()?;

        // Step 9: over CTAPHID, enterprise attestation is to be enabled first (authenticatorConfig).
        if transport != Transport::Internal
            && request.enterprise
            && !storage.settings()?.enterprise_attestation
        {
            return Err(Failure::InvalidParameter("enterpriseAttestation"));
        }

        // Steps 6 and 11.1: `alwaysUv`. By the platform's token, or else in our own prompt.
        let card = match &request.pin_uv_auth {
            Some(auth) => {
                let (hash, rp_id) = (request.client_data_hash, request.rp_id.as_str());
                let permission = Permissions::MAKE_CREDENTIAL;
                self.session
                    .authorise(auth, &[&hash], permission, Some(rp_id))?;
                let card = VerifiedCard::taken_back(self.card, self.session);
                CardInHand::Verified(card.ok_or(Failure::PinAuthInvalid)?)
            }
            None if transport != Transport::Internal && !person.asks_for_pin() => {
                return Err(Failure::PinUvAuthTokenRequired);
            }
            None => {
                self.session.end_token();
                CardInHand::Present(PresentCard::find(self.card, person)?)
            }
        };

        // Step 12: excludeList.
        let verified = matches!(card, CardInHand::Verified(_));
        let key_hash = card.certificate().key_hash();
        if is_excluded(storage, &request, &key_hash, verified)? {
            drop(card);
            let present = self.session.take_presence();
            return Err(Failure::Excluded(match present {
                true => Ok(()),
                false => person.already_registered(&request.site()),
            }));
        }

        // Steps 11, 13 and 14: user verification, with the person's consent and presence.
        let remembered = !self.private && storage.site_remembered(&request.rp_id)?;
        let mut offers = Offers::new(&request, remembered, card.certificate(), moment.now)?;
        if self.private {
            offers = offers.without_remembering();
        }
        let view = card.view(moment.now);
        let (mut card, consent) = ask(person, self.session, card, &request, view, offers)?;

        // Step 12 again, for credentials that only a verified user may find.
        if !verified && is_excluded(storage, &request, &key_hash, true)? {
            drop(card);
            return Err(Failure::Excluded(
                person.already_registered(&request.site()),
            ));
        }

        // Step 15: extensions, of which the key is part.
        let kept = request.extensions.kept(request.discoverable, consent.kind);
        let may_know_pin_length = request.extensions.min_pin_length && {
            let settings = storage.settings()?;
            settings.min_pin_length_rp_ids.contains(&request.rp_id)
        };

        // Step 16: the new key.
        let nonce = random::<32>(moment.rng)?;
        let id = match consent.kind {
            CredentialKind::Pairwise => {
                CredentialId::pairwise(&secrets, &request.rp_id_hash, &nonce)
            }
            CredentialKind::Card => {
                let card = card.certificate().key_hash();
                CredentialId::of_card(&card, &request.rp_id_hash, &nonce)
            }
        };
        let key = Key::for_new(consent.kind, &kept.cred_blob, moment.rng)?;
        if let Some(prf) = self.prf.as_deref_mut() {
            prf.evaluate(&id, &key)?;
        }

        // Steps 17 and 18: what is stored, and what it takes the place of.
        let new = New {
            id,
            key: &key,
            kept: &kept,
        };
        let credential = seal(&request, &secrets, &mut card, person, moment, new)?;
        let replaces = replaced(storage, &request, &credential)?;
        let answers = request.extensions.answers(
            &kept,
            &key,
            salts.as_ref(),
            may_know_pin_length,
            moment.rng,
        )?;

        // Step 19: attestation, by the card last of all.
        let flags = Flags {
            present: true,
            verified: true,
            kind: consent.kind,
            backed_up: false,
        };
        let auth_data = authenticator_data::for_attestation(
            &request.rp_id_hash,
            flags,
            &id,
            &key.public_key(&card)?,
            answers.outputs,
        );
        let statement = attest(&request, &consent, &auth_data, &key, &mut card, person)?;

        person.progress(Progress::Committing)?;
        drop(card);
        let disclosure = consent.discloses().map(|what| Disclosure {
            what,
            rp_id: request.rp_id.clone(),
            credential: id,
            card: credential.card,
            at: moment.now,
        });
        storage.commit_registration(&Registration {
            credential,
            replaces,
            disclosure,
            remember_site: consent.remember_site,
        })?;

        let mut response = Map::new()
            .with(0x01, statement.format)
            .with(0x02, auth_data)
            .with(0x03, statement.statement);
        // Only when it was asked for and granted: browsers refuse it otherwise.
        if request.enterprise && consent.release == Release::Identity {
            response.insert(0x04, true);
        }
        if let Some(key) = answers.large_blob_key {
            response.insert(0x05, key.as_slice());
        }
        Ok(cbor::encode(&response.into()))
    }
}

/// Whether the excludeList names a credential of this card. One of another card does not count:
/// to a relying party, every card is an authenticator of its own. One that is protected counts only once the user
/// is verified.
fn is_excluded(
    storage: &mut dyn Storage,
    request: &Request,
    key_hash: &CardKeyHash,
    verified: bool,
) -> Result<bool, Failure> {
    for id in &request.exclude_list {
        let Some(id) = CredentialId::from_bytes(id) else {
            continue;
        };
        // A card credential counts also where it was made on another computer.
        if id.is_of_card(key_hash, &request.rp_id_hash) {
            return Ok(true);
        }
        if let Some(record) = stored_pairwise(storage, &request.rp_id, &id)?
            && record.card == *key_hash
            && (verified || record.cred_protect != CredProtect::Required)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A credential before it is sealed.
struct New<'a> {
    id: CredentialId,
    key: &'a Key,
    kept: &'a Kept,
}

/// Seals a pairwise key under the card and, where an account chooser may need them, the names: one
/// signature of the card each.
fn seal(
    request: &Request,
    secrets: &Secrets,
    card: &mut VerifiedCard<'_>,
    person: &mut dyn Person,
    moment: &mut Moment<'_>,
    new: New<'_>,
) -> Result<CredentialRecord, Failure> {
    let New { id, key, kept } = new;
    let key_hash = card.certificate().key_hash();
    let binding = Binding {
        id: &id,
        rp_id_hash: &request.rp_id_hash,
        user_handle: &request.user_handle,
        card: &key_hash,
    };

    let public_key = match key {
        Key::Pairwise(material) => Some(material.key.point()?),
        Key::Card => None,
    };
    let key = match key {
        Key::Pairwise(material) => {
            let message = SealingMessage::for_key(secrets, &request.rp_id_hash, &id, &key_hash);
            let sealing_key = card.sealing_key(person, secrets, &message)?;
            let nonce = random::<24>(moment.rng)?;
            CredentialKey::Sealed(sealing_key.seal(binding, &nonce, &material.to_bytes())?)
        }
        Key::Card => CredentialKey::InCard,
    };

    let names = request
        .discoverable
        .then(|| names::to_bytes(&request.account, public_key.as_ref()))
        .flatten();
    let sealed_names = match names {
        None => None,
        Some(names) => {
            let message = SealingMessage::for_names(secrets, &key_hash);
            let sealing_key = card.sealing_key(person, secrets, &message)?;
            let nonce = random::<24>(moment.rng)?;
            Some(sealing_key.seal(binding, &nonce, &names)?)
        }
    };

    Ok(CredentialRecord {
        id,
        key,
        rp_id: request.rp_id.clone(),
        user_handle: request.user_handle.clone(),
        discoverable: request.discoverable,
        card: key_hash,
        cred_protect: kept.cred_protect,
        large_blob_key: kept.large_blob_key,
        sealed_names,
        backed_up: false,
        created_at: moment.now,
        last_used_at: None,
    })
}

/// Step 17: discoverable credentials of the same RP ID, user and card, which a new one overwrites.
fn replaced(
    storage: &mut dyn Storage,
    request: &Request,
    new: &CredentialRecord,
) -> Result<Vec<CredentialId>, Failure> {
    if !request.discoverable {
        return Ok(Vec::new());
    }
    let same = |old: &CredentialRecord| {
        old.discoverable && old.user_handle == new.user_handle && old.card == new.card
    };
    let stored = storage.credentials(&request.rp_id)?;
    Ok(stored
        .iter()
        .filter(|old| same(old))
        .map(|old| old.id)
        .collect())
}

/// Makes the attestation statement that is released.
fn attest(
    request: &Request,
    consent: &Consent,
    auth_data: &[u8],
    key: &Key,
    card: &mut VerifiedCard<'_>,
    person: &mut dyn Person,
) -> Result<Statement, Failure> {
    let client_data_hash = &request.client_data_hash;
    Ok(match consent.release {
        Release::Nothing => Statement::none(),
        Release::SelfAttestation => {
            let signature = key.sign(card, person, auth_data, client_data_hash)?;
            Statement::packed_self(consent.kind, signature)
        }
        Release::Identity => {
            let signature = card.sign(person, auth_data, client_data_hash)?;
            let certificate = card.certificate();
            Statement::eid_x509(
                certificate.signature_algorithm(),
                signature,
                certificate.der(),
            )
        }
    })
}
