//! What must hold after every request, however it ended.

use authenticator_core::cbor::{self, Map, Value};
use authenticator_core::{CredentialId, CredentialKind, Outcome};
use eid_attestation::{UnixTime, verify};
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::EncodedPoint;
use rsa::Pkcs1v15Sign;
use sha2::{Digest, Sha256};

use super::World;
use super::card::Call;
use super::known::{credentials, installation};
use super::storage::MemoryStorage;

/// The longest response that CTAPHID carries (CTAP 2.3 §11.2.4).
const LONGEST_RESPONSE: usize = 7_609;

/// COSE algorithm identifier (RFC 8812 §2).
const RS256: i64 = -257;

const UP: u8 = 1 << 0;
const UV: u8 = 1 << 2;
const BE: u8 = 1 << 3;
const BS: u8 = 1 << 4;
const AT: u8 = 1 << 6;
const ED: u8 = 1 << 7;

pub(super) fn after(
    world: &World,
    before: &MemoryStorage,
    request: &[u8],
    now: u64,
    outcome: &Outcome,
) {
    pins_and_power(world);
    match (outcome.failure, outcome.response.as_slice()) {
        (Some(failure), [status]) => {
            assert_eq!(*status, failure.status());
            assert_ne!(*status, 0);
            assert!(world.storage == *before, "a failure left a trace");
        }
        (None, [0]) => without_response(world, before, request),
        (None, [0, body @ ..]) => {
            assert!(outcome.response.len() <= LONGEST_RESPONSE);
            let response = cbor::decode(body).unwrap();
            assert_eq!(cbor::encode(&response), body);
            let response = response.as_map().unwrap();
            let parameters = cbor::decode(&request[1..]);
            match (request[0], &parameters) {
                (0x01, Ok(Value::Map(request))) => {
                    registration(world, before, request, response, now);
                }
                (0x02, Ok(Value::Map(request))) => assertion(world, before, request, response),
                (0x04, _) => {
                    assert_eq!(request.len(), 1);
                    assert!(untouched(world) && world.storage == *before);
                }
                // authenticatorLargeBlobs, to read: everything else of it needs a token.
                (0x0C, Ok(Value::Map(request))) => {
                    assert!(request.get(0x01).is_some());
                    let fragment = bytes(response, 0x01);
                    assert!(fragment.len() <= 17, "an empty array and its hash");
                    assert!(world.person.typed.is_empty() && world.storage == *before);
                }
                // authenticatorClientPIN: the card is held for a token, and for nothing else.
                (0x06, Ok(Value::Map(_))) => {
                    assert_eq!(world.card.verified, response.get(0x02).is_some());
                    assert!(world.storage == *before);
                }
                other => panic!("succeeded: {other:?}"),
            }
        }
        other => panic!("not a CTAP response: {other:?}"),
    }
}

/// authenticatorSelection, authenticatorReset, changePIN: the person said yes to each.
fn without_response(world: &World, before: &MemoryStorage, request: &[u8]) {
    assert!(world.person.asked);
    match request {
        [0x0B] => assert!(world.card.calls.is_empty() && world.storage == *before),
        [0x07] => {
            let card = installation().certificate.key_hash();
            let records = &world.storage.records;
            assert!(records.iter().all(|record| record.card != card));
            let mut calls = world.card.calls.iter();
            assert!(calls.all(|call| matches!(call, Call::Certificate | Call::Release)));
        }
        [0x06, ..] => {
            let calls = &world.card.calls;
            assert!(calls.iter().any(|call| matches!(call, Call::ChangePin(_))));
            assert!(world.storage == *before);
        }
        other => panic!("succeeded: {other:02x?}"),
    }
}

/// Each PIN that reached the card was typed for it, once and in order; the card ends unpowered, unless it is held for a token.
fn pins_and_power(world: &World) {
    let mut typed = world.person.typed.iter();
    for call in &world.card.calls {
        if let Call::Verify(pin) = call {
            assert!(
                typed.any(|typed| typed == pin),
                "a PIN that was not typed, or sent twice"
            );
        }
    }
    if world.card.verified {
        let held = world.session.wakes_at().is_some();
        assert!(held, "the card was left verified");
        return;
    }
    if let Some(last) = world.card.calls.last() {
        assert_eq!(*last, Call::Release);
    }
}

fn untouched(world: &World) -> bool {
    world.card.calls.is_empty() && !world.person.asked
}

fn registration(world: &World, before: &MemoryStorage, request: &Map, response: &Map, now: u64) {
    let hash = bytes(request, 0x01);
    let rp_id = request.get(0x02).unwrap().as_map().unwrap().get("id");
    let rp_id = rp_id.unwrap().as_text().unwrap();
    let attested = Attested::read(response);
    assert_eq!(attested.rp_id_hash, Sha256::digest(rp_id.as_bytes())[..]);
    // What browsers register to be told of a touch: neither card nor store.
    if [".dummy", "make.me.blink"].contains(&rp_id) && attested.flags & UV == 0 {
        assert!(world.person.asked && world.card.calls.is_empty() && world.storage == *before);
        return;
    }
    assert_eq!(attested.flags & (UP | UV | AT | BS), UP | UV | AT);

    // Exactly this credential is stored, and at most those go that it takes the place of.
    let new = world.storage.records.last().unwrap();
    assert_eq!(new.id.as_bytes().as_slice(), attested.id);
    assert_eq!(new.rp_id, rp_id);
    assert!(before.records.iter().all(|old| old.id != new.id));
    for old in &before.records {
        let replaced = old.discoverable
            && new.discoverable
            && old.rp_id == new.rp_id
            && old.user_handle == new.user_handle;
        assert!(replaced || world.storage.records.contains(old));
    }

    // What is the same everywhere leaves only with the person's agreement, and on record; whoever trusts the issuer is convinced
    // by the certificate.
    let format = response.get(0x01).unwrap().as_text().unwrap();
    assert!(["none", "packed", "eid-x509"].contains(&format));
    let certificate_left = format == "eid-x509";
    let card_key_left = attested.algorithm() == RS256;
    assert_eq!(certificate_left, world.person.certificate_agreed);
    assert_eq!(card_key_left, world.person.card_key_agreed);
    assert_eq!(
        world.storage.disclosures.is_empty(),
        !certificate_left && !card_key_left
    );
    if let Some(enterprise) = response.get(0x04) {
        assert_eq!(enterprise.as_bool(), Some(true));
        assert!(certificate_left && request.get(0x0A).is_some());
    }
    let object = Map::new()
        .with("fmt", format)
        .with("attStmt", response.get(0x03).unwrap().clone())
        .with("authData", bytes(response, 0x02));
    let verdict = verify(
        &cbor::encode(&object.into()),
        hash.try_into().unwrap(),
        &installation().profiles,
        None,
        UnixTime::from_secs(now),
    );
    assert_eq!(verdict.is_ok(), certificate_left, "{verdict:?}");
}

fn assertion(world: &World, before: &MemoryStorage, request: &Map, response: &Map) {
    let rp_id = request.get(0x01).unwrap().as_text().unwrap();
    let id = bytes(response.get(0x01).unwrap().as_map().unwrap(), "id");
    let auth_data = bytes(response, 0x02);
    assert!(auth_data.len() == 37 || auth_data[32] & ED != 0);
    assert_eq!(auth_data[..32], Sha256::digest(rp_id.as_bytes())[..]);
    let flags = auth_data[32];

    // A credential of this site, and one that was allowed.
    let record = CredentialId::from_bytes(id)
        .and_then(|id| before.records.iter().find(|record| record.id == id));
    assert!(record.is_none_or(|record| record.rp_id == rp_id));
    let allowed = request.get(0x03).and_then(Value::as_array);
    let allowed = allowed.unwrap_or_default();
    let named = allowed.iter().any(|entry| {
        let entry = entry.as_map().unwrap();
        entry.get("id").and_then(Value::as_bytes) == Some(id)
    });
    assert!(named || record.is_some_and(|record| record.discoverable));

    let message = [auth_data, bytes(request, 0x02)].concat();
    let verifies = verifies(id, &message, bytes(response, 0x03));
    let options = request.get(0x05).and_then(Value::as_map);
    let up = options.and_then(|options| options.get("up"));
    if up.and_then(Value::as_bool) == Some(false) {
        assert_eq!(flags & (UP | UV), 0);
        assert!(named && !verifies && world.person.typed.is_empty() && !world.person.asked);
        assert!(world.storage == *before);
    } else {
        assert_eq!(flags & (UP | UV), UP | UV);
        assert!(flags & BS == 0 || flags & BE != 0);
        assert!(verifies, "the signature is not the credential's");
        assert!(
            world
                .card
                .calls
                .iter()
                .any(|call| matches!(call, Call::Verify(_)))
        );
    }
}

fn bytes(map: &Map, key: impl Into<Value>) -> &[u8] {
    map.get(key).unwrap().as_bytes().unwrap()
}

/// The attested credential data of a registration's response.
pub(super) struct Attested {
    rp_id_hash: Vec<u8>,
    flags: u8,
    id: Vec<u8>,
    /// COSE_Key.
    pub(super) public_key: Vec<u8>,
}

impl Attested {
    pub(super) fn read(response: &Map) -> Attested {
        let data = bytes(response, 0x02);
        let length = usize::from(u16::from_be_bytes([data[53], data[54]]));
        let (id, rest) = data[55..].split_at(length);
        // Outputs of extensions may follow.
        let length = (1..=rest.len()).find(|length| cbor::decode(&rest[..*length]).is_ok());
        let public_key = &rest[..length.unwrap()];
        Attested {
            rp_id_hash: data[..32].to_vec(),
            flags: data[32],
            id: id.to_vec(),
            public_key: public_key.to_vec(),
        }
    }

    /// COSE algorithm identifier.
    fn algorithm(&self) -> i64 {
        let key = cbor::decode(&self.public_key).unwrap();
        let algorithm = key.as_map().unwrap().get(3);
        algorithm.and_then(Value::as_integer).unwrap()
    }
}

/// Whether a signature is by the key of this credential.
fn verifies(id: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let card_kind =
        CredentialId::from_bytes(id).is_some_and(|id| id.kind() == CredentialKind::Card);
    if card_kind {
        let key = installation().key.to_public_key();
        let digest = Sha256::digest(message);
        let verified = key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, signature);
        return verified.is_ok();
    }
    let Some(key) = credentials().public_keys.get(id) else {
        return false;
    };
    let key = cbor::decode(key).unwrap();
    let key = key.as_map().unwrap();
    let (x, y) = (bytes(key, -2), bytes(key, -3));
    let point = EncodedPoint::<p256::NistP256>::from_affine_coordinates(x.into(), y.into(), false);
    let key = VerifyingKey::from_encoded_point(&point).unwrap();
    let signature = Signature::from_der(signature).expect("a well-formed signature");
    key.verify(message, &signature).is_ok()
}
