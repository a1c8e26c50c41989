//! What every request needs: configuration, store, keys, trusted issuers, the WebAuthn checks, the time.

use std::{path::Path, sync::Arc};

use eid_attestation::{Class, Profile, ProfileError, Profiles, Revocation};
use webauthn_rs::{Webauthn, WebauthnBuilder, prelude::WebauthnError};

use crate::{
    clock::Clock,
    config::{AttestationConfig, Config},
    keys::{self, KeyFileProblem, Keys},
    store::{Store, StoreError},
};

/// The relying party, without its HTTP.
pub struct Service {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) keys: Keys,
    pub(crate) profiles: Profiles,
    /// A source of revocation status. None comes with this version; without one every verdict says *not checked*.
    pub(crate) revocation: Option<Box<dyn Revocation>>,
    pub(crate) webauthn: Webauthn,
    pub(crate) clock: Clock,
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartProblem {
    /// The key file.
    #[error(transparent)]
    KeyFile(#[from] KeyFileProblem),
    /// The database has people, and the key file that belongs to it is gone.
    #[error("the database {database} exists, but its key file {key_file} does not")]
    KeyFileLost {
        /// The database.
        database: String,
        /// The key file.
        key_file: String,
    },
    /// There is no database to work on.
    #[error("there is no database {0}")]
    NoDatabase(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An issuer profile.
    #[error("attestation.profiles: {0}")]
    Profile(#[from] ProfileError),
    /// A profile is neither built in nor in the profile directory.
    #[error(
        "attestation.profiles names \"{0}\", which is neither built in nor in the profile directory"
    )]
    NoSuchProfile(String),
    /// A trust anchor's file.
    #[error("the trust anchor {file} cannot be read: {error}")]
    AnchorFile {
        /// The file.
        file: String,
        /// Why.
        #[source]
        error: std::io::Error,
    },
    /// A trust anchor names a profile that is not trusted.
    #[error(
        "attestation.anchors adds to profile \"{0}\", which attestation.profiles does not name"
    )]
    AnchorOfUntrustedProfile(String),
    /// A profile has no trust anchors.
    #[error("profile \"{0}\" has no trust anchors: nobody could register with it")]
    NoAnchors(String),
    /// The origin and RP ID do not suit WebAuthn.
    #[error("the origin and rp-id do not suit WebAuthn: {0}")]
    WebAuthn(#[from] WebauthnError),
}

/// Why nobody can enrol at present.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// No trusted CA is in its dates.
    #[error("no CA of any trusted profile is in its dates")]
    NoCurrentIssuer,
    /// Nobody knows whether a certificate was revoked, and the operator does not accept that.
    #[error("there is no revocation source, and attestation.accept-unchecked is false")]
    RevocationNotChecked,
}

impl StartProblem {
    /// What the operator can do about it.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::KeyFile(problem) => problem.action(),
            Self::KeyFileLost { .. } => {
                "Put the key file back from its backup. To begin anew instead, move the database away."
            }
            Self::NoDatabase(_) => {
                "Give the configuration that the server runs with; `serve` makes the database at its first start."
            }
            Self::Store(StoreError::NotADatabase(_)) => {
                "Correct the database setting: it names a file that something else made."
            }
            Self::Store(StoreError::OtherKeyFile) => {
                "Put the key file back that the database was made with, or correct key-file or database."
            }
            Self::Store(StoreError::Migration(_)) => {
                "If an older version of this program runs against a newer database, install the newer version."
            }
            Self::Store(_) => {
                "Check that the database's folder exists, has room, and belongs to the user this program runs as."
            }
            Self::Profile(_) => {
                "Correct the profile or the anchor it names; see docs/operations.md."
            }
            Self::NoSuchProfile(_) => {
                "Built in are \"jpki\", \"jpki-test\" and \"lab\"; others come from attestation.profile-directory."
            }
            Self::AnchorFile { .. } => {
                "Correct the file's name; it should be a CA certificate, DER or PEM."
            }
            Self::AnchorOfUntrustedProfile(_) => {
                "Add the profile to attestation.profiles, or remove the anchor."
            }
            Self::NoAnchors(_) => {
                "Name its CA certificates in [[attestation.anchors]]; for practice, those that `jpki-lab pki` made."
            }
            Self::WebAuthn(_) => "Check origin and rp-id.",
        }
    }
}

impl Service {
    /// Opens keys and database (making both at the first start) and loads the trusted issuers.
    ///
    /// # Errors
    /// Anything that would make the server answer wrongly later.
    pub async fn open(config: Config, clock: Clock) -> Result<Arc<Self>, StartProblem> {
        let profiles = load_profiles(&config.attestation)?;
        let keys = open_keys(&config)?;
        let store = Store::open(&config.database).await?;
        store.bind_to_key(keys.check(), clock.now()).await?;
        store
            .hash_credential_ids(|id| keys.credential_lookup(id))
            .await?;
        let webauthn = WebauthnBuilder::new(&config.rp_id, &config.origin)?
            .rp_name(&config.rp_name)
            .build()?;
        Ok(Arc::new(Self {
            config,
            store,
            keys,
            profiles,
            revocation: None,
            webauthn,
            clock,
        }))
    }

    /// Whether a trusted profile is about nobody: test or practice.
    #[must_use]
    pub fn is_practice(&self) -> bool {
        self.profiles
            .iter()
            .any(|profile| profile.class() != Class::Production)
    }

    /// Why nobody can enrol; none if somebody can: by a profile with a CA in its dates that need not be checked for revocation,
    /// or can be.
    #[must_use]
    pub fn closed(&self) -> Option<Closed> {
        if !self.config.attestation.require {
            return None;
        }
        let mut current = self
            .profiles
            .iter()
            .filter(|profile| self.has_current_anchor(profile))
            .peekable();
        if current.peek().is_none() {
            return Some(Closed::NoCurrentIssuer);
        }
        let open = self.revocation.is_some()
            || current.any(|profile| self.may_enrol_unchecked(profile.class()));
        (!open).then_some(Closed::RevocationNotChecked)
    }

    /// The trusted profiles none of whose CAs is in its dates: nobody can enrol with these.
    pub fn profiles_out_of_dates(&self) -> impl Iterator<Item = &str> {
        self.profiles
            .iter()
            .filter(|profile| !self.has_current_anchor(profile))
            .map(Profile::name)
    }

    fn has_current_anchor(&self, profile: &Profile) -> bool {
        let now = u64::try_from(self.clock.now()).unwrap_or_default();
        profile.anchors().iter().any(|anchor| {
            (anchor.not_before().as_secs()..=anchor.not_after().as_secs()).contains(&now)
        })
    }

    /// Whether a certificate of this class may vouch although nobody knows whether it was revoked.
    pub(crate) fn may_enrol_unchecked(&self, class: Class) -> bool {
        class != Class::Production || self.config.attestation.accept_unchecked
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Deletes what has expired.
    ///
    /// # Errors
    /// The database failed.
    pub async fn sweep(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        self.store.sweep(now, self.idle_since(now)).await
    }

    /// Closes the database.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// A session last seen at or before this time has ended.
    pub(crate) fn idle_since(&self, now: i64) -> i64 {
        now - i64::from(self.config.session.idle_minutes) * 60
    }
}

/// At the very first start both database and key file are made. A database without its key file is a loss, not a start.
fn open_keys(config: &Config) -> Result<Keys, StartProblem> {
    if config.database.exists() && !config.key_file.exists() {
        return Err(StartProblem::KeyFileLost {
            database: config.database.display().to_string(),
            key_file: config.key_file.display().to_string(),
        });
    }
    Ok(keys::open_or_create(&config.key_file)?)
}

/// The trusted issuers of a configuration.
///
/// # Errors
/// A profile or an anchor is missing or not acceptable.
pub fn load_profiles(config: &AttestationConfig) -> Result<Profiles, StartProblem> {
    let mut extra = Profiles::new();
    if let Some(folder) = &config.profile_directory {
        extra.load_dir(folder)?;
    }
    let mut profiles = Profiles::new();
    for name in &config.profiles {
        let profile = match extra.get(name) {
            Some(profile) => profile.clone(),
            None => match Profile::builtin(name) {
                Err(ProfileError::UnknownBuiltin { .. }) => {
                    return Err(StartProblem::NoSuchProfile(name.clone()));
                }
                found => found?,
            },
        };
        profiles.insert(profile)?;
    }
    for anchor in &config.anchors {
        if profiles.get(&anchor.profile).is_none() {
            return Err(StartProblem::AnchorOfUntrustedProfile(
                anchor.profile.clone(),
            ));
        }
        let label = anchor.file.file_stem().map_or_else(
            || anchor.profile.clone(),
            |stem| stem.to_string_lossy().into_owned(),
        );
        profiles.add_anchor(&anchor.profile, &label, &read_certificate(&anchor.file)?)?;
    }
    for profile in profiles.iter() {
        if profile.anchors().is_empty() {
            return Err(StartProblem::NoAnchors(profile.name().to_owned()));
        }
    }
    Ok(profiles)
}

fn read_certificate(file: &Path) -> Result<Vec<u8>, StartProblem> {
    let anchor_file = |error| StartProblem::AnchorFile {
        file: file.display().to_string(),
        error,
    };
    let bytes = std::fs::read(file).map_err(anchor_file)?;
    crate::pem::to_der(bytes)
        .map_err(|error| anchor_file(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))
}
