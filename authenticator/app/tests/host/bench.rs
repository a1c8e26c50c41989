//! A private pcscd with practice cards, and what a relying party checks.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use jpki_lab::card::{Entry, Event, Personalisation, PinId, VirtualCard};
use jpki_lab::pcscd::{PinPad, PrivatePcscd};
use jpki_lab::pki::{Person, shared};
use jpki_lab::vpcd::{Attachment, Pace};
use p256::ecdsa::signature::Verifier;
use p256::pkcs8::DecodePublicKey;
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Computer, Host};

/// Ample: nothing waits this long unless it is broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// A computer with virtual readers. At its end it compares the PINs that reached the cards with those that the
/// test spent.
pub(crate) struct Bench {
    pub(crate) computer: Computer,
    pub(crate) pcscd: PrivatePcscd,
    cards: Vec<Option<Attachment>>,
    /// The readers that My Number Cards were put into.
    jpki: Vec<usize>,
    spent: usize,
}

impl Bench {
    /// A computer with so many readers, all empty.
    pub(crate) fn with_readers(count: usize) -> Self {
        Self::around(PrivatePcscd::start(count).unwrap(), count)
    }

    /// A computer with so many readers that can be unplugged, empty.
    pub(crate) fn unpluggable(count: usize) -> Self {
        Self::around(PrivatePcscd::start_unpluggable(count).unwrap(), count)
    }

    /// A computer with one reader that has a PIN pad, and this person's card in it.
    pub(crate) fn with_pin_pad_and_card_of(id: &str) -> Self {
        let mut bench = Self::around(PrivatePcscd::start_with_pin_pad(1).unwrap(), 1);
        bench.insert(0, card_of(id));
        bench
    }

    /// The PIN pad, once it waits for the PIN.
    pub(crate) fn waiting_pad(&self) -> PinPad {
        let pad = self.pcscd.pin_pad().unwrap();
        assert!(pad.wait_until_it_asks(PATIENCE).is_some(), "the pad waits");
        pad.clone()
    }

    /// Enters a PIN on the PIN pad once it waits, and confirms it. It reaches the card.
    pub(crate) fn enter_on_pad(&mut self, pin: &str) {
        self.spent += 1;
        self.waiting_pad().type_in(pin).unwrap();
    }

    fn around(pcscd: PrivatePcscd, count: usize) -> Self {
        Self {
            computer: Computer::with_pcscd(&pcscd.socket()),
            pcscd,
            cards: (0..count).map(|_| None).collect(),
            jpki: Vec::new(),
            spent: 0,
        }
    }

    /// A computer with one reader and this person's card in it.
    pub(crate) fn with_card_of(id: &str) -> Self {
        let mut bench = Self::with_readers(1);
        bench.insert(0, card_of(id));
        bench
    }

    /// Puts a My Number Card into a reader, and waits until programs see it.
    pub(crate) fn insert(&mut self, reader: usize, card: VirtualCard) {
        self.insert_foreign(reader, card);
        self.jpki.push(reader);
        self.wait_until_seen();
    }

    /// Puts a card of any kind into a reader, and waits until pcscd has powered it up.
    pub(crate) fn insert_foreign(&mut self, reader: usize, card: VirtualCard) {
        let card = Attachment::new(card, self.pcscd.slots()[reader], Pace::default());
        assert!(
            card.wait_until_noticed(PATIENCE),
            "pcscd has not noticed the card"
        );
        self.cards[reader] = Some(card);
    }

    fn wait_until_seen(&self) {
        let present = |reader: &&usize| self.card(**reader).with_card(|card| card.is_present());
        wait_until_seen(&self.computer, self.jpki.iter().filter(present).count());
    }

    /// Puts the card that was in a reader back into it, and waits until programs see it.
    pub(crate) fn put_back(&self, reader: usize) {
        self.card(reader).insert();
        self.wait_until_seen();
    }

    /// The card in a reader.
    pub(crate) fn card(&self, reader: usize) -> &Attachment {
        self.cards[reader].as_ref().unwrap()
    }

    /// How often the PIN of a card may still be tried.
    pub(crate) fn tries(&self, reader: usize) -> u8 {
        self.card(reader)
            .with_card(|card| card.tries(PinId::Authentication))
    }

    /// Sets the counter of a card.
    pub(crate) fn set_tries(&self, reader: usize, tries: u8) {
        self.card(reader)
            .with_card(|card| card.set_tries(PinId::Authentication, tries))
            .unwrap();
    }

    /// What a card was asked.
    pub(crate) fn log(&self, reader: usize) -> Vec<Entry> {
        self.card(reader)
            .with_card(|card| card.log().entries().to_vec())
    }

    /// Waits until the card in a reader has no power, and so has forgotten the PIN.
    pub(crate) fn wait_until_unpowered(&self, reader: usize) {
        let begun = std::time::Instant::now();
        while self.card(reader).with_card(|card| card.is_powered()) {
            assert!(begun.elapsed() < PATIENCE, "the card keeps its power");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Corrects what the last PIN cost, where that was open.
    pub(crate) fn spent_so_far(&mut self, pins: usize) {
        self.spent = pins;
    }

    /// Answers a prompt with a PIN that reaches the card.
    pub(crate) fn type_pin(&mut self, host: &mut Host, prompt: &Value, pin: &str, more: Value) {
        self.spent += 1;
        type_unspent(host, prompt, pin, more);
    }

    /// Notes that a PIN is about to reach a card in another way than by a prompt of the extension.
    pub(crate) fn type_pin_elsewhere(&mut self) {
        self.spent += 1;
    }

    /// Registers with the card of this person, the certificate switched on or off, and returns the response.
    pub(crate) fn register(&mut self, id: &str, options: Value, disclose: bool) -> Value {
        let mut host = self.computer.create(super::ORIGIN, options);
        let prompt = host.prompt("register");
        self.type_pin(
            &mut host,
            &prompt,
            &person(id).pin,
            json!({"disclose": disclose}),
        );
        let response = host.result();
        assert!(host.end().status.success());
        response
    }

    /// Signs in with the card of this person, and returns the response.
    pub(crate) fn sign_in(&mut self, id: &str, options: Value) -> Value {
        let mut host = self.computer.get(super::ORIGIN, options);
        let prompt = host.prompt("sign-in");
        self.type_pin(&mut host, &prompt, &person(id).pin, json!({}));
        host.result()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let reached: usize = (0..self.cards.len())
            .filter(|&reader| self.cards[reader].is_some())
            .map(|reader| pins_in(&self.log(reader)))
            .sum();
        assert_eq!(
            reached, self.spent,
            "PINs that reached a card, and those that the test spent"
        );
    }
}

/// Waits until programs see so many My Number Cards: pcscd powers a card up a moment before it tells of it.
pub(crate) fn wait_until_seen(computer: &Computer, cards: usize) {
    let mut host = computer.greeted();
    host.send(json!({"type": "watch"}));
    while host.next()["cards"] != cards {}
}

/// Answers a prompt with a PIN that must not reach the card.
pub(crate) fn type_unspent(host: &mut Host, prompt: &Value, pin: &str, more: Value) {
    let mut members = json!({"pin": pin});
    for (member, value) in more.as_object().unwrap() {
        members[member] = value.clone();
    }
    host.answer(prompt, "approve", members);
}

/// How many PINs were presented.
pub(crate) fn pins_in(log: &[Entry]) -> usize {
    log.iter()
        .filter(|entry| entry.pin_try == Some(true))
        .count()
}

/// Whether the card lost its power after the last PIN that it accepted.
pub(crate) fn forgot_the_pin(log: &[Entry]) -> bool {
    let verified = log
        .iter()
        .rposition(|entry| entry.pin_try == Some(true) && entry.sw.as_deref() == Some("9000"));
    verified.is_none_or(|verified| {
        log[verified..]
            .iter()
            .any(|entry| matches!(entry.event, Event::PowerOff | Event::Remove))
    })
}

/// A person of the practice hierarchy.
pub(crate) fn person(id: &str) -> &'static Person {
    shared().unwrap().person(id).unwrap()
}

/// Their card, fresh, its log kept in memory.
pub(crate) fn card_of(id: &str) -> VirtualCard {
    VirtualCard::new(Personalisation::of(shared().unwrap(), person(id)).unwrap())
}

/// A PIN that is not this person's.
pub(crate) fn wrong_pin(id: &str) -> &'static str {
    if person(id).pin == "0000" {
        "1111"
    } else {
        "0000"
    }
}

/// A binary member of a response.
pub(crate) fn bytes(response: &Value, member: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD
        .decode(response["response"][member].as_str().unwrap())
        .unwrap()
}

/// The client data of a response.
pub(crate) fn client_data(response: &Value) -> Value {
    serde_json::from_slice(&bytes(response, "clientDataJSON")).unwrap()
}

/// An attestation object, taken apart.
pub(crate) struct Attestation {
    pub(crate) format: String,
    pub(crate) statement: Vec<(Cbor, Cbor)>,
    pub(crate) authenticator_data: Vec<u8>,
}

impl Attestation {
    /// Of a registration's response.
    pub(crate) fn of(response: &Value) -> Self {
        let object: Cbor =
            ciborium::from_reader(bytes(response, "attestationObject").as_slice()).unwrap();
        let members = object.into_map().unwrap();
        let member = |name: &str| {
            members
                .iter()
                .find(|(key, _)| key.as_text() == Some(name))
                .unwrap()
                .1
                .clone()
        };
        Self {
            format: member("fmt").into_text().unwrap(),
            statement: member("attStmt").into_map().unwrap(),
            authenticator_data: member("authData").into_bytes().unwrap(),
        }
    }

    /// A member of the statement.
    pub(crate) fn member(&self, name: &str) -> Option<&Cbor> {
        self.statement
            .iter()
            .find(|(key, _)| key.as_text() == Some(name))
            .map(|(_, value)| value)
    }
}

/// Checks everything that a relying party sees of a registration with the certificate, as
/// `docs/attestation-format.md` says: the statement is this person's card's.
pub(crate) fn assert_vouched_for(response: &Value, id: &str) {
    let attestation = Attestation::of(response);
    assert_eq!(attestation.format, "eid-x509");
    assert_eq!(attestation.statement.len(), 3);
    assert_eq!(attestation.member("alg"), Some(&Cbor::from(-257)));
    let x5c = attestation.member("x5c").unwrap().as_array().unwrap();
    assert_eq!(
        x5c.as_slice(),
        [Cbor::Bytes(person(id).authentication.certificate.clone())]
    );
    let signed = [
        attestation.authenticator_data.as_slice(),
        Sha256::digest(bytes(response, "clientDataJSON")).as_slice(),
    ]
    .concat();
    let key = RsaPublicKey::from(&person(id).authentication.key);
    let signature = attestation.member("sig").unwrap().as_bytes().unwrap();
    key.verify(
        Pkcs1v15Sign::new::<Sha256>(),
        &Sha256::digest(signed),
        signature,
    )
    .unwrap();
}

/// Checks a sign-in under the public key of a registration (WebAuthn L3 §7.2).
pub(crate) fn assert_signed_in(registered: &Value, response: &Value) {
    assert_eq!(response["id"], registered["id"]);
    assert_eq!(response["rawId"], registered["id"]);
    let data = bytes(response, "authenticatorData");
    assert_eq!(data[..32], Sha256::digest("example.jp")[..]);
    assert_eq!(data[32] & 0b101, 0b101, "user present and verified");
    let key = bytes(registered, "publicKey");
    let signed = [
        data.as_slice(),
        Sha256::digest(bytes(response, "clientDataJSON")).as_slice(),
    ]
    .concat();
    let signature = bytes(response, "signature");
    if registered["response"]["publicKeyAlgorithm"] == -257 {
        let key = RsaPublicKey::from_public_key_der(&key).unwrap();
        let digest = Sha256::digest(signed);
        key.verify(Pkcs1v15Sign::new::<Sha256>(), &digest, &signature)
            .unwrap();
    } else {
        let key = p256::ecdsa::VerifyingKey::from_public_key_der(&key).unwrap();
        let signature = p256::ecdsa::Signature::from_der(&signature).unwrap();
        key.verify(&signed, &signature).unwrap();
    }
}
