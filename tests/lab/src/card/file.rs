//! The elementary files of the JPKI application.

use super::{
    personalisation::{Personalisation, Token},
    pin::PinId,
};

/// The size of the files that hold certificates: they are longer than any certificate.
const CERTIFICATE_FILE_SIZE: usize = 2048;
/// What follows a certificate in its file. (The real filler of these files is not published; other
/// files of the card use this byte.)
const FILLER: u8 = 0xFF;

/// What a file is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum File {
    /// Bytes to read, perhaps only after a PIN.
    Transparent {
        content: Vec<u8>,
        needs: Option<PinId>,
    },
    /// The authentication or the signing PIN.
    Pin(PinId),
    /// The authentication or the signing key.
    Key(PinId),
}

/// The file with an identifier; identifiers 0001 to 001E are also short identifiers.
pub(super) fn file(card: &Personalisation, id: u16) -> Option<File> {
    let phone = card.token != Token::Card;
    let authentication = &card.authentication;
    let signature = card.signature.as_ref();
    let public = |content| {
        Some(File::Transparent {
            content,
            needs: None,
        })
    };
    let protected = |content, pin| {
        Some(File::Transparent {
            content,
            needs: Some(pin),
        })
    };
    match id {
        0x0001 => protected(padded(&signature?.certificate), PinId::Signature),
        0x0002 => public(padded(&signature?.ca_certificate)),
        0x0006 => public(token_info(card.token)),
        0x0008 => public(vec![
            if signature.is_some() { 0x8F } else { 0x00 },
            0x8F,
            0x00,
        ]),
        0x000A if phone => protected(padded(&authentication.certificate), PinId::Authentication),
        0x000A => public(padded(&authentication.certificate)),
        0x000B => public(padded(&authentication.ca_certificate)),
        0x0017 => Some(File::Key(PinId::Authentication)),
        0x0018 => Some(File::Pin(PinId::Authentication)),
        0x001A => signature.map(|_| File::Key(PinId::Signature)),
        0x001B => signature.map(|_| File::Pin(PinId::Signature)),
        _ => None,
    }
}

fn padded(certificate: &[u8]) -> Vec<u8> {
    let mut content = certificate.to_vec();
    content.resize(CERTIFICATE_FILE_SIZE.max(certificate.len()), FILLER);
    content
}

/// A CK_TOKEN_INFO of PKCS #11 with four-byte big-endian numbers: 160 bytes, laid out as measured
/// on physical cards (documented with `myna-card`).
fn token_info(token: Token) -> Vec<u8> {
    const UNAVAILABLE: u32 = u32::MAX;
    let mut out = Vec::with_capacity(160);
    let mut text = |value: &[u8], width: usize| {
        let mut field = value.to_vec();
        field.resize(width, b' ');
        out.extend_from_slice(&field);
    };
    text(token.label(), 32);
    text(b"JPKI-LAB", 32); // manufacturerID
    text(b"PRACTICE", 16); // model
    text(b"0000000000000001", 16); // serialNumber
    let flags = 0x040D; // RNG, login required, PIN initialised, token initialised
    let sessions = [1, 0, 1, 0];
    let pin_lengths = [16, 6];
    for number in [flags]
        .into_iter()
        .chain(sessions)
        .chain(pin_lengths)
        .chain([UNAVAILABLE; 4])
    {
        out.extend_from_slice(&u32::to_be_bytes(number));
    }
    out.extend_from_slice(b"0301"); // hardware and firmware version, in ASCII
    out.extend_from_slice(&[b'9'; 16]); // utcTime
    out
}
