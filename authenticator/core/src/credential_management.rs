//! authenticatorCredentialManagement (CTAP 2.3 §6.8): the discoverable credentials of the card whose PIN was verified.
//!
//! Its names cost one signature of the card, and each largeBlobKey, or public key that is not sealed beside the names, one
//! more. An enumeration is made while the card is held, and handed out afterwards. The card stays held for the next command
//! with the same token (`docs/decisions/0028-managing-credentials.md`).

mod enumeration;
mod request;

use std::collections::{BTreeMap, VecDeque};

use crate::authenticator::{Authenticator, Moment, Transport};
use crate::authenticator_data::rp_id_hash;
use crate::cbor::{self, Map};
use crate::ceremony::VerifiedCard;
use crate::credential::{
    Binding, CredentialKind, SealingMessage, card_public_key, names, pairwise_public_key, random,
};
use crate::extensions::large_blob_key;
use crate::failure::Failure;
use crate::permissions::Permissions;
use crate::ports::{AccountName, CredentialRecord, Person, Progress, Secrets, Storage};
use crate::session::Session;
use crate::unfinished::Unfinished;
pub(crate) use enumeration::Enumeration;
use enumeration::Of;
use request::{Request, Subcommand};

/// So many more can be stored at least. There is no limit but the disk's.
const REMAINING: i64 = 1000;

/// No credential of this card is meant.
const NONE: Failure = Failure::NoCredential(Ok(()));

impl Authenticator<'_> {
    /// Lists, removes and renames credentials.
    pub(crate) fn credential_management(
        &mut self,
        parameters: &[u8],
        transport: Transport,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        // Whatever is not the next one ends an enumeration, so this comes before the first refusal.
        let unfinished = self.session.take_unfinished();
        let request = Request::parse(parameters, transport)?;
        let of = match request.subcommand {
            Subcommand::EnumerateRpsGetNextRp => Of::RelyingParties,
            Subcommand::EnumerateCredentialsGetNextCredential => Of::Credentials,
            _ => return self.manage(&request, transport, moment),
        };
        let Some(Unfinished::Enumeration(enumeration)) = unfinished else {
            return Err(Failure::NothingToContinue);
        };
        enumeration.next(of, transport, self.session)
    }

    /// The subcommands that need the token, and the card that was verified for it.
    fn manage(
        &mut self,
        request: &Request,
        transport: Transport,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        let auth = request.pin_uv_auth.as_ref();
        let auth = auth.ok_or(Failure::PinUvAuthTokenRequired)?;
        let permitted = self.session.authorise_management(
            auth,
            &[&request.authenticated],
            Permissions::CREDENTIAL_MANAGEMENT,
        )?;
        let card = VerifiedCard::taken_back(self.card, self.session);
        let mut card = card.ok_or(Failure::PinAuthInvalid)?;
        let mut managing = Managing {
            card: &mut card,
            person: self.person,
            storage: self.storage,
            permitted: permitted.as_deref(),
        };
        let result = managing.answer(request, moment);
        // A request that is refused costs the token nothing; what failed besides lets the card go, and the token with it.
        match &result {
            Err(
                Failure::Card(_)
                | Failure::Refused(_)
                | Failure::WrongSignature
                | Failure::SealBroken
                | Failure::Storage(_)
                | Failure::NoRandomness
                | Failure::Internal(_),
            ) => drop(card),
            _ => card.keep(self.session),
        }
        match result? {
            Answer::Done => Ok(Vec::new()),
            Answer::Counted(counted) => Ok(cbor::encode(&counted.into())),
            Answer::Listed(of, entries) => begin(of, entries, transport, self.session),
        }
    }
}

/// The first of an enumeration, with how many there are.
fn begin(
    of: Of,
    mut entries: VecDeque<Map>,
    transport: Transport,
    session: &mut Session,
) -> Result<Vec<u8>, Failure> {
    let total = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let first = entries.pop_front().ok_or(NONE)?;
    let first = first.with(of.total(), total);
    if !entries.is_empty() {
        let enumeration = Enumeration::new(of, entries, transport, session);
        session.set_unfinished(Unfinished::Enumeration(enumeration));
    }
    Ok(cbor::encode(&first.into()))
}

/// What a subcommand has come to.
enum Answer {
    Done,
    Counted(Map),
    Listed(Of, VecDeque<Map>),
}

/// A subcommand at work.
struct Managing<'a, 'c> {
    card: &'a mut VerifiedCard<'c>,
    person: &'a mut dyn Person,
    storage: &'a mut dyn Storage,
    /// The RP ID that the token is for, if it is for one only.
    permitted: Option<&'a str>,
}

impl Managing<'_, '_> {
    fn answer(&mut self, request: &Request, moment: &mut Moment<'_>) -> Result<Answer, Failure> {
        match request.subcommand {
            Subcommand::GetCredsMetadata => self.count(),
            Subcommand::EnumerateRpsBegin => self.list_relying_parties(),
            Subcommand::EnumerateCredentialsBegin => self.list_credentials(request),
            Subcommand::DeleteCredential => self.delete(request),
            Subcommand::UpdateUserInformation => self.update(request, moment),
            Subcommand::EnumerateRpsGetNextRp
            | Subcommand::EnumerateCredentialsGetNextCredential => {
                Err(Failure::Internal("a continuation begins nothing"))
            }
        }
    }

    /// §6.8.2.
    fn count(&mut self) -> Result<Answer, Failure> {
        self.every_rp_id_is_permitted()?;
        let count = i64::try_from(self.credentials()?.len()).unwrap_or(i64::MAX);
        let counted = Map::new().with(0x01, count).with(0x02, REMAINING);
        Ok(Answer::Counted(counted))
    }

    /// §6.8.3.
    fn list_relying_parties(&mut self) -> Result<Answer, Failure> {
        self.every_rp_id_is_permitted()?;
        let rp_ids: BTreeMap<String, [u8; 32]> = self
            .credentials()?
            .into_iter()
            .map(|record| {
                let hash = rp_id_hash(&record.rp_id);
                (record.rp_id, hash)
            })
            .collect();
        let entry = |(rp_id, hash): (String, [u8; 32])| {
            Map::new()
                .with(0x03, Map::new().with("id", rp_id))
                .with(0x04, hash.as_slice())
        };
        let entries: VecDeque<Map> = rp_ids.into_iter().map(entry).collect();
        if entries.is_empty() {
            return Err(NONE);
        }
        Ok(Answer::Listed(Of::RelyingParties, entries))
    }

    /// §6.8.4.
    fn list_credentials(&mut self, request: &Request) -> Result<Answer, Failure> {
        let hash = request.rp_id_hash()?;
        let is_permitted = |rp_id| rp_id_hash(rp_id) == hash;
        if !self.permitted.is_none_or(is_permitted) {
            return Err(Failure::PinAuthInvalid);
        }
        let mut records = self.credentials()?;
        records.retain(|record| rp_id_hash(&record.rp_id) == hash);
        records.sort_by_key(|record| (record.created_at, record.id));
        if records.is_empty() {
            return Err(NONE);
        }
        let secrets = self.storage.secrets()?;
        let opened = self
            .card
            .open_names_with_keys(self.person, &secrets, &records)?;
        let entries = records
            .iter()
            .zip(opened)
            .map(|(record, (account, point))| self.describe(&secrets, record, account, point))
            .collect::<Result<_, _>>()?;
        Ok(Answer::Listed(Of::Credentials, entries))
    }

    /// What is said of one credential.
    fn describe(
        &mut self,
        secrets: &Secrets,
        record: &CredentialRecord,
        account: AccountName,
        point: Option<names::Point>,
    ) -> Result<Map, Failure> {
        let mut large_blob = None;
        let public_key = match (record.kind(), point) {
            (CredentialKind::Card, _) => card_public_key(self.card.certificate())?,
            (CredentialKind::Pairwise, Some(point)) if !record.large_blob_key => {
                pairwise_public_key(&point)
            }
            (CredentialKind::Pairwise, _) => {
                let material = self.card.open_key(self.person, secrets, record)?;
                if record.large_blob_key {
                    large_blob = Some(large_blob_key(&material.key)?);
                }
                pairwise_public_key(&material.key.point()?)
            }
        };
        let mut user = Map::new().with("id", record.user_handle.as_slice());
        for (key, name) in [
            ("name", account.name),
            ("displayName", account.display_name),
        ] {
            if let Some(name) = name {
                user.insert(key, name);
            }
        }
        let descriptor = Map::new()
            .with("id", record.id.as_bytes().as_slice())
            .with("type", "public-key");
        let mut entry = Map::new()
            .with(0x06, user)
            .with(0x07, descriptor)
            .with(0x08, public_key)
            .with(0x0A, i64::from(record.cred_protect.level()));
        if let Some(key) = large_blob {
            entry.insert(0x0B, key.as_slice());
        }
        Ok(entry)
    }

    /// §6.8.5. What the history of disclosures says of it stays.
    fn delete(&mut self, request: &Request) -> Result<Answer, Failure> {
        let record = self.named(request)?;
        self.person.progress(Progress::Committing)?;
        if self.storage.commit_removal(&record.card, &record.id)? {
            Ok(Answer::Done)
        } else {
            Err(NONE)
        }
    }

    /// §6.8.6: both names, each removed if there is no new one. Draws the nonce of the sealed names (24 bytes).
    fn update(&mut self, request: &Request, moment: &mut Moment<'_>) -> Result<Answer, Failure> {
        let user = request.user()?;
        let record = self.named(request)?;
        if record.user_handle != user.id {
            return Err(Failure::InvalidParameter("user.id"));
        }
        let secrets = self.storage.secrets()?;
        let opened = self
            .card
            .open_names_with_keys(self.person, &secrets, &[&record])?;
        let point = opened.into_iter().find_map(|(_, point)| point);
        let sealed = match names::to_bytes(&user.account, point.as_ref()) {
            None => None,
            Some(names) => {
                let message = SealingMessage::for_names(&secrets, &record.card);
                let key = self.card.sealing_key(self.person, &secrets, &message)?;
                let rp_id_hash = rp_id_hash(&record.rp_id);
                let binding = Binding::of(&record, &rp_id_hash);
                Some(key.seal(binding, &*random::<24>(moment.rng)?, &names)?)
            }
        };
        self.person.progress(Progress::Committing)?;
        let sealed = sealed.as_deref();
        if self
            .storage
            .commit_names(&record.card, &record.id, sealed)?
        {
            Ok(Answer::Done)
        } else {
            Err(NONE)
        }
    }

    /// The discoverable credentials of this card.
    fn credentials(&mut self) -> Result<Vec<CredentialRecord>, Failure> {
        let card = self.card.certificate().key_hash();
        let mut records = self.storage.credentials_of(&card)?;
        records.retain(|record| record.discoverable);
        Ok(records)
    }

    /// The credential that a request names.
    fn named(&mut self, request: &Request) -> Result<CredentialRecord, Failure> {
        let id = request.credential_id()?;
        let mut records = self.credentials()?.into_iter();
        let record = records
            .find(|record| record.id.as_bytes().as_slice() == id)
            .ok_or(NONE)?;
        if self.permitted.is_none_or(|rp_id| rp_id == record.rp_id) {
            Ok(record)
        } else {
            Err(Failure::PinAuthInvalid)
        }
    }

    fn every_rp_id_is_permitted(&self) -> Result<(), Failure> {
        match self.permitted {
            None => Ok(()),
            Some(_) => Err(Failure::PinAuthInvalid),
        }
    }
}
