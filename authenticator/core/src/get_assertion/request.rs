//! The parameters of authenticatorGetAssertion (CTAP 2.3 §6.2.1), checked in the order of §6.2.2.

use crate::authenticator::Transport;
use crate::authenticator_data::rp_id_hash;
use crate::cbor::{Map, Value};
use crate::extensions::SignInInputs;
use crate::failure::Failure;
use crate::parameters::{
    PinUvAuthParam, client_data_hash, credential_list, optional, options, pin_uv_auth, required,
    rp_id,
};
use crate::ports::Site;

/// A request that can be tried.
pub(super) struct Request {
    pub(super) rp_id: String,
    pub(super) rp_id_hash: [u8; 32],
    pub(super) client_data_hash: [u8; 32],
    pub(super) allow_list: Option<Vec<Vec<u8>>>,
    pub(super) extensions: SignInInputs,
    /// `up: false`: a silent probe.
    pub(super) silent: bool,
    /// By the platform's token; without, the person is verified in our own prompt.
    pub(super) pin_uv_auth: Option<PinUvAuthParam>,
}

impl Request {
    pub(super) fn parse(map: &Map, transport: Transport) -> Result<Request, Failure> {
        let rp_id = rp_id(required(map, 0x01, "rpId", Value::as_text)?)?;
        let client_data_hash = client_data_hash(map, 0x02)?;
        let allow_list = credential_list(map, 0x03, "allowList")?;
        let extensions = optional(map, 0x04, "extensions", Value::as_map)?;
        let options = options(map, 0x05)?;

        // Step 2.
        let pin_uv_auth = pin_uv_auth(map, 0x06, 0x07, transport)?;
        // Step 4: `rk` has no meaning here. `uv: false` changes nothing, since (step 5) UV is always
        // done; `uv: true` without presence would be a PIN prompt in a silent request. With a token, `uv` does not count.
        if options.rk.is_some() {
            return Err(Failure::UnsupportedOption("rk"));
        }
        let silent = options.up == Some(false);
        if silent && options.uv == Some(true) && pin_uv_auth.is_none() {
            return Err(Failure::InvalidOption("the option uv"));
        }
        Ok(Request {
            rp_id_hash: rp_id_hash(&rp_id),
            rp_id,
            client_data_hash,
            allow_list,
            extensions: SignInInputs::parse(extensions, silent)?,
            silent,
            pin_uv_auth,
        })
    }

    pub(super) fn site(&self) -> Site<'_> {
        Site {
            rp_id: &self.rp_id,
            name: None,
        }
    }
}
