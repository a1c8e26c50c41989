//! A table with readers on it: the real pcscd, one of this process's own, with virtual cards.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)] // Each test program uses its part.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{panic, thread};

use eid_card::{FoundCard, Holds, Look, Pin, Readers, ShownCard};
use jpki_lab::card::{Entry, Event, Personalisation, Token, VirtualCard};
use jpki_lab::pcscd::{PinPad, PrivatePcscd, SOCKET_VARIABLE};
use jpki_lab::pki;
use jpki_lab::vpcd::{Attachment, Pace};

/// Ample: nothing takes this long unless it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Two readers of two slots each.
const SLOTS: usize = 4;

/// Whether this test program's readers have a PIN pad.
static PIN_PAD: AtomicBool = AtomicBool::new(false);

static PCSCD: LazyLock<Mutex<PrivatePcscd>> = LazyLock::new(|| {
    let pcscd = match PIN_PAD.load(Ordering::Relaxed) {
        true => PrivatePcscd::start_with_pin_pad(SLOTS).unwrap(),
        false => PrivatePcscd::start(SLOTS).unwrap(),
    };
    point_clients_to(&pcscd);
    Mutex::new(pcscd)
});

/// libpcsclite reads the socket's name from the environment and from nowhere else.
#[allow(unsafe_code)]
fn point_clients_to(pcscd: &PrivatePcscd) {
    // SAFETY: this runs once, before any other thread of this process has called libpcsclite or
    // looks at the environment: every test comes through the lock above first.
    unsafe { std::env::set_var(SOCKET_VARIABLE, pcscd.socket()) };
}

/// The table. Only one test of a process sits at it.
pub(crate) struct Table {
    pub(crate) pcscd: MutexGuard<'static, PrivatePcscd>,
}

impl Table {
    /// Sits down; the readers are empty.
    pub(crate) fn new() -> Table {
        let pcscd = PCSCD.lock().unwrap_or_else(PoisonError::into_inner);
        Table { pcscd }
    }

    /// As [`Table::new`], with readers that have a PIN pad: for all tests of a program or none.
    pub(crate) fn with_pin_pad() -> Table {
        PIN_PAD.store(true, Ordering::Relaxed);
        let table = Table::new();
        table.pad().list_features(None).unwrap();
        table
    }

    /// The PIN pad.
    pub(crate) fn pad(&self) -> &PinPad {
        self.pcscd.pin_pad().unwrap()
    }

    /// Puts a card into a slot and waits until every program can see it.
    pub(crate) fn insert(&self, slot: usize, card: VirtualCard) -> Attachment {
        let attachment = Attachment::new(card, self.pcscd.slots()[slot], Pace::default());
        let begun = Instant::now();
        while !is_occupied(slot) {
            assert!(begun.elapsed() < PATIENCE, "pcscd did not notice the card");
            thread::sleep(Duration::from_millis(10));
        }
        attachment
    }

    /// Puts a practice person's card into the first slot, finds it and shows it.
    pub(crate) fn shown(&self, person: &str) -> (Attachment, ShownCard) {
        let attachment = self.insert(0, card_of(person));
        let shown = found().open().unwrap();
        (attachment, shown)
    }
}

/// What the service itself says about a slot; the card is not asked.
fn is_occupied(slot: usize) -> bool {
    let context = pcsc::Context::establish(pcsc::Scope::User).unwrap();
    let name = context.list_readers_owned().unwrap().swap_remove(slot);
    let mut states = [pcsc::ReaderState::new(name, pcsc::State::UNAWARE)];
    context
        .get_status_change(Duration::ZERO, &mut states)
        .unwrap();
    states[0].event_state().contains(pcsc::State::PRESENT)
}

/// A practice person's card.
pub(crate) fn card_of(person: &str) -> VirtualCard {
    VirtualCard::new(personalisation(person))
}

/// A practice person's phone.
pub(crate) fn phone_of(person: &str, token: Token) -> VirtualCard {
    VirtualCard::new(Personalisation {
        token,
        ..personalisation(person)
    })
}

fn personalisation(person: &str) -> Personalisation {
    let pki = pki::shared().unwrap();
    Personalisation::of(pki, pki.person(person).unwrap()).unwrap()
}

/// The person's PIN.
pub(crate) fn pin_of(person: &str) -> Pin {
    Pin::parse(&pki::shared().unwrap().person(person).unwrap().pin).unwrap()
}

/// Another PIN than the person's.
pub(crate) fn wrong_pin_of(person: &str) -> Pin {
    let right = &pki::shared().unwrap().person(person).unwrap().pin;
    Pin::parse(if right == "0000" { "9999" } else { "0000" }).unwrap()
}

/// The person's authentication certificate, DER.
pub(crate) fn certificate_of(person: &str) -> &'static [u8] {
    &pki::shared()
        .unwrap()
        .person(person)
        .unwrap()
        .authentication
        .certificate
}

/// Looks until `expected` holds, since pcscd takes its time to notice what happens to readers.
pub(crate) fn look_until(readers: &mut Readers, expected: impl Fn(&Look) -> bool) -> Look {
    let begun = Instant::now();
    loop {
        let look = readers.look().unwrap();
        if expected(&look) {
            return look;
        }
        assert!(begun.elapsed() < PATIENCE, "in vain, now it is {look:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The one card.
pub(crate) fn found() -> FoundCard {
    let mut readers = Readers::establish().unwrap();
    let look = look_until(&mut readers, |look| look.only_card().is_ok());
    look.only_card().unwrap().clone()
}

/// The one card, with the connection by which it was found.
pub(crate) fn found_and_connected() -> FoundCard {
    let mut readers = Readers::establish().unwrap();
    readers.keep_connections();
    let look = look_until(&mut readers, |look| look.only_card().is_ok());
    look.only_card().unwrap().hand_over()
}

/// Waits until pcscd has noticed that the first slot is empty.
pub(crate) fn wait_until_empty() {
    let mut readers = Readers::establish().unwrap();
    look_until(&mut readers, |look| {
        look.readers()[0].holds == Holds::Nothing
    });
}

/// What the card was asked so far, by name.
pub(crate) fn asked(attachment: &Attachment) -> Vec<String> {
    attachment.with_card(|card| {
        let commands = card
            .log()
            .entries()
            .iter()
            .filter(|entry| entry.event == Event::Apdu);
        commands
            .filter_map(|entry: &Entry| entry.name.clone())
            .collect()
    })
}

/// What the card was asked from the `skip`-th command on.
pub(crate) fn asked_since(attachment: &Attachment, skip: usize) -> Vec<String> {
    asked(attachment).split_off(skip)
}

/// How often a PIN was presented to the card.
pub(crate) fn pin_tries(attachment: &Attachment) -> usize {
    attachment.with_card(|card| {
        card.log()
            .entries()
            .iter()
            .filter(|entry| entry.pin_try == Some(true))
            .count()
    })
}

/// The card has no power any more, so that it has forgotten every PIN. (The reader need not wait for
/// the card when it takes the power away.)
pub(crate) fn assert_unpowered(attachment: &Attachment) {
    let begun = Instant::now();
    while attachment.with_card(|card| card.is_powered()) {
        assert!(begun.elapsed() < PATIENCE, "the card still has power");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Another program with the card in the `slot`-th reader.
pub(crate) struct OtherProgram(pub(crate) pcsc::Card);

impl OtherProgram {
    /// Connects as that program.
    pub(crate) fn connect(slot: usize, mode: pcsc::ShareMode) -> Result<OtherProgram, pcsc::Error> {
        let context = pcsc::Context::establish(pcsc::Scope::User)?;
        let readers = context.list_readers_owned()?;
        context
            .connect(&readers[slot], mode, pcsc::Protocols::ANY)
            .map(OtherProgram)
    }

    /// Sends a command; the status word.
    pub(crate) fn send(&self, command: &[u8]) -> u16 {
        let mut answer = [0; 300];
        let answer = self.0.transmit(command, &mut answer).unwrap();
        u16::from_be_bytes(*answer.last_chunk().unwrap())
    }

    /// Selects the application, again if that was the first command after power-up.
    pub(crate) fn select(&self) {
        const SELECT: [u8; 15] = [
            0, 0xA4, 4, 0x0C, 10, 0xD3, 0x92, 0xF0, 0, 0x26, 1, 0, 0, 0, 1,
        ];
        let status = self.send(&SELECT);
        let status = if status == 0x6F00 {
            self.send(&SELECT)
        } else {
            status
        };
        assert_eq!(status, 0x9000);
    }

    /// Verifies a PIN.
    pub(crate) fn verify(&self, pin: &Pin) -> u16 {
        self.send(&[&[0x00, 0x20, 0x00, 0x98, 0x04][..], pin.digits()].concat())
    }

    /// Tries to sign without a PIN of its own; the status word.
    pub(crate) fn sign(&self) -> u16 {
        self.send(&[&[0x80, 0x2A, 0x02, 0x97, 0x20][..], &[0xEE; 32], &[0x00]].concat())
    }
}

/// Another program that comes now cannot sign: the card has forgotten the PIN.
pub(crate) fn assert_nobody_can_sign() {
    let other = OtherProgram::connect(0, pcsc::ShareMode::Shared).unwrap();
    other.select();
    assert_eq!(other.sign(), 0x6982);
    let _ = other.0.disconnect(pcsc::Disposition::LeaveCard);
}

/// Runs `job` and takes its panic.
pub(crate) fn panics(job: impl FnOnce() + panic::UnwindSafe) {
    let silent = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(job);
    panic::set_hook(silent);
    assert!(outcome.is_err());
}
