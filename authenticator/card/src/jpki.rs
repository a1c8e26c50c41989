//! The JPKI application on the card (公的個人認証AP): each command once, as it goes over the wire.
//!
//! SELECT and READ BINARY go through `myna-card`. What touches the PIN or a signature does not:
//! `myna_card::Card::call` sends a command again after `6Cxx`, and its buffers are not zeroised.

use myna_card::ap::jpki::{DF, ef};
use myna_card::apdu::cla;
use myna_card::card::ins;
use myna_card::{Command, Transmit};
use zeroize::Zeroizing;

use crate::certificate::{Certificate, CertificateError};
use crate::error::{CardError, Operation, VerifyError};
use crate::pin::{LastTry, Pin, Tries};
use crate::signature::Signature;
use crate::token::TokenKind;
use crate::wire::{LONGEST_ANSWER, Wire};

/// Commands one operation may take, continuations included: the longest certificate accepted needs 16.
const MOST_EXCHANGES: u16 = 32;

/// Bytes asked for at a time (short Le).
const CHUNK: usize = 256;

/// P2 of VERIFY: the EF of the authentication PIN by its short identifier, with no SELECT.
const AUTH_PIN_P2: u8 = 0x80 | ef::AUTH_PIN as u8;

/// P2 of the signing command: the EF of the authentication key by its short identifier.
const AUTH_KEY_P2: u8 = 0x80 | ef::AUTH_KEY as u8;

/// VERIFY of the authentication PIN, up to Lc; the digits follow.
pub(crate) const VERIFY: [u8; 5] = [cla::USER, ins::VERIFY, 0x00, AUTH_PIN_P2, Pin::LENGTH as u8];

/// Why a command did not do what it should: the link failed, or the card answered.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The PC/SC layer's error; what it means depends on the reader's state.
    Pcsc(pcsc::Error),
    /// An answer that already says what happened.
    Card(CardError),
}

impl From<pcsc::Error> for Failure {
    fn from(error: pcsc::Error) -> Failure {
        Failure::Pcsc(error)
    }
}

impl From<CardError> for Failure {
    fn from(error: CardError) -> Failure {
        Failure::Card(error)
    }
}

/// Why the PIN was not verified, before the PC/SC layer's errors are explained.
#[derive(Debug)]
pub(crate) enum PinFailure {
    /// The PIN rules or the card's verdict.
    Verdict(VerifyError),
    /// Anything else.
    Other(Failure),
}

impl<F: Into<Failure>> From<F> for PinFailure {
    fn from(failure: F) -> PinFailure {
        PinFailure::Other(failure.into())
    }
}

/// The application, selected.
pub(crate) struct Applet<W> {
    card: myna_card::Card<Metered<W>>,
}

impl<W: Wire> Applet<W> {
    /// SELECTs the application.
    ///
    /// The first command after power-up can be answered `6F00` (measured on real cards by others); the command is
    /// harmless, so it is its own throwaway and is sent a second time.
    ///
    /// # Errors
    ///
    /// [`CardError::Mute`] if it is answered `6F00` ("no precise diagnosis") the second time too: that tells nothing about
    /// which card it is. [`CardError::NoApplication`] whatever other status the card answers: foreign cards have many.
    pub(crate) fn select(wire: W) -> Result<Applet<W>, Failure> {
        let mut applet = Applet::already_selected(wire);
        let command = Command::with_data(cla::USER, ins::SELECT_FILE, 0x04, 0x0C, DF);
        let mut status = applet.call(Operation::Select, &command)?.1;
        if status == 0x6F00 {
            status = applet.call(Operation::Select, &command)?.1;
        }
        match status {
            0x9000 => Ok(applet),
            0x6F00 => Err(CardError::Mute.into()),
            _ => Err(CardError::NoApplication.into()),
        }
    }

    /// Goes on with an application that is still selected, the card being held exclusively.
    pub(crate) fn already_selected(wire: W) -> Applet<W> {
        Applet {
            card: myna_card::Card::new(Metered {
                wire,
                left: MOST_EXCHANGES,
            }),
        }
    }

    /// READs the authentication certificate, as long as its DER header says, without the padding.
    pub(crate) fn read_certificate(&mut self) -> Result<Certificate, Failure> {
        self.start_operation();
        let mut der = self.read_certificate_part(0x80 | ef::AUTH_CERTIFICATE as u8, 0, CHUNK)?;
        let length = match der.as_slice() {
            [0x30, 0x82, high, low, ..] => 4 + usize::from(u16::from_be_bytes([*high, *low])),
            // An EF that was never written holds only filler.
            [0x00, ..] | [0xFF, ..] | [] => return Err(CardError::NoCertificate.into()),
            _ => return Err(CardError::Certificate(CertificateError::Malformed).into()),
        };
        if length > Certificate::MAX_LENGTH {
            return Err(CardError::Certificate(CertificateError::TooLong(length)).into());
        }
        while der.len() < length {
            let [high, low] = u16::try_from(der.len()).unwrap_or(u16::MAX).to_be_bytes();
            let part = self.read_certificate_part(high, low, CHUNK.min(length - der.len()))?;
            if part.is_empty() {
                return Err(CardError::Garbled(Operation::ReadCertificate).into());
            }
            der.extend_from_slice(&part);
        }
        der.truncate(length);
        Certificate::from_der(&der).map_err(|error| CardError::Certificate(error).into())
    }

    /// READs of the certificate what tells whether it is `known`: the first block, in which are the serial number and the
    /// issuer's name, and the last, in which is the issuer's signature.
    ///
    /// # Errors
    ///
    /// As [`Applet::read_certificate`], which is asked where a block is another: then the whole decides.
    pub(crate) fn has_certificate(&mut self, known: &Certificate) -> Result<bool, Failure> {
        self.start_operation();
        let der = known.der();
        let length = CHUNK.min(der.len());
        let (first, last) = (der.get(..length), der.get(der.len() - length..));
        let [high, low] = u16::try_from(der.len() - length)
            .unwrap_or(u16::MAX)
            .to_be_bytes();
        for (p1, p2, block) in [
            (0x80 | ef::AUTH_CERTIFICATE as u8, 0, first),
            (high, low, last),
        ] {
            let read = self.read_certificate_part(p1, p2, length)?;
            if Some(read.as_slice()) != block {
                return Ok(self.read_certificate()? == *known);
            }
        }
        Ok(true)
    }

    fn read_certificate_part(&mut self, p1: u8, p2: u8, length: usize) -> Result<Vec<u8>, Failure> {
        let (data, status) = self.read_binary(Operation::ReadCertificate, p1, p2, length)?;
        match status {
            0x9000 => Ok(data),
            0x6982 => Err(CardError::CertificateNeedsPin.into()),
            0x6A82 | 0x6A83 | 0x6A88 => Err(CardError::NoCertificate.into()),
            status => Err(CardError::Refused {
                operation: Operation::ReadCertificate,
                status,
            }
            .into()),
        }
    }

    /// READs what kind of token this is.
    pub(crate) fn read_kind(&mut self) -> Result<TokenKind, Failure> {
        let operation = Operation::ReadTokenInfo;
        self.start_operation();
        match self.read_binary(operation, 0x80 | ef::TOKEN_INFO as u8, 0, 32)? {
            (label, 0x9000) => Ok(TokenKind::from_label(&label)),
            (_, status) => Err(CardError::Refused { operation, status }.into()),
        }
    }

    fn read_binary(
        &mut self,
        operation: Operation,
        p1: u8,
        p2: u8,
        length: usize,
    ) -> Result<(Vec<u8>, u16), Failure> {
        let le = u32::try_from(length).unwrap_or(u32::MAX);
        self.call(
            operation,
            &Command::with_le(cla::USER, ins::READ_BINARY, p1, p2, le),
        )
    }

    /// Reads the PIN's counter by an empty VERIFY, which costs nothing.
    ///
    /// # Errors
    ///
    /// [`CardError::TriesUnknown`] for every answer that is not a counter. `9000` is one of them:
    /// cards exist that answer so when some program has already verified the PIN.
    pub(crate) fn tries(&mut self) -> Result<Tries, Failure> {
        let command = [cla::USER, ins::VERIFY, 0x00, AUTH_PIN_P2];
        match self.call_once(Operation::ReadTries, &command)? {
            counter @ 0x63C0..=0x63CF => Ok(Tries::from_counter(counter.to_be_bytes()[1] & 0x0F)),
            0x6983 | 0x6984 => Ok(Tries::Locked),
            _ => Err(CardError::TriesUnknown.into()),
        }
    }

    /// Reads the counter and keeps the rule of the last try: may a PIN be sent now?
    pub(crate) fn permit(&mut self, last: Option<LastTry>) -> Result<(), PinFailure> {
        let tries = self.tries()?;
        match (tries, last) {
            (Tries::Locked, _) => Err(PinFailure::Verdict(VerifyError::Locked)),
            (tries, None) if tries.is_last() => {
                Err(PinFailure::Verdict(VerifyError::LastTryNeedsPermission))
            }
            (Tries::Left(_), _) => Ok(()),
        }
    }

    /// Sends the PIN if it may be sent: once.
    pub(crate) fn verify(&mut self, pin: &Pin, last: Option<LastTry>) -> Result<(), PinFailure> {
        self.permit(last)?;
        let mut command = Zeroizing::new([0; VERIFY.len() + Pin::LENGTH]);
        for (slot, byte) in command.iter_mut().zip(VERIFY.iter().chain(pin.digits())) {
            *slot = *byte;
        }
        verdict(self.call_once(Operation::VerifyPin, &*command)?)
    }

    /// CHANGE REFERENCE DATA: the new PIN alone, sent once, the old one having been verified. The form that is known from real
    /// cards (`myna-card`): P1 `01`, and P2 `80`, the current EF.
    pub(crate) fn change_pin(&mut self, new: &Pin) -> Result<(), Failure> {
        let operation = Operation::ChangePin;
        let [high, low] = ef::AUTH_PIN.to_be_bytes();
        let select = [cla::USER, ins::SELECT_FILE, 0x02, 0x0C, 0x02, high, low];
        let mut change = Zeroizing::new([
            cla::USER,
            ins::CHANGE_REFERENCE_DATA,
            0x01,
            0x80,
            0x04,
            0,
            0,
            0,
            0,
        ]);
        for (slot, digit) in change.iter_mut().skip(5).zip(new.digits()) {
            *slot = *digit;
        }
        for command in [select.as_slice(), change.as_slice()] {
            match self.call_once(operation, command)? {
                0x9000 => {}
                0x6982 => return Err(CardError::PinForgotten.into()),
                status => return Err(CardError::Refused { operation, status }.into()),
            }
        }
        Ok(())
    }

    /// Signs a SHA-256 digest; the card adds the DigestInfo (P1 `02`).
    pub(crate) fn sign_sha256(&mut self, digest: &[u8; 32]) -> Result<Signature, Failure> {
        self.sign(Operation::SignSha256, 0x02, digest)
    }

    /// Signs a SHA-512 digest; the DigestInfo (RFC 8017 §9.2 note 1) is built here (P1 `00`).
    pub(crate) fn sign_sha512(&mut self, digest: &[u8; 64]) -> Result<Signature, Failure> {
        const DIGEST_INFO_PREFIX: [u8; 19] = [
            0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x03, 0x05, 0x00, 0x04, 0x40,
        ];
        let digest_info = Zeroizing::new([DIGEST_INFO_PREFIX.as_slice(), digest].concat());
        self.sign(Operation::SignSha512, 0x00, &digest_info)
    }

    fn sign(&mut self, operation: Operation, p1: u8, data: &[u8]) -> Result<Signature, Failure> {
        let length = u8::try_from(data.len()).unwrap_or(u8::MAX);
        let header = [cla::SYSTEM, ins::COMPUTE_SIGNATURE, p1, AUTH_KEY_P2, length];
        // What is signed for sealing is as secret as the salt in it.
        let mut command = Zeroizing::new([header.as_slice(), data, &[0x00]].concat());
        // Room for two whole answers: it never grows, so no copy stays behind.
        let mut signature = Zeroizing::new(Vec::with_capacity(2 * LONGEST_ANSWER));
        let mut answer = Zeroizing::new([0; LONGEST_ANSWER]);
        let wire = self.start_operation();
        // Over T=0 a card may answer 61xx first and hand the signature out by GET RESPONSE.
        loop {
            let length = wire
                .exchange(&command, &mut answer)
                .map_err(|error| oversized(operation, error))?;
            let (data, status) = split(operation, answer.get(..length))?;
            signature.extend_from_slice(data);
            if signature.len() > Signature::LENGTH {
                return Err(CardError::Garbled(operation).into());
            }
            match status {
                0x9000 => break,
                0x6100..=0x61FF => {
                    let more = status.to_be_bytes()[1];
                    command = vec![cla::USER, ins::GET_RESPONSE, 0x00, 0x00, more].into();
                }
                0x6982 => return Err(CardError::PinForgotten.into()),
                status => return Err(CardError::Refused { operation, status }.into()),
            }
        }
        let mut whole = Box::new([0; Signature::LENGTH]);
        if signature.len() != whole.len() {
            return Err(CardError::Garbled(operation).into());
        }
        whole.copy_from_slice(&signature);
        Ok(Signature::new(whole))
    }

    /// One command, one answer without data, no second sending whatever the status word says.
    fn call_once(&mut self, operation: Operation, command: &[u8]) -> Result<u16, Failure> {
        let mut answer = [0; LONGEST_ANSWER];
        let sent = self.start_operation().exchange(command, &mut answer);
        let length = sent.map_err(|error| oversized(operation, error))?;
        match split(operation, answer.get(..length))? {
            ([], status) => Ok(status),
            _ => Err(CardError::Garbled(operation).into()),
        }
    }

    /// One public command through `myna-card`, which follows `6Cxx` and `61xx`.
    fn call(&mut self, operation: Operation, command: &Command) -> Result<(Vec<u8>, u16), Failure> {
        match self.card.call(command) {
            Ok(response) => Ok((response.data, response.status.value())),
            Err(myna_card::Error::Pcsc(error)) => Err(oversized(operation, error)),
            Err(_) => Err(CardError::Garbled(operation).into()),
        }
    }

    fn start_operation(&mut self) -> &mut Metered<W> {
        let wire = self.card.transport_mut();
        wire.left = MOST_EXCHANGES;
        wire
    }
}

/// What the card's answer to VERIFY says.
pub(crate) fn verdict(status: u16) -> Result<(), PinFailure> {
    let operation = Operation::VerifyPin;
    match status {
        0x9000 => Ok(()),
        counter @ 0x63C0..=0x63CF => {
            let left = Tries::from_counter(counter.to_be_bytes()[1] & 0x0F);
            Err(PinFailure::Verdict(VerifyError::WrongPin { left }))
        }
        0x6983 | 0x6984 => Err(PinFailure::Verdict(VerifyError::Locked)),
        status => Err(CardError::Refused { operation, status }.into()),
    }
}

/// A wire that goes dead after [`MOST_EXCHANGES`], so that no card can keep us reading for ever.
struct Metered<W> {
    wire: W,
    left: u16,
}

impl<W: Wire> Wire for Metered<W> {
    fn exchange(
        &mut self,
        command: &[u8],
        answer: &mut [u8; LONGEST_ANSWER],
    ) -> Result<usize, pcsc::Error> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or(pcsc::Error::InsufficientBuffer)?;
        self.wire.exchange(command, answer)
    }
}

impl<W: Wire> Transmit for Metered<W> {
    fn transmit(&mut self, command: &[u8]) -> myna_card::Result<Vec<u8>> {
        let mut answer = [0; LONGEST_ANSWER];
        let length = self.exchange(command, &mut answer)?;
        Ok(answer.get(..length).unwrap_or_default().to_vec())
    }
}

/// An answer longer than any card may give is the card's fault, not the reader's.
fn oversized(operation: Operation, error: pcsc::Error) -> Failure {
    match error {
        pcsc::Error::InsufficientBuffer => CardError::Garbled(operation).into(),
        error => error.into(),
    }
}

/// Takes the status word off an answer.
fn split(operation: Operation, answer: Option<&[u8]>) -> Result<(&[u8], u16), CardError> {
    match answer {
        Some([data @ .., sw1, sw2]) => Ok((data, u16::from_be_bytes([*sw1, *sw2]))),
        _ => Err(CardError::Garbled(operation)),
    }
}

#[cfg(test)]
mod tests;
