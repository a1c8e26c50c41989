//! The card's side of the connection.

use super::*;
use crate::card::Personalisation;
use crate::pki;
use std::net::TcpListener;

const PATIENCE: Duration = Duration::from_secs(20);

fn card() -> VirtualCard {
    let pki = pki::shared().unwrap();
    VirtualCard::new(Personalisation::of(pki, pki.person("p01").unwrap()).unwrap())
}

/// A reader of our own: the real one is met in `tests/pcsc_*.rs`.
struct Reader {
    listener: TcpListener,
    attachment: Attachment,
}

impl Reader {
    fn with(card: VirtualCard) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        Reader {
            listener,
            attachment: Attachment::new(card, address, Pace::default()),
        }
    }

    fn accept(&self) -> TcpStream {
        let stream = self.listener.accept().unwrap().0;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

fn control(stream: &mut TcpStream, byte: u8) {
    send(stream, &[byte]).unwrap();
}

fn command(stream: &mut TcpStream, apdu: &[u8]) -> io::Result<Vec<u8>> {
    send(stream, apdu)?;
    receive(stream)
}

#[test]
fn a_card_answers_controls_and_commands() {
    let reader = Reader::with(card());
    let mut stream = reader.accept();
    control(&mut stream, 4);
    assert_eq!(receive(&mut stream).unwrap(), crate::card::CONTACT_ATR);
    control(&mut stream, 1);
    assert_eq!(
        command(&mut stream, &[0, 0xA4, 0, 0]).unwrap(),
        [0x6F, 0x00]
    );
    assert_eq!(
        command(&mut stream, &[0, 0xA4, 0, 0]).unwrap(),
        [0x6A, 0x86]
    );
    control(&mut stream, 0);
    control(&mut stream, 1);
    assert_eq!(
        command(&mut stream, &[0, 0xA4, 0, 0]).unwrap(),
        [0x6F, 0x00]
    );
}

#[test]
fn a_removed_card_closes_the_connection_and_an_inserted_one_makes_a_new_one() {
    let reader = Reader::with(card());
    let mut stream = reader.accept();
    control(&mut stream, 1);
    assert!(reader.attachment.wait_until_noticed(PATIENCE));
    reader.attachment.remove();
    assert_eq!(
        receive(&mut stream).unwrap_err().kind(),
        io::ErrorKind::UnexpectedEof
    );
    assert!(!reader.attachment.is_connected());
    reader.attachment.insert();
    let mut stream = reader.accept();
    control(&mut stream, 1);
    assert_eq!(
        command(&mut stream, &[0, 0xA4, 0, 0]).unwrap(),
        [0x6F, 0x00]
    );
}

#[test]
fn a_card_that_vanishes_stays_away_until_it_is_inserted() {
    let reader = Reader::with(card());
    let mut stream = reader.accept();
    control(&mut stream, 1);
    reader
        .attachment
        .with_card(|card| card.add_fault("after 1".parse().unwrap()));
    assert_eq!(
        command(&mut stream, &[0, 0xA4, 0, 0]).unwrap(),
        [0x6F, 0x00]
    );
    assert_eq!(
        receive(&mut stream).unwrap_err().kind(),
        io::ErrorKind::UnexpectedEof
    );
    assert!(!reader.attachment.with_card(|card| card.is_present()));
    reader.attachment.insert();
    reader.accept();
}

#[test]
fn a_card_comes_back_by_itself_when_the_reader_does() {
    let reader = Reader::with(card());
    drop(reader.accept());
    let mut stream = reader.accept();
    control(&mut stream, 4);
    assert_eq!(receive(&mut stream).unwrap(), crate::card::CONTACT_ATR);
}

#[test]
fn a_command_without_power_ends_the_connection() {
    let reader = Reader::with(card());
    let mut stream = reader.accept();
    assert!(command(&mut stream, &[0, 0xA4, 0, 0]).is_err());
}

#[test]
fn nobody_at_the_address_is_said() {
    let vacant = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let attachment = Attachment::new(card(), vacant, Pace::default());
    let error = attachment
        .wait_until_connected(Duration::from_millis(300))
        .unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}
