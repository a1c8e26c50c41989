//! A report as a table for a terminal.

use std::fmt;

use eid_attestation::{Class, Outcome, Report, Rule, UnixTime};

/// What was explained.
pub struct Explained {
    pub(super) subject: String,
    pub(super) at: UnixTime,
    pub(super) lines: Vec<Line>,
    /// Whether it seems to be about the card's signing certificate.
    pub(super) signing: bool,
    pub(super) report: Report,
}

/// A line that is no rule of the attestation.
pub(super) struct Line {
    /// None: cannot be told here.
    pub(super) passed: Option<bool>,
    pub(super) name: &'static str,
    pub(super) detail: String,
}

impl Explained {
    /// Whether everything that could be checked holds.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.report.refused().is_none()
            && self.lines.iter().all(|line| line.passed != Some(false))
            && self
                .report
                .outcomes
                .iter()
                .all(|each| !matches!(each.outcome, Outcome::NotReached { .. }))
    }
}

impl Explained {
    fn is_unchecked(&self) -> bool {
        self.report
            .outcomes
            .iter()
            .any(|each| each.outcome == Outcome::NotChecked)
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.subject)?;
        writeln!(f, "at {}", self.at)?;
        match &self.report.profile {
            None => writeln!(f, "no profile in use is about its issuer")?,
            Some(profile) => writeln!(
                f,
                "under profile {} ({}, {})",
                profile.name,
                class(profile.class),
                profile.country
            )?,
        }
        if let Some(anchor) = &self.report.anchor {
            writeln!(
                f,
                "anchor {}, valid {} to {}",
                anchor.label, anchor.not_before, anchor.not_after
            )?;
        }
        writeln!(f)?;
        for line in &self.lines {
            let mark = match line.passed {
                Some(true) => "passed",
                Some(false) => "FAILED",
                None => "-",
            };
            row(f, mark, line.name, &line.detail)?;
        }
        for each in &self.report.outcomes {
            match &each.outcome {
                Outcome::Passed => row(f, "passed", each.rule.name(), condition(each.rule))?,
                Outcome::Failed(refused) => {
                    row(f, "FAILED", each.rule.name(), &refused.to_string())?;
                }
                Outcome::NotReached { needs } => row(
                    f,
                    "not reached",
                    each.rule.name(),
                    &format!("needs {needs}"),
                )?,
                Outcome::NotChecked => row(
                    f,
                    "not checked",
                    each.rule.name(),
                    "no revocation source: this does not say that it is good",
                )?,
            }
        }
        writeln!(f)?;
        match (self.report.refused(), self.passed()) {
            (Some(refused), _) => {
                writeln!(f, "refused: {refused} ({})", refused.code())?;
                if self.signing {
                    writeln!(
                        f,
                        "hint: this is the card's signing certificate (署名用); the one for user authentication (利用者証明用) is meant"
                    )?;
                }
                Ok(())
            }
            (None, true) if self.is_unchecked() => {
                writeln!(f, "accepted, but nobody knows whether it was revoked")
            }
            (None, true) => writeln!(f, "accepted"),
            (None, false) => {
                let failed = self.lines.iter().find(|line| line.passed == Some(false));
                let name = failed.map_or("a rule", |line| line.name);
                writeln!(
                    f,
                    "refused: the client data's {name} is not what this service takes"
                )
            }
        }
    }
}

fn row(f: &mut fmt::Formatter<'_>, mark: &str, name: &str, detail: &str) -> fmt::Result {
    writeln!(f, "  {mark:<12} {name:<22} {detail}")
}

const fn class(class: Class) -> &'static str {
    match class {
        Class::Production => "production",
        Class::Test => "TEST: proves nothing about anybody",
        Class::Practice => "PRACTICE: proves nothing about anybody",
    }
}

/// The condition that a rule states.
const fn condition(rule: Rule) -> &'static str {
    match rule {
        Rule::AttestationObject => "canonical CBOR with fmt, attStmt and authData",
        Rule::Statement => "fmt is eid-x509, with one certificate",
        Rule::AuthenticatorData => {
            "complete, with user presence, user verification and a credential"
        }
        Rule::Encoding => "strict DER, not too large",
        Rule::Version => "version 3",
        Rule::SignatureAlgorithms => "inner and outer signature algorithm are equal",
        Rule::Anchor => "a pinned CA has the issuer's name and key identifier",
        Rule::AnchorValidity => "the CA is in its dates",
        Rule::Validity => "the certificate is in its dates",
        Rule::IssuerSignature => "the CA's key signed it",
        Rule::KeyUsage => "digitalSignature, and nothing that makes it another certificate",
        Rule::BasicConstraints => "its holder is no CA",
        Rule::ExtendedKeyUsage => "absent, or with clientAuth",
        Rule::CertificatePolicy => "the authentication certificate's policy",
        Rule::Extensions => "none twice, none critical and unknown",
        Rule::PublicKey => "of a kind the profile admits",
        Rule::SerialNumber => "positive, at most 20 bytes",
        Rule::StatementAlgorithm => "admitted, and fits the key",
        Rule::StatementSignature => "the holder's key signed this registration",
        Rule::Revocation => "not revoked",
    }
}
