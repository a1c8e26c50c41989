//! Registrations by which browsers ask for a touch and nothing else, at RP IDs that no site can have.

use super::Authenticator;
use super::request::Request;
use crate::attestation::Statement;
use crate::authenticator::Moment;
use crate::authenticator_data::{self, Flags};
use crate::cbor::{self, Map};
use crate::credential::{CredentialId, CredentialKind, PairwiseKey, pairwise_public_key, random};
use crate::failure::Failure;
use crate::ports::Confirmation;

/// Chromium's and Firefox's.
const RP_IDS: [&str; 2] = [".dummy", "make.me.blink"];

/// Whether a registration at this RP ID is one of them.
pub(super) fn asks_for_touch(rp_id: &str) -> bool {
    RP_IDS.contains(&rp_id)
}

impl Authenticator<'_> {
    /// Waits for the person, and answers with a credential that nobody keeps the key of: UP, and no UV, for no card was asked.
    pub(super) fn register_for_touch(
        &mut self,
        request: &Request,
        moment: &mut Moment<'_>,
    ) -> Result<Vec<u8>, Failure> {
        self.wait_for_presence(&Confirmation::Select(None))?;
        let secrets = self.storage.secrets()?;
        let nonce = random::<32>(moment.rng)?;
        let id = CredentialId::pairwise(&secrets, &request.rp_id_hash, &nonce);
        let key = PairwiseKey::generate(moment.rng)?;
        let flags = Flags {
            present: true,
            verified: false,
            kind: CredentialKind::Pairwise,
            backed_up: false,
        };
        let auth_data = authenticator_data::for_attestation(
            &request.rp_id_hash,
            flags,
            &id,
            &pairwise_public_key(&key.point()?),
            Map::new(),
        );
        let signature = key.sign(&auth_data, &request.client_data_hash);
        let statement = Statement::packed_self(CredentialKind::Pairwise, signature);
        let response = Map::new()
            .with(0x01, statement.format)
            .with(0x02, auth_data)
            .with(0x03, statement.statement);
        Ok(cbor::encode(&response.into()))
    }
}
