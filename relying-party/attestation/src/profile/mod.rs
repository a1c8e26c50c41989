//! Issuer profiles: who is trusted, and what that issuer's certificates look like. All of it is data.

mod anchor;
mod builtin;
mod file;
mod set;

pub use anchor::{Anchor, AnchorError};
pub use set::Profiles;

pub(crate) use file::Requirements;

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::report::ProfileSummary;
use file::ProfileFile;

/// How serious an issuer's certificates are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Issued to people.
    Production,
    /// Issued by an authority for trying things out.
    Test,
    /// Issued by anyone, for practice.
    Practice,
}

/// One issuer: its name, its pinned anchors, and what its certificates look like.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    title: BTreeMap<String, String>,
    country: String,
    class: Class,
    issuer: Vec<u8>,
    anchors: Vec<Anchor>,
    requirements: Requirements,
}

impl Profile {
    /// A profile that comes with this crate: `jpki` (production), `jpki-test` (J-LIS's test cards) or `lab` (practice;
    /// without anchors: add those of your practice hierarchy).
    ///
    /// # Errors
    /// There is none of that name.
    pub fn builtin(name: &str) -> Result<Self, ProfileError> {
        let builtin = builtin::ALL
            .iter()
            .find(|builtin| builtin.name == name)
            .ok_or_else(|| ProfileError::UnknownBuiltin {
                name: name.to_owned(),
            })?;
        Self::from_toml(builtin.text, &|file| builtin.anchor(file))
    }

    /// A profile from its TOML text (`profiles/jpki.toml` is an annotated example). `read_anchor` returns the bytes of an
    /// anchor file that the text names.
    ///
    /// # Errors
    /// The text is not a profile, claims what belongs to a built-in one, or an anchor is not acceptable.
    pub fn from_toml(
        text: &str,
        read_anchor: &dyn Fn(&str) -> io::Result<Vec<u8>>,
    ) -> Result<Self, ProfileError> {
        let file = ProfileFile::parse(text)?;
        let issuer = file.issuer_der()?;
        builtin::check_reserved(&file, &issuer)?;
        let requirements = file.requirements()?;
        let mut profile = Self {
            name: file.name,
            title: file.title,
            country: file.country,
            class: file.class,
            issuer,
            anchors: Vec::new(),
            requirements,
        };
        for anchor in &file.anchors {
            let der = read_anchor(&anchor.file).map_err(|cause| ProfileError::Read {
                file: anchor.file.clone(),
                cause,
            })?;
            profile
                .add_anchor(&anchor.label, &der)
                .map_err(|cause| profile.refuses(&anchor.label, cause))?;
        }
        Ok(profile)
    }

    /// A profile from a TOML file; its anchor files are relative to it.
    ///
    /// # Errors
    /// As [`Profile::from_toml`], or the file cannot be read.
    pub fn from_file(path: &Path) -> Result<Self, ProfileError> {
        let text = std::fs::read_to_string(path).map_err(|cause| ProfileError::Read {
            file: path.display().to_string(),
            cause,
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::from_toml(&text, &|file| std::fs::read(folder.join(file)))
    }

    /// Pins one more certificate of this issuer, such as a new CA generation. Adding the same one again does nothing.
    ///
    /// # Errors
    /// It is not a self-signed CA certificate of exactly this profile's issuer: so a practice or test root never enters a
    /// production profile.
    pub fn add_anchor(&mut self, label: &str, der: &[u8]) -> Result<(), AnchorError> {
        if self.anchors.iter().any(|anchor| anchor.der() == der) {
            return Ok(());
        }
        let anchor = Anchor::pin(label, der, &self.issuer)?;
        if self.anchor(anchor.key_identifier()).is_some() {
            return Err(AnchorError::KeyIdentifierTaken);
        }
        self.anchors.push(anchor);
        Ok(())
    }

    /// Its name, such as `jpki`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What to call it to people in `language` (a language code such as `ja`); English if there is no such text.
    #[must_use]
    pub fn title(&self, language: &str) -> &str {
        self.title
            .get(language)
            .or_else(|| self.title.get("en"))
            .map_or(&self.name, String::as_str)
    }

    /// The issuer's country (ISO 3166-1 alpha-2).
    #[must_use]
    pub fn country(&self) -> &str {
        &self.country
    }

    /// Production, test or practice.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// The pinned certificates.
    #[must_use]
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// DER of the issuer's name.
    pub(crate) fn issuer(&self) -> &[u8] {
        &self.issuer
    }

    /// The anchor with that subject key identifier.
    pub(crate) fn anchor(&self, key_identifier: &[u8]) -> Option<&Anchor> {
        self.anchors
            .iter()
            .find(|anchor| anchor.key_identifier() == key_identifier)
    }

    pub(crate) const fn requirements(&self) -> &Requirements {
        &self.requirements
    }

    pub(crate) fn summary(&self) -> ProfileSummary {
        ProfileSummary {
            name: self.name.clone(),
            class: self.class,
            country: self.country.clone(),
        }
    }

    fn refuses(&self, anchor: &str, cause: AnchorError) -> ProfileError {
        ProfileError::Anchor {
            profile: self.name.clone(),
            anchor: anchor.to_owned(),
            cause,
        }
    }
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// There is no built-in profile of that name.
    #[error("there is no built-in profile \"{name}\"")]
    UnknownBuiltin {
        /// The name.
        name: String,
    },
    /// No profile of that name is in use.
    #[error("no profile \"{name}\" is in use")]
    NotInUse {
        /// The name.
        name: String,
    },
    /// A file or folder cannot be read.
    #[error("cannot read {file}: {cause}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        cause: io::Error,
    },
    /// The text is not a profile.
    #[error("this is not a profile: {0}")]
    Text(String),
    /// Something in the profile makes no sense or would be unsafe.
    #[error("profile \"{profile}\": {what}")]
    Content {
        /// The profile.
        profile: String,
        /// What.
        what: &'static str,
    },
    /// It has the name of a built-in profile with another issuer, or a built-in profile's issuer with another class.
    #[error(
        "profile \"{profile}\" claims the name or the issuer of the built-in profile \"{builtin}\" as something else"
    )]
    Reserved {
        /// The profile.
        profile: String,
        /// The built-in one.
        builtin: &'static str,
    },
    /// It has the name, the issuer or an anchor's key of a profile in use.
    #[error("profile \"{profile}\" has the name, the issuer or an anchor of profile \"{other}\"")]
    Taken {
        /// The profile.
        profile: String,
        /// The one in use.
        other: String,
    },
    /// An anchor is not acceptable.
    #[error("anchor \"{anchor}\" of profile \"{profile}\": {cause}")]
    Anchor {
        /// The profile.
        profile: String,
        /// The anchor's label.
        anchor: String,
        /// Why.
        cause: AnchorError,
    },
}
