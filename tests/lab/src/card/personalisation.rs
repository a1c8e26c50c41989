//! What is on a card: keys, certificates, PINs.

use crate::pki::{Index, Person, Pki, person_folder};
use rsa::{RsaPrivateKey, pkcs8::DecodePrivateKey as _};
use std::{
    fs,
    path::{Path, PathBuf},
};
use thiserror::Error;

/// What answers as the JPKI applet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Token {
    /// The plastic card: the authentication certificate can be read without a PIN.
    #[default]
    Card,
    /// An Android phone: the PIN comes first.
    Android,
    /// An iPhone: the PIN comes first.
    IPhone,
}

impl Token {
    /// The beginning of EF 0006.
    pub(super) fn label(self) -> &'static [u8] {
        match self {
            Token::Card => b"JPKIAPICCTOKEN2",
            Token::Android => b"JPKIAPGPSETOKEN",
            Token::IPhone => b"JPKIAPIOSTOKEN",
        }
    }
}

/// One of the two key pairs, with what surrounds it.
#[derive(Clone)]
pub struct KeyPair {
    /// The private key, RSA-2048.
    pub key: RsaPrivateKey,
    /// The holder's certificate, DER.
    pub certificate: Vec<u8>,
    /// The CA's certificate, DER.
    pub ca_certificate: Vec<u8>,
    /// The PIN that the card was issued with.
    pub pin: String,
}

/// Everything that makes a card this person's card.
#[derive(Clone)]
pub struct Personalisation {
    /// Card or phone.
    pub token: Token,
    /// The authentication key.
    pub authentication: KeyPair,
    /// The signature key. Children under fifteen have none.
    pub signature: Option<KeyPair>,
}

impl std::fmt::Debug for Personalisation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Personalisation")
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// Why a card could not be made from a hierarchy's folder.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PersonalisationError {
    /// The hierarchy's index could not be read.
    #[error(transparent)]
    Index(#[from] crate::pki::PkiError),
    /// There is no such person.
    #[error("there is no person {wanted} in this hierarchy, only {there}")]
    NoSuchPerson {
        /// Who was asked for.
        wanted: String,
        /// Who is there.
        there: String,
    },
    /// A file could not be read.
    #[error("{path} could not be read")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A key file does not hold an RSA key.
    #[error("{path} is not an RSA key in PKCS#8 PEM")]
    Key {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rsa::pkcs8::Error,
    },
}

impl Personalisation {
    /// The card of a person of a hierarchy in memory; `None` if the hierarchy does not have the
    /// person's CA.
    pub fn of(pki: &Pki, person: &Person) -> Option<Self> {
        Some(Personalisation {
            token: Token::Card,
            authentication: KeyPair {
                key: person.authentication.key.clone(),
                certificate: person.authentication.certificate.clone(),
                ca_certificate: pki
                    .authentication_ca(person.generation)?
                    .certificate()
                    .to_vec(),
                pin: person.pin.clone(),
            },
            signature: Some(KeyPair {
                key: person.signature.key.clone(),
                certificate: person.signature.certificate.clone(),
                ca_certificate: pki.signature_ca.certificate().to_vec(),
                pin: person.sign_pin.clone(),
            }),
        })
    }

    /// The card of a person of a hierarchy in files.
    pub fn read_from(folder: &Path, id: &str) -> Result<Self, PersonalisationError> {
        let index = Index::read_from(folder)?;
        let nobody = || PersonalisationError::NoSuchPerson {
            wanted: id.to_owned(),
            there: index
                .people
                .iter()
                .map(|p| p.id.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        };
        let person = index
            .people
            .iter()
            .find(|p| p.id == id)
            .ok_or_else(nobody)?;
        let ca = index
            .authentication_cas
            .iter()
            .find(|ca| ca.generation == person.generation)
            .ok_or_else(nobody)?;
        let own = person_folder(folder, id);
        let pair = |name: &str, ca: &str, pin: &str| {
            Ok::<_, PersonalisationError>(KeyPair {
                key: read_key(&own.join(format!("{name}.key")))?,
                certificate: read(&own.join(format!("{name}.cer")))?,
                ca_certificate: read(&folder.join(ca))?,
                pin: pin.to_owned(),
            })
        };
        Ok(Personalisation {
            token: Token::Card,
            authentication: pair("authentication", &ca.certificate, &person.pin)?,
            signature: Some(pair(
                "signature",
                &index.signature_ca.certificate,
                &person.sign_pin,
            )?),
        })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, PersonalisationError> {
    fs::read(path).map_err(|source| PersonalisationError::Read {
        path: path.to_owned(),
        source,
    })
}

fn read_key(path: &Path) -> Result<RsaPrivateKey, PersonalisationError> {
    let text = fs::read_to_string(path).map_err(|source| PersonalisationError::Read {
        path: path.to_owned(),
        source,
    })?;
    RsaPrivateKey::from_pkcs8_pem(&text).map_err(|source| PersonalisationError::Key {
        path: path.to_owned(),
        source,
    })
}
