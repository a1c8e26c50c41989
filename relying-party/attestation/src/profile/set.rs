//! The profiles in use.

use std::path::Path;

use super::{Profile, ProfileError};

/// The profiles trusted for some purpose. Whoever is in here can vouch: put test and practice profiles in only where they
/// are meant to.
///
/// No two have a name, an issuer or an anchor's key in common, so every certificate is judged by at most one.
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
    /// Its name, its issuer or one of its anchors' keys belongs to another profile in use.
    pub fn insert(&mut self, profile: Profile) -> Result<(), ProfileError> {
        let clash = self.list.iter().find(|other| {
            other.name() == profile.name()
                || other.issuer() == profile.issuer()
                || have_a_key_in_common(other, &profile)
        });
        if let Some(other) = clash {
            return Err(taken(&profile, other));
        }
        self.list.push(profile);
        Ok(())
    }

    /// Trusts every profile in a folder (`*.toml`), in the order of the files' names.
    ///
    /// # Errors
    /// As [`Profile::from_file`] and [`Profiles::insert`].
    pub fn load_dir(&mut self, folder: &Path) -> Result<(), ProfileError> {
        let read = |cause| ProfileError::Read {
            file: folder.display().to_string(),
            cause,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(read)? {
            let path = entry.map_err(read)?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                files.push(path);
            }
        }
        files.sort();
        for file in files {
            self.insert(Profile::from_file(&file)?)?;
        }
        Ok(())
    }

    /// Pins one more certificate under the profile of that name, as [`Profile::add_anchor`] does.
    ///
    /// # Errors
    /// As [`Profile::add_anchor`]; or there is no such profile, or another one has that key.
    pub fn add_anchor(
        &mut self,
        profile: &str,
        label: &str,
        der: &[u8],
    ) -> Result<(), ProfileError> {
        let current = self.get(profile).ok_or_else(|| ProfileError::NotInUse {
            name: profile.to_owned(),
        })?;
        let mut changed = current.clone();
        changed
            .add_anchor(label, der)
            .map_err(|cause| current.refuses(label, cause))?;
        let mut others = self.iter().filter(|other| other.name() != profile);
        if let Some(other) = others.find(|other| have_a_key_in_common(other, &changed)) {
            return Err(taken(&changed, other));
        }
        if let Some(place) = self.list.iter_mut().find(|each| each.name() == profile) {
            *place = changed;
        }
        Ok(())
    }

    /// The profile of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Profile> {
        self.list.iter().find(|profile| profile.name() == name)
    }

    pub(crate) fn as_slice(&self) -> &[Profile] {
        &self.list
    }

    /// All profiles, in the order in which they were inserted.
    pub fn iter(&self) -> std::slice::Iter<'_, Profile> {
        self.list.iter()
    }
}

fn have_a_key_in_common(one: &Profile, other: &Profile) -> bool {
    one.anchors().iter().any(|anchor| {
        other
            .anchors()
            .iter()
            .any(|each| each.key_hash() == anchor.key_hash())
    })
}

fn taken(profile: &Profile, other: &Profile) -> ProfileError {
    ProfileError::Taken {
        profile: profile.name().to_owned(),
        other: other.name().to_owned(),
    }
}
