//! English.

use super::{History, Message};
use crate::failure::Failure;
use crate::native_messaging::outgoing::FatalCode;

pub(super) fn failure(failure: Failure) -> Message {
    let (happened, remedy) = match failure {
        Failure::Cancelled => ("The request was cancelled.", ""),
        Failure::OtherAuthenticator => {
            ("Another authenticator is to be used for this request.", "")
        }
        Failure::TimedOut => ("Nobody answered in time.", "Start again from the site."),
        Failure::NoReader => ("No card reader is connected.", "Connect one and try again."),
        Failure::NoCard => (
            "No My Number Card was presented.",
            "Put the card on the reader, chip or antenna side right, without its case.",
        ),
        Failure::SeveralCards => (
            "Several My Number Cards are presented.",
            "Leave only the one to be used.",
        ),
        Failure::CardRemoved => (
            "The card was removed too early.",
            "Start again from the site and leave the card in place until the end.",
        ),
        Failure::CardChanged => (
            "The card is not the one that was shown.",
            "Start again from the site and leave the card in place until the end.",
        ),
        Failure::CardBusy => (
            "Another program is using the card.",
            "Close that program and try again.",
        ),
        Failure::CardUnsupported => (
            "The card cannot do what is needed.",
            "Check that it is a My Number Card with a certificate for user authentication; `jpki-authenticator card` shows what it has.",
        ),
        Failure::CardFailed => (
            "The card or its reader failed.",
            "Present the card again; if that does not help, connect the reader anew.",
        ),
        Failure::CertificateExpired => (
            "The card's certificate has expired.",
            "Have it renewed at the municipal office.",
        ),
        Failure::PcscNotRunning => (
            "The PC/SC service does not answer.",
            "Start it (`sudo systemctl enable --now pcscd.socket`), or install it first if it is missing (on Debian and Ubuntu `sudo apt install pcscd`); `jpki-authenticator doctor` tells which.",
        ),
        Failure::PinLocked => (
            "The PIN of the card is locked.",
            "The municipal office resets it; or J-LIS's smartphone app together with a convenience-store kiosk, while the signing PIN still works.",
        ),
        Failure::NoCredential => (
            "This card has no credential for the site on this computer.",
            "Register with the site first, or use another card.",
        ),
        Failure::Excluded => (
            "This card is registered with the site already.",
            "Sign in with it instead.",
        ),
        Failure::UnsupportedAlgorithm => (
            "The site accepts no signature algorithm that this authenticator has.",
            "Use another authenticator for this site.",
        ),
        Failure::RpId => (
            "The site asked for credentials of another site.",
            "The site's operator must use an RP ID that belongs to its origin.",
        ),
        Failure::Origin => (
            "The request comes from a place that may not use credentials.",
            "The site's operator must serve the page over HTTPS under a domain name.",
        ),
        Failure::CrossOrigin => (
            "A frame of another origin made the request.",
            "The site's operator must make it from the page itself.",
        ),
        Failure::BadRequest => (
            "The site's request is malformed.",
            "The site's operator must correct it.",
        ),
        Failure::PrfInputs => (
            "The site asks for a key of a credential that it does not allow.",
            "The site's operator must correct it.",
        ),
        Failure::NotSupported => (
            "The site asks for what this authenticator cannot do.",
            "Use another authenticator for this site.",
        ),
        Failure::Storage => (
            "The store of credentials cannot be used.",
            "The line above tells why; `jpki-authenticator doctor` tells more.",
        ),
        Failure::Internal => (
            "This program has a defect.",
            "Please report it with the lines above; they contain nothing secret.",
        ),
    };
    Message { happened, remedy }
}

pub(super) fn fatal(code: FatalCode) -> Message {
    let (happened, remedy) = match code {
        FatalCode::ProtocolVersion => (
            "The browser extension speaks another version of the protocol.",
            "Update the extension and this program.",
        ),
        FatalCode::BadMessage => (
            "The browser extension broke the protocol.",
            "Update the extension and this program.",
        ),
        FatalCode::NotOurExtension => (
            "The caller is not this project's browser extension.",
            "Browsers start this command; there is no need to run it by hand.",
        ),
    };
    Message { happened, remedy }
}

/// The history's headings, and what stands there when it is empty.
pub(super) const HISTORY: History = History {
    when: "When",
    what: "What",
    certificate: "certificate",
    card_key: "card's key",
    site: "Site",
    empty: "Neither a certificate nor a card's own key has been disclosed to any site from this computer.",
};
