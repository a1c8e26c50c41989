//! The certificate's key signed the authenticator data and the client data hash, as received.

use super::{Case, Rule, Stop};
use crate::refused::Refused;

pub(super) fn check(case: &mut Case<'_>) -> Result<(), Stop> {
    let statement = case.need_statement()?;
    let object = case.need_object()?;
    let certificate = case.need_certificate()?;
    let algorithm = case
        .statement_algorithm
        .ok_or(Stop::Needs(Rule::StatementAlgorithm))?;
    if !case.key_admitted {
        return Err(Stop::Needs(Rule::PublicKey));
    }
    let signed = [object.auth_data, case.client_data_hash.as_slice()].concat();
    let verifies =
        certificate
            .public_key
            .verifies(algorithm.signature_algorithm(), &signed, statement.sig);
    if verifies {
        Ok(())
    } else {
        Err(Refused::StatementSignature.into())
    }
}
