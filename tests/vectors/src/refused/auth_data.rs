//! Rule authenticator-data. The card signed all of these as they are.

use crate::accepted::signed_by_card;
use crate::authenticator::{auth_data, auth_data_head, flag};
use crate::cbor;
use crate::ceremonies::Ceremonies;
use crate::model::Registration;
use crate::world::{RP_ID, World};

pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    use flag::{AT, BE, BS, ED, UP, UV};
    let good = &ceremonies.usual.attested.auth_data;
    let cose = ceremonies.usual.key.cose();
    let id = ceremonies.usual.binding.id();
    let refused = |name, about, data: Vec<u8>, fault| {
        signed_by_card(world, ceremonies, data)
            .vector(name, about)
            .refused_for("authenticator-data", "authenticator-data", fault)
    };
    let with = |flags, id: &[u8], after: &[u8]| auth_data(flags, &[0; 16], id, after);
    let outputs = cbor::encode(&cbor::named([("example", true.into())]));
    let and_outputs = |outputs: &[u8]| [&cose[..], outputs].concat();
    vec![
        refused(
            "auth_data_cut_off",
            "The last byte of the credential's key is missing.",
            good[..good.len() - 1].to_vec(),
            "the credential public key: it ends too early",
        ),
        refused(
            "auth_data_without_counter",
            "It ends inside the signature counter.",
            good[..36].to_vec(),
            "it ends too early",
        ),
        refused(
            "auth_data_with_trailing_byte",
            "One byte follows the credential's key.",
            [&good[..], &[0xa0]].concat(),
            "1 bytes follow its end",
        ),
        refused(
            "user_not_present",
            "UP is not set.",
            with(UV | AT, &id, &cose),
            "the user was not present",
        ),
        refused(
            "user_not_verified",
            "UV is not set: no PIN.",
            with(UP | AT, &id, &cose),
            "the user was not verified",
        ),
        refused(
            "no_attested_credential",
            "AT is not set: authenticator data of a sign-in.",
            auth_data_head(RP_ID, UP | UV | BE),
            "no attested credential data",
        ),
        refused(
            "backed_up_but_not_eligible",
            "BS without BE.",
            with(UP | UV | AT | BS, &id, &cose),
            "the credential is said to be backed up but not eligible for it",
        ),
        refused(
            "credential_id_empty",
            "A credential ID of no bytes.",
            with(UP | UV | AT, &[], &cose),
            "a credential ID of 0 bytes",
        ),
        refused(
            "credential_id_too_long",
            "WebAuthn allows 1023 bytes.",
            with(UP | UV | AT, &[7; 1024], &cose),
            "a credential ID of 1024 bytes",
        ),
        refused(
            "credential_key_not_canonical",
            "alg before kty in the COSE key.",
            with(UP | UV | AT, &id, &{
                let mut key = cose.clone();
                key[1..5].copy_from_slice(&[0x03, 0x26, 0x01, 0x02]);
                key
            }),
            "the credential public key: a map's keys not sorted, or one twice",
        ),
        refused(
            "credential_key_without_alg",
            "A COSE key that does not say its algorithm.",
            with(
                UP | UV | AT,
                &id,
                &cbor::encode(&cbor::numbered([(1, 2.into()), (-1, 1.into())])),
            ),
            "\"credentialPublicKey\" does not have exactly the members it should",
        ),
        refused(
            "extension_flag_without_outputs",
            "ED is set, and nothing follows the key.",
            with(UP | UV | AT | ED, &id, &cose),
            "the extension outputs: it ends too early",
        ),
        refused(
            "extension_outputs_without_flag",
            "Extension outputs follow the key, and ED is not set.",
            with(UP | UV | AT | BE, &id, &and_outputs(&outputs)),
            "bytes follow its end",
        ),
        refused(
            "extension_outputs_as_array",
            "Extension outputs are a map.",
            with(UP | UV | AT | ED, &id, &and_outputs(&[0x80])),
            "\"extensions\" does not have the type it should",
        ),
    ]
}
