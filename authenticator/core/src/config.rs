//! authenticatorConfig (CTAP 2.3 §6.11).
//!
//! | subcommand | here |
//! |---|---|
//! | enableEnterpriseAttestation | is remembered, for requests over CTAPHID. The person still decides each time |
//! | toggleAlwaysUv | refused: user verification cannot be switched off |
//! | setMinPINLength | keeps the RP IDs. The card's PIN has four digits, so no other length can be set, and nobody can be forced to change it |
//! | vendorPrototype | none |

use std::collections::BTreeSet;

use crate::authenticator::{Authenticator, CONFIG, Transport};
use crate::cbor::{self, Map, Value};
use crate::extensions::MIN_PIN_LENGTH;
use crate::failure::Failure;
use crate::parameters::{decode, optional, pin_uv_auth, required, rp_id, text_list, unsigned};
use crate::permissions::Permissions;

// Subcommands.
const ENABLE_ENTERPRISE_ATTESTATION: u64 = 0x01;
const TOGGLE_ALWAYS_UV: u64 = 0x02;
const SET_MIN_PIN_LENGTH: u64 = 0x03;

/// Those that change something (`authenticatorConfigCommands`).
pub(crate) const CONFIG_COMMANDS: [u64; 2] = [ENABLE_ENTERPRISE_ATTESTATION, SET_MIN_PIN_LENGTH];

/// RP IDs that may learn the PIN's minimum length (`maxRPIDsForSetMinPINLength`).
pub(crate) const MAX_RP_IDS: usize = 16;

impl Authenticator<'_> {
    /// Changes a setting.
    pub(crate) fn config(
        &mut self,
        parameters: &[u8],
        transport: Transport,
    ) -> Result<Vec<u8>, Failure> {
        let map = decode(parameters)?;
        // Steps 1 to 3.
        let subcommand = required(&map, 0x01, "subCommand", unsigned)?;
        let known = [
            ENABLE_ENTERPRISE_ATTESTATION,
            TOGGLE_ALWAYS_UV,
            SET_MIN_PIN_LENGTH,
        ];
        let code = u8::try_from(subcommand)
            .ok()
            .filter(|_| known.contains(&subcommand))
            .ok_or(Failure::InvalidParameter("subCommand"))?;
        let given = optional(&map, 0x02, "subCommandParams", Value::as_map)?;

        // Step 4: `alwaysUv`.
        let auth = pin_uv_auth(&map, 0x04, 0x03, transport)?;
        let auth = auth.ok_or(Failure::PinUvAuthTokenRequired)?;
        let encoded = given.map(|given| cbor::encode(&given.clone().into()));
        let message: [&[u8]; 3] = [
            &[0xFF; 32],
            &[CONFIG, code],
            encoded.as_deref().unwrap_or_default(),
        ];
        self.session
            .authorise_management(&auth, &message, Permissions::CONFIGURATION)?;

        // Step 5.
        match subcommand {
            ENABLE_ENTERPRISE_ATTESTATION => self.enable_enterprise_attestation()?,
            TOGGLE_ALWAYS_UV => return Err(Failure::OperationDenied),
            _ => self.set_min_pin_length(given)?,
        }
        Ok(Vec::new())
    }

    fn enable_enterprise_attestation(&mut self) -> Result<(), Failure> {
        let mut settings = self.storage.settings()?;
        settings.enterprise_attestation = true;
        Ok(self.storage.commit_settings(&settings)?)
    }

    /// §6.11.4.
    fn set_min_pin_length(&mut self, given: Option<&Map>) -> Result<(), Failure> {
        let none = Map::new();
        let given = given.unwrap_or(&none);
        let length = optional(given, 0x01, "newMinPINLength", unsigned)?;
        let rp_ids = optional(given, 0x02, "minPinLengthRPIDs", text_list)?;
        let force = optional(given, 0x03, "forceChangePin", Value::as_bool)?;
        if length.is_some_and(|length| i64::try_from(length) != Ok(MIN_PIN_LENGTH)) {
            return Err(Failure::PinPolicyViolation);
        }
        // The card verifies its PIN for other programs too, and does not tell whether it was changed elsewhere.
        if force == Some(true) {
            return Err(Failure::UnsupportedOption("forceChangePin"));
        }
        let rp_ids = rp_ids.unwrap_or_default();
        let rp_ids: BTreeSet<String> = rp_ids.into_iter().map(rp_id).collect::<Result<_, _>>()?;
        if rp_ids.len() > MAX_RP_IDS {
            return Err(Failure::KeyStoreFull);
        }
        if !rp_ids.is_empty() {
            let mut settings = self.storage.settings()?;
            settings.min_pin_length_rp_ids = rp_ids;
            self.storage.commit_settings(&settings)?;
        }
        Ok(())
    }
}
