//! As much of a browser as HTTP sees: cookies, an origin, a language. One connection per request.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use serde_json::{Value, json};

#[derive(Clone)]
pub(crate) struct Browser {
    address: SocketAddr,
    pub(crate) origin: Option<String>,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) language: &'static str,
}

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The code of a refusal, which has to say what happened and what to do.
    #[track_caller]
    pub(crate) fn refusal(&self) -> String {
        self.refusal_and_shown_code().0
    }

    /// The same, with the code that people see.
    #[track_caller]
    pub(crate) fn refusal_and_shown_code(&self) -> (String, String) {
        assert!(self.status >= 400, "not refused: {self:?}");
        let error = &self.json()["error"];
        assert!(!error["message"].as_str().unwrap().is_empty());
        assert!(!error["action"].as_str().unwrap().is_empty());
        let [code, shown] = ["code", "shown_code"].map(|name| error[name].as_str().unwrap());
        assert!(shown.starts_with("JPKI-"), "{self:?}");
        (code.to_owned(), shown.to_owned())
    }

    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!((200..300).contains(&self.status), "{self:?}");
        self
    }
}

impl Browser {
    pub(crate) fn new(address: SocketAddr, origin: &str) -> Self {
        Self {
            address,
            origin: Some(origin.to_owned()),
            cookies: BTreeMap::new(),
            language: "en",
        }
    }

    /// Sends raw bytes, and returns what came back once the server hung up.
    pub(crate) fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(bytes).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }

    pub(crate) fn get(&mut self, path: &str) -> Response {
        self.request("GET", path, &[], b"")
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Response {
        self.request(
            "POST",
            path,
            &[("content-type", "application/json")],
            body.to_string().as_bytes(),
        )
    }

    pub(crate) fn start_registration(&mut self, account_name: &str) -> Response {
        self.post(
            "/api/registration/start",
            &json!({ "account_name": account_name }),
        )
    }

    pub(crate) fn finish_registration(&mut self, credential: &Value) -> Response {
        self.post("/api/registration/finish", credential)
    }

    pub(crate) fn start_sign_in(&mut self, account_name: Option<&str>) -> Response {
        self.post(
            "/api/authentication/start",
            &account_name.map_or(json!({}), |name| json!({ "account_name": name })),
        )
    }

    pub(crate) fn finish_sign_in(&mut self, credential: &Value) -> Response {
        self.post("/api/authentication/finish", credential)
    }

    /// Sends a request, with this browser's cookies and origin, and keeps the cookies that come back.
    pub(crate) fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\naccept-language: {}\r\n",
            self.language
        );
        if method != "GET" {
            head += &format!("content-length: {}\r\n", body.len());
            if let Some(origin) = &self.origin {
                head += &format!("origin: {origin}\r\n");
            }
        }
        if !self.cookies.is_empty() {
            let list: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            head += &format!("cookie: {}\r\n", list.join("; "));
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += "\r\n";
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        // A server that refuses a large body may hang up while it is sent.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let response = parse(&String::from_utf8(answer).unwrap());
        for (name, value) in &response.headers {
            if name == "set-cookie" {
                self.keep(value);
            }
        }
        response
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, rest) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if rest.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

fn parse(text: &str) -> Response {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    Response {
        status: status.parse().unwrap(),
        headers: lines
            .map(|line| {
                let (name, value) = line.split_once(": ").unwrap_or((line, ""));
                (name.to_lowercase(), value.to_owned())
            })
            .collect(),
        body: body.to_owned(),
    }
}
