//! CTAP requests of the vectors, each with scripts of what goes wrong (`src/world`).

use crate::vectors;

/// The script that says all goes well, and those that go another way: one for each branch of a ceremony.
fn scripts() -> Vec<[u8; 8]> {
    let mut scripts = vec![
        [0; 8],
        // The person: lets the certificate go, and is remembered; the card's key; both; a wrong PIN first; refuses, four ways; the second account.
        [0, 0, 0, 0, 0x01, 0, 0, 0],
        [0, 0, 0, 0, 0x03, 0, 0, 0],
        [0, 0, 0, 0, 0x20, 0, 0, 0],
        [0, 0, 0, 0, 0x23, 0, 0, 0],
        [0, 0, 0, 0, 0x04, 0x01, 0, 0],
        [0, 0, 0, 0, 0x10, 0, 0, 0],
        [0, 0, 0, 0, 0x30, 0, 0, 0],
        [0, 0, 0, 0, 0x50, 0, 0, 0],
        [0, 0, 0, 0, 0x70, 0, 0, 0],
        [0, 0, 0, 0, 0, 0x80, 0, 0],
        // Tries: the last one, without and with permission, right and wrong; none.
        [0x80, 0, 0, 0, 0x00, 0x08, 0, 0],
        [0x80, 0, 0, 0, 0x0C, 0, 0, 0],
        [0xC0, 0, 0, 0, 0, 0, 0, 0],
    ];
    // CTAPHID; the certificate's last week, its last second, and afterwards; the store broken, full; the site remembered.
    let situations = [0x01, 0x02, 0x04, 0x06, 0x08, 0x10, 0x20, 0x21];
    scripts.extend(situations.map(|situation| [situation, 0, 0, 0, 1, 0, 0, 0]));
    // The card fails at its n-th call: it is removed, refuses for good, or signs wrongly.
    for call in 1..=6 {
        scripts.extend([0, 8, 0x80].map(|failure| [0, call, failure, 0, 1, 0, 0, 0]));
    }
    // The person cancels while the card works.
    scripts.extend((1..=5).map(|step| [0, 0, 0, step, 1, 0, 0, 0]));
    scripts
}

/// Requests of the vectors with this command byte.
fn requests(folders: [&str; 2], command: u8) -> Vec<Vec<u8>> {
    let vectors = folders.into_iter().flat_map(vectors::folder);
    let mut requests: Vec<Vec<u8>> = vectors
        .filter_map(|vector| vectors::find_hex(&vector, "/authenticator/request"))
        .collect();
    requests.sort();
    requests.dedup();
    assert!(requests.iter().all(|request| request[0] == command));
    requests
}

fn registrations() -> Vec<Vec<u8>> {
    requests(["registrations/accepted", "registrations/refused"], 0x01)
}

fn assertions() -> Vec<Vec<u8>> {
    requests(["assertions/accepted", "assertions/refused"], 0x02)
}

/// Every request with every script, without the command byte.
fn with_scripts(requests: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let scripts = scripts();
    let scripted = |request: &Vec<u8>| {
        let request = request[1..].to_vec();
        scripts
            .clone()
            .into_iter()
            .map(move |script| [&script, request.as_slice()].concat())
    };
    requests.iter().flat_map(scripted).collect()
}

pub(crate) fn make_credential() -> Vec<Vec<u8>> {
    with_scripts(&registrations())
}

pub(crate) fn get_assertion() -> Vec<Vec<u8>> {
    with_scripts(&assertions())
}

/// GetInfo, GetNextAssertion, commands that there are not, and some of the others.
pub(crate) fn commands() -> Vec<Vec<u8>> {
    let mut requests = [registrations(), assertions()].concat();
    requests.extend([0x04, 0x08].map(|command| vec![command]));
    requests.extend(
        (0..=0x10)
            .chain([0x40, 0xFF])
            .map(|command| vec![command, 0xA0]),
    );
    // ClientPIN: getPINRetries. AuthenticatorConfig: toggleAlwaysUv. CredentialManagement: getCredsMetadata.
    requests.extend([0x06, 0x0D, 0x0A].map(|command| vec![command, 0xA2, 0x01, 0x01, 0x02, 0x01]));
    let unscripted = [0; 8];
    let over_ctaphid = [1, 0, 0, 0, 0, 0, 0, 0];
    let scripted =
        |script: [u8; 8]| move |request: &Vec<u8>| [&script, request.as_slice()].concat();
    let mut inputs: Vec<Vec<u8>> = requests.iter().map(scripted(unscripted)).collect();
    requests.extend(over_ctaphid_only());
    inputs.extend(requests.iter().map(scripted(over_ctaphid)));
    inputs
}

/// authenticatorReset, authenticatorSelection, and authenticatorClientPIN: getKeyAgreement, getPinToken, and a token by the
/// authenticator's own prompt. The platform's key-agreement key is the generator of P-256.
fn over_ctaphid_only() -> Vec<Vec<u8>> {
    const KEY: &str = concat!(
        "a5010203381820012158206b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "2258204fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    );
    let token = |protocol: &str, rest: &str| {
        format!("06{rest}")
            .replace("PP", protocol)
            .replace("KK", KEY)
    };
    // The last: authenticatorLargeBlobs, the first 64 bytes.
    let mut requests = ["07", "0b", "0ca2011840 0300"].map(str::to_owned).to_vec();
    for protocol in ["01", "02"] {
        requests.extend([
            token(protocol, "a201PP0202"),
            token(
                protocol,
                "a401PP020503KK0650 00000000 00000000 00000000 00000000",
            ),
            token(protocol, "a501PP020603KK0903 0a6a6578616d706c652e6a70"),
        ]);
    }
    let bytes = |request: &String| {
        let digits: Vec<u8> = request.bytes().filter(|digit| *digit != b' ').collect();
        digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    };
    requests.iter().map(bytes).collect()
}

/// Steps of three bytes: what, how, and what the person answers (`src/world/sequence.rs`).
pub(crate) fn sequences() -> Vec<Vec<u8>> {
    const AGREE: [u8; 3] = [1, 1, 0];
    const BY_PIN: [u8; 3] = [2, 0, 0];
    const BY_PROMPT: [u8; 3] = [3, 0, 0];
    const REGISTER: [u8; 3] = [5, 0b110, 0];
    const SIGN_IN: [u8; 3] = [6, 0b010, 0];
    const SILENTLY: [u8; 3] = [6, 0b110, 0];
    const NEXT: [u8; 3] = [7, 0, 0];
    let sequences: [&[[u8; 3]]; 9] = [
        &[AGREE, BY_PIN, REGISTER],
        &[AGREE, BY_PROMPT, REGISTER, AGREE, BY_PIN, SIGN_IN],
        &[AGREE, BY_PIN, SILENTLY, SILENTLY, SIGN_IN, SIGN_IN],
        &[
            AGREE,
            BY_PIN,
            REGISTER,
            BY_PIN,
            [5, 0b1110, 0],
            BY_PIN,
            SIGN_IN,
            NEXT,
            NEXT,
        ],
        &[
            AGREE,
            [2, 1, 0],
            AGREE,
            [2, 2, 0],
            AGREE,
            [2, 1, 0],
            AGREE,
            BY_PIN,
        ],
        &[AGREE, BY_PIN, [0, 31, 0], REGISTER],
        &[AGREE, [4, 0, 0], AGREE, BY_PIN, AGREE, [2, 3, 0], REGISTER],
        &[[9, 1, 0], AGREE, BY_PIN, REGISTER, [8, 1, 0], [8, 2, 0]],
        &[
            AGREE,
            BY_PIN,
            [5, 0b100, 0],
            [8, 3, 0],
            [8, 4, 0],
            [10, 6, 0],
        ],
    ];
    sequences
        .map(<[[u8; 3]]>::as_flattened)
        .map(<[u8]>::to_vec)
        .into()
}
