//! The parameters of authenticatorMakeCredential (CTAP 2.3 §6.1.1), checked in the order of §6.1.2.

use crate::attestation::Asked;
use crate::authenticator::Transport;
use crate::authenticator_data::rp_id_hash;
use crate::cbor::{Map, Value};
use crate::credential::WantedKind;
use crate::extensions::RegistrationInputs;
use crate::failure::Failure;
use crate::parameters::{
    PinUvAuthParam, client_data_hash, credential_list, name, optional, options, pin_uv_auth,
    required, rp_id, text_list, unsigned,
};
use crate::ports::{AccountName, Site};

/// A request that can be fulfilled.
pub(super) struct Request {
    pub(super) client_data_hash: [u8; 32],
    pub(super) rp_id: String,
    pub(super) rp_id_hash: [u8; 32],
    rp_name: Option<String>,
    pub(super) user_handle: Vec<u8>,
    pub(super) account: AccountName,
    pub(super) wanted: WantedKind,
    pub(super) exclude_list: Vec<Vec<u8>>,
    pub(super) extensions: RegistrationInputs,
    pub(super) discoverable: bool,
    pub(super) enterprise: bool,
    pub(super) asked: Asked,
    /// By the platform's token; without, the person is verified in our own prompt.
    pub(super) pin_uv_auth: Option<PinUvAuthParam>,
}

impl Request {
    pub(super) fn parse(map: &Map, transport: Transport) -> Result<Request, Failure> {
        let client_data_hash = client_data_hash(map, 0x01)?;
        let rp = required(map, 0x02, "rp", Value::as_map)?;
        let rp_id = rp_id(required(rp, "id", "rp.id", Value::as_text)?)?;
        let rp_name = name(rp, "name", "rp.name")?;
        let user = required(map, 0x03, "user", Value::as_map)?;
        let user_handle = required(user, "id", "user.id", Value::as_bytes)?.to_vec();
        if !(1..=64).contains(&user_handle.len()) {
            return Err(Failure::InvalidParameter("user.id"));
        }
        let account = AccountName {
            name: name(user, "name", "user.name")?,
            display_name: name(user, "displayName", "user.displayName")?,
        };
        let algorithms = algorithms(map)?;
        let exclude_list = credential_list(map, 0x05, "excludeList")?.unwrap_or_default();
        let extensions = optional(map, 0x06, "extensions", Value::as_map)?;
        let options = options(map, 0x07)?;
        let discoverable = options.rk == Some(true);
        let enterprise = optional(map, 0x0A, "enterpriseAttestation", unsigned)?;
        let formats = optional(map, 0x0B, "attestationFormatsPreference", text_list)?;

        // Step 2.
        let pin_uv_auth = pin_uv_auth(map, 0x08, 0x09, transport)?;
        // Step 3: the supported algorithms in the relying party's order, the whole list being valid. RS256
        // counts as supported where the person agrees to it (step 11).
        let wanted =
            WantedKind::from_algorithms(&algorithms).ok_or(Failure::UnsupportedAlgorithm)?;
        // Step 5: presence cannot be declined. `uv: false` changes nothing, since (step 6) UV is always
        // done; so `rk: true` always has it.
        if options.up == Some(false) {
            return Err(Failure::InvalidOption("the option up"));
        }
        // Step 9: vendor-facilitated (1) and platform-managed (2) are the same here: the person decides.
        if !matches!(enterprise, None | Some(1 | 2)) {
            return Err(Failure::InvalidOption("enterpriseAttestation"));
        }
        Ok(Request {
            client_data_hash,
            rp_id_hash: rp_id_hash(&rp_id),
            rp_id,
            rp_name,
            user_handle,
            account,
            wanted,
            exclude_list,
            extensions: RegistrationInputs::parse(extensions, discoverable)?,
            discoverable,
            enterprise: enterprise.is_some(),
            asked: Asked::from_request(formats.as_deref(), enterprise.is_some()),
            pin_uv_auth,
        })
    }

    pub(super) fn site(&self) -> Site<'_> {
        Site {
            rp_id: &self.rp_id,
            name: self.rp_name.as_deref(),
        }
    }
}

/// `pubKeyCredParams`: the algorithms of its `public-key` entries, the whole list being valid.
fn algorithms(map: &Map) -> Result<Vec<i64>, Failure> {
    let mut algorithms = Vec::new();
    for entry in required(map, 0x04, "pubKeyCredParams", Value::as_array)? {
        let entry = entry
            .as_map()
            .ok_or(Failure::WrongType("pubKeyCredParams"))?;
        let kind = required(entry, "type", "a parameter's type", Value::as_text)?;
        let algorithm = required(entry, "alg", "a parameter's alg", Value::as_integer)?;
        if kind == "public-key" {
            algorithms.push(algorithm);
        }
    }
    Ok(algorithms)
}
