//! English.

use super::History;

/// The history's headings, and what stands there when it is empty.
pub(super) const HISTORY: History = History {
    when: "When",
    what: "What",
    certificate: "certificate",
    card_key: "card's key",
    site: "Site",
    empty: "Neither a certificate nor a card's own key has been disclosed to any site from this computer.",
};
