//! authenticatorLargeBlobs (CTAP 2.3 §6.10): one array for each card, which platforms read, change and write back.
//!
//! Its entries are encrypted by the platform with credentials' largeBlobKeys; here they are bytes that end in the first
//! half of their SHA-256. Anybody may read them; writing needs a pinUvAuthToken.

use eid_card::CardKeyHash;
use sha2::{Digest, Sha256};

use crate::authenticator::{Authenticator, LARGE_BLOBS, Transport};
use crate::cbor::{self, Map, Value};
use crate::ceremony::PresentCard;
use crate::failure::Failure;
use crate::parameters::{decode, optional, pin_uv_auth, unsigned};
use crate::permissions::Permissions;
use crate::unfinished::Unfinished;

/// The longest array (`maxSerializedLargeBlobArray`; §6.10 demands at least 1024).
pub(crate) const MAX_LARGE_BLOBS: usize = 4096;

/// The shortest array: an empty one, and the hash.
const SHORTEST: usize = 17;
const HASH: usize = 16;

/// An array that is being written.
pub(crate) struct PendingWrite {
    transport: Transport,
    card: CardKeyHash,
    length: usize,
    written: Vec<u8>,
}

impl Authenticator<'_> {
    /// Reads or writes a part of the array.
    pub(crate) fn large_blobs(
        &mut self,
        parameters: &[u8],
        transport: Transport,
    ) -> Result<Vec<u8>, Failure> {
        let map = decode(parameters)?;
        let get = optional(&map, 0x01, "get", unsigned)?;
        let set = optional(&map, 0x02, "set", Value::as_bytes)?;
        let offset = optional(&map, 0x03, "offset", unsigned)?;
        // Steps 1 to 3.
        let offset = offset.ok_or(Failure::InvalidParameter("offset"))?;
        match (get, set) {
            (Some(count), None) => self.read_large_blobs(&map, count, offset, transport),
            (None, Some(fragment)) => self.write_large_blobs(&map, fragment, offset, transport),
            _ => Err(Failure::InvalidParameter("get and set")),
        }
    }

    /// Step 4.
    fn read_large_blobs(
        &mut self,
        map: &Map,
        count: u64,
        offset: u64,
        transport: Transport,
    ) -> Result<Vec<u8>, Failure> {
        if [0x04, 0x05, 0x06].iter().any(|key| map.get(*key).is_some()) {
            return Err(Failure::InvalidParameter("get"));
        }
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        if count > max_fragment_length(transport) {
            return Err(Failure::WrongLength);
        }
        let card = match self.session.kept() {
            Some(certificate) => certificate.key_hash(),
            None => PresentCard::find(self.card, self.person)?
                .certificate()
                .key_hash(),
        };
        let stored = self.storage.large_blobs(&card)?;
        let stored = stored.unwrap_or_else(|| with_hash(&[0x80]));
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|offset| stored.get(offset..))
            .ok_or(Failure::InvalidParameter("offset"))?;
        let fragment = rest.get(..count).unwrap_or(rest);
        Ok(cbor::encode(&Map::new().with(0x01, fragment).into()))
    }

    /// Step 5.
    fn write_large_blobs(
        &mut self,
        map: &Map,
        fragment: &[u8],
        offset: u64,
        transport: Transport,
    ) -> Result<Vec<u8>, Failure> {
        let length = optional(map, 0x04, "length", unsigned)?;
        if fragment.len() > max_fragment_length(transport) {
            return Err(Failure::WrongLength);
        }
        let pending = match self.session.take_unfinished() {
            Some(Unfinished::LargeBlobs(pending)) if pending.transport == transport => {
                Some(pending)
            }
            // That of another channel goes on, unless this one begins.
            Some(others) if offset > 0 => {
                self.session.set_unfinished(others);
                None
            }
            _ => None,
        };
        let (length, written, card) = match (offset, length, pending) {
            (0, None, _) => return Err(Failure::InvalidParameter("length")),
            (0, Some(length), _) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                if length > MAX_LARGE_BLOBS {
                    return Err(Failure::LargeBlobStorageFull);
                }
                if length < SHORTEST {
                    return Err(Failure::InvalidParameter("length"));
                }
                (length, Vec::new(), None)
            }
            (_, Some(_), _) => return Err(Failure::InvalidParameter("length")),
            (_, None, Some(pending)) if pending.written.len() as u64 == offset => {
                (pending.length, pending.written, Some(pending.card))
            }
            (_, None, _) => return Err(Failure::InvalidSequence),
        };

        // Step 5.5: `alwaysUv`.
        let auth = pin_uv_auth(map, 0x05, 0x06, transport)?;
        let auth = auth.ok_or(Failure::PinUvAuthTokenRequired)?;
        let message: [&[u8]; 4] = [
            &[0xFF; 32],
            &[LARGE_BLOBS, 0x00],
            // An offset that fits into the array fits into four bytes.
            &(offset as u32).to_le_bytes(),
            &Sha256::digest(fragment),
        ];
        self.session
            .authorise_management(&auth, &message, Permissions::LARGE_BLOB_WRITE)?;
        // The card whose PIN the token stands for; the same one for all fragments.
        let token_card = self.session.token_card().ok_or(Failure::PinAuthInvalid)?;
        if card.is_some_and(|card| card != token_card) {
            return Err(Failure::InvalidSequence);
        }

        // Steps 5.6 to 5.11.
        if written.len() + fragment.len() > length {
            return Err(Failure::InvalidParameter("set"));
        }
        let written = [written.as_slice(), fragment].concat();
        if written.len() < length {
            self.session
                .set_unfinished(Unfinished::LargeBlobs(PendingWrite {
                    transport,
                    card: token_card,
                    length,
                    written,
                }));
            return Ok(Vec::new());
        }
        let content = written.split_last_chunk::<HASH>();
        let (content, _) = content.ok_or(Failure::IntegrityFailure)?;
        if with_hash(content) != written {
            return Err(Failure::IntegrityFailure);
        }
        self.storage.commit_large_blobs(&token_card, &written)?;
        Ok(Vec::new())
    }
}

/// `maxFragmentLength`.
fn max_fragment_length(transport: Transport) -> usize {
    transport.max_message_size() - 64
}

/// The array's bytes ‖ the first half of their SHA-256.
fn with_hash(content: &[u8]) -> Vec<u8> {
    let hash = Sha256::digest(content);
    content
        .iter()
        .chain(hash.iter().take(HASH))
        .copied()
        .collect()
}
