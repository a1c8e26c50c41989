//! The text of a window: paragraphs of lines.

use authenticator_core::{AccountName, CardView, Expiry, RegisterQuestion, SignInQuestion, Site};

use crate::messages::Language;
use crate::messages::terminal::{Date, Problem};
use crate::messages::window::Phrase;
use crate::prompt::shown;

/// What the person lets go to the site at a registration.
#[derive(Clone, Copy, Default)]
pub(crate) struct Consent {
    /// The certificate.
    pub(crate) disclose: bool,
    /// The card's public key, as the credential's.
    pub(crate) card_credential: bool,
    /// The next time, too.
    pub(crate) remember: bool,
}

/// A text that is being put together.
pub(crate) struct Page {
    language: Language,
    paragraphs: Vec<Vec<String>>,
}

impl Page {
    /// An empty one.
    pub(super) fn new(language: Language) -> Self {
        Self {
            language,
            paragraphs: Vec::new(),
        }
    }

    /// What is asked with the PIN of a registration, and what was agreed to before.
    pub(crate) fn of_registration(
        language: Language,
        question: &RegisterQuestion<'_>,
        consent: Consent,
    ) -> Self {
        Self::new(language)
            .paragraph([Phrase::Register])
            .request(Some(&question.site), Some(question.account))
            .agreed(question, consent)
            .card(question.card)
    }

    /// What is asked with the PIN of a sign-in.
    pub(crate) fn of_sign_in(language: Language, question: &SignInQuestion<'_>) -> Self {
        Self::new(language)
            .paragraph([Phrase::SignIn])
            .site(&question.site)
            .paragraph(question.card_credential.then_some(Phrase::CardKeyUsed))
            .card(question.card)
    }

    /// The language that it is written in.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// A paragraph with these phrases.
    pub(super) fn paragraph<'p>(mut self, phrases: impl IntoIterator<Item = Phrase<'p>>) -> Self {
        let lines: Vec<_> = phrases
            .into_iter()
            .map(|phrase| self.language.phrase(&phrase))
            .collect();
        if !lines.is_empty() {
            self.paragraphs.push(lines);
        }
        self
    }

    /// The paragraphs of another.
    pub(super) fn followed_by(mut self, page: Page) -> Self {
        self.paragraphs.extend(page.paragraphs);
        self
    }

    /// Who asks.
    pub(super) fn site(self, site: &Site<'_>) -> Self {
        self.request(Some(site), None)
    }

    /// Who asks, and for which account.
    pub(super) fn request(self, site: Option<&Site<'_>>, account: Option<&AccountName>) -> Self {
        let rp_id = site.map(|site| shown::site(site.rp_id));
        let name = site.and_then(|site| site.name).map(shown::name);
        let account = account.map(account_name);
        let shown = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let (name, account) = (shown(&name), shown(&account));
        let lines = [
            rp_id.as_deref().map(Phrase::Site),
            name.as_deref().map(Phrase::CallsItself),
            account.as_deref().map(Phrase::Account),
        ];
        self.paragraph(lines.into_iter().flatten())
    }

    /// What was agreed to, as far as it was offered.
    pub(super) fn agreed(self, question: &RegisterQuestion<'_>, consent: Consent) -> Self {
        let certificate = question.certificate.map(|_| {
            if consent.disclose {
                Phrase::CertificateShown
            } else {
                Phrase::CertificateNotShown
            }
        });
        let key = question.card_credential.map(|_| {
            if consent.card_credential {
                Phrase::CardKeyUsed
            } else {
                Phrase::CardKeyNotUsed
            }
        });
        self.paragraph([certificate, key].into_iter().flatten())
    }

    /// In which reader the card is, where that must be said.
    pub(crate) fn reader(self, name: Option<&str>) -> Self {
        let name = name.map(shown::reader);
        self.paragraph(name.as_deref().map(Phrase::Reader))
    }

    /// What there is to say about the card.
    pub(super) fn card(self, card: CardView) -> Self {
        let until = Date::in_japan(card.not_after);
        let problem = match card.expiry {
            Expiry::Far => None,
            Expiry::Soon => Some(Problem::CertificateExpiresSoon(until)),
            Expiry::Expired => Some(Problem::CertificateExpired(until)),
        };
        self.paragraph(problem.map(Phrase::Problem))
    }

    /// The text.
    pub(super) fn text(&self) -> String {
        let paragraphs: Vec<_> = self
            .paragraphs
            .iter()
            .map(|lines| lines.join("\n"))
            .collect();
        paragraphs.join("\n\n")
    }
}

/// An account, by both of its names if they differ.
pub(super) fn account_name(account: &AccountName) -> String {
    let shown = |name: &Option<String>| shown::name(name.as_deref().unwrap_or_default());
    let (display_name, name) = (shown(&account.display_name), shown(&account.name));
    if display_name.is_empty() || display_name == name {
        name
    } else if name.is_empty() {
        display_name
    } else {
        format!("{display_name} {name}")
    }
}
