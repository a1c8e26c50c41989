//! Rule attestation-object: canonical CBOR with exactly its three members.

use ciborium::Value;

use crate::accepted::{LARGEST_OBJECT, signed_by_card};
use crate::authenticator::{auth_data, flag};
use crate::cbor::{bytes, encode, named, numbered, text};
use crate::ceremonies::Ceremonies;
use crate::model::Registration;
use crate::world::World;

pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let object = usual.object();
    let refused = |name, about, object: Vec<u8>, fault| {
        usual.vector(name, about).with_object(object).refused_for(
            "attestation-object",
            "attestation-object",
            fault,
        )
    };
    let fmt = || ("fmt", text("eid-x509"));
    let statement = || ("attStmt", usual.statement());
    let data = || ("authData", bytes(&usual.auth_data));
    let members = "does not have exactly the members it should";
    let order = "a map's keys not sorted, or one twice";
    vec![
        refused(
            "trailing_byte_after_attestation_object",
            "One byte follows the attestation object.",
            [&object[..], &[0]].concat(),
            "1 bytes follow its end",
        ),
        refused(
            "attestation_object_cut_off",
            "The last byte is missing.",
            object[..object.len() - 1].to_vec(),
            "it ends too early",
        ),
        refused(
            "attestation_object_empty",
            "No bytes at all.",
            Vec::new(),
            "it ends too early",
        ),
        refused(
            "attestation_object_of_indefinite_length",
            "The same map with an indefinite length: two encodings for one value.",
            [&[0xbf], &object[1..], &[0xff]].concat(),
            "an indefinite length",
        ),
        refused(
            "attestation_object_with_long_head",
            "The map's length takes one byte more than it needs.",
            [&[0xb8, 3], &object[1..]].concat(),
            "a length or number not in its shortest form",
        ),
        refused(
            "alg_with_long_head",
            "The number -257 takes two bytes more than it needs.",
            replace(
                &object,
                b"\x63alg\x39\x01\x00",
                b"\x63alg\x3a\x00\x00\x01\x00",
            ),
            "a length or number not in its shortest form",
        ),
        refused(
            "trailing_bytes_after_attstmt",
            "One item stands between attStmt and authData.",
            replace(&object, b"\x68authData", b"\x00\x68authData"),
            order,
        ),
        refused(
            "attestation_object_keys_not_sorted",
            "authData before attStmt, as some encoders sort.",
            encode(&named([fmt(), data(), statement()])),
            order,
        ),
        refused(
            "attstmt_keys_not_sorted",
            "The members of attStmt in another order.",
            encode(&named([
                fmt(),
                (
                    "attStmt",
                    named([
                        ("x5c", Value::Array(vec![bytes(&usual.x5c[0])])),
                        ("sig", bytes(&usual.sig)),
                        ("alg", usual.alg.into()),
                    ]),
                ),
                data(),
            ])),
            order,
        ),
        refused(
            "fmt_twice",
            "One member occurs twice, and readers differ in which one counts.",
            encode(&named([("fmt", text("none")), fmt(), statement()])),
            order,
        ),
        refused(
            "attestation_object_without_attstmt",
            "Two members.",
            encode(&named([fmt(), data()])),
            members,
        ),
        refused(
            "attestation_object_with_fourth_member",
            "The authenticator's epAtt has no place in an attestation object.",
            encode(&named([("ep", true.into()), fmt(), statement(), data()])),
            members,
        ),
        refused(
            "attestation_object_with_numbers_as_keys",
            "The authenticator's answer as it is, with CTAP's keys 1, 2, 3: the client must write names.",
            encode(&numbered([
                (1, text("eid-x509")),
                (2, bytes(&usual.auth_data)),
                (3, usual.statement()),
            ])),
            "\"attestation object\" does not have the type it should",
        ),
        refused(
            "auth_data_as_text",
            "authData is a text string.",
            encode(&named([
                fmt(),
                statement(),
                ("authData", text("authenticator data")),
            ])),
            "\"authData\" does not have the type it should",
        ),
        refused(
            "attstmt_nested_too_deep",
            "More than the four levels that CTAP2 canonical CBOR allows.",
            encode(&named([
                fmt(),
                (
                    "attStmt",
                    (0..4).fold(named([]), |inner, _| Value::Array(vec![inner])),
                ),
                data(),
            ])),
            "nested more deeply than four levels",
        ),
        too_large(world, ceremonies),
    ]
}

/// Signed and canonical, but one byte larger than a relying party reads.
fn too_large(world: &World, ceremonies: &Ceremonies<'_>) -> Registration {
    let cose = ceremonies.usual.key.cose();
    let flags = flag::UP | flag::UV | flag::AT | flag::ED;
    let filled = |filling: usize| {
        let outputs = named([("example", bytes(vec![0; filling]))]);
        let after = [cose.clone(), encode(&outputs)].concat();
        let data = auth_data(flags, &[0; 16], &ceremonies.usual.binding.id(), &after);
        signed_by_card(world, ceremonies, data)
    };
    let rest = filled(1000).object().len() - 1000;
    filled(LARGEST_OBJECT + 1 - rest)
        .vector(
            "attestation_object_one_byte_too_large",
            "An attestation object of 16385 bytes, faultless otherwise.",
        )
        .refused_for(
            "attestation-object",
            "attestation-object",
            "16385 bytes, more than the 16384 allowed",
        )
}

/// Replaces the one place where `what` occurs.
fn replace(object: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let place = object
        .windows(what.len())
        .position(|window| window == what)
        .unwrap();
    [&object[..place], with, &object[place + what.len()..]].concat()
}
