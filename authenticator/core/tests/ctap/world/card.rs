//! A card in memory, with a real certificate and its key.

use std::collections::VecDeque;

use authenticator_core::{Card, CardError, PadError, Refusal, VerifyError};
use eid_card::{Certificate, LastTry, Pin, Tries};
use jpki_lab::pki::Credential;
use rsa::Pkcs1v15Sign;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

/// What was asked of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    Certificate,
    Tries,
    /// A VERIFY that reached the card, with its PIN.
    Verify(String),
    Sign256,
    Sign512,
    /// To this PIN.
    ChangePin(String),
    Release,
}

impl Call {
    pub fn pin(&self) -> Option<&String> {
        match self {
            Call::Verify(pin) => Some(pin),
            _ => None,
        }
    }
}

/// What the person does at the reader's PIN pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Press {
    /// Four digits and the key that confirms.
    Digits(&'static str),
    /// Another number of digits.
    OtherDigits,
    /// The key that cancels.
    Cancel,
    /// Nothing, until the pad gives up.
    Nothing,
    /// Nothing, for as long as the answer is wanted.
    NothingYet,
    /// Whatever: the pad does not take such a PIN.
    Refused,
}

pub struct SoftCard {
    credential: Credential,
    pub pin: String,
    pub tries: u8,
    pub verified: bool,
    pub calls: Vec<Call>,
    /// What reading the certificate answers before it works.
    pub absent: VecDeque<CardError>,
    /// A call that fails, once.
    pub failing: Option<(Call, CardError)>,
    /// Signatures of this form come out with one bit flipped.
    pub faulty: Option<Call>,
    /// Panics at this call.
    pub panic_at: Option<Call>,
    /// Tries that somebody else spends before the next VERIFY.
    pub spent_by_others: u8,
    /// What is pressed on the reader's PIN pad, if it has one.
    pub pad: Option<VecDeque<Press>>,
}

impl SoftCard {
    pub fn of(person: &str) -> SoftCard {
        let pki = jpki_lab::pki::shared().unwrap();
        SoftCard {
            credential: pki.person(person).unwrap().authentication.clone(),
            pin: "1234".into(),
            tries: 3,
            verified: false,
            calls: Vec::new(),
            absent: VecDeque::new(),
            failing: None,
            faulty: None,
            panic_at: None,
            spent_by_others: 0,
            pad: None,
        }
    }

    pub fn certificate_der(&self) -> &[u8] {
        &self.credential.certificate
    }

    /// The key that a card credential has.
    pub fn public_key(&self) -> rsa::RsaPublicKey {
        rsa::RsaPublicKey::from(&self.credential.key)
    }

    pub fn key_hash(&self) -> eid_card::CardKeyHash {
        Certificate::from_der(self.certificate_der())
            .unwrap()
            .key_hash()
    }

    /// How often the key signed.
    pub fn signatures(&self) -> usize {
        let signed = |call: &&Call| matches!(call, Call::Sign256 | Call::Sign512);
        self.calls.iter().filter(signed).count()
    }

    fn called(&mut self, call: Call) -> Result<(), CardError> {
        self.calls.push(call.clone());
        if self.panic_at.as_ref() == Some(&call) {
            self.panic_at = None;
            panic!("the card's driver panics");
        }
        match self.failing.take() {
            Some((failing, error)) if failing == call => Err(error),
            other => {
                self.failing = other;
                Ok(())
            }
        }
    }

    fn permit(&mut self, last: Option<LastTry>) -> Result<(), VerifyError> {
        self.tries -= std::mem::take(&mut self.spent_by_others);
        match Tries::from_counter(self.tries) {
            Tries::Locked => Err(VerifyError::Locked),
            Tries::Left(1) if last.is_none() => Err(VerifyError::LastTryNeedsPermission),
            Tries::Left(_) => Ok(()),
        }
    }

    fn present(&mut self, pin: String) -> Result<(), VerifyError> {
        self.called(Call::Verify(pin.clone()))?;
        if pin == self.pin {
            self.tries = 3;
            self.verified = true;
            Ok(())
        } else {
            self.tries -= 1;
            let left = Tries::from_counter(self.tries);
            Err(VerifyError::WrongPin { left })
        }
    }

    fn sign(&mut self, scheme: Pkcs1v15Sign, digest: &[u8]) -> Result<Vec<u8>, CardError> {
        assert!(self.verified, "signing without a verified PIN");
        let mut signature = self.credential.key.sign(scheme, digest).unwrap();
        if self.faulty == self.calls.last().cloned() {
            signature[17] ^= 4;
        }
        Ok(signature)
    }
}

impl Card for SoftCard {
    /// As `eid-card` does it: whatever was held is let go of.
    fn certificate(&mut self) -> Result<Certificate, CardError> {
        self.called(Call::Certificate)?;
        self.verified = false;
        match self.absent.pop_front() {
            Some(error) => Err(error),
            None => Ok(Certificate::from_der(&self.credential.certificate).unwrap()),
        }
    }

    fn tries(&mut self) -> Result<Tries, CardError> {
        self.called(Call::Tries)?;
        assert!(
            !self.verified,
            "a card that is held verified does not tell its tries"
        );
        Ok(Tries::from_counter(self.tries))
    }

    /// As `eid-card` does it: the counter first, the last try only with permission.
    fn verify(&mut self, pin: &Pin, last: Option<LastTry>) -> Result<(), VerifyError> {
        self.permit(last)?;
        let typed = String::from_utf8(pin.digits().to_vec()).unwrap();
        self.present(typed)
    }

    fn has_pin_pad(&mut self) -> bool {
        self.pad.is_some()
    }

    /// As the app does it: the person presses something after a while.
    fn verify_on_pad(
        &mut self,
        last: Option<LastTry>,
        wanted: &mut dyn FnMut() -> Result<(), Refusal>,
    ) -> Result<(), PadError> {
        self.permit(last)?;
        let press = self.pad.as_mut().unwrap().pop_front().unwrap();
        wanted()?;
        wanted()?;
        match press {
            Press::Digits(pin) => Ok(self.present(pin.to_owned())?),
            Press::OtherDigits => Err(PadError::WrongLength),
            Press::Cancel => Err(Refusal::Cancelled.into()),
            Press::Nothing => Err(Refusal::TimedOut.into()),
            Press::NothingYet => loop {
                wanted()?;
            },
            Press::Refused => Err(PadError::Unusable),
        }
    }

    fn sign_sha256(&mut self, digest: &[u8; 32]) -> Result<Vec<u8>, CardError> {
        self.called(Call::Sign256)?;
        self.sign(Pkcs1v15Sign::new::<Sha256>(), digest)
    }

    fn sign_sha512(&mut self, digest: &[u8; 64]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        self.called(Call::Sign512)?;
        self.sign(Pkcs1v15Sign::new::<Sha512>(), digest)
            .map(Zeroizing::new)
    }

    fn change_pin(&mut self, new: &Pin) -> Result<(), CardError> {
        let new = String::from_utf8(new.digits().to_vec()).unwrap();
        self.called(Call::ChangePin(new.clone()))?;
        assert!(self.verified, "changing without a verified PIN");
        self.pin = new;
        Ok(())
    }

    fn release(&mut self) {
        self.calls.push(Call::Release);
        self.verified = false;
    }
}
