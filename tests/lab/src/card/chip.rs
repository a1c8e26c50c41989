//! The card's operating system as far as the JPKI application shows it.
//!
//! Where a comment says *measured*, the behaviour is documented with `myna-card` or OpenSC from
//! real cards; where it says *assumed*, no source was found and the choice is the one that hurts a
//! careless client most.

use super::{
    apdu::{Command, ins},
    file::{File, file},
    memory::Memory,
    personalisation::{KeyPair, Personalisation},
    pin::{PinId, PinMemory},
    status,
};
use rsa::Pkcs1v15Sign;
use sha2::{Digest as _, Sha256};
use std::io;

const JPKI: [u8; 10] = [0xD3, 0x92, 0xF0, 0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01];

/// The card's other applications. They can be selected, which ends what was verified, and have
/// nothing in them here.
const OTHER_APPLICATIONS: [&[u8]; 5] = [
    &[0xA0, 0x00, 0x00, 0x01, 0x51, 0x00, 0x00], // GlobalPlatform issuer security domain
    &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x01, 0x00], // common card data
    &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x01], // resident register
    &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x02], // card surface, verification
    &[0xD3, 0x92, 0x10, 0x00, 0x31, 0x00, 0x01, 0x01, 0x04, 0x08], // card surface, input support
];

/// What the prefix of a SHA-256 DigestInfo is (RFC 8017 §9.2 note 1).
const SHA256_DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

type Answer = Result<Vec<u8>, u16>;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Application {
    /// What is selected after power-up.
    #[default]
    Master,
    Jpki,
    Other,
}

/// What power-down forgets.
#[derive(Debug, Default)]
struct Session {
    answered: bool,
    application: Application,
    current: Option<u16>,
    authentication_verified: bool,
    signature_verified: bool,
}

impl Session {
    fn verified(&mut self, pin: PinId) -> &mut bool {
        match pin {
            PinId::Authentication => &mut self.authentication_verified,
            PinId::Signature => &mut self.signature_verified,
        }
    }
}

/// The chip, powered.
pub(super) struct Chip {
    card: Option<Personalisation>,
    pins: PinMemory,
    memory: Box<dyn Memory>,
    session: Session,
}

impl Chip {
    /// A chip with the JPKI application, or, without a personalisation, somebody else's card.
    pub(super) fn new(
        card: Option<Personalisation>,
        pins: PinMemory,
        memory: Box<dyn Memory>,
    ) -> Self {
        Chip {
            card,
            pins,
            memory,
            session: Session::default(),
        }
    }

    /// Power up or down: forgets the session.
    pub(super) fn power_cycle(&mut self) {
        self.session = Session::default();
    }

    /// Warm reset. What was verified stays verified (measured), so the application must stay
    /// selected as well.
    pub(super) fn reset(&mut self) {
        self.session.current = None;
    }

    pub(super) fn tries(&self, pin: PinId) -> u8 {
        self.pins.get(pin).tries
    }

    pub(super) fn set_tries(&mut self, pin: PinId, tries: u8) -> io::Result<()> {
        let mut pins = self.pins.clone();
        pins.get_mut(pin).tries = tries.min(pin.full_tries());
        self.remember(pins)
    }

    /// Answers a command: data and status word.
    pub(super) fn transmit(&mut self, apdu: &[u8]) -> Vec<u8> {
        let (mut out, status) = match self.dispatch(apdu) {
            Ok(data) => (data, status::OK),
            Err(status) => (Vec::new(), status),
        };
        out.extend_from_slice(&status.to_be_bytes());
        out
    }

    fn dispatch(&mut self, apdu: &[u8]) -> Answer {
        let command = Command::parse(apdu).ok_or(status::WRONG_LENGTH)?;
        if !std::mem::replace(&mut self.session.answered, true) {
            // Measured: the first command after power-up is answered so, whatever it is.
            return Err(status::SELF_DIAGNOSIS);
        }
        match command.cla {
            0x00 | 0x80 => {}
            cla if cla & 0x70 == 0 && cla & 0x0C != 0 => return Err(status::NO_SECURE_MESSAGING),
            cla if cla & 0x7C == 0 => return Err(status::NO_SUCH_CHANNEL),
            _ => return Err(status::NO_SUCH_CLASS),
        }
        if command.extended {
            return Err(status::WRONG_LENGTH);
        }
        match (command.cla, command.ins) {
            (0x00, ins::SELECT) => self.select(&command),
            (0x00, ins::READ_BINARY) => self.read_binary(&command),
            (0x00, ins::VERIFY) => self.verify(&command),
            (0x00, ins::CHANGE_REFERENCE_DATA) => self.change_pin(&command),
            (0x80, ins::SIGN) => self.sign(&command),
            _ => Err(status::NO_SUCH_INSTRUCTION),
        }
    }

    fn select(&mut self, command: &Command<'_>) -> Answer {
        match (command.p1, command.p2, command.data) {
            (0x04, 0x0C, aid) => self.select_application(aid),
            (0x02, 0x0C, &[high, low]) => {
                let id = u16::from_be_bytes([high, low]);
                self.file(id).ok_or(status::NO_SUCH_FILE)?;
                self.session.current = Some(id);
                Ok(Vec::new())
            }
            // Measured: "select the master file" does nothing and says so only at the very start.
            (0x00, 0x00, []) if self.session.application != Application::Master => Ok(Vec::new()),
            (0x00, _, [_, _]) => Err(status::NO_SUCH_FILE),
            // Assumed: file control information (P2 00) is not to be had.
            _ => Err(status::WRONG_PARAMETERS),
        }
    }

    fn select_application(&mut self, aid: &[u8]) -> Answer {
        let application = if self.card.is_some() && aid == JPKI {
            Application::Jpki
        } else if self.card.is_some() && OTHER_APPLICATIONS.contains(&aid) {
            Application::Other
        } else {
            return Err(status::NO_SUCH_FILE);
        };
        // Measured: another application ends what was verified; the same one again does not.
        if application != Application::Jpki || self.session.application != Application::Jpki {
            self.session = Session {
                answered: true,
                application,
                ..Session::default()
            };
        }
        self.session.current = None;
        Ok(Vec::new())
    }

    fn read_binary(&mut self, command: &Command<'_>) -> Answer {
        let offset = if command.p1 & 0x80 == 0 {
            usize::from(u16::from_be_bytes([command.p1, command.p2]))
        } else if command.p1 & 0x60 == 0 {
            let id = u16::from(command.p1 & 0x1F);
            self.file(id).ok_or(status::NO_SUCH_FILE)?;
            self.session.current = Some(id);
            usize::from(command.p2)
        } else {
            return Err(status::WRONG_PARAMETERS);
        };
        let id = self.session.current.ok_or(status::NO_CURRENT_FILE)?;
        let File::Transparent { content, needs } = self.file(id).ok_or(status::NO_SUCH_FILE)?
        else {
            return Err(status::WRONG_FILE_STRUCTURE);
        };
        if let Some(pin) = needs
            && !*self.session.verified(pin)
        {
            return Err(status::PIN_NEEDED);
        }
        let le = command
            .le
            .filter(|_| command.data.is_empty())
            .ok_or(status::WRONG_LENGTH)?;
        let rest = content
            .get(offset..)
            .filter(|rest| !rest.is_empty())
            .ok_or(status::OFFSET_OUTSIDE_FILE)?;
        Ok(rest.iter().copied().take(le).collect())
    }

    /// VERIFY; without a PIN it tells the tries left, also when verified (measured), and 63C0, not
    /// 6984, when locked (measured).
    fn verify(&mut self, command: &Command<'_>) -> Answer {
        if command.p1 != 0 {
            return Err(status::WRONG_PARAMETERS);
        }
        let pin = self.pin_reference(command.p2)?;
        let tries = self.tries(pin);
        if command.data.is_empty() {
            return Err(status::TRIES_LEFT | u16::from(tries));
        }
        if tries == 0 {
            return Err(status::PIN_LOCKED);
        }
        // The try is gone, durably, before the PIN is looked at: pulling the plug wins nothing.
        let mut spent = self.pins.clone();
        spent.get_mut(pin).tries = tries - 1;
        self.remember(spent).map_err(|_| status::MEMORY_FAILURE)?;
        // Assumed: a PIN of impossible length or characters is a wrong PIN like any other.
        let right = command.data == self.pin_value(pin).as_bytes();
        // Assumed: a wrong PIN ends what an earlier right one had begun.
        *self.session.verified(pin) = false;
        if !right {
            return Err(status::TRIES_LEFT | u16::from(tries - 1));
        }
        let mut restored = self.pins.clone();
        restored.get_mut(pin).tries = pin.full_tries();
        self.remember(restored)
            .map_err(|_| status::MEMORY_FAILURE)?;
        *self.session.verified(pin) = true;
        Ok(Vec::new())
    }

    /// CHANGE REFERENCE DATA with the new PIN only, after VERIFY with the old one (measured).
    fn change_pin(&mut self, command: &Command<'_>) -> Answer {
        if command.p1 != 0x01 {
            return Err(status::WRONG_PARAMETERS);
        }
        let pin = self.pin_reference(command.p2)?;
        if !*self.session.verified(pin) {
            return Err(status::PIN_NEEDED);
        }
        let value = std::str::from_utf8(command.data)
            .ok()
            .filter(|value| pin.admits(value.as_bytes()))
            .ok_or(status::WRONG_DATA)?;
        let mut changed = self.pins.clone();
        changed.get_mut(pin).changed_to = Some(value.to_owned());
        self.remember(changed).map_err(|_| status::MEMORY_FAILURE)?;
        Ok(Vec::new())
    }

    /// The card's own signing command. P1 00: PKCS #1 v1.5 padding around whatever is given;
    /// 01: around its SHA-256; 02: a SHA-256 is given and wrapped in a DigestInfo; 03: the card
    /// computes that SHA-256 too.
    fn sign(&mut self, command: &Command<'_>) -> Answer {
        let data = command.data;
        let fits = match command.p1 {
            0x00 => (1..=245).contains(&data.len()),
            0x01 | 0x03 => !data.is_empty(),
            0x02 => data.len() == 32,
            _ => return Err(status::WRONG_PARAMETERS),
        };
        let which = self.key_reference(command.p2)?;
        if !*self.session.verified(which) {
            return Err(status::PIN_NEEDED);
        }
        if !fits {
            return Err(status::NOT_ALLOWED_NOW);
        }
        // Assumed: an expected length that the signature does not fit in is refused.
        if command.le != Some(256) {
            return Err(status::WRONG_LENGTH);
        }
        let message = match command.p1 {
            0x01 => Sha256::digest(data).to_vec(),
            0x02 => [&SHA256_DIGEST_INFO, data].concat(),
            0x03 => [SHA256_DIGEST_INFO.as_slice(), &Sha256::digest(data)].concat(),
            _ => data.to_vec(),
        };
        let key = &self.pair(which).ok_or(status::NO_SUCH_KEY)?.key;
        key.sign(Pkcs1v15Sign::new_unprefixed(), &message)
            .map_err(|_| status::SELF_DIAGNOSIS)
    }

    fn file(&self, id: u16) -> Option<File> {
        match self.session.application {
            Application::Jpki => file(self.card.as_ref()?, id),
            Application::Master | Application::Other => None,
        }
    }

    fn pin_reference(&self, p2: u8) -> Result<PinId, u16> {
        match self.reference(p2)? {
            File::Pin(pin) => Ok(pin),
            _ => Err(status::WRONG_FILE_STRUCTURE),
        }
    }

    fn key_reference(&self, p2: u8) -> Result<PinId, u16> {
        match self.reference(p2)? {
            File::Key(which) => Ok(which),
            _ => Err(status::WRONG_FILE_STRUCTURE),
        }
    }

    /// P2 80 means the current file, 80 + n the one with the short identifier n.
    fn reference(&self, p2: u8) -> Result<File, u16> {
        let id = match p2 {
            0x80 => self.session.current.ok_or(status::NO_CURRENT_FILE)?,
            0x81..=0x9E => u16::from(p2 & 0x1F),
            _ => return Err(status::WRONG_PARAMETERS),
        };
        self.file(id).ok_or(status::NO_SUCH_KEY)
    }

    fn pair(&self, which: PinId) -> Option<&KeyPair> {
        let card = self.card.as_ref()?;
        match which {
            PinId::Authentication => Some(&card.authentication),
            PinId::Signature => card.signature.as_ref(),
        }
    }

    fn pin_value(&self, pin: PinId) -> String {
        let issued = || {
            self.pair(pin)
                .map(|pair| pair.pin.clone())
                .unwrap_or_default()
        };
        self.pins.get(pin).changed_to.clone().unwrap_or_else(issued)
    }

    fn remember(&mut self, pins: PinMemory) -> io::Result<()> {
        self.memory.write(&pins)?;
        self.pins = pins;
        Ok(())
    }
}
