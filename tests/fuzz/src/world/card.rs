//! The card of the vectors, in memory, with what goes wrong.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use authenticator_core::{Card, CardError, VerifyError};
use eid_card::{Certificate, LastTry, Pin, Tries};
use rsa::Pkcs1v15Sign;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use super::Script;
use super::known::installation;

/// The right PIN.
pub(super) const PIN: &str = "1234";

/// Signatures are deterministic, and most inputs ask for the same ones again.
static SIGNATURES: LazyLock<Mutex<HashMap<Vec<u8>, Vec<u8>>>> = LazyLock::new(Mutex::default);
const MOST_SIGNATURES: usize = 4096;

/// What was asked of the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    Certificate,
    Tries,
    /// A VERIFY that reached the card, with its PIN.
    Verify([u8; 4]),
    Sign,
    /// A new PIN that reached the card.
    ChangePin([u8; 4]),
    Release,
}

pub(super) struct MemoryCard {
    pub(super) calls: Vec<Call>,
    pub(super) verified: bool,
    tries: u8,
    pin: [u8; 4],
    /// Calls until one fails.
    until_failure: Option<u8>,
    failure: u8,
}

impl MemoryCard {
    pub(super) fn new(script: &Script) -> MemoryCard {
        MemoryCard {
            calls: Vec::new(),
            verified: false,
            tries: 3 - (script.situation >> 6),
            pin: *PIN.as_bytes().first_chunk().unwrap(),
            until_failure: script.failing_call.checked_sub(1),
            failure: script.failure,
        }
    }

    /// From now on one of the next calls fails: bits 0 to 4 say which, counted from 1; all of them how.
    pub(super) fn fail_at(&mut self, how: u8) {
        self.until_failure = (how & 0x1F).checked_sub(1);
        self.failure = how;
    }

    /// Tries left.
    pub(super) fn tries_left(&self) -> u8 {
        self.tries
    }

    /// Notes a call; an error if it is the one that fails.
    fn call(&mut self, call: Call) -> Result<(), CardError> {
        const ERRORS: [CardError; 9] = [
            CardError::Removed,
            CardError::Changed,
            CardError::NoCard,
            CardError::SeveralCards,
            CardError::Busy,
            CardError::NoReader,
            CardError::PcscNotRunning,
            CardError::Unsupported,
            CardError::Failed,
        ];
        let signs = call == Call::Sign;
        self.calls.push(call);
        match self.until_failure {
            // From here on the signature is wrong instead.
            Some(0) if signs && self.failure & 0x80 != 0 => Ok(()),
            Some(0) => {
                self.until_failure = None;
                Err(ERRORS[usize::from(self.failure) % ERRORS.len()])
            }
            Some(left) => {
                self.until_failure = Some(left - 1);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn sign(&mut self, scheme: Pkcs1v15Sign, digest: &[u8]) -> Result<Vec<u8>, CardError> {
        assert!(self.verified, "a signature without a verified PIN");
        self.call(Call::Sign)?;
        let mut known = SIGNATURES.lock().unwrap();
        if known.len() >= MOST_SIGNATURES {
            known.clear();
        }
        let signature = known
            .entry(digest.to_vec())
            .or_insert_with(|| installation().key.sign(scheme, digest).unwrap());
        let mut signature = signature.clone();
        if self.until_failure == Some(0) {
            signature[17] ^= 1;
        }
        Ok(signature)
    }
}

impl Card for MemoryCard {
    fn certificate(&mut self) -> Result<Certificate, CardError> {
        self.call(Call::Certificate)?;
        self.verified = false;
        Ok(installation().certificate.clone())
    }

    fn tries(&mut self) -> Result<Tries, CardError> {
        assert!(!self.verified, "the tries of a card that is held");
        self.call(Call::Tries)?;
        Ok(Tries::from_counter(self.tries))
    }

    /// As `eid-card` does it: the counter first, the last try only with permission.
    fn verify(&mut self, pin: &Pin, last: Option<LastTry>) -> Result<(), VerifyError> {
        match Tries::from_counter(self.tries) {
            Tries::Locked => return Err(VerifyError::Locked),
            Tries::Left(1) if last.is_none() => return Err(VerifyError::LastTryNeedsPermission),
            Tries::Left(_) => {}
        }
        self.call(Call::Verify(*pin.digits()))?;
        if *pin.digits() == self.pin {
            self.tries = 3;
            self.verified = true;
            return Ok(());
        }
        self.tries -= 1;
        let left = Tries::from_counter(self.tries);
        Err(VerifyError::WrongPin { left })
    }

    fn sign_sha256(&mut self, digest: &[u8; 32]) -> Result<Vec<u8>, CardError> {
        self.sign(Pkcs1v15Sign::new::<Sha256>(), digest)
    }

    fn sign_sha512(&mut self, digest: &[u8; 64]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        self.sign(Pkcs1v15Sign::new::<Sha512>(), digest)
            .map(Zeroizing::new)
    }

    fn change_pin(&mut self, new: &Pin) -> Result<(), CardError> {
        assert!(self.verified, "another PIN without a verified one");
        self.call(Call::ChangePin(*new.digits()))?;
        self.pin = *new.digits();
        Ok(())
    }

    fn release(&mut self) {
        self.calls.push(Call::Release);
        self.verified = false;
    }
}
