//! The client extension `prf` (WebAuthn L3 §10.1.4): pseudo-random values by the credential's secret, the same each time.
//!
//! A salt of hmac-secret is SHA-256("WebAuthn PRF" ‖ 0x00 ‖ what the site evaluates): no site can have secrets evaluated that other
//! software than a browser keeps with the same credential.

use std::collections::BTreeMap;
use std::fmt;

use authenticator_core::{Prf, PrfResults, PrfSalts};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::options::{Bytes, Descriptor, MAX_LIST, present};
use crate::failure::Failure;

const CONTEXT: &[u8] = b"WebAuthn PRF\0";

/// The longest input of one evaluation: a message is no longer.
const MAX_INPUT: usize = 65_536;

/// `AuthenticationExtensionsPRFInputsJSON`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PrfInputs {
    #[serde(default, deserialize_with = "present")]
    eval: Option<Values>,
    #[serde(default, deserialize_with = "present")]
    eval_by_credential: Option<BTreeMap<String, Values>>,
}

/// `AuthenticationExtensionsPRFValuesJSON`, of a site.
#[derive(Debug, Deserialize)]
struct Values {
    first: Bytes<0, MAX_INPUT>,
    #[serde(default, deserialize_with = "present")]
    second: Option<Bytes<0, MAX_INPUT>>,
}

impl Values {
    fn salts(&self) -> PrfSalts {
        let salt = |input: &Bytes<0, MAX_INPUT>| {
            let hash = Sha256::new().chain_update(CONTEXT);
            hash.chain_update(input.as_slice()).finalize().into()
        };
        PrfSalts {
            first: salt(&self.first),
            second: self.second.as_ref().map(salt),
        }
    }
}

/// What a registration asks the authenticator.
///
/// # Errors
/// [`Failure::NotSupported`] if it asks by credential: there is none yet.
pub(crate) fn at_registration(inputs: Option<&PrfInputs>) -> Result<Option<Prf>, Failure> {
    let Some(inputs) = inputs else {
        return Ok(None);
    };
    if inputs.eval_by_credential.is_some() {
        return Err(Failure::NotSupported);
    }
    let salts = inputs.eval.as_ref().map(Values::salts);
    Ok(Some(Prf::new(salts, BTreeMap::new())))
}

/// What a sign-in asks the authenticator, with the credentials that the site allows.
///
/// # Errors
/// [`Failure::NotSupported`] if it asks by credential and allows none by name; [`Failure::PrfInputs`] if it asks for one that it does
/// not allow; [`Failure::BadRequest`] if it asks for more than any list holds.
pub(crate) fn at_sign_in(
    inputs: Option<&PrfInputs>,
    allowed: &[Descriptor],
) -> Result<Option<Prf>, Failure> {
    let Some(inputs) = inputs else {
        return Ok(None);
    };
    let mut by_credential = BTreeMap::new();
    if let Some(asked) = &inputs.eval_by_credential {
        if !asked.is_empty() && allowed.is_empty() {
            return Err(Failure::NotSupported);
        }
        if asked.len() > MAX_LIST {
            return Err(Failure::BadRequest);
        }
        for (id, values) in asked {
            let id = URL_SAFE_NO_PAD.decode(id).ok();
            let id = id.filter(|id| allowed.iter().any(|each| each.id.as_slice() == *id));
            by_credential.insert(id.ok_or(Failure::PrfInputs)?, values.salts());
        }
    }
    let salts = inputs.eval.as_ref().map(Values::salts);
    Ok(Some(Prf::new(salts, by_credential)))
}

/// `AuthenticationExtensionsPRFOutputsJSON`.
#[derive(Debug, Serialize)]
pub(crate) struct PrfOutputs {
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Results>,
}

/// `AuthenticationExtensionsPRFValuesJSON`, for a site.
#[derive(Serialize)]
struct Results {
    first: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<String>,
}

/// Never what is in it.
impl fmt::Debug for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Results(…)")
    }
}

impl Results {
    fn new(results: &PrfResults) -> Self {
        let text = |value: &[u8; 32]| URL_SAFE_NO_PAD.encode(value);
        Self {
            first: text(&results.first),
            second: results.second.as_deref().map(text),
        }
    }
}

impl PrfOutputs {
    /// Of a registration: whether there will be results, and those that there are already.
    pub(crate) fn of_registration(prf: &Prf) -> Self {
        Self {
            enabled: Some(prf.is_enabled()),
            results: prf.results().map(Results::new),
        }
    }

    /// Of a sign-in.
    pub(crate) fn of_sign_in(prf: &Prf) -> Self {
        Self {
            enabled: None,
            results: prf.results().map(Results::new),
        }
    }
}

#[cfg(test)]
#[path = "prf_tests.rs"]
mod tests;
