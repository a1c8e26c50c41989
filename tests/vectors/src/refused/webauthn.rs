//! The attestation is faultless, and WebAuthn's own checks (WebAuthn L3 §7.1) refuse: a registration is accepted only if both
//! pass.

use crate::attested::{Attested, client_data};
use crate::authenticator::{auth_data, flag};
use crate::bytes::sha256;
use crate::cbor::{self, bytes, numbered};
use crate::ceremonies::Ceremonies;
use crate::keys::{self, EcKey};
use crate::model::Registration;
use crate::world::{ORIGIN, World};

pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let signed = |change: &dyn Fn(&mut Attested)| {
        usual.but(|it| {
            change(it);
            it.sig = keys::rs256(&world.card.key, &it.signed());
        })
    };
    let challenge = &usual.challenge;
    let with_data = |data: String| signed(&|it| it.client_data_json = data.clone());
    let with_key = |key: &[u8]| {
        let flags = flag::UP | flag::UV | flag::BE | flag::AT;
        let data = auth_data(flags, &[0; 16], &ceremonies.usual.binding.id(), key);
        signed(&|it| it.auth_data = data.clone())
    };
    let cose = ceremonies.usual.key.cose();
    let p384 = EcKey::p384("algorithm_not_asked_for").point();
    vec![
        with_data(client_data("webauthn.get", challenge, ORIGIN))
            .vector(
                "client_data_of_a_sign_in",
                "The card attested client data of type webauthn.get.",
            )
            .refused_by_webauthn("type"),
        with_data(client_data("webauthn.create", &[7; 32], ORIGIN))
            .vector(
                "other_challenge",
                "A registration for another challenge: replayed, or relayed.",
            )
            .refused_by_webauthn("challenge"),
        with_data(client_data(
            "webauthn.create",
            challenge,
            "https://example.com",
        ))
        .vector("other_origin", "The person registered at another origin.")
        .refused_by_webauthn("origin"),
        signed(&|it| it.auth_data[..32].copy_from_slice(&sha256(b"example.com")))
            .vector(
                "other_rp_id",
                "The authenticator data is for another RP ID.",
            )
            .refused_by_webauthn("rp_id"),
        with_key(&cbor::encode(&numbered([
            (1, 2.into()),
            (3, (-35).into()),
            (-1, 2.into()),
            (-2, bytes(&p384[1..49])),
            (-3, bytes(&p384[49..])),
        ])))
        .vector(
            "algorithm_not_asked_for",
            "A credential whose algorithm the relying party did not offer (ES384).",
        )
        .refused_by_webauthn("algorithm"),
        with_key(&{
            let mut off_curve = cose.clone();
            *off_curve.last_mut().unwrap() ^= 1;
            off_curve
        })
        .vector(
            "credential_key_not_on_the_curve",
            "The credential's public key is not a point of P-256.",
        )
        .refused_by_webauthn("public_key"),
    ]
}
