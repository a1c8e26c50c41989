//! Card, person, store and randomness, as a vector describes them.

use std::collections::VecDeque;

use authenticator_core::{
    Account, Card, CardError, Confirmation, CredentialId, CredentialRecord, Disclosure, Holder,
    Person, PinEntry, Progress, Refusal, RegisterAnswer, RegisterQuestion, Registration, Secrets,
    Settings, SignInQuestion, Site, Storage, StorageError, VerifyError, VerifyQuestion,
};
use eid_card::{CardKeyHash, Certificate, LastTry, Pin, Tries};
use rand_core::{CryptoRng, RngCore};
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::files::{Answers, CardFiles, Draw, Hex, Installation, vectors};

/// A card with the key of a file, which remembers what it signed.
pub struct VectorCard {
    pub certificate: Certificate,
    pub key: RsaPrivateKey,
    pub signed_sha256: Vec<Hex>,
    pub signed_sha512: Vec<(Hex, Hex)>,
}

impl VectorCard {
    pub fn new(files: &CardFiles) -> VectorCard {
        let der = std::fs::read(vectors().join(&files.certificate)).unwrap();
        let certificate = Certificate::from_der(&der).unwrap();
        assert_eq!(
            certificate.key_hash().as_bytes(),
            files.key_hash.0.as_slice()
        );
        let pem = std::fs::read_to_string(vectors().join(&files.key)).unwrap();
        VectorCard {
            certificate,
            key: RsaPrivateKey::from_pkcs8_pem(&pem).unwrap(),
            signed_sha256: Vec::new(),
            signed_sha512: Vec::new(),
        }
    }
}

impl Card for VectorCard {
    fn certificate(&mut self) -> Result<Certificate, CardError> {
        Ok(self.certificate.clone())
    }

    fn tries(&mut self) -> Result<Tries, CardError> {
        Ok(Tries::from_counter(3))
    }

    fn verify(&mut self, _: &Pin, _: Option<LastTry>) -> Result<(), VerifyError> {
        Ok(())
    }

    fn sign_sha256(&mut self, digest: &[u8; 32]) -> Result<Vec<u8>, CardError> {
        self.signed_sha256.push(Hex(digest.to_vec()));
        Ok(self
            .key
            .sign(Pkcs1v15Sign::new::<Sha256>(), digest)
            .unwrap())
    }

    fn sign_sha512(&mut self, digest: &[u8; 64]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        let signature = self
            .key
            .sign(Pkcs1v15Sign::new::<Sha512>(), digest)
            .unwrap();
        self.signed_sha512
            .push((Hex(digest.to_vec()), Hex(signature.clone())));
        Ok(Zeroizing::new(signature))
    }

    fn change_pin(&mut self, _: &Pin) -> Result<(), CardError> {
        panic!("nobody changes the PIN")
    }

    fn release(&mut self) {}
}

impl Holder for Answers {
    fn insert_card(&mut self, problem: CardError) -> Result<(), Refusal> {
        panic!("{problem}")
    }

    fn progress(&mut self, _: Progress) -> Result<(), Refusal> {
        Ok(())
    }
}

/// Answers what the vector says, and nothing that it does not.
impl Person for Answers {
    fn asks_for_pin(&self) -> bool {
        true
    }

    fn register(&mut self, question: &RegisterQuestion<'_>) -> Result<RegisterAnswer, Refusal> {
        assert_eq!(
            question.certificate.is_some(),
            self.disclose_certificate.is_some(),
            "whether the certificate is offered"
        );
        assert_eq!(
            question.card_credential.is_some(),
            self.card_credential.is_some(),
            "whether the card credential is offered"
        );
        Ok(RegisterAnswer {
            entry: question.pin.map(|_| self.entry()),
            disclose: self.disclose_certificate == Some(true),
            card_credential: self.card_credential == Some(true),
            remember_site: false,
        })
    }

    fn sign_in(&mut self, question: &SignInQuestion<'_>) -> Result<Option<PinEntry>, Refusal> {
        Ok(question.pin.map(|_| self.entry()))
    }

    fn verify(&mut self, question: &VerifyQuestion<'_>) -> Result<PinEntry, Refusal> {
        panic!("{question:?}")
    }

    fn confirm(&mut self, question: &Confirmation<'_>) -> Result<(), Refusal> {
        panic!("{question:?}")
    }

    fn choose_account(&mut self, _: &Site<'_>, accounts: &[Account]) -> Result<usize, Refusal> {
        let name = self.choose_account.take();
        let chosen = accounts
            .iter()
            .position(|account| account.name.name == name);
        Ok(chosen.unwrap())
    }

    fn already_registered(&mut self, _: &Site<'_>) -> Result<(), Refusal> {
        panic!("already registered")
    }

    fn no_credential(&mut self, _: &Site<'_>) -> Result<(), Refusal> {
        panic!("no credential")
    }
}

impl Answers {
    pub fn entry(&self) -> PinEntry {
        PinEntry::typed(Pin::parse(&self.pin).unwrap(), None)
    }
}

pub struct VectorStorage {
    pub installation: Installation,
    pub records: Vec<CredentialRecord>,
    pub disclosures: Vec<Disclosure>,
}

impl Storage for VectorStorage {
    fn secrets(&mut self) -> Result<Secrets, StorageError> {
        Ok(Secrets::new(
            Zeroizing::new(self.installation.device_secret.array()),
            Zeroizing::new(self.installation.salt.array()),
        ))
    }

    fn credential(&mut self, id: &CredentialId) -> Result<Option<CredentialRecord>, StorageError> {
        Ok(self.records.iter().find(|record| record.id == *id).cloned())
    }

    fn credentials(&mut self, _: &str) -> Result<Vec<CredentialRecord>, StorageError> {
        Ok(self.records.clone())
    }

    fn site_remembered(&mut self, _: &str) -> Result<bool, StorageError> {
        Ok(false)
    }

    fn commit_registration(&mut self, registration: &Registration) -> Result<(), StorageError> {
        self.records.push(registration.credential.clone());
        self.disclosures.extend(registration.disclosure.clone());
        Ok(())
    }

    fn commit_use(&mut self, _: &CredentialId, _: u64) -> Result<(), StorageError> {
        Ok(())
    }

    fn credentials_of(&mut self, _: &CardKeyHash) -> Result<Vec<CredentialRecord>, StorageError> {
        panic!("no vector manages credentials")
    }

    fn commit_removal(&mut self, _: &CardKeyHash, _: &CredentialId) -> Result<bool, StorageError> {
        panic!("no vector manages credentials")
    }

    fn commit_names(
        &mut self,
        _: &CardKeyHash,
        _: &CredentialId,
        _: Option<&[u8]>,
    ) -> Result<bool, StorageError> {
        panic!("no vector manages credentials")
    }

    fn large_blobs(&mut self, _: &CardKeyHash) -> Result<Option<Vec<u8>>, StorageError> {
        panic!("no vector has large blobs")
    }

    fn commit_large_blobs(&mut self, _: &CardKeyHash, _: &[u8]) -> Result<(), StorageError> {
        panic!("no vector has large blobs")
    }

    fn settings(&mut self) -> Result<Settings, StorageError> {
        Ok(Settings::default())
    }

    fn commit_settings(&mut self, _: &Settings) -> Result<(), StorageError> {
        panic!("no vector changes settings")
    }

    fn commit_reset(&mut self, _: &CardKeyHash) -> Result<(), StorageError> {
        panic!("no vector resets")
    }
}

/// Gives out what the vector says, and no more.
pub struct Randomness(pub VecDeque<u8>);

impl Randomness {
    pub fn of(draws: &[Draw]) -> Randomness {
        Randomness(draws.iter().flat_map(|draw| draw.bytes.0.clone()).collect())
    }
}

impl RngCore for Randomness {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    /// Panics when more is drawn than was recorded.
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.pop_front().unwrap();
        }
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Randomness {}
