//! The outcome of every rule, for those who ask why.

use crate::credential_key::CredentialKey;
use crate::profile::Class;
use crate::refused::Refused;
use crate::rules::Rule;
use crate::time::UnixTime;

/// What became of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The condition holds.
    Passed,
    /// The condition does not hold.
    Failed(Refused),
    /// The rule needs what another rule did not establish.
    NotReached {
        /// That other rule.
        needs: Rule,
    },
    /// There was no revocation source to ask.
    NotChecked,
}

/// One rule and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleOutcome {
    /// The rule.
    pub rule: Rule,
    /// What became of it.
    pub outcome: Outcome,
}

/// The profile under which a certificate was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileSummary {
    /// Its name, such as `jpki`.
    pub name: String,
    /// Production, test or practice.
    pub class: Class,
    /// The issuer's country (ISO 3166-1 alpha-2).
    pub country: String,
}

/// The pinned certificate of the issuer that a certificate was chained to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorSummary {
    /// What the profile or the operator calls it, such as `generation 3`.
    pub label: String,
    /// First moment of its validity.
    pub not_before: UnixTime,
    /// Last moment of its validity.
    pub not_after: UnixTime,
}

/// The outcome of every rule, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The profile, as far as one was found.
    pub profile: Option<ProfileSummary>,
    /// The anchor, as far as one was found.
    pub anchor: Option<AnchorSummary>,
    /// Whether the credential's key is the certificate's own, as far as both could be read. `None` for a certificate alone.
    /// It is a comparison of bytes that may be forged: believe it where no rule failed.
    pub credential_key: Option<CredentialKey>,
    /// Every rule, in order.
    pub outcomes: Vec<RuleOutcome>,
}

impl Report {
    /// The first failure: what [`crate::verify`] answers for the same input.
    #[must_use]
    pub fn refused(&self) -> Option<&Refused> {
        self.outcomes.iter().find_map(|each| match &each.outcome {
            Outcome::Failed(refused) => Some(refused),
            _ => None,
        })
    }
}
