//! Rules statement, statement-algorithm and statement-signature.

use ciborium::Value;
use rsa::Pkcs1v15Sign;

use crate::accepted::ruritanian;
use crate::attested::Draft;
use crate::bytes::sha256;
use crate::cbor::{self, bytes, named, text};
use crate::ceremonies::Ceremonies;
use crate::keys::{self, EcKey};
use crate::model::Registration;
use crate::world::World;

pub(super) fn registrations(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let refused = |draft: Draft, fault: &str| draft.refused_for("statement", "statement", fault);
    let statement = |name, about, statement: Value, fault| {
        let object = cbor::attestation_object("eid-x509", statement, &usual.auth_data);
        refused(usual.vector(name, about).with_object(object), fault)
    };
    let alg = || ("alg", usual.alg.into());
    let sig = || ("sig", bytes(&usual.sig));
    let x5c = || ("x5c", Value::Array(vec![bytes(&usual.x5c[0])]));
    let members = "\"attStmt\" does not have exactly the members it should";

    let other_format = |made: &crate::authenticator::Registered<'_>| {
        made.with_authenticator(made.vector().refused("statement", "other-format"))
    };
    let renamed = |name, about, fmt: &str| {
        usual
            .but(|it| it.fmt = fmt.to_owned())
            .vector(name, about)
            .refused("statement", "other-format")
    };
    let certificates = |name, about, x5c: Vec<Vec<u8>>| {
        let count = x5c.len();
        refused(
            usual.but(|it| it.x5c = x5c).vector(name, about),
            &format!("x5c has {count} certificates; it must have exactly one"),
        )
    };
    vec![
        other_format(&ceremonies.declined),
        other_format(&ceremonies.none),
        other_format(&ceremonies.card_packed),
        other_format(&ceremonies.card_none),
        renamed(
            "fmt_packed",
            "The same statement called packed: a person is not a model of authenticator.",
            "packed",
        ),
        renamed(
            "fmt_in_upper_case",
            "Format identifiers are compared as they are.",
            "EID-X509",
        ),
        refused(
            usual.but(|it| it.fmt = "eid-x509\n".to_owned()).vector(
                "fmt_with_line_break",
                "Not an identifier (RFC 8809 §2.1): it must not reach a log as it is.",
            ),
            "a format identifier that is not one",
        ),
        certificates("x5c_empty", "No certificate.", Vec::new()),
        certificates(
            "x5c_two_certs",
            "The issuer's certificate came along. One that came with the statement proves nothing.",
            vec![
                usual.x5c[0].clone(),
                world.generation_3.certificate().to_vec(),
            ],
        ),
        certificates(
            "x5c_same_cert_twice",
            "The holder's certificate twice.",
            vec![usual.x5c[0].clone(); 2],
        ),
        statement(
            "x5c_without_array",
            "x5c is the certificate itself.",
            named([alg(), sig(), ("x5c", bytes(&usual.x5c[0]))]),
            "\"x5c\" does not have the type it should",
        ),
        statement(
            "x5c_of_text",
            "The certificate as a text string.",
            named([alg(), sig(), ("x5c", Value::Array(vec![text("MIIG")]))]),
            "\"x5c\" does not have the type it should",
        ),
        statement(
            "attstmt_without_x5c",
            "A self attestation under the wrong name.",
            named([alg(), sig()]),
            members,
        ),
        statement(
            "attstmt_with_fourth_member",
            "A member that the format does not have.",
            named([alg(), sig(), ("ver", text("1.0")), x5c()]),
            members,
        ),
        statement(
            "alg_as_text",
            "The algorithm's name instead of its number.",
            named([("alg", text("RS256")), sig(), x5c()]),
            "\"alg\" does not have the type it should",
        ),
        statement(
            "sig_as_text",
            "The signature as a text string.",
            named([alg(), ("sig", text("c2ln")), x5c()]),
            "\"sig\" does not have the type it should",
        ),
        statement(
            "attstmt_as_array",
            "attStmt is not a map.",
            Value::Array(vec![usual.alg.into(), bytes(&usual.sig)]),
            "\"attStmt\" does not have the type it should",
        ),
    ]
}

/// What is wrong with `alg` and `sig`.
pub(super) fn signatures(world: &World, ceremonies: &Ceremonies<'_>) -> Vec<Registration> {
    let usual = &ceremonies.usual.attested;
    let key = &world.card.key;
    let hash = usual.client_data_hash();
    let not_admitted = |name, about, alg, sig: Vec<u8>| {
        let with = |it: &mut crate::attested::Attested| {
            it.alg = alg;
            it.sig = sig;
        };
        usual
            .but(with)
            .vector(name, about)
            .refused("statement-algorithm", "statement-algorithm-not-admitted")
    };
    let wrong = |name, about, sig: Vec<u8>| {
        usual
            .but(|it| it.sig = sig)
            .vector(name, about)
            .refused("statement-signature", "statement-signature")
    };
    let pss_free = |digest: &[u8]| key.sign(Pkcs1v15Sign::new_unprefixed(), digest).unwrap();
    let sealing = ceremonies
        .usual
        .binding
        .opened(crate::sealing::What::Key)
        .card_signature
        .0;
    let p256 = EcKey::p256("Ruritania card");
    let p384 = EcKey::p384("Ruritania card");
    let es256 = ruritanian(&p256, &p256.public_key(), world);
    let es384 = ruritanian(&p384, &p384.public_key(), world);
    let foreign = |attested: &crate::attested::Attested, name, about, rule, code| {
        attested
            .vector(name, about)
            .under(&["ruritania"])
            .refused(rule, code)
    };
    vec![
        not_admitted(
            "alg_rs512",
            "A genuine RS512 signature. The authenticator derives keys from such signatures, so no relying party may accept one.",
            -259,
            keys::rs512(key, &usual.signed()),
        ),
        not_admitted(
            "alg_es256_for_an_rsa_key",
            "An algorithm that the profile does not admit.",
            -7,
            usual.sig.clone(),
        ),
        not_admitted(
            "alg_ps256",
            "The profile admits PKCS#1 v1.5 only.",
            -37,
            usual.sig.clone(),
        ),
        foreign(
            &es256.but(|it| it.alg = -35),
            "statement_alg_mismatch",
            "ES384 is admitted by the profile, but the certificate's key is on P-256.",
            "statement-algorithm",
            "statement-algorithm-mismatch",
        ),
        foreign(
            &es384.but(|it| {
                it.alg = -7;
                it.sig = p256.sign(&it.signed());
            }),
            "statement_alg_mismatch_with_another_key",
            "ES256 by somebody else's P-256 key beside a P-384 certificate.",
            "statement-algorithm",
            "statement-algorithm-mismatch",
        ),
        wrong(
            "signed_by_another_card",
            "A copy of somebody's certificate with one's own card's signature.",
            keys::rs256(&world.other_card.key, &usual.signed()),
        ),
        usual
            .but(|it| it.auth_data[60] ^= 1)
            .vector(
                "auth_data_changed",
                "One bit of the credential ID was changed after signing.",
            )
            .refused("statement-signature", "statement-signature"),
        usual
            .but(|it| it.client_data_json.push(' '))
            .vector(
                "client_data_changed",
                "One space was added to the client data after signing.",
            )
            .refused("statement-signature", "statement-signature"),
        wrong(
            "client_data_hash_alone_signed",
            "The card signed the hash of the client data without the authenticator data, as a login of another kind might.",
            keys::rs256(key, &hash),
        ),
        wrong(
            "signed_in_the_other_order",
            "hash ‖ authData instead of authData ‖ hash.",
            keys::rs256(key, &[&hash[..], &usual.auth_data].concat()),
        ),
        wrong(
            "client_data_signed_without_hash",
            "authData ‖ client data, not its hash.",
            keys::rs256(
                key,
                &[&usual.auth_data[..], usual.client_data_json.as_bytes()].concat(),
            ),
        ),
        wrong(
            "signed_with_sha512",
            "alg says RS256; the signature is RS512.",
            keys::rs512(key, &usual.signed()),
        ),
        wrong(
            "signed_without_digest_info",
            "PKCS#1 v1.5 over the bare digest, which the card also offers.",
            pss_free(&sha256(&usual.signed())),
        ),
        wrong(
            "sealing_signature",
            "The secret signature from which the credential's sealing key is derived.",
            sealing,
        ),
        wrong(
            "signature_cut_off",
            "One byte shorter than the modulus.",
            usual.sig[..255].to_vec(),
        ),
        wrong(
            "signature_with_leading_zero",
            "One byte longer than the modulus, of the same value.",
            [&[0], &usual.sig[..]].concat(),
        ),
        wrong("signature_empty", "No signature.", Vec::new()),
        foreign(
            &es256.but(|it| it.sig = raw(&it.sig, 32)),
            "es256_signature_without_der",
            "r ‖ s as in JOSE; WebAuthn wants ASN.1 DER (§6.5.5).",
            "statement-signature",
            "statement-signature",
        ),
        foreign(
            &es384.but(|it| it.sig.push(0)),
            "es384_signature_with_trailing_byte",
            "One byte after the Ecdsa-Sig-Value.",
            "statement-signature",
            "statement-signature",
        ),
        foreign(
            &es256.but(|it| it.sig = vec![0x30, 6, 2, 1, 0, 2, 1, 0]),
            "es256_signature_of_zeros",
            "r = s = 0.",
            "statement-signature",
            "statement-signature",
        ),
    ]
}

/// r ‖ s, each of so many bytes, from an Ecdsa-Sig-Value.
fn raw(signature: &[u8], length: usize) -> Vec<u8> {
    let numbers = crate::der::members(signature);
    let number = |der: &Vec<u8>| {
        let padded = [&vec![0; length][..], crate::der::contents(der)].concat();
        padded[padded.len() - length..].to_vec()
    };
    numbers.iter().flat_map(number).collect()
}
