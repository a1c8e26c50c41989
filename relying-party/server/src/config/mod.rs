//! What an operator sets: a TOML file, each setting also by environment.

mod environment;
mod problem;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use url::Url;

pub use environment::{Setting, settings};
pub use problem::ConfigProblem;

/// Every setting of the server. `config.example.toml` says what each means.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// Where to listen; port 0 takes any free port.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// The one origin people see in their browser, e.g. `https://id.example.jp`.
    pub origin: Url,
    /// The RP ID: the origin's host name or a registrable suffix of it.
    pub rp_id: String,
    /// The service's name, shown on every page and in the authenticator's prompt.
    pub rp_name: String,
    /// Where people find help: a page of the operator's, linked from every page.
    pub help_url: Option<Url>,
    /// The SQLite database file.
    pub database: PathBuf,
    /// The file with the key that seals certificate facts; never beside a backup of the database.
    pub key_file: PathBuf,
    /// How much is logged.
    #[serde(default)]
    pub log: LogLevel,
    /// What a registration has to prove.
    #[serde(default)]
    pub attestation: AttestationConfig,
    /// Which kind of credential people get.
    #[serde(default)]
    pub credentials: CredentialsConfig,
    /// How long a person stays signed in.
    #[serde(default)]
    pub session: SessionConfig,
    /// What one client may take.
    #[serde(default)]
    pub limits: LimitsConfig,
}

/// What a registration has to prove.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct AttestationConfig {
    /// Whether a registration must carry an eID attestation (`eid-x509`).
    pub require: bool,
    /// The attestation conveyance preference sent to browsers.
    pub conveyance: Conveyance,
    /// The issuer profiles that are trusted.
    pub profiles: Vec<String>,
    /// A folder with further issuer profiles.
    pub profile_directory: Option<PathBuf>,
    /// Whether a production profile may enrol although nothing can tell whether a certificate was revoked.
    pub accept_unchecked: bool,
    /// Trust anchors added to a profile.
    pub anchors: Vec<AnchorConfig>,
}

impl Default for AttestationConfig {
    fn default() -> Self {
        Self {
            require: true,
            conveyance: Conveyance::Enterprise,
            profiles: vec!["jpki".to_owned()],
            profile_directory: None,
            accept_unchecked: false,
            anchors: Vec::new(),
        }
    }
}

/// A trust anchor added to a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AnchorConfig {
    /// The profile's name.
    pub profile: String,
    /// The CA certificate, DER or PEM.
    pub file: PathBuf,
}

/// The attestation conveyance preference (WebAuthn L3 §5.4.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conveyance {
    /// Asks who the person is; reaches the authenticator in every browser.
    Enterprise,
    /// Asks for an attestation; the certificate comes only if the person switches it on.
    Direct,
    /// Asks for none.
    None,
}

impl Conveyance {
    /// The word in `PublicKeyCredentialCreationOptions`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Direct => "direct",
            Self::None => "none",
        }
    }
}

/// Which kind of credential people get.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct CredentialsConfig {
    /// What is asked for first.
    pub order: CredentialOrder,
}

/// The order of the algorithms asked for, which decides the kind of credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CredentialOrder {
    /// A key of this service's own, which links to nothing.
    #[default]
    Pairwise,
    /// The same, unless the person chooses the card's own key on the page.
    Choice,
    /// The card's own key, if the person agrees in the authenticator's prompt; else as `Pairwise`.
    Card,
    /// The card's own key and no other.
    CardOnly,
}

/// How long a person stays signed in.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SessionConfig {
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub lifetime_hours: u32,
}

impl Default for SessionConfig {
    fn default() -> Self {
        Self {
            idle_minutes: 30,
            lifetime_hours: 12,
        }
    }
}

/// What one client may take.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Seconds a person has from start to finish of a registration or sign-in.
    pub challenge_seconds: u32,
    /// Seconds one request may take, and its headers to arrive.
    pub request_seconds: u32,
    /// Bytes of a request body.
    pub body_bytes: u32,
    /// Connections served at once.
    pub connections: u32,
    /// How a client is told from others.
    pub client_address: ClientAddress,
    /// Registrations, sign-ins and link codes one client may begin in a minute.
    pub client_starts: u32,
    /// Sign-ins that may begin in a minute under one account name.
    pub account_starts: u32,
}

/// How a client is told from others, to limit what each may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAddress {
    /// It is not; the proxy in front limits.
    #[default]
    Unknown,
    /// By the other end of the connection: there is no proxy in front.
    Peer,
    /// By the last address in `X-Forwarded-For`, which the proxy in front sets.
    XForwardedFor,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            challenge_seconds: 300,
            request_seconds: 15,
            body_bytes: 65_536,
            connections: 1024,
            client_address: ClientAddress::Unknown,
            client_starts: 60,
            account_starts: 20,
        }
    }
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// Only what needs an operator.
    Error,
    /// Also what might.
    Warn,
    /// Also one line for every request and ceremony.
    #[default]
    Info,
    /// Also why a ceremony was refused, in more detail.
    Debug,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

impl Config {
    /// Reads `file`, lays the environment's settings over it and checks the whole.
    ///
    /// `environment` is the process environment; variables that do not begin with `JPKI_RP_` are skipped.
    ///
    /// # Errors
    /// The file cannot be read, a key or variable is unknown, a value has the wrong shape, or values contradict each other.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigProblem> {
        let mut table = match file {
            None => toml::Table::new(),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| ConfigProblem::Unreadable(path.to_owned(), error))?
                .parse()
                .map_err(|error| ConfigProblem::syntax(path, &error))?,
        };
        let base = file.and_then(Path::parent).unwrap_or(Path::new(""));
        environment::overlay(&mut table, environment)?;
        let mut config: Self = table
            .try_into()
            .map_err(|error| ConfigProblem::shape(file, &error))?;
        config.resolve_paths(base);
        config.check()?;
        Ok(config)
    }

    /// Whether people reach this server over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.scheme() == "https"
    }

    fn resolve_paths(&mut self, base: &Path) {
        self.database = base.join(&self.database);
        self.key_file = base.join(&self.key_file);
        if let Some(directory) = &mut self.attestation.profile_directory {
            *directory = base.join(&directory);
        }
        for anchor in &mut self.attestation.anchors {
            anchor.file = base.join(&anchor.file);
        }
    }

    fn check(&self) -> Result<(), ConfigProblem> {
        let host = self.origin.host_str().unwrap_or_default();
        if !matches!(self.origin.scheme(), "http" | "https")
            || host.is_empty()
            || self.origin.path() != "/"
            || self.origin.query().is_some()
            || self.origin.fragment().is_some()
            || !self.origin.username().is_empty()
        {
            return Err(ConfigProblem::OriginIsNoOrigin(self.origin.to_string()));
        }
        // Browsers treat localhost as secure; anything else over http has no WebAuthn at all.
        if !self.is_https() && host != "localhost" && !host.ends_with(".localhost") {
            return Err(ConfigProblem::InsecureOrigin(self.origin.to_string()));
        }
        if host != self.rp_id && !host.ends_with(&format!(".{}", self.rp_id)) {
            return Err(ConfigProblem::RpIdNotOfOrigin {
                rp_id: self.rp_id.clone(),
                host: host.to_owned(),
            });
        }
        if self.rp_name.trim().is_empty() {
            return Err(ConfigProblem::Empty("rp-name"));
        }
        if let Some(url) = &self.help_url
            && !matches!(url.scheme(), "http" | "https")
        {
            return Err(ConfigProblem::HelpUrl(url.to_string()));
        }
        if self.attestation.require && self.attestation.profiles.is_empty() {
            return Err(ConfigProblem::NoProfiles);
        }
        if self.attestation.require && self.attestation.conveyance == Conveyance::None {
            return Err(ConfigProblem::RequiredButNotAskedFor);
        }
        if self.credentials.order == CredentialOrder::CardOnly && !self.attestation.require {
            return Err(ConfigProblem::CardOnlyButNotRequired);
        }
        for (name, value) in [
            ("session.idle-minutes", self.session.idle_minutes),
            ("session.lifetime-hours", self.session.lifetime_hours),
            ("limits.challenge-seconds", self.limits.challenge_seconds),
            ("limits.request-seconds", self.limits.request_seconds),
            ("limits.body-bytes", self.limits.body_bytes),
            ("limits.connections", self.limits.connections),
            ("limits.client-starts", self.limits.client_starts),
            ("limits.account-starts", self.limits.account_starts),
        ] {
            if value == 0 {
                return Err(ConfigProblem::Zero(name));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
