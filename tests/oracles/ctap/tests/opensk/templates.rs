//! Requests that both understand, of which single things are changed.
//!
//! What differs between the two (tokens, credential IDs) stands in them as a placeholder.

use authenticator_core::cbor::{Map, Value};
use sha2::{Digest, Sha256};

use crate::item::Item;
use crate::requests::{Register, SignIn, descriptor};

pub const RP_ID: &str = "example.jp";

/// The ID of the credential that is there from the start: discoverable, of RP_ID.
pub const CREDENTIAL: &[u8] = b"@credential";
/// A pinUvAuthParam of the template's token, for whatever else is in the request.
pub const PARAM: &[u8] = b"@pinUvAuthParam";

pub const MC: u8 = 0x01;
pub const GA: u8 = 0x02;
pub const CM: u8 = 0x04;
pub const LBW: u8 = 0x10;
pub const ACFG: u8 = 0x20;

pub struct Template {
    pub name: &'static str,
    pub command: u8,
    /// None: nothing follows the command byte.
    pub parameters: Option<Item>,
    /// The permissions of the token, if one is needed.
    pub permissions: Option<u8>,
    /// Success changes what is stored, or the PIN's counter.
    pub changes: bool,
}

impl Template {
    fn new(name: &'static str, command: u8, parameters: Map) -> Template {
        Template {
            name,
            command,
            parameters: Some(Item::from_map(&parameters)),
            permissions: None,
            changes: changes(name, command),
        }
    }

    /// Its pinUvAuthParam is by a token with these permissions.
    fn with_token(mut self, permissions: u8) -> Template {
        self.permissions = Some(permissions);
        self
    }

    fn bare(name: &'static str, command: u8) -> Template {
        Template {
            name,
            command,
            parameters: None,
            permissions: None,
            changes: changes(name, command),
        }
    }

    /// The RP ID that the token is bound to, where one has to be named.
    pub fn rp_id(&self) -> Option<&'static str> {
        self.permissions
            .is_some_and(|permissions| permissions & (MC | GA) != 0)
            .then_some(RP_ID)
    }
}

fn changes(name: &str, command: u8) -> bool {
    match command {
        0x01 | 0x07 | 0x0D => true,
        0x06 => !name.contains("Retries") && !name.contains("KeyAgreement"),
        0x0A => name.contains("delete") || name.contains("update"),
        0x0C => name.contains("set"),
        _ => false,
    }
}

pub fn all() -> Vec<Template> {
    let mut all = make_credential();
    all.extend(get_assertion());
    all.extend(client_pin());
    all.extend(credential_management());
    all.extend(config());
    all.extend(large_blobs());
    all.push(Template::bare("getNextAssertion", 0x08));
    all.push(Template::bare("selection", 0x0B));
    all.push(Template::bare("reset", 0x07));
    all
}

fn make_credential() -> Vec<Template> {
    let least = Register::new(RP_ID, "hanako");
    let mut most = Register::discoverable(RP_ID, "hanako").excluding(&[7; 49]);
    let extensions = Map::new().with("credProtect", 2).with("hmac-secret", true);
    most.more = most.more.with(6, extensions).with(8, PARAM).with(9, 2);
    let mut touch = Register::new(".dummy", "dummy");
    touch.more = touch.more.with(8, &[][..]).with(9, 2);
    let mut excluded = with_param(Register::new(RP_ID, "hanako"));
    excluded.exclude.push(descriptor(CREDENTIAL));
    vec![
        Template::new("makeCredential", 1, least.map()),
        Template::new("makeCredential touch", 1, touch.map()),
        Template::new(
            "makeCredential with a token",
            1,
            with_param(Register::new(RP_ID, "hanako")).map(),
        )
        .with_token(MC),
        Template::new("makeCredential with everything", 1, most.map()).with_token(MC),
        // It has to be enabled first.
        Template::new("makeCredential for enterprise", 1, most.map().with(10, 1)).with_token(MC),
        Template::new("makeCredential excluded", 1, excluded.map()).with_token(MC),
    ]
}

fn with_param(mut request: Register) -> Register {
    request.more = request.more.with(8, PARAM).with(9, 2);
    request
}

fn get_assertion() -> Vec<Template> {
    let signed_in = || {
        let mut request = SignIn::new(RP_ID);
        request.more = request.more.with(6, PARAM).with(7, 2);
        request
    };
    let mut listed = signed_in();
    listed.allow = vec![descriptor(&[7; 49]), descriptor(CREDENTIAL)];
    let mut touch = SignIn::new(RP_ID);
    touch.more = touch.more.with(6, &[][..]).with(7, 2);
    vec![
        Template::new("getAssertion", 2, SignIn::new(RP_ID).map()),
        Template::new("getAssertion touch", 2, touch.map()),
        Template::new(
            "getAssertion silent",
            2,
            SignIn::new(RP_ID).allowing(CREDENTIAL).silent().map(),
        ),
        Template::new(
            "getAssertion silent, foreign",
            2,
            SignIn::new(RP_ID).allowing(&[7; 49]).silent().map(),
        ),
        Template::new("getAssertion with a token", 2, signed_in().map()).with_token(GA),
        Template::new("getAssertion with a list", 2, listed.map()).with_token(GA),
        Template::new(
            "getAssertion foreign",
            2,
            signed_in().allowing(&[7; 49]).map(),
        )
        .with_token(GA),
        Template::new(
            "getAssertion silent with a token",
            2,
            signed_in().allowing(CREDENTIAL).silent().map(),
        )
        .with_token(GA),
    ]
}

/// A public key of somebody's that is on the curve.
fn key_agreement() -> Map {
    let generator_x = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    let generator_y = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    Map::new()
        .with(1, 2)
        .with(3, -25)
        .with(-1, 1)
        .with(-2, hex(generator_x))
        .with(-3, hex(generator_y))
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

fn client_pin() -> Vec<Template> {
    let subcommand = |number: i64| Map::new().with(1, 2).with(2, number);
    let wrong_hash = || vec![9u8; 32];
    vec![
        Template::new("clientPIN getPINRetries", 6, subcommand(1)),
        Template::new("clientPIN getKeyAgreement", 6, subcommand(2)),
        Template::new(
            "clientPIN setPIN",
            6,
            subcommand(3)
                .with(3, key_agreement())
                .with(4, vec![9u8; 32])
                .with(5, vec![9u8; 80]),
        ),
        Template::new(
            "clientPIN changePIN",
            6,
            subcommand(4)
                .with(3, key_agreement())
                .with(4, vec![9u8; 32])
                .with(5, vec![9u8; 80])
                .with(6, wrong_hash()),
        ),
        Template::new(
            "clientPIN getPinToken",
            6,
            subcommand(5).with(3, key_agreement()).with(6, wrong_hash()),
        ),
        Template::new("clientPIN getUVRetries", 6, subcommand(7)),
        Template::new(
            "clientPIN getPinUvAuthTokenUsingPinWithPermissions",
            6,
            subcommand(9)
                .with(3, key_agreement())
                .with(6, wrong_hash())
                .with(9, 1)
                .with(10, RP_ID),
        ),
        Template::new(
            "clientPIN getPinUvAuthTokenUsingUvWithPermissions",
            6,
            subcommand(6)
                .with(3, key_agreement())
                .with(9, 1)
                .with(10, RP_ID),
        ),
    ]
}

fn credential_management() -> Vec<Template> {
    let request = |subcommand: i64, parameters: Option<Map>| {
        let mut map = Map::new().with(1, subcommand).with(3, 2).with(4, PARAM);
        if let Some(parameters) = parameters {
            map.insert(2, parameters);
        }
        map
    };
    let rp_id_hash: [u8; 32] = Sha256::digest(RP_ID).into();
    let credential = || Map::new().with(2, descriptor(CREDENTIAL));
    // The user's ID is that of the credential.
    let user = Map::new()
        .with("id", &b"handle of taro"[..])
        .with("name", "taro2")
        .with("displayName", "Taro");
    vec![
        Template::new("credMgmt getCredsMetadata", 0x0A, request(1, None)).with_token(CM),
        Template::new("credMgmt enumerateRPsBegin", 0x0A, request(2, None)).with_token(CM),
        Template::new(
            "credMgmt enumerateCredentialsBegin",
            0x0A,
            request(4, Some(Map::new().with(1, rp_id_hash.as_slice()))),
        )
        .with_token(CM),
        Template::new(
            "credMgmt enumerateRPsGetNextRP",
            0x0A,
            Map::new().with(1, 3),
        ),
        Template::new(
            "credMgmt enumerateCredentialsGetNextCredential",
            0x0A,
            Map::new().with(1, 5),
        ),
        Template::new(
            "credMgmt deleteCredential",
            0x0A,
            request(6, Some(credential())),
        )
        .with_token(CM),
        Template::new(
            "credMgmt updateUserInformation",
            0x0A,
            request(7, Some(credential().with(3, user))),
        )
        .with_token(CM),
    ]
}

fn config() -> Vec<Template> {
    let request = |subcommand: i64, parameters: Option<Map>| {
        let mut map = Map::new().with(1, subcommand).with(3, 2).with(4, PARAM);
        if let Some(parameters) = parameters {
            map.insert(2, parameters);
        }
        map
    };
    let rp_ids = vec![Value::from(RP_ID)];
    vec![
        Template::new("config enableEnterpriseAttestation", 0x0D, request(1, None))
            .with_token(ACFG),
        Template::new("config toggleAlwaysUv", 0x0D, request(2, None)).with_token(ACFG),
        Template::new(
            "config setMinPINLength",
            0x0D,
            request(3, Some(Map::new().with(1, 4))),
        )
        .with_token(ACFG),
        Template::new(
            "config setMinPINLength for RP IDs",
            0x0D,
            request(3, Some(Map::new().with(2, rp_ids))),
        )
        .with_token(ACFG),
        Template::new(
            "config vendor",
            0x0D,
            request(0xFF, Some(Map::new().with(1, 1))),
        )
        .with_token(ACFG),
    ]
}

/// An empty array with its hash, as a fresh authenticator has it (CTAP 2.3 §6.10).
fn empty_array() -> Vec<u8> {
    let mut bytes = vec![0x80];
    bytes.extend(&Sha256::digest([0x80])[..16]);
    bytes
}

fn large_blobs() -> Vec<Template> {
    vec![
        Template::new("largeBlobs get", 0x0C, Map::new().with(1, 64).with(3, 0)),
        Template::new(
            "largeBlobs set",
            0x0C,
            Map::new()
                .with(2, empty_array())
                .with(3, 0)
                .with(4, empty_array().len() as i64)
                .with(5, PARAM)
                .with(6, 2),
        )
        .with_token(LBW),
    ]
}
