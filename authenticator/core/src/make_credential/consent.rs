//! What the prompt of a registration offers, and what the person agreed to.

use eid_card::Certificate;

use super::request::Request;
use crate::attestation::Release;
use crate::ceremony::{CardInHand, VerifiedCard};
use crate::credential::{CredentialKind, WantedKind, card_public_key};
use crate::failure::{Failure, NO_PIN};
use crate::ports::{
    CardCredentialOffer, CardView, CertificateOffer, Disclosed, Person, RegisterAnswer,
    RegisterQuestion,
};
use crate::session::Session;

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

    /// The same, and the site cannot be remembered.
    pub(super) fn without_remembering(self) -> Offers {
        Offers {
            certificate: self.certificate.map(|offer| CertificateOffer {
                can_remember: false,
                ..offer
            }),
            card_credential: self.card_credential.map(|offer| CardCredentialOffer {
                can_remember: false,
                ..offer
            }),
        }
    }

    /// Those that need no prompt, where there is none: of a site that the person chose to remember.
    ///
    /// # Errors
    ///
    /// [`Failure::UnsupportedAlgorithm`] if nothing is left that the site accepts.
    fn without_prompt(self) -> Result<Offers, Failure> {
        let card_credential = self.card_credential.filter(|offer| offer.switch);
        if card_credential.is_none() && self.card_credential.is_some_and(|offer| offer.required) {
            return Err(Failure::UnsupportedAlgorithm);
        }
        Ok(Offers {
            certificate: self.certificate.filter(|offer| offer.switch),
            card_credential,
        })
    }

    fn are_none(&self) -> bool {
        self.certificate.is_none() && self.card_credential.is_none()
    }

    /// The answer that leaves the switches where they are.
    fn as_they_stand(&self) -> RegisterAnswer {
        RegisterAnswer {
            entry: None,
            disclose: self.certificate.is_some_and(|offer| offer.switch),
            card_credential: self.card_credential.is_some_and(|offer| offer.switch),
            remember_site: false,
        }
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

/// Has the person consent and be present, and the PIN verified if it is not yet. The prompt is shown until the PIN is right; the last
/// answer counts.
///
/// For a token's request nothing is asked of somebody who is known to be present, if there is nothing to consent to.
pub(super) fn ask<'c>(
    person: &mut dyn Person,
    session: &mut Session,
    card: CardInHand<'c>,
    request: &Request,
    view: CardView,
    mut offers: Offers,
) -> Result<(VerifiedCard<'c>, Consent), Failure> {
    let question = |pin, offers: &Offers| RegisterQuestion {
        site: request.site(),
        account: &request.account,
        pin,
        card: view,
        certificate: offers.certificate,
        card_credential: offers.card_credential,
    };
    let card = match card {
        CardInHand::Present(card) => card,
        CardInHand::Verified(card) => {
            let has_prompt = person.asks_for_pin();
            if !has_prompt {
                offers = offers.without_prompt()?;
            }
            let answer = if (offers.are_none() || !has_prompt) && session.take_presence() {
                offers.as_they_stand()
            } else {
                person.register(&question(None, &offers))?
            };
            return Ok((card, Consent::read(request, &offers, &answer)?));
        }
    };
    let mut consent = None;
    let card = card.verify(person, |person, pin| {
        let answer = person.register(&question(Some(pin), &offers))?;
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
