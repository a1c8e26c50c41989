//! People whose cards are wrong in one way each, to see a verifier refuse them.

use super::{
    Ca, Credential, LeafTemplate, Marked, ObjectIdentifier, Options, Person, Pki, PkiError, Policy,
    generate::key,
};

/// What is wrong with an odd person's authentication certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Valid by its own dates, but issued by the CA of generation 1, which has expired.
    ExpiredAnchor,
    /// The card answers with the signing certificate and key.
    SigningCertificate,
    /// No certificatePolicies.
    NoPolicy,
    /// Another policy of the same hierarchy.
    OtherPolicy,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Fault; 4] = [
        Fault::ExpiredAnchor,
        Fault::SigningCertificate,
        Fault::NoPolicy,
        Fault::OtherPolicy,
    ];

    /// The odd person's identifier, where others are called `p01`.
    pub const fn id(self) -> &'static str {
        match self {
            Fault::ExpiredAnchor => "expired-anchor",
            Fault::SigningCertificate => "signing-certificate",
            Fault::NoPolicy => "no-policy",
            Fault::OtherPolicy => "other-policy",
        }
    }
}

impl Pki {
    /// Adds one person per [`Fault`], otherwise like p01, to a hierarchy made from `options`.
    pub fn add_odd_people(&mut self, options: &Options) -> Result<(), PkiError> {
        for fault in Fault::ALL {
            let person = self.odd_person(options, fault)?;
            self.people.push(person);
        }
        Ok(())
    }

    fn odd_person(&self, options: &Options, fault: Fault) -> Result<Person, PkiError> {
        let like = self.person("p01").ok_or(PkiError::KeyMissing)?;
        let generation = match fault {
            Fault::ExpiredAnchor => 1,
            _ => like.generation,
        };
        let ca = self
            .authentication_ca(generation)
            .ok_or(PkiError::KeyMissing)?;
        let faithful = LeafTemplate {
            serial: vec![0x22, 0x7C, 1 + fault as u8],
            not_before: like.authentication.not_before,
            not_after: like.authentication.not_after,
            ..LeafTemplate::authentication()
        };
        let issue = |template: LeafTemplate| issue(ca, &template, options, fault);
        let authentication = match fault {
            Fault::ExpiredAnchor => issue(faithful)?,
            Fault::SigningCertificate => like.signature.clone(),
            Fault::NoPolicy => issue(LeafTemplate {
                certificate_policies: None,
                ..faithful
            })?,
            Fault::OtherPolicy => issue(LeafTemplate {
                certificate_policies: Some(Marked::critical(vec![Policy {
                    oid: ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.8.5.1.3.31"),
                    cps: None,
                }])),
                ..faithful
            })?,
        };
        Ok(Person {
            id: fault.id().to_owned(),
            generation,
            authentication,
            ..like.clone()
        })
    }
}

fn issue(
    ca: &Ca,
    template: &LeafTemplate,
    options: &Options,
    fault: Fault,
) -> Result<Credential, PkiError> {
    let key = key(options, fault.id())?;
    Ok(Credential {
        certificate: ca.issue(template, &key)?,
        not_before: template.not_before,
        not_after: template.not_after,
        key,
    })
}
