//! What is being judged: the inputs, and what the rules have established about them so far.

use crate::attestation_object::AttestationObject;
use crate::certificate::{Certificate, StatementAlgorithm};
use crate::credential_key::{CoseKey, CredentialKey};
use crate::holder::{Holder, SerialNumber};
use crate::profile::{Anchor, Profile};
use crate::refused::Refused;
use crate::revocation::{Revocation, RevocationOutcome};
use crate::statement::Statement;
use crate::time::UnixTime;

use super::Rule;

/// One attestation or one certificate on its way through the rules.
pub(crate) struct Case<'a> {
    pub(crate) at: UnixTime,
    pub(crate) revocation: Option<&'a dyn Revocation>,
    /// The profiles in use.
    pub(crate) profiles: &'a [Profile],
    pub(crate) attestation_object: &'a [u8],
    pub(crate) client_data_hash: &'a [u8; 32],

    pub(super) object: Option<AttestationObject<'a>>,
    pub(super) statement: Option<Statement<'a>>,
    pub(super) cose_key: Option<CoseKey<'a>>,
    pub(super) certificate_der: Option<&'a [u8]>,
    pub(super) certificate: Option<Certificate<'a>>,
    pub(super) profile: Option<&'a Profile>,
    pub(super) anchor: Option<&'a Anchor>,
    pub(super) issued: bool,
    pub(super) key_admitted: bool,
    pub(super) statement_algorithm: Option<StatementAlgorithm>,
    pub(super) revocation_outcome: Option<RevocationOutcome>,
}

/// Why a rule did not pass.
pub(crate) enum Stop {
    /// Its condition does not hold.
    Refused(Refused),
    /// It needs what another rule did not establish.
    Needs(Rule),
    /// It had nothing to check with.
    NotChecked,
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl<'a> Case<'a> {
    /// A registration.
    pub(crate) fn registration(
        attestation_object: &'a [u8],
        client_data_hash: &'a [u8; 32],
        profiles: &'a [Profile],
        revocation: Option<&'a dyn Revocation>,
        at: UnixTime,
    ) -> Self {
        Self {
            at,
            revocation,
            profiles,
            attestation_object,
            client_data_hash,
            object: None,
            statement: None,
            cose_key: None,
            certificate_der: None,
            certificate: None,
            // With one profile in use there is no doubt under which to judge, whatever the issuer.
            profile: match profiles {
                [only] => Some(only),
                _ => None,
            },
            anchor: None,
            issued: false,
            key_admitted: false,
            statement_algorithm: None,
            revocation_outcome: None,
        }
    }

    /// A certificate alone.
    pub(crate) fn certificate_alone(der: &'a [u8], profile: &'a Profile, at: UnixTime) -> Self {
        let mut case = Self::registration(&[], &[0; 32], std::slice::from_ref(profile), None, at);
        case.certificate_der = Some(der);
        case
    }

    pub(super) fn need_object(&self) -> Result<&AttestationObject<'a>, Stop> {
        self.object
            .as_ref()
            .ok_or(Stop::Needs(Rule::AttestationObject))
    }

    pub(super) fn need_statement(&self) -> Result<&Statement<'a>, Stop> {
        self.statement.as_ref().ok_or(Stop::Needs(Rule::Statement))
    }

    pub(super) fn need_certificate(&self) -> Result<&Certificate<'a>, Stop> {
        self.certificate.as_ref().ok_or(Stop::Needs(Rule::Encoding))
    }

    pub(super) fn need_profile(&self) -> Result<&'a Profile, Stop> {
        self.profile.ok_or(Stop::Needs(Rule::Anchor))
    }

    pub(super) fn need_anchor(&self) -> Result<&'a Anchor, Stop> {
        self.anchor.ok_or(Stop::Needs(Rule::Anchor))
    }

    /// What is left of the certificate after verification.
    pub(crate) fn holder(&self) -> Option<Holder> {
        let certificate = self.certificate.as_ref()?;
        Some(Holder {
            key_hash: certificate.key_hash(),
            issuer_key_hash: self.anchor?.key_hash(),
            serial: SerialNumber::new(certificate.serial),
            distribution_points: certificate.extensions.distribution_points.clone(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
        })
    }

    /// Whose key the credential has. Says nothing about who signed what.
    pub(crate) fn credential_key(&self) -> Option<CredentialKey> {
        let certified = &self.certificate.as_ref()?.public_key;
        Some(if certified.is(self.cose_key.as_ref()?) {
            CredentialKey::Certificate
        } else {
            CredentialKey::Other
        })
    }

    /// The authenticator data, as received.
    pub(crate) fn auth_data(&self) -> Option<&'a [u8]> {
        self.object.as_ref().map(|object| object.auth_data)
    }

    pub(crate) const fn revocation_outcome(&self) -> Option<RevocationOutcome> {
        self.revocation_outcome
    }

    pub(crate) const fn found_profile(&self) -> Option<&'a Profile> {
        self.profile
    }

    pub(crate) const fn found_anchor(&self) -> Option<&'a Anchor> {
        self.anchor
    }
}
