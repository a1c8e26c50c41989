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
fn over_hid_there_is_no_plat_and_messages_are_short() {
    let outcome = World::new().send_over(USB, &[4]);
    let shown = hex(&outcome.response);
    assert!(!shown.contains("64706c6174"), "plat");
    assert!(shown.contains("05191db9"), "7609");
}

#[test]
fn get_info_takes_no_parameters() {
    let failure = World::new().fail(&[4, 0xA0]);
    assert_eq!(failure.status(), 0x03);
}
