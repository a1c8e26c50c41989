//! A registration as a relying party receives it, every part open to change, and what is expected of it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;

use crate::bytes::sha256;
use crate::cbor;
use crate::credential::Kind;
use crate::der;
use crate::model::{self, Expected, FORMAT, Refusal, Revocation, WithoutEid};
use crate::world::{Anchor, ORIGIN, RP_ID, at, key_hash};

/// A registration with an `eid-x509` statement.
#[derive(Clone)]
pub(crate) struct Attested {
    pub(crate) fmt: String,
    pub(crate) alg: i64,
    pub(crate) sig: Vec<u8>,
    pub(crate) x5c: Vec<Vec<u8>>,
    pub(crate) auth_data: Vec<u8>,
    /// The credential's kind.
    pub(crate) kind: Kind,
    pub(crate) client_data_json: String,
    pub(crate) challenge: [u8; 32],
    pub(crate) user_handle: Vec<u8>,
}

impl Attested {
    pub(crate) fn client_data_hash(&self) -> [u8; 32] {
        sha256(self.client_data_json.as_bytes())
    }

    /// authData ‖ hash of the client data.
    pub(crate) fn signed(&self) -> Vec<u8> {
        signed(&self.auth_data, &self.client_data_json)
    }

    pub(crate) fn statement(&self) -> Value {
        let certificates = self.x5c.iter().map(cbor::bytes);
        cbor::named([
            ("alg", self.alg.into()),
            ("sig", cbor::bytes(&self.sig)),
            ("x5c", Value::Array(certificates.collect())),
        ])
    }

    pub(crate) fn object(&self) -> Vec<u8> {
        cbor::attestation_object(&self.fmt, self.statement(), &self.auth_data)
    }

    /// The same registration with another certificate.
    pub(crate) fn with_certificate(&self, certificate: Vec<u8>) -> Attested {
        Attested {
            x5c: vec![certificate],
            ..self.clone()
        }
    }

    /// A copy with a change.
    pub(crate) fn but(&self, change: impl FnOnce(&mut Attested)) -> Attested {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    /// The vector for it. Nothing is expected yet.
    pub(crate) fn vector(&self, name: &str, about: &str) -> Draft {
        Draft {
            name: name.to_owned(),
            about: about.to_owned(),
            at: at(),
            profiles: vec!["lab"],
            revocation: None,
            attested: self.clone(),
            object: None,
            standard: false,
            without_eid: None,
        }
    }
}

pub(crate) fn signed(auth_data: &[u8], client_data_json: &str) -> Vec<u8> {
    [auth_data, &sha256(client_data_json.as_bytes())].concat()
}

/// Client data in the form of WebAuthn L3 §5.8.1.1.
pub(crate) fn client_data(kind: &str, challenge: &[u8], origin: &str) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(challenge);
    format!(
        r#"{{"type":"{kind}","challenge":"{challenge}","origin":"{origin}","crossOrigin":false}}"#
    )
}

/// A vector in the making.
pub(crate) struct Draft {
    name: String,
    about: String,
    at: i64,
    profiles: Vec<&'static str>,
    revocation: Option<Revocation>,
    attested: Attested,
    object: Option<Vec<u8>>,
    /// The object is `attested`, in a format that WebAuthn has.
    standard: bool,
    without_eid: Option<WithoutEid>,
}

impl Draft {
    /// Judged at another time.
    pub(crate) fn at(self, at: i64) -> Draft {
        Draft { at, ..self }
    }

    /// Judged under other profiles.
    pub(crate) fn under(self, profiles: &[&'static str]) -> Draft {
        Draft {
            profiles: profiles.to_vec(),
            ..self
        }
    }

    /// Judged with a revocation source that answers this.
    pub(crate) fn answered(self, answer: Revocation) -> Draft {
        Draft {
            revocation: Some(answer),
            ..self
        }
    }

    /// With an attestation object that cannot be described by its parts.
    pub(crate) fn with_object(self, object: Vec<u8>) -> Draft {
        Draft {
            object: Some(object),
            ..self
        }
    }

    /// In a format that WebAuthn has: `packed` self attestation, or `none`.
    pub(crate) fn in_format(self, fmt: &str) -> Draft {
        let attested = self.attested.but(|it| it.fmt = fmt.to_owned());
        let statement = match fmt {
            "packed" => cbor::named([
                ("alg", attested.alg.into()),
                ("sig", cbor::bytes(&attested.sig)),
            ]),
            _ => cbor::named([]),
        };
        let object = cbor::attestation_object(fmt, statement, &attested.auth_data);
        Draft {
            attested,
            object: Some(object),
            standard: true,
            ..self
        }
    }

    /// Judged so where no eID attestation is asked for.
    pub(crate) fn without_eid(self, judgement: WithoutEid) -> Draft {
        Draft {
            without_eid: Some(judgement),
            ..self
        }
    }

    pub(crate) fn accepted(self, anchor: &Anchor) -> model::Registration {
        let attested = &self.attested;
        let certificate = &attested.x5c[0];
        let fields = der::fields(certificate);
        let serial = der::contents(&fields[der::field::SERIAL]);
        let significant = serial.iter().position(|byte| *byte != 0).unwrap();
        let validity = der::members(&fields[der::field::VALIDITY]);
        let verdict = model::Verdict {
            profile: anchor.profile,
            class: anchor.class,
            country: anchor.country,
            anchor: anchor.label,
            holder: model::Holder {
                key_hash: key_hash(certificate).into(),
                issuer_key_hash: key_hash(&anchor.certificate).into(),
                serial: serial[significant..].into(),
                distribution_points: der::distribution_points(certificate).map(Into::into),
                not_before: der::time(&validity[0]),
                not_after: der::time(&validity[1]),
            },
            credential_key: match attested.kind {
                Kind::Card => "certificate",
                Kind::Pairwise => "other",
            },
            revocation: match self.revocation {
                None => "not_checked",
                Some(_) => "good",
            },
            none_attestation_object: cbor::attestation_object(
                "none",
                cbor::named([]),
                &attested.auth_data,
            )
            .into(),
        };
        self.expecting(Expected::Accepted(verdict))
    }

    pub(crate) fn refused(self, rule: &'static str, code: &'static str) -> model::Registration {
        self.refused_by_attestation(rule, code, None)
    }

    /// For codes that stand for many faults: which one.
    pub(crate) fn refused_for(
        self,
        rule: &'static str,
        code: &'static str,
        fault: &str,
    ) -> model::Registration {
        self.refused_by_attestation(rule, code, Some(fault.to_owned()))
    }

    /// The attestation is faultless; WebAuthn's own checks refuse.
    pub(crate) fn refused_by_webauthn(self, check: &'static str) -> model::Registration {
        self.expecting(Expected::Refused(Refusal::WebAuthn { check }))
    }

    fn refused_by_attestation(
        self,
        rule: &'static str,
        code: &'static str,
        fault: Option<String>,
    ) -> model::Registration {
        self.expecting(Expected::Refused(Refusal::Attestation {
            rule,
            code,
            fault,
        }))
    }

    fn expecting(self, expected: Expected) -> model::Registration {
        let attested = &self.attested;
        let describable = self.object.is_none() || self.standard;
        let signed = attested.fmt != "none";
        let attestation = describable.then(|| model::Attestation {
            fmt: attested.fmt.clone(),
            auth_data: (&attested.auth_data).into(),
            signed: attested.signed().into(),
            alg: signed.then_some(attested.alg),
            sig: signed.then(|| (&attested.sig).into()),
            x5c: attested.x5c.iter().map(Into::into).collect(),
        });
        model::Registration {
            format: FORMAT,
            name: self.name,
            about: self.about,
            kind: attested.kind.name(),
            at: self.at,
            profiles: self.profiles,
            revocation: self.revocation,
            relying_party: model::RelyingParty {
                rp_id: RP_ID,
                origin: ORIGIN,
                challenge: attested.challenge.into(),
                user_handle: (&attested.user_handle).into(),
            },
            client_data_json: attested.client_data_json.clone(),
            client_data_hash: attested.client_data_hash().into(),
            attestation_object: self.object.unwrap_or_else(|| attested.object()).into(),
            attestation,
            expected,
            without_eid: self.without_eid,
            authenticator: None,
        }
    }
}
