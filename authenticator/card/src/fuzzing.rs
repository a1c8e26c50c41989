//! Ways in for the fuzz targets (`tests/fuzz`). Compiled by `cargo fuzz` alone; no part of the API.

use crate::certificate::Certificate;
use crate::error::{CardError, VerifyError};
use crate::jpki::{Applet, Failure, PinFailure};
use crate::pin::{LastTry, Pin, Tries};
use crate::pin_pad::{self, PinPad};
use crate::signature::Signature;
use crate::token::TokenKind;
use crate::wire::{LONGEST_ANSWER, Wire};

/// The application on a card whose answers come from a function: `None` is a link that failed.
pub struct Answering<F>(Applet<Answers<F>>);

/// `None` where the link failed, and the card said nothing.
pub type Outcome<T, E = CardError> = Result<T, Option<E>>;

impl<F: FnMut(&[u8]) -> Option<Vec<u8>>> Answering<F> {
    /// SELECT.
    pub fn select(answers: F) -> Outcome<Answering<F>> {
        Applet::select(Answers(answers))
            .map(Answering)
            .map_err(told)
    }

    /// READ BINARY of the certificate.
    pub fn read_certificate(&mut self) -> Outcome<Certificate> {
        self.0.read_certificate().map_err(told)
    }

    /// READ BINARY of as much of the certificate as tells whether it is this one.
    pub fn has_certificate(&mut self, known: &Certificate) -> Outcome<bool> {
        self.0.has_certificate(known).map_err(told)
    }

    /// READ BINARY of the token's label.
    pub fn read_kind(&mut self) -> Outcome<TokenKind> {
        self.0.read_kind().map_err(told)
    }

    /// The empty VERIFY.
    pub fn tries(&mut self) -> Outcome<Tries> {
        self.0.tries().map_err(told)
    }

    /// VERIFY.
    pub fn verify(&mut self, pin: &Pin, last: Option<LastTry>) -> Outcome<(), VerifyError> {
        self.0.verify(pin, last).map_err(|failure| match failure {
            PinFailure::Verdict(error) => Some(error),
            PinFailure::Other(failure) => told(failure).map(VerifyError::Card),
        })
    }

    /// COMPUTE SIGNATURE over a SHA-256 digest.
    pub fn sign_sha256(&mut self, digest: &[u8; 32]) -> Outcome<Signature> {
        self.0.sign_sha256(digest).map_err(told)
    }

    /// COMPUTE SIGNATURE over a SHA-512 digest.
    pub fn sign_sha512(&mut self, digest: &[u8; 64]) -> Outcome<Signature> {
        self.0.sign_sha512(digest).map_err(told)
    }
}

/// Whether a driver's list of features has a PIN pad.
pub fn has_pin_pad(features: &[u8]) -> bool {
    PinPad::among(features).is_some()
}

/// What a PIN pad's answer says.
pub fn pad_verdict(answer: &[u8]) -> Outcome<(), VerifyError> {
    pin_pad::verdict(answer).map_err(|failure| match failure {
        PinFailure::Verdict(error) => Some(error),
        PinFailure::Other(failure) => told(failure).map(VerifyError::Card),
    })
}

fn told(failure: Failure) -> Option<CardError> {
    match failure {
        Failure::Card(error) => Some(error),
        Failure::Pcsc(_) => None,
    }
}

struct Answers<F>(F);

impl<F: FnMut(&[u8]) -> Option<Vec<u8>>> Wire for Answers<F> {
    fn exchange(
        &mut self,
        command: &[u8],
        answer: &mut [u8; LONGEST_ANSWER],
    ) -> Result<usize, pcsc::Error> {
        let next = (self.0)(command).ok_or(pcsc::Error::RemovedCard)?;
        let room = answer
            .get_mut(..next.len())
            .ok_or(pcsc::Error::InsufficientBuffer)?;
        room.copy_from_slice(&next);
        Ok(next.len())
    }
}
