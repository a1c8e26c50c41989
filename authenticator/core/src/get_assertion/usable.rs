//! The credentials that a sign-in may use (CTAP 2.3 §6.2.2 step 7), and what is answered with one.

use std::cmp::Reverse;

use eid_card::CardKeyHash;
use zeroize::Zeroizing;

use super::request::Request;
use crate::authenticator_data::{self, Flags};
use crate::cbor::Map;
use crate::credential::{CredentialId, CredentialKind, stored_pairwise};
use crate::extensions::CredProtect;
use crate::failure::Failure;
use crate::ports::{AccountName, CredentialRecord, Storage};

/// A credential that may be used.
pub(super) enum Usable {
    /// In this computer's store.
    Stored(CredentialRecord),
    /// A card credential that was made on another computer, or is no longer stored: nothing is known of it
    /// but its ID.
    Unknown(CredentialId),
}

impl Usable {
    /// Its ID.
    pub(super) fn id(&self) -> &CredentialId {
        match self {
            Usable::Stored(record) => &record.id,
            Usable::Unknown(id) => id,
        }
    }

    /// What is stored of it.
    pub(super) fn stored(&self) -> Option<&CredentialRecord> {
        match self {
            Usable::Stored(record) => Some(record),
            Usable::Unknown(_) => None,
        }
    }

    /// What its key is: the ID says so.
    pub(super) fn kind(&self) -> CredentialKind {
        self.id().kind()
    }

    /// Whether it is found only after user verification, even by its ID.
    pub(super) fn needs_verification(&self) -> bool {
        matches!(self, Usable::Stored(record) if record.cred_protect == CredProtect::Required)
    }

    /// Whether it was made with a largeBlobKey.
    pub(super) fn has_large_blob_key(&self) -> bool {
        matches!(self, Usable::Stored(record) if record.large_blob_key)
    }

    /// Whether it belongs to this card and, where only the card can tell, to this RP ID.
    pub(super) fn is_of(&self, card: &CardKeyHash, rp_id_hash: &[u8; 32]) -> bool {
        match (self.kind(), self) {
            (CredentialKind::Card, _) => self.id().is_of_card(card, rp_id_hash),
            (CredentialKind::Pairwise, Usable::Stored(record)) => record.card == *card,
            (CredentialKind::Pairwise, Usable::Unknown(_)) => false,
        }
    }

    /// What is signed, before the client data's hash.
    pub(super) fn authenticator_data(
        &self,
        request: &Request,
        present: bool,
        verified: bool,
        extensions: Map,
    ) -> Vec<u8> {
        let flags = Flags {
            present,
            verified,
            kind: self.kind(),
            backed_up: matches!(self, Usable::Stored(record) if record.backed_up),
        };
        authenticator_data::for_assertion(&request.rp_id_hash, flags, extensions)
    }

    /// Members 1 to 3, always all of them.
    pub(super) fn assertion(&self, auth_data: Vec<u8>, signature: Vec<u8>) -> Map {
        let descriptor = Map::new()
            .with("id", self.id().as_bytes().as_slice())
            .with("type", "public-key");
        Map::new()
            .with(0x01, descriptor)
            .with(0x02, auth_data)
            .with(0x03, signature)
    }

    /// The whole response. Of the account it has the user's ID, and names where there are some to tell.
    pub(super) fn response(
        &self,
        auth_data: Vec<u8>,
        signature: Vec<u8>,
        names: &AccountName,
        large_blob_key: Option<Zeroizing<[u8; 32]>>,
    ) -> Map {
        let mut response = self.assertion(auth_data, signature);
        if let Usable::Stored(record) = self
            && record.discoverable
        {
            let mut user = Map::new().with("id", record.user_handle.as_slice());
            for (key, name) in [("name", &names.name), ("displayName", &names.display_name)] {
                if let Some(name) = name {
                    user.insert(key, name.as_str());
                }
            }
            response.insert(0x04, user);
        }
        if let Some(key) = large_blob_key {
            response.insert(0x07, key.as_slice());
        }
        response
    }
}

/// Step 7: with an allowList, the credentials in it that may be ours, in its order; without, the
/// discoverable ones of this RP ID, newest first.
pub(super) fn candidates(
    storage: &mut dyn Storage,
    request: &Request,
) -> Result<Vec<Usable>, Failure> {
    let Some(allow_list) = &request.allow_list else {
        let mut found = storage.credentials(&request.rp_id)?;
        found.retain(|credential| credential.discoverable);
        found.sort_by_key(|credential| (Reverse(credential.created_at), credential.id));
        return Ok(found.into_iter().map(Usable::Stored).collect());
    };
    let mut found = Vec::new();
    for id in allow_list {
        let Some(id) = CredentialId::from_bytes(id) else {
            continue;
        };
        match id.kind() {
            CredentialKind::Pairwise => {
                let stored = stored_pairwise(storage, &request.rp_id, &id)?;
                found.extend(stored.map(Usable::Stored));
            }
            // Only the card can tell whether it is its own.
            CredentialKind::Card => {
                let stored = storage.credential(&id)?;
                found.push(stored.map_or(Usable::Unknown(id), Usable::Stored));
            }
        }
    }
    Ok(found)
}
