//! Rule revocation.

use crate::ceremonies::Ceremonies;
use crate::keys;
use crate::model::{Registration, Revocation};
use crate::world::{World, at};

const DAY: i64 = 24 * 60 * 60;

pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let revoked = |name, about, reason| {
        usual
            .vector(name, about)
            .answered(Revocation::Revoked {
                reason,
                since: at() - DAY,
            })
            .refused("revocation", "revoked")
    };
    vec![
        revoked(
            "revoked_certificate_hold",
            "The card was reported lost; a hold is never released.",
            "certificateHold",
        ),
        revoked(
            "revoked_superseded",
            "The certificate was renewed: the old one no longer counts.",
            "superseded",
        ),
        revoked(
            "revoked_affiliation_changed",
            "The person died or moved abroad.",
            "affiliationChanged",
        ),
        usual
            .vector(
                "revocation_unknown",
                "The revocation source cannot tell. That is not good.",
            )
            .answered(Revocation::Unknown)
            .refused("revocation", "revocation-unknown"),
        usual
            .vector(
                "revocation_stale",
                "The source's answer was good until one second ago.",
            )
            .answered(Revocation::Good {
                as_of: at() - DAY,
                until: at() - 1,
            })
            .refused("revocation", "revocation-stale"),
        usual
            .but(|it| it.sig = keys::rs256(&world.other_card.key, &it.signed()))
            .vector(
                "revoked_and_signed_by_another_card",
                "Revoked, and somebody else's signature: the signature is checked first.",
            )
            .answered(Revocation::Revoked {
                reason: "keyCompromise",
                since: at() - DAY,
            })
            .refused("statement-signature", "statement-signature"),
    ]
}
