//! authenticatorGetInfo.

use crate::world::{USB, World};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn get_info_says_what_exists_byte_for_byte() {
    let outcome = World::new().send(&[4]);
    assert_eq!(
        hex(&outcome.response),
        concat!(
            "00 ab",
            " 01 81 684649444f5f325f30", // versions: FIDO_2_0
            " 02 82 6863726564426c6f62 6b6372656450726f74656374", // credBlob, credProtect
            " 03 50 4040b4795c83490789902ea08ab203a9", // aaguid
            " 04 a6 626570 f5 62726b f5 627570 f5 627576 f5", // ep, rk, up, uv
            "    64706c6174 f5 68616c776179735576 f5", // plat, alwaysUv
            " 05 1a00010000",            // maxMsgSize
            " 07 1840",                  // maxCredentialCountInList
            " 08 1831",                  // maxCredentialIdLength
            " 09 82 68696e7465726e616c 63757362", // transports: internal, usb
            " 0a 82 a2 63616c67 26 6474797065 6a7075626c69632d6b6579", // ES256
            "       a2 63616c67 390100 6474797065 6a7075626c69632d6b6579", // RS256
            " 0f 1820",                  // maxCredBlobLength
            " 16 82 667061636b6564 686569642d78353039", // packed, eid-x509
        )
        .replace(' ', "")
    );
}

#[test]
fn get_info_over_hid_byte_for_byte() {
    let outcome = World::new().send_over(USB, &[4]);
    assert_eq!(
        hex(&outcome.response),
        concat!(
            "00 b4",
            " 01 82 684649444f5f325f30 684649444f5f325f31", // versions: FIDO_2_0, FIDO_2_1
            " 02 86 6863726564426c6f62 6b6372656450726f74656374", // credBlob, credProtect
            "    6b686d61632d736563726574 6e686d61632d7365637265742d6d63", // hmac-secret, hmac-secret-mc
            "    6c6c61726765426c6f624b6579 6c6d696e50696e4c656e677468", // largeBlobKey, minPinLength
            " 03 50 4040b4795c83490789902ea08ab203a9",                   // aaguid
            " 04 ac 626570 f4 62726b f5 627570 f5 627576 f5",            // ep, rk, up, uv; no plat
            "    66757641636667 f5",                                     // uvAcfg
            "    68616c776179735576 f5 68637265644d676d74 f5",           // alwaysUv, credMgmt
            "    69617574686e72436667 f5 69636c69656e7450696e f5",       // authnrCfg, clientPin
            "    6a6c61726765426c6f6273 f5 6e70696e557641757468546f6b656e f5", // largeBlobs, pinUvAuthToken
            "    6f7365744d696e50494e4c656e677468 f5",                         // setMinPINLength
            " 05 191db9",                                                      // maxMsgSize
            " 06 82 02 01",                                                    // pinUvAuthProtocols
            " 07 1840",                           // maxCredentialCountInList
            " 08 1831",                           // maxCredentialIdLength
            " 09 82 68696e7465726e616c 63757362", // transports: internal, usb
            " 0a 82 a2 63616c67 26 6474797065 6a7075626c69632d6b6579", // ES256
            "       a2 63616c67 390100 6474797065 6a7075626c69632d6b6579", // RS256
            " 0b 191000",                         // maxSerializedLargeBlobArray
            " 0d 04",                             // minPINLength
            " 0e 190100",                         // firmwareVersion: 0.1.0
            " 0f 1820",                           // maxCredBlobLength
            " 10 10",                             // maxRPIDsForSetMinPINLength
            " 12 04", // uvModality: a passcode typed into the authenticator
            " 16 82 667061636b6564 686569642d78353039", // packed, eid-x509
            " 18 1a 81 63757362", // transportsForReset: usb
            " 18 1b f5", // pinComplexityPolicy
            " 18 1f 82 01 03", // authenticatorConfigCommands: enableEnterpriseAttestation, setMinPINLength
        )
        .replace(' ', "")
    );
}

#[test]
fn built_in_verification_is_listed_where_our_prompt_can_ask() {
    let mut world = World::new();
    world.person.has_no_pin_prompt = true;
    let info = world.succeed_over_usb(&[4]);
    let info = info.as_map().unwrap();
    assert!(info.get(0x12).is_none());
    let options = info.get(4).unwrap().as_map().unwrap();
    assert!(options.get("uv").is_none() && options.get("uvAcfg").is_none());
    assert_eq!(options.get("clientPin").unwrap().as_bool(), Some(true));
    assert_eq!(options.get("alwaysUv").unwrap().as_bool(), Some(true));
}

#[test]
fn enterprise_attestation_is_listed_over_hid_when_it_is_enabled() {
    let mut world = World::new();
    world.storage.settings.enterprise_attestation = true;
    let info = world.succeed_over_usb(&[4]);
    let options = info.as_map().unwrap().get(4).unwrap().as_map().unwrap();
    assert_eq!(options.get("ep").unwrap().as_bool(), Some(true));
}

#[test]
fn get_info_takes_no_parameters() {
    let failure = World::new().fail(&[4, 0xA0]);
    assert_eq!(failure.status(), 0x03);
}
