//! The `eid-x509` attestation statement (`docs/attestation-format.md`, *Syntax*).

use crate::cbor::Reader;
use crate::faults::{CborFault, StatementFault};

/// A statement with the right members; nothing about them is verified yet.
pub(crate) struct Statement<'a> {
    /// COSE algorithm identifier.
    pub(crate) alg: i64,
    pub(crate) sig: &'a [u8],
    /// The one certificate of `x5c`.
    pub(crate) certificate: &'a [u8],
}

impl<'a> Statement<'a> {
    /// From the CBOR of `attStmt`, known to be canonical.
    pub(crate) fn parse(att_stmt: &'a [u8]) -> Result<Self, StatementFault> {
        let mut reader = Reader::new(att_stmt);
        let members = StatementFault::Members;
        if reader.map("attStmt").map_err(members)? != 3 {
            return Err(wrong_members());
        }
        member(&mut reader, "alg")?;
        let alg = reader.integer("alg").map_err(members)?;
        member(&mut reader, "sig")?;
        let sig = reader.bytes("sig").map_err(members)?;
        member(&mut reader, "x5c")?;
        let count = reader.array("x5c").map_err(members)?;
        if count != 1 {
            return Err(StatementFault::CertificateCount { count });
        }
        let certificate = reader.bytes("x5c").map_err(members)?;
        reader.finish().map_err(members)?;
        Ok(Self {
            alg,
            sig,
            certificate,
        })
    }
}

fn member(reader: &mut Reader<'_>, name: &str) -> Result<(), StatementFault> {
    match reader.text("attStmt") {
        Ok(found) if found == name => Ok(()),
        _ => Err(wrong_members()),
    }
}

const fn wrong_members() -> StatementFault {
    StatementFault::Members(CborFault::WrongMembers { map: "attStmt" })
}
