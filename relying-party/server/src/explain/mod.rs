//! For operators who ask why a certificate or a registration was refused: the outcome of every rule.

mod report;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use eid_attestation::{Outcome, Profile, Profiles, Report, Rule, UnixTime};
use serde_json::Value;
use time::{
    Date, OffsetDateTime, Time, format_description::well_known::Rfc3339, macros::format_description,
};

use crate::{
    ceremony::{ClientData, describe_client_data, sha256},
    config::Config,
    pem,
    service::{StartProblem, load_profiles},
};

pub use report::Explained;

/// Why nothing can be explained.
#[derive(Debug, thiserror::Error)]
pub enum ExplainProblem {
    /// The file cannot be read.
    #[error("{file} cannot be read: {error}", file = .0.display(), error = .1)]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// The file is no certificate file.
    #[error("{file}: {problem}", file = .0.display(), problem = .1)]
    Pem(PathBuf, #[source] pem::PemProblem),
    /// The file is no registration.
    #[error("{file} is not a registration: {reason}", file = .0.display(), reason = .1)]
    NotARegistration(PathBuf, &'static str),
    /// The time cannot be read.
    #[error("\"{0}\" is not a time")]
    NotATime(String),
    /// There is no such profile.
    #[error("there is no profile \"{0}\"")]
    NoSuchProfile(String),
    /// The profile has no anchors by itself.
    #[error("profile \"{0}\" has no trust anchors of its own: nothing can be judged by it")]
    NoAnchors(String),
    /// The configured issuers cannot be loaded.
    #[error(transparent)]
    Issuers(#[from] StartProblem),
}

impl ExplainProblem {
    /// What the operator can do about it.
    #[must_use]
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Unreadable(..) => "Check the file's name and permissions.",
            Self::Pem(_, pem::PemProblem::PrivateKey) => {
                "Give the certificate that belongs to it. Keep the key where nobody else reads it."
            }
            Self::Pem(..) => "Give a file with one certificate, DER or PEM.",
            Self::NotARegistration(..) => {
                "Give the JSON that the browser sent to /api/registration/finish (RegistrationResponseJSON)."
            }
            Self::NotATime(_) => {
                "Write RFC 3339, e.g. 2026-04-01T09:00:00+09:00, or a date, e.g. 2026-04-01 (its first second in UTC)."
            }
            Self::NoSuchProfile(_) => {
                "Built in are \"jpki\", \"jpki-test\" and \"lab\"; others come with --config from attestation.profile-directory."
            }
            Self::NoAnchors(_) => {
                "Give --config with a configuration whose [[attestation.anchors]] name its CA certificates."
            }
            Self::Issuers(problem) => problem.action(),
        }
    }
}

/// Which issuers to judge by: the configured ones, else the built-in production profile.
///
/// # Errors
/// A profile or anchor is missing.
pub fn issuers(config: Option<&Config>, profile: Option<&str>) -> Result<Profiles, ExplainProblem> {
    let configured = config
        .map(|config| load_profiles(&config.attestation))
        .transpose()?;
    let name = match (profile, configured) {
        (None, Some(configured)) => return Ok(configured),
        (Some(name), Some(configured)) => match configured.get(name) {
            Some(found) => return one(found.clone()),
            None => name,
        },
        (name, None) => name.unwrap_or("jpki"),
    };
    let found =
        Profile::builtin(name).map_err(|_| ExplainProblem::NoSuchProfile(name.to_owned()))?;
    one(found)
}

fn one(profile: Profile) -> Result<Profiles, ExplainProblem> {
    if profile.anchors().is_empty() {
        return Err(ExplainProblem::NoAnchors(profile.name().to_owned()));
    }
    let mut profiles = Profiles::new();
    profiles.insert(profile).map_err(StartProblem::from)?;
    Ok(profiles)
}

/// Reads a time: RFC 3339, or a date for its first second in UTC.
///
/// # Errors
/// It is neither.
pub fn time(text: &str) -> Result<UnixTime, ExplainProblem> {
    let day = format_description!("[year]-[month]-[day]");
    let moment = OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| {
            Date::parse(text, &day).map(|date| date.with_time(Time::MIDNIGHT).assume_utc())
        })
        .map_err(|_| ExplainProblem::NotATime(text.to_owned()))?;
    u64::try_from(moment.unix_timestamp())
        .map(UnixTime::from_secs)
        .map_err(|_| ExplainProblem::NotATime(text.to_owned()))
}

/// The outcome of every rule about the certificate in `file`.
///
/// Of several profiles, the one whose issuer made the certificate judges, else the first.
///
/// # Errors
/// The file cannot be read.
pub fn certificate(
    file: &Path,
    profiles: &Profiles,
    at: UnixTime,
) -> Result<Explained, ExplainProblem> {
    let der = pem::to_der(read(file)?)
        .map_err(|problem| ExplainProblem::Pem(file.to_owned(), problem))?;
    let mut reports = profiles
        .iter()
        .map(|profile| eid_attestation::explain_certificate(&der, profile, at));
    let first = reports
        .next()
        .ok_or_else(|| ExplainProblem::Issuers(StartProblem::NoSuchProfile(String::new())))?;
    let report = if has_anchor(&first) {
        first
    } else {
        reports.find(has_anchor).unwrap_or(first)
    };
    Ok(Explained {
        subject: format!("certificate {}", file.display()),
        at,
        lines: Vec::new(),
        signing: is_about_signing(&der),
        report,
    })
}

/// Whether bytes have the name by which Japan's issuer of *signing* certificates calls itself.
fn is_about_signing(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"JPKI for digital signature";
    bytes.windows(NAME.len()).any(|window| window == NAME)
}

fn has_anchor(report: &Report) -> bool {
    report
        .outcomes
        .iter()
        .any(|each| each.rule == Rule::Anchor && each.outcome == Outcome::Passed)
}

/// The outcome of every rule about the registration in `file`, and what its client data says.
///
/// # Errors
/// The file is no `RegistrationResponseJSON`.
pub fn registration(
    file: &Path,
    config: Option<&Config>,
    profiles: &Profiles,
    at: UnixTime,
) -> Result<Explained, ExplainProblem> {
    let not = |reason| ExplainProblem::NotARegistration(file.to_owned(), reason);
    let json: Value = serde_json::from_slice(&read(file)?).map_err(|_| not("it is not JSON"))?;
    let member = |pointer: &str| {
        json.pointer(pointer)
            .and_then(Value::as_str)
            .and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
    };
    let client_data_json = member("/response/clientDataJSON")
        .ok_or_else(|| not("response.clientDataJSON is missing or not base64url"))?;
    let attestation_object = member("/response/attestationObject")
        .ok_or_else(|| not("response.attestationObject is missing or not base64url"))?;
    let client_data = describe_client_data(&client_data_json)
        .map_err(|_| not("its client data is not JSON with type, challenge and origin"))?;
    let report = eid_attestation::explain_registration(
        &attestation_object,
        &sha256(&client_data_json),
        profiles,
        None,
        at,
    );
    Ok(Explained {
        subject: format!("registration {}", file.display()),
        at,
        lines: client_data_lines(&client_data, config),
        signing: is_about_signing(&attestation_object),
        report,
    })
}

/// What the client data says, and whether this service would take it. The challenge cannot be judged afterwards.
fn client_data_lines(client_data: &ClientData, config: Option<&Config>) -> Vec<report::Line> {
    let kind = report::Line {
        passed: Some(client_data.kind == "webauthn.create"),
        name: "type",
        detail: format!("\"{}\"", printable(&client_data.kind)),
    };
    let origin = report::Line {
        passed: config
            .map(|config| config.origin.origin().ascii_serialization() == client_data.origin),
        name: "origin",
        detail: printable(&client_data.origin),
    };
    let frame = report::Line {
        passed: Some(!client_data.cross_origin),
        name: "cross-origin",
        detail: if client_data.cross_origin {
            "in another origin's frame"
        } else {
            "no"
        }
        .to_owned(),
    };
    let challenge = report::Line {
        passed: None,
        name: "challenge",
        detail: "deleted when it was used; cannot be compared afterwards".to_owned(),
    };
    vec![kind, origin, frame, challenge]
}

/// Text from a file that anybody may have written, safe for a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .take(200)
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}

/// More than any certificate or registration: a certificate has at most 4 KiB, an attestation object 16 KiB.
const LONGEST_FILE: u64 = 64 * 1024;

fn read(file: &Path) -> Result<Vec<u8>, ExplainProblem> {
    let unreadable = |error| ExplainProblem::Unreadable(file.to_owned(), error);
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|open| open.take(LONGEST_FILE + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > LONGEST_FILE {
        return Err(unreadable(std::io::Error::new(
            std::io::ErrorKind::FileTooLarge,
            "longer than 65536 bytes, so neither a certificate nor a registration",
        )));
    }
    Ok(bytes)
}
