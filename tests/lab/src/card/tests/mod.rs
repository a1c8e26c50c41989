//! The card through its commands.

mod life;
mod pins;
mod reading;
mod signing;

use super::*;
use crate::pki;

const SELECT_JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
const SELECT_SURFACE: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02";
const TRIES: &[u8] = b"\x00\x20\x00\x98";
const SIGN_TRIES: &[u8] = b"\x00\x20\x00\x9B";
/// A SHA-256 to sign under P1 02.
const SIGN_HASH: [u8; 38] = {
    let mut apdu = [0x5A; 38];
    (apdu[0], apdu[1], apdu[2], apdu[3], apdu[4], apdu[37]) = (0x80, 0x2A, 0x02, 0x97, 32, 0);
    apdu
};

fn personalisation() -> Personalisation {
    let pki = pki::shared().unwrap();
    Personalisation::of(pki, pki.person("p01").unwrap()).unwrap()
}

/// A card with power, past its first answer, and the application selected.
fn card() -> VirtualCard {
    ready(VirtualCard::new(personalisation()))
}

fn ready(mut card: VirtualCard) -> VirtualCard {
    card.power_on();
    assert_eq!(status(&mut card, &[0x00, 0xA4, 0x00, 0x00]), 0x6F00);
    assert_eq!(status(&mut card, SELECT_JPKI), 0x9000);
    card
}

fn send(card: &mut VirtualCard, apdu: &[u8]) -> (Vec<u8>, u16) {
    let mut answer = card.transmit(apdu).unwrap();
    let status = answer.split_off(answer.len() - 2);
    (answer, u16::from_be_bytes([status[0], status[1]]))
}

fn status(card: &mut VirtualCard, apdu: &[u8]) -> u16 {
    send(card, apdu).1
}

fn verify(card: &mut VirtualCard, pin: &str) -> u16 {
    status(card, &[b"\x00\x20\x00\x98\x04", pin.as_bytes()].concat())
}

fn verify_sign(card: &mut VirtualCard, pin: &str) -> u16 {
    let apdu = [b"\x00\x20\x00\x9B", &[pin.len() as u8][..], pin.as_bytes()].concat();
    status(card, &apdu)
}

fn read(card: &mut VirtualCard, offset: u16, le: u8) -> (Vec<u8>, u16) {
    let [high, low] = offset.to_be_bytes();
    send(card, &[0x00, 0xB0, high, low, le])
}

fn select(card: &mut VirtualCard, file: u8) -> u16 {
    status(card, &[0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, file])
}
