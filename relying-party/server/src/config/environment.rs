//! Settings by environment: `JPKI_RP_` and the setting's name in capitals.

use std::net::SocketAddr;

use toml::{Table, Value};
use url::Url;

use super::ConfigProblem;

const PREFIX: &str = "JPKI_RP_";

/// A setting and the environment variable that overrides it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The environment variable.
    pub variable: &'static str,
    /// The key in the file; at most one table deep.
    pub key: &'static str,
    shape: Shape,
}

#[derive(Debug, Clone, Copy)]
enum Shape {
    Text,
    Address,
    Url,
    /// One of these.
    Word(&'static [&'static str]),
    Switch,
    Number,
    List,
    Anchors,
}

/// Every setting, in the order of the example configuration.
#[must_use]
pub const fn settings() -> &'static [Setting] {
    SETTINGS
}

const fn setting(variable: &'static str, key: &'static str, shape: Shape) -> Setting {
    Setting {
        variable,
        key,
        shape,
    }
}

const SETTINGS: &[Setting] = &[
    setting("JPKI_RP_LISTEN", "listen", Shape::Address),
    setting("JPKI_RP_ORIGIN", "origin", Shape::Url),
    setting("JPKI_RP_RP_ID", "rp-id", Shape::Text),
    setting("JPKI_RP_RP_NAME", "rp-name", Shape::Text),
    setting("JPKI_RP_HELP_URL", "help-url", Shape::Url),
    setting("JPKI_RP_DATABASE", "database", Shape::Text),
    setting("JPKI_RP_KEY_FILE", "key-file", Shape::Text),
    setting(
        "JPKI_RP_LOG",
        "log",
        Shape::Word(&["error", "warn", "info", "debug"]),
    ),
    setting(
        "JPKI_RP_ATTESTATION_REQUIRE",
        "attestation.require",
        Shape::Switch,
    ),
    setting(
        "JPKI_RP_ATTESTATION_CONVEYANCE",
        "attestation.conveyance",
        Shape::Word(&["enterprise", "direct", "none"]),
    ),
    setting(
        "JPKI_RP_ATTESTATION_PROFILES",
        "attestation.profiles",
        Shape::List,
    ),
    setting(
        "JPKI_RP_ATTESTATION_PROFILE_DIRECTORY",
        "attestation.profile-directory",
        Shape::Text,
    ),
    setting(
        "JPKI_RP_ATTESTATION_ACCEPT_UNCHECKED",
        "attestation.accept-unchecked",
        Shape::Switch,
    ),
    setting(
        "JPKI_RP_ATTESTATION_ANCHORS",
        "attestation.anchors",
        Shape::Anchors,
    ),
    setting(
        "JPKI_RP_CREDENTIALS_ORDER",
        "credentials.order",
        Shape::Word(&["pairwise", "choice", "card", "card-only"]),
    ),
    setting(
        "JPKI_RP_SESSION_IDLE_MINUTES",
        "session.idle-minutes",
        Shape::Number,
    ),
    setting(
        "JPKI_RP_SESSION_LIFETIME_HOURS",
        "session.lifetime-hours",
        Shape::Number,
    ),
    setting(
        "JPKI_RP_LIMITS_CHALLENGE_SECONDS",
        "limits.challenge-seconds",
        Shape::Number,
    ),
    setting(
        "JPKI_RP_LIMITS_REQUEST_SECONDS",
        "limits.request-seconds",
        Shape::Number,
    ),
    setting(
        "JPKI_RP_LIMITS_BODY_BYTES",
        "limits.body-bytes",
        Shape::Number,
    ),
    setting(
        "JPKI_RP_LIMITS_CONNECTIONS",
        "limits.connections",
        Shape::Number,
    ),
    setting(
        "JPKI_RP_LIMITS_CLIENT_ADDRESS",
        "limits.client-address",
        Shape::Word(&["unknown", "peer", "x-forwarded-for"]),
    ),
    setting(
        "JPKI_RP_LIMITS_CLIENT_STARTS",
        "limits.client-starts",
        Shape::Number,
    ),
    setting(
        "JPKI_RP_LIMITS_ACCOUNT_STARTS",
        "limits.account-starts",
        Shape::Number,
    ),
];

/// Lays the environment's settings over the file's.
pub(super) fn overlay(
    table: &mut Table,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(), ConfigProblem> {
    for (name, text) in environment {
        if !name.starts_with(PREFIX) {
            continue;
        }
        let setting = SETTINGS
            .iter()
            .find(|setting| setting.variable == name)
            .ok_or(ConfigProblem::UnknownVariable(name))?;
        insert(table, setting, value(setting, &text)?)?;
    }
    Ok(())
}

fn insert(table: &mut Table, setting: &Setting, value: Value) -> Result<(), ConfigProblem> {
    match setting.key.split_once('.') {
        None => {
            table.insert(setting.key.to_owned(), value);
        }
        Some((section, key)) => {
            let inner = table
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()))
                .as_table_mut()
                .ok_or_else(|| ConfigProblem::Shape {
                    place: section.to_owned(),
                    reason: "should be a table".to_owned(),
                })?;
            inner.insert(key.to_owned(), value);
        }
    }
    Ok(())
}

fn value(setting: &Setting, text: &str) -> Result<Value, ConfigProblem> {
    let bad = |expected: &str| ConfigProblem::BadVariable {
        variable: setting.variable,
        expected: expected.to_owned(),
    };
    Ok(match setting.shape {
        Shape::Text => Value::String(text.to_owned()),
        Shape::Address => {
            text.parse::<SocketAddr>()
                .map_err(|_| bad("an address and a port, e.g. 127.0.0.1:8080"))?;
            Value::String(text.to_owned())
        }
        Shape::Url => {
            Url::parse(text).map_err(|_| bad("a whole address, e.g. https://id.example.jp"))?;
            Value::String(text.to_owned())
        }
        Shape::Word(words) => {
            if !words.contains(&text) {
                return Err(bad(&format!("one of: {}", words.join(", "))));
            }
            Value::String(text.to_owned())
        }
        Shape::Switch => Value::Boolean(text.parse().map_err(|_| bad("true or false"))?),
        Shape::Number => Value::Integer(
            text.parse::<u32>()
                .map_err(|_| bad("a whole number"))?
                .into(),
        ),
        Shape::List => items(text)
            .map(|item| Value::String(item.to_owned()))
            .collect::<Vec<_>>()
            .into(),
        Shape::Anchors => items(text)
            .map(|item| {
                let (profile, file) = item
                    .split_once('=')
                    .ok_or_else(|| bad("PROFILE=FILE, several separated by commas"))?;
                let mut anchor = Table::new();
                anchor.insert("profile".to_owned(), profile.trim().into());
                anchor.insert("file".to_owned(), file.trim().into());
                Ok(Value::Table(anchor))
            })
            .collect::<Result<Vec<_>, _>>()?
            .into(),
    })
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}
