//! What sign-in by account name answers when there is no such account: credentials of nobody, that look like anybody's.
//!
//! They are the same each time for a name (WebAuthn L3 §14.6.2), and have the shape of some real person's: as many, as long,
//! with the same first byte (authenticators put a version there) and transports.

use super::{Refusal, options::Listed};
use crate::{service::Service, store::CredentialRecord};

/// Where there is nobody yet: the shape of this project's own authenticator.
const LENGTH: usize = 49;
const FIRST_BYTE: u8 = 0x01;

impl Service {
    /// Whose credentials give the decoys under a name their shape.
    pub(super) async fn decoy_models(
        &self,
        name_key: &str,
    ) -> Result<Vec<CredentialRecord>, Refusal> {
        let pivot = self.keys.decoy(name_key.as_bytes(), u8::MAX, 0);
        Ok(self.store.model_credentials(&pivot).await?)
    }

    pub(super) fn decoys(
        &self,
        name_key: &str,
        models: &[CredentialRecord],
    ) -> Result<Vec<Listed>, Refusal> {
        let name = name_key.as_bytes();
        if models.is_empty() {
            return Ok(vec![Listed {
                credential_id: self.decoy_id(name, 0, LENGTH, FIRST_BYTE),
                transports: vec!["internal".to_owned(), "usb".to_owned()],
            }]);
        }
        models
            .iter()
            .zip(0..u8::MAX)
            .map(|(model, index)| {
                let model = self.listed(model)?;
                let id = &model.credential_id;
                let first = id.first().copied().unwrap_or(FIRST_BYTE);
                Ok(Listed {
                    credential_id: self.decoy_id(name, index, id.len(), first),
                    transports: model.transports,
                })
            })
            .collect()
    }

    fn decoy_id(&self, name: &[u8], index: u8, length: usize, first: u8) -> Vec<u8> {
        let mut id: Vec<u8> = (0..=u8::MAX)
            .flat_map(|block| self.keys.decoy(name, index, block))
            .take(length)
            .collect();
        if let Some(byte) = id.first_mut() {
            *byte = first;
        }
        id
    }
}
