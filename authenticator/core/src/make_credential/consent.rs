//! What the prompt of a registration offers, and what the person agreed to.

use eid_card::Certificate;

use super::request::Request;
use crate::attestation::Release;
use crate::ceremony::{PresentCard, VerifiedCard};
use crate::credential::{CredentialKind, WantedKind, card_public_key};
use crate::failure::{Failure, NO_PIN};
use crate::ports::{
    CardCredentialOffer, CardView, CertificateOffer, Disclosed, Person, RegisterAnswer,
    RegisterQuestion,
};

/// The two switches of the prompt: what is one and the same everywhere leaves only so.
#[derive(Clone, Copy)]
pub(super) struct Offers {
    certificate: Option<CertificateOffer>,
    card_credential: Option<CardCredentialOffer>,
}

impl Offers {
    /// What this request asks, for this card and site.
    ///
    /// # Errors
    ///
    /// [`Failure::CertificateExpired`] if the request needs a valid certificate.
    pub(super) fn new(
        request: &Request,
        remembered: bool,
        certificate: &Certificate,
        now: u64,
    ) -> Result<Offers, Failure> {
        let offers = Offers {
            certificate: request.asked.offer(remembered, certificate, now)?,
            card_credential: request.wanted.offer(remembered, certificate, now)?,
        };
        if offers.card_credential.is_some() {
            // A key that cannot be told to a relying party is found out before a PIN is typed.
            card_public_key(certificate)?;
        }
        Ok(offers)
    }
}

/// What the person agreed to.
pub(super) struct Consent {
    pub(super) kind: CredentialKind,
    pub(super) release: Release,
    pub(super) remember_site: bool,
}

impl Consent {
    /// Reads an answer: only what was offered counts.
    ///
    /// # Errors
    ///
    /// [`Failure::UnsupportedAlgorithm`] if nothing is left that the site accepts.
    fn read(
        request: &Request,
        offers: &Offers,
        answer: &RegisterAnswer,
    ) -> Result<Consent, Failure> {
        let Offers {
            certificate,
            card_credential,
        } = offers;
        let kind = WantedKind::decide(card_credential.as_ref(), answer.card_credential)?;
        let release = request.asked.release(certificate.as_ref(), answer.disclose);
        let can_remember = (release == Release::Identity
            && certificate.is_some_and(|offer| offer.can_remember))
            || (kind == CredentialKind::Card
                && card_credential.is_some_and(|offer| offer.can_remember));
        Ok(Consent {
            kind,
            release,
            remember_site: answer.remember_site && can_remember,
        })
    }

    /// The entry's subject for the history: the certificate has the card's key in it.
    pub(super) fn discloses(&self) -> Option<Disclosed> {
        match (self.release, self.kind) {
            (Release::Identity, _) => Some(Disclosed::Certificate),
            (_, CredentialKind::Card) => Some(Disclosed::CardKey),
            (_, CredentialKind::Pairwise) => None,
        }
    }
}

/// Shows the prompt until the PIN is right. The last answer counts.
pub(super) fn ask<'c>(
    person: &mut dyn Person,
    card: PresentCard<'c>,
    request: &Request,
    view: CardView,
    mut offers: Offers,
) -> Result<(VerifiedCard<'c>, Consent), Failure> {
    let mut consent = None;
    let card = card.verify(person, |person, pin| {
        let answer = person.register(&RegisterQuestion {
            site: request.site(),
            account: &request.account,
            pin: Some(pin),
            card: view,
            certificate: offers.certificate,
            card_credential: offers.card_credential,
        })?;
        // Declined where nothing else is accepted: the PIN is not sent.
        consent = Some(Consent::read(request, &offers, &answer)?);
        // After a wrong PIN the switches stand where the person left them.
        if let Some(offer) = &mut offers.certificate {
            offer.switch = answer.disclose;
        }
        if let Some(offer) = &mut offers.card_credential {
            offer.switch = answer.card_credential;
        }
        answer.entry.ok_or(NO_PIN)
    })?;
    let consent = consent.ok_or(Failure::Internal("a PIN was verified without a prompt"))?;
    Ok((card, consent))
}
