//! `fmt` is `eid-x509`, and `attStmt` has exactly its members, with one certificate.

use super::{Case, Stop};
use crate::FORMAT;
use crate::faults::StatementFault;
use crate::refused::Refused;
use crate::statement::Statement;

/// RFC 8809 §2.1: printable ASCII without quotation mark and backslash, at most 32 characters.
fn is_identifier(format: &str) -> bool {
    (1..=32).contains(&format.len())
        && format
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
}

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let object = case.need_object()?;
    if object.format != FORMAT {
        return Err(if is_identifier(object.format) {
            Refused::OtherFormat {
                format: object.format.to_owned(),
            }
        } else {
            Refused::Statement(StatementFault::FormatIdentifier)
        }
        .into());
    }
    let statement = Statement::parse(object.statement).map_err(Refused::Statement)?;
    case.certificate_der = Some(statement.certificate);
    case.statement = Some(statement);
    Ok(())
}
