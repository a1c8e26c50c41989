//! minPinLength (CTAP 2.3 §12.5): tells the length of the card's PIN to relying parties that authenticatorConfig names.

use super::Inputs;
use crate::cbor::Value;
use crate::failure::Failure;

/// Its name.
pub(super) const NAME: &str = "minPinLength";

/// The card's PIN has four digits: no fewer and no more (`minPINLength`).
pub(crate) const MIN_PIN_LENGTH: i64 = 4;

/// Whether it is asked for.
pub(super) fn is_asked(inputs: Inputs<'_>) -> Result<bool, Failure> {
    Ok(inputs.read(NAME, Value::as_bool)?.unwrap_or(false))
}
