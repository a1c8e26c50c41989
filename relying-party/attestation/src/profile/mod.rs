//! Issuer profiles: who is trusted, and what that issuer's certificates look like. All of it is data.

use crate::time::UnixTime;
use std::path::Path;

/// How serious an issuer's certificates are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Issued to people.
    Production,
    /// Issued by an authority for trying things out.
    Test,
    /// Issued by anyone, for practice.
    Practice,
}

/// A pinned certificate of an issuer.
#[derive(Clone, Debug)]
pub struct Anchor {
    label: String,
    not_before: UnixTime,
    not_after: UnixTime,
}

impl Anchor {
    /// What the profile or the operator calls it, such as `generation 3`.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }
    /// First moment of its validity.
    #[must_use]
    pub fn not_before(&self) -> UnixTime {
        self.not_before
    }
    /// Last moment of its validity.
    #[must_use]
    pub fn not_after(&self) -> UnixTime {
        self.not_after
    }
}

/// One issuer: its name, its pinned anchors, and what its certificates look like.
#[derive(Clone, Debug)]
pub struct Profile {
    name: String,
    country: String,
    class: Class,
    anchors: Vec<Anchor>,
}

impl Profile {
    /// A profile that comes with this crate: `jpki` (production), `jpki-test` (J-LIS's test cards) or `lab` (practice;
    /// without anchors, add those of your practice hierarchy).
    ///
    /// # Errors
    /// There is none of that name.
    pub fn builtin(name: &str) -> Result<Self, ProfileError> {
        Err(ProfileError::UnknownBuiltin {
            name: name.to_owned(),
        })
    }

    /// A profile from its TOML text. `anchor_file` returns the bytes of an anchor file that the text names.
    ///
    /// # Errors
    /// The text is not a profile, or an anchor is not acceptable.
    pub fn from_toml(
        text: &str,
        anchor_file: &dyn Fn(&str) -> std::io::Result<Vec<u8>>,
    ) -> Result<Self, ProfileError> {
        let _ = anchor_file;
        Self::builtin(text)
    }

    /// A profile from a TOML file; its anchor files are relative to it.
    ///
    /// # Errors
    /// As [`Profile::from_toml`], or the file cannot be read.
    pub fn from_file(path: &Path) -> Result<Self, ProfileError> {
        Self::builtin(&path.to_string_lossy())
    }

    /// Pins one more certificate of this issuer, such as a new CA generation. Adding the same one again does nothing.
    ///
    /// # Errors
    /// It is not a self-signed CA certificate of exactly this profile's issuer: so a practice or test root never enters a
    /// production profile.
    pub fn add_anchor(&mut self, label: &str, der: &[u8]) -> Result<(), AnchorError> {
        let _ = (label, der);
        Err(AnchorError::NotThisIssuer)
    }

    /// Its name, such as `jpki`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The issuer's country (ISO 3166-1 alpha-2).
    #[must_use]
    pub fn country(&self) -> &str {
        &self.country
    }
    /// Production, test or practice.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }
    /// The pinned certificates.
    #[must_use]
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }
}

/// The profiles trusted for some purpose. Whoever is in here can vouch: put test and practice profiles in only where they
/// are meant to.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    list: Vec<Profile>,
}

impl Profiles {
    /// No profile; nobody can vouch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// Trusts one more profile.
    ///
    /// # Errors
    /// Its name, its issuer or one of its anchors' keys belongs to another profile.
    pub fn insert(&mut self, profile: Profile) -> Result<(), ProfileError> {
        self.list.push(profile);
        Ok(())
    }
    /// Trusts every profile in a folder (`*.toml`), in the order of their file names.
    ///
    /// # Errors
    /// As [`Profile::from_file`] and [`Profiles::insert`].
    pub fn load_dir(&mut self, folder: &Path) -> Result<(), ProfileError> {
        let _ = folder;
        Ok(())
    }
    /// Pins one more certificate under the profile of that name; as [`Profile::add_anchor`].
    ///
    /// # Errors
    /// As [`Profile::add_anchor`], or there is no such profile.
    pub fn add_anchor(
        &mut self,
        profile: &str,
        label: &str,
        der: &[u8],
    ) -> Result<(), ProfileError> {
        let _ = (profile, label, der);
        Ok(())
    }
    /// The profile of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.list.iter().find(|p| p.name == name)
    }
    /// All profiles.
    pub fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.list.iter()
    }
}

/// Why a certificate cannot be pinned under a profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorError {
    /// Its subject is not the profile's issuer.
    #[error("its subject is not the profile's issuer")]
    NotThisIssuer,
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
    /// An anchor is not acceptable.
    #[error("anchor \"{anchor}\" of profile \"{profile}\": {cause}")]
    Anchor {
        /// The profile.
        profile: String,
        /// The anchor's label or file.
        anchor: String,
        /// Why.
        cause: AnchorError,
    },
}
