//! The installation, the card and the credentials of the test vectors.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use authenticator_core::{
    Authenticator, CredentialKind, CredentialRecord, Moment, Session, Transport,
};
use eid_attestation::{Profile, Profiles};
use eid_card::Certificate;
use rand_core::{CryptoRng, Error, RngCore};
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey;
use serde_json::Value;

use super::card::MemoryCard;
use super::check::Attested;
use super::person::ScriptedPerson;
use super::storage::MemoryStorage;
use super::{Script, World};
use crate::vectors;

const CERTIFICATE: &str = "certificates/card-of-generation-3.cer";

/// One computer, one card, and who trusts it.
pub(super) struct Installation {
    pub(super) device_secret: [u8; 32],
    pub(super) salt: [u8; 32],
    pub(super) certificate: Certificate,
    pub(super) key: RsaPrivateKey,
    /// The time of most vectors.
    pub(super) now: u64,
    pub(super) profiles: Profiles,
}

/// What the vectors' registrations with that card leave behind.
pub(super) struct Credentials {
    pub(super) records: Vec<CredentialRecord>,
    /// Their public keys as COSE_Key, by credential ID.
    pub(super) public_keys: BTreeMap<Vec<u8>, Vec<u8>>,
}

pub(super) fn installation() -> &'static Installation {
    static INSTALLATION: OnceLock<Installation> = OnceLock::new();
    INSTALLATION.get_or_init(|| {
        let vector = registrations().next().unwrap();
        let certificate = Certificate::from_der(&vectors::bytes(CERTIFICATE)).unwrap();
        let key = vectors::path("keys/card-of-generation-3.pem");
        let mut profiles = Profiles::new();
        let lab = Profile::from_file(&vectors::path("profiles/lab.toml")).unwrap();
        profiles.insert(lab).unwrap();
        Installation {
            device_secret: vectors::array(&vector, "/authenticator/installation/device_secret"),
            salt: vectors::array(&vector, "/authenticator/installation/salt"),
            certificate,
            key: RsaPrivateKey::read_pkcs8_pem_file(key).unwrap(),
            now: vector["authenticator"]["now"].as_u64().unwrap(),
            profiles,
        }
    })
}

pub(super) fn credentials() -> &'static Credentials {
    static CREDENTIALS: OnceLock<Credentials> = OnceLock::new();
    CREDENTIALS.get_or_init(|| {
        let mut credentials = Credentials {
            records: Vec::new(),
            public_keys: BTreeMap::new(),
        };
        for vector in registrations() {
            let (record, public_key) = register(&vector["authenticator"]);
            let id = record.id.as_bytes().to_vec();
            if credentials.public_keys.insert(id, public_key).is_none() {
                credentials.records.push(record);
            }
        }
        // One of them was backed up since.
        let mut records = credentials.records.iter_mut();
        let pairwise = records.find(|record| record.kind() == CredentialKind::Pairwise);
        pairwise.unwrap().backed_up = true;
        credentials
    })
}

/// The vectors that say how the authenticator made them, with that card.
fn registrations() -> impl Iterator<Item = Value> {
    let vectors = vectors::folder("registrations/accepted").into_iter();
    vectors.filter(|vector| vector["authenticator"]["card"]["certificate"] == CERTIFICATE)
}

/// Registers as the vector says; the record and the public key.
fn register(vector: &Value) -> (CredentialRecord, Vec<u8>) {
    let agreed = |member: &str| vector["person"][member] == true;
    let reply = u8::from(agreed("disclose_certificate")) | u8::from(agreed("card_credential")) << 5;
    let script = Script {
        replies: [reply, 0, 0, 0],
        ..Script::default()
    };
    let mut world = World {
        card: MemoryCard::new(&script),
        person: ScriptedPerson::new(&script),
        storage: MemoryStorage::empty(),
        session: Session::power_up(Duration::ZERO),
    };
    let draws = vector["randomness"].as_array().unwrap();
    let bytes = draws.iter().flat_map(|draw| vectors::hex(draw, "/bytes"));
    let mut rng = Draws(bytes.collect::<Vec<u8>>().into_iter());
    let mut moment = Moment {
        now: vector["now"].as_u64().unwrap(),
        elapsed: Duration::ZERO,
        rng: &mut rng,
    };
    let request = vectors::hex(vector, "/request");
    let (card, person, storage) = (&mut world.card, &mut world.person, &mut world.storage);
    let outcome = Authenticator::new(card, person, storage, &mut world.session).handle(
        &request,
        Transport::Internal,
        &mut moment,
    );
    let response = authenticator_core::cbor::decode(&outcome.response[1..]).unwrap();
    let attested = Attested::read(response.as_map().unwrap());
    let [record] = world.storage.records.try_into().unwrap();
    (record, attested.public_key)
}

/// The randomness that a vector says was drawn.
struct Draws(std::vec::IntoIter<u8>);

impl RngCore for Draws {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        bytes.fill_with(|| self.0.next().unwrap());
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Draws {}
