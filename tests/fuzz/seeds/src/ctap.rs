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
    requests
        .iter()
        .map(|request| [&unscripted, request.as_slice()].concat())
        .collect()
}
