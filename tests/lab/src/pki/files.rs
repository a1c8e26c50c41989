//! The hierarchy as files.

use super::{Credential, Person, Pki, PkiError, key::to_pem};
use rsa::RsaPrivateKey;
use serde::{Deserialize, Serialize};
use std::{
    fs,
    path::{Path, PathBuf},
};
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339};

/// `pki.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Version of this file's form: 1.
    pub format: u32,
    /// The seed.
    pub seed: u64,
    /// The year.
    pub year: i32,
    /// Generations 1, 2, 3 of the authentication CA.
    pub authentication_cas: Vec<CaEntry>,
    /// The signature CA.
    pub signature_ca: CaEntry,
    /// The people.
    pub people: Vec<PersonEntry>,
}

/// A CA in `pki.json`; paths are relative to the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaEntry {
    /// Which generation, from 1.
    pub generation: usize,
    /// Path of the certificate, DER.
    pub certificate: String,
    /// Path of the key, PKCS#8 PEM.
    pub key: String,
    /// Start of validity, RFC 3339.
    pub not_before: String,
    /// End of validity, RFC 3339.
    pub not_after: String,
}

/// A person in `pki.json`, and the whole of `people/ID/person.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonEntry {
    /// `p01`, `p02`, …: also the name of the folder.
    pub id: String,
    /// The generation of the authentication CA that vouches for this person.
    pub generation: usize,
    /// Municipality, with prefecture, as certificates spell it.
    pub municipality: String,
    /// Name.
    pub name: String,
    /// Date of birth.
    pub birth_date: String,
    /// 1 male, 2 female.
    pub sex: u8,
    /// Address.
    pub address: String,
    /// The practice authentication PIN.
    pub pin: String,
    /// The practice signing PIN.
    pub sign_pin: String,
    /// Validity of the authentication certificate.
    pub authentication: Validity,
    /// Validity of the signing certificate.
    pub signature: Validity,
}

/// A validity, RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// Start.
    pub not_before: String,
    /// End.
    pub not_after: String,
}

/// The folder of a person within a hierarchy's folder.
pub fn person_folder(pki: &Path, id: &str) -> PathBuf {
    pki.join("people").join(id)
}

impl Pki {
    /// What `pki.json` says.
    pub fn index(&self) -> Index {
        let ca = |generation: usize, name: &str, ca: &super::Ca| CaEntry {
            generation,
            certificate: format!("{name}.cer"),
            key: format!("{name}.key"),
            not_before: rfc3339(ca.template().not_before),
            not_after: rfc3339(ca.template().not_after),
        };
        Index {
            format: 1,
            seed: self.seed,
            year: self.year,
            authentication_cas: (1..)
                .zip(&self.authentication_cas)
                .map(|(generation, it)| {
                    ca(generation, &format!("authentication-ca-{generation}"), it)
                })
                .collect(),
            signature_ca: ca(1, "signature-ca", &self.signature_ca),
            people: self.people.iter().map(Person::entry).collect(),
        }
    }

    /// Writes the hierarchy into a folder, which is made if need be.
    ///
    /// Other files there (a card's state, say) are left alone.
    pub fn write_to(&self, folder: &Path) -> Result<(), PkiError> {
        let index = self.index();
        let entries = index.authentication_cas.iter().chain([&index.signature_ca]);
        let cas = self.authentication_cas.iter().chain([&self.signature_ca]);
        for (entry, ca) in entries.zip(cas) {
            write(&folder.join(&entry.certificate), ca.certificate())?;
            write_key(&folder.join(&entry.key), ca.key())?;
        }
        for person in &self.people {
            let folder = person_folder(folder, &person.id);
            for (name, credential) in [
                ("authentication", &person.authentication),
                ("signature", &person.signature),
            ] {
                let Credential {
                    key, certificate, ..
                } = credential;
                write(&folder.join(format!("{name}.cer")), certificate)?;
                write_key(&folder.join(format!("{name}.key")), key)?;
            }
            write_json(&folder.join("person.json"), &person.entry())?;
        }
        // Last, so that who finds it finds everything else too.
        write_json(&folder.join("pki.json"), &index)
    }
}

impl Person {
    fn entry(&self) -> PersonEntry {
        let validity = |credential: &Credential| Validity {
            not_before: rfc3339(credential.not_before),
            not_after: rfc3339(credential.not_after),
        };
        PersonEntry {
            id: self.id.clone(),
            generation: self.generation,
            municipality: format!(
                "{}, {}",
                self.municipality.name, self.municipality.prefecture
            ),
            name: self.name.clone(),
            birth_date: iso_date(self.birth_date),
            sex: self.sex,
            address: self.address.clone(),
            pin: self.pin.clone(),
            sign_pin: self.sign_pin.clone(),
            authentication: validity(&self.authentication),
            signature: validity(&self.signature),
        }
    }
}

impl Index {
    /// Reads `pki.json` of a hierarchy's folder.
    pub fn read_from(folder: &Path) -> Result<Self, PkiError> {
        let path = folder.join("pki.json");
        let text = fs::read_to_string(&path).map_err(|source| PkiError::Read {
            path: path.clone(),
            source,
        })?;
        let index: Index = serde_json::from_str(&text).map_err(|source| PkiError::Index {
            path: path.clone(),
            source,
        })?;
        if index.format == 1 {
            Ok(index)
        } else {
            Err(PkiError::Format { path })
        }
    }
}

fn rfc3339(unix: i64) -> String {
    OffsetDateTime::from_unix_timestamp(unix)
        .ok()
        .and_then(|t| t.format(&Rfc3339).ok())
        .unwrap_or_default()
}

fn iso_date(date: Date) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        date.year(),
        u8::from(date.month()),
        date.day()
    )
}

fn write(path: &Path, content: &[u8]) -> Result<(), PkiError> {
    let put = || {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, content)
    };
    put().map_err(|source| PkiError::Write {
        path: path.to_owned(),
        source,
    })
}

fn write_key(path: &Path, key: &RsaPrivateKey) -> Result<(), PkiError> {
    write(path, to_pem(key)?.as_bytes())
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), PkiError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(PkiError::Json)?;
    text.push(b'\n');
    write(path, &text)
}
