//! The attestation object (WebAuthn L3 §6.5): `fmt`, `attStmt`, `authData`, and nothing else.

use crate::cbor::{self, Reader};
use crate::faults::CborFault;

/// Larger than any attestation object of our format by far; a bound on what is read at all.
pub(crate) const MAX_BYTES: usize = 16_384;

const WHOLE: &str = "attestation object";

/// An attestation object whose CBOR is canonical.
pub(crate) struct AttestationObject<'a> {
    pub(crate) format: &'a str,
    /// The canonical CBOR of `attStmt`.
    pub(crate) statement: &'a [u8],
    pub(crate) auth_data: &'a [u8],
}

impl<'a> AttestationObject<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, CborFault> {
        if bytes.len() > MAX_BYTES {
            return Err(CborFault::TooLarge {
                bytes: bytes.len(),
                limit: MAX_BYTES,
            });
        }
        // Canonical first, so that what follows can rely on the order of keys.
        let mut whole = Reader::new(bytes);
        whole.item()?;
        whole.finish()?;

        let mut reader = Reader::new(bytes);
        if reader.map(WHOLE)? != 3 {
            return Err(CborFault::WrongMembers { map: WHOLE });
        }
        member(&mut reader, "fmt")?;
        let format = reader.text("fmt")?;
        member(&mut reader, "attStmt")?;
        let statement = reader.item()?;
        member(&mut reader, "authData")?;
        let auth_data = reader.bytes("authData")?;
        Ok(Self {
            format,
            statement,
            auth_data,
        })
    }
}

fn member(reader: &mut Reader<'_>, name: &str) -> Result<(), CborFault> {
    if reader.text(WHOLE)? == name {
        Ok(())
    } else {
        Err(CborFault::WrongMembers { map: WHOLE })
    }
}

/// The attestation object of format `none` (WebAuthn L3 §8.7) around this authenticator data.
pub(crate) fn none(auth_data: &[u8]) -> Vec<u8> {
    let mut object = Vec::with_capacity(auth_data.len() + 32);
    cbor::write_map(&mut object, 3);
    cbor::write_text(&mut object, "fmt");
    cbor::write_text(&mut object, "none");
    cbor::write_text(&mut object, "attStmt");
    cbor::write_map(&mut object, 0);
    cbor::write_text(&mut object, "authData");
    cbor::write_bytes(&mut object, auth_data);
    object
}
