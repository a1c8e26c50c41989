//! Why a configuration is refused: what happened, and what to do.

use std::path::{Path, PathBuf};

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigProblem {
    /// The file cannot be read.
    #[error("the configuration {file} cannot be read: {error}", file = .0.display(), error = .1)]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file is not TOML.
    #[error("{file} is not valid TOML: {reason}", file = .0.display(), reason = .1)]
    Syntax(PathBuf, String),
    /// A key is unknown or missing, or a value has the wrong shape.
    #[error("{place}: {reason}")]
    Shape {
        /// The file, or the section in it.
        place: String,
        /// The parser's words.
        reason: String,
    },
    /// No file was given, and the environment does not make up for it.
    #[error("no configuration file was given, and the JPKI_RP_* environment is not enough: {0}")]
    NoFile(String),
    /// An environment variable with our prefix is no setting.
    #[error("the environment variable {0} is not a setting")]
    UnknownVariable(String),
    /// An environment variable's value has the wrong shape.
    #[error("the environment variable {variable} should be {expected}")]
    BadVariable {
        /// Its name; the value is not repeated.
        variable: &'static str,
        /// The shape that was expected.
        expected: String,
    },
    /// The origin has a path, or is not http(s).
    #[error("origin = \"{0}\" is not an origin")]
    OriginIsNoOrigin(String),
    /// The origin is http and not localhost.
    #[error("origin = \"{0}\" is not https, and browsers offer WebAuthn only over https")]
    InsecureOrigin(String),
    /// The RP ID does not belong to the origin.
    #[error("rp-id = \"{rp_id}\" does not belong to the origin's host \"{host}\"")]
    RpIdNotOfOrigin {
        /// The RP ID.
        rp_id: String,
        /// The origin's host.
        host: String,
    },
    /// The address of the help page is none that a browser opens.
    #[error("help-url = \"{0}\" is neither https nor http")]
    HelpUrl(String),
    /// A text is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A number is zero.
    #[error("{0} is 0")]
    Zero(&'static str),
    /// An attestation is required and no profile is trusted.
    #[error(
        "attestation.require is true, but attestation.profiles is empty: nobody could register"
    )]
    NoProfiles,
    /// An attestation is required and none is asked for.
    #[error(
        "attestation.require is true, but attestation.conveyance is \"none\": nobody would send one"
    )]
    RequiredButNotAskedFor,
    /// Only the card's own key is taken, and no attestation is required that would tell it from another.
    #[error(
        "credentials.order is \"card-only\", but attestation.require is false: without an attestation no key is known to be a card's"
    )]
    CardOnlyButNotRequired,
}

impl ConfigProblem {
    pub(super) fn syntax(path: &Path, error: &toml::de::Error) -> Self {
        Self::Syntax(path.to_owned(), error.to_string().trim_end().to_owned())
    }

    pub(super) fn shape(path: Option<&Path>, error: &toml::de::Error) -> Self {
        let reason = error.to_string().trim_end().to_owned();
        match path {
            Some(path) => Self::Shape {
                place: path.display().to_string(),
                reason,
            },
            None => Self::NoFile(reason),
        }
    }

    /// What the operator can do about it.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Unreadable(..) => {
                "Give the file with --config; start from relying-party/server/config.example.toml."
            }
            Self::Syntax(..) => "Correct the line it names.",
            Self::Shape { .. } => {
                "Compare with config.example.toml, which lists every setting; each can also be set by environment (JPKI_RP_…)."
            }
            Self::NoFile(_) => {
                "Give the configuration with --config FILE, or set every needed setting in the environment. config.example.toml lists them."
            }
            Self::UnknownVariable(_) => {
                "Unset it, or correct its name: JPKI_RP_ and the setting in capitals, `-` and `.` as `_`."
            }
            Self::BadVariable { .. } => "Correct or unset it.",
            Self::OriginIsNoOrigin(_) => {
                "Write scheme, host and port only, as the browser's address bar shows them, e.g. https://id.example.jp."
            }
            Self::InsecureOrigin(_) => {
                "Put a TLS proxy in front and write the https:// origin, or use http://localhost for practice."
            }
            Self::RpIdNotOfOrigin { .. } => {
                "Use the origin's host name, or a parent domain that you own, as rp-id."
            }
            Self::HelpUrl(_) => {
                "Write the whole address of a page of yours, e.g. https://example.jp/help."
            }
            Self::Empty(_) => "Write the name people know your service by.",
            Self::Zero(_) => "Use a positive number, or leave it out for the default.",
            Self::NoProfiles => "Name a profile, e.g. profiles = [\"jpki\"].",
            Self::RequiredButNotAskedFor => "Use conveyance = \"enterprise\".",
            Self::CardOnlyButNotRequired => {
                "Use require = true, or order = \"card\", which takes other keys too."
            }
        }
    }
}
