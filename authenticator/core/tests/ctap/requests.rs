//! Requests as a platform sends them.

use authenticator_core::cbor::{Map, Value, encode};
use sha2::{Digest, Sha256};

use crate::world::platform::Token;

/// command byte ‖ CBOR.
pub fn request(command: u8, parameters: impl Into<Value>) -> Vec<u8> {
    let mut bytes = vec![command];
    bytes.extend(encode(&parameters.into()));
    bytes
}

pub fn parameter(kind: &str, algorithm: i64) -> Value {
    Map::new().with("alg", algorithm).with("type", kind).into()
}

pub fn descriptor(id: &[u8]) -> Value {
    Map::new().with("id", id).with("type", "public-key").into()
}

/// authenticatorMakeCredential. A test changes what it is about.
pub struct Register {
    pub client_data_hash: [u8; 32],
    pub rp: Map,
    pub user: Map,
    pub parameters: Vec<Value>,
    pub exclude: Vec<Value>,
    pub options: Map,
    pub extensions: Map,
    pub formats: Option<Vec<&'static str>>,
    pub enterprise: Option<i64>,
    /// Further parameters.
    pub more: Map,
}

impl Register {
    pub fn new(rp_id: &str, user: &str) -> Register {
        Register {
            client_data_hash: Sha256::digest("registration").into(),
            rp: Map::new().with("id", rp_id).with("name", "Example"),
            user: Map::new()
                .with("id", format!("handle of {user}").into_bytes())
                .with("name", user)
                .with("displayName", format!("{user} さん")),
            parameters: vec![parameter("public-key", -7), parameter("public-key", -257)],
            exclude: Vec::new(),
            options: Map::new(),
            extensions: Map::new(),
            formats: None,
            enterprise: None,
            more: Map::new(),
        }
    }

    /// With `rk`.
    pub fn discoverable(rp_id: &str, user: &str) -> Register {
        let mut request = Register::new(rp_id, user);
        request.options = Map::new().with("rk", true);
        request
    }

    /// With these algorithms, most preferred first.
    pub fn algorithms(mut self, algorithms: &[i64]) -> Register {
        let parameters = algorithms.iter();
        self.parameters = parameters
            .map(|algorithm| parameter("public-key", *algorithm))
            .collect();
        self
    }

    /// With the input of an extension.
    pub fn extension(mut self, name: &str, input: impl Into<Value>) -> Register {
        self.extensions.insert(name, input);
        self
    }

    pub fn formats(mut self, formats: &[&'static str]) -> Register {
        self.formats = Some(formats.to_vec());
        self
    }

    pub fn enterprise(mut self, value: i64) -> Register {
        self.enterprise = Some(value);
        self
    }

    /// Authorised by a token.
    pub fn with_token(mut self, token: &Token) -> Register {
        let param = token.authenticate(&self.client_data_hash);
        self.more = self.more.with(8, param).with(9, token.protocol);
        self
    }

    pub fn excluding(mut self, id: &[u8]) -> Register {
        self.exclude.push(descriptor(id));
        self
    }

    pub fn map(&self) -> Map {
        let mut map = self
            .more
            .clone()
            .with(1, self.client_data_hash.as_slice())
            .with(2, self.rp.clone())
            .with(3, self.user.clone())
            .with(4, self.parameters.clone());
        if !self.exclude.is_empty() {
            map.insert(5, self.exclude.clone());
        }
        if !self.extensions.is_empty() {
            map.insert(6, self.extensions.clone());
        }
        if !self.options.is_empty() {
            map.insert(7, self.options.clone());
        }
        if let Some(value) = self.enterprise {
            map.insert(10, value);
        }
        if let Some(formats) = &self.formats {
            let formats: Vec<Value> = formats.iter().map(|format| Value::from(*format)).collect();
            map.insert(11, formats);
        }
        map
    }

    pub fn bytes(&self) -> Vec<u8> {
        request(1, self.map())
    }
}

/// authenticatorGetAssertion.
pub struct SignIn {
    pub client_data_hash: [u8; 32],
    pub rp_id: String,
    pub allow: Vec<Value>,
    pub extensions: Map,
    pub options: Map,
    pub more: Map,
}

impl SignIn {
    pub fn new(rp_id: &str) -> SignIn {
        SignIn {
            client_data_hash: Sha256::digest("sign-in").into(),
            rp_id: rp_id.to_owned(),
            allow: Vec::new(),
            extensions: Map::new(),
            options: Map::new(),
            more: Map::new(),
        }
    }

    pub fn allowing(mut self, id: &[u8]) -> SignIn {
        self.allow.push(descriptor(id));
        self
    }

    /// With the input of an extension.
    pub fn extension(mut self, name: &str, input: impl Into<Value>) -> SignIn {
        self.extensions.insert(name, input);
        self
    }

    /// Authorised by a token.
    pub fn with_token(mut self, token: &Token) -> SignIn {
        let param = token.authenticate(&self.client_data_hash);
        self.more = self.more.with(6, param).with(7, token.protocol);
        self
    }

    pub fn silent(mut self) -> SignIn {
        self.options.insert("up", false);
        self
    }

    pub fn map(&self) -> Map {
        let mut map = self
            .more
            .clone()
            .with(1, self.rp_id.as_str())
            .with(2, self.client_data_hash.as_slice());
        if !self.allow.is_empty() {
            map.insert(3, self.allow.clone());
        }
        if !self.extensions.is_empty() {
            map.insert(4, self.extensions.clone());
        }
        if !self.options.is_empty() {
            map.insert(5, self.options.clone());
        }
        map
    }

    pub fn bytes(&self) -> Vec<u8> {
        request(2, self.map())
    }
}
