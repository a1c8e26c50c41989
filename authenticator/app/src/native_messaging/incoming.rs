//! What the extension sends. Parsed strictly: an unknown type or member, a missing one, or a wrong type is an error.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, IgnoredAny, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use zeroize::Zeroizing;

/// The version of the protocol that this program speaks.
pub(crate) const PROTOCOL: u32 = 1;

/// A message of the extension.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// The opening.
    Hello(Hello),
    /// Report cards until the port closes.
    Watch,
    /// Tell what was disclosed and which sites are remembered.
    Records,
    /// Forget a remembered site.
    Forget(Forget),
    /// Make a credential.
    Create(Request),
    /// Use a credential.
    Get(Request),
    /// The person's answer to a prompt.
    Answer(Answer),
    /// The page or the browser gave up.
    Cancel,
}

/// `hello`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hello {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    #[serde(rename = "protocol")]
    _protocol: IgnoredAny,
    /// The extension's version, for the log.
    #[serde(rename = "extension")]
    _extension: Text,
    /// The language of the log on standard error, as a BCP 47 tag.
    #[serde(default, deserialize_with = "present")]
    pub(crate) language: Option<Text>,
}

/// `forget`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Forget {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    /// The site's RP ID.
    pub(crate) rp_id: String,
}

/// `create` or `get`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Request {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    /// The caller's origin as the browser states it.
    pub(crate) origin: String,
    /// False for a frame of another origin than the page's.
    pub(crate) same_origin_with_ancestors: bool,
    /// Who has checked what.
    pub(crate) origin_source: OriginSource,
    /// The browser accepted an RP ID that is not the origin's own (Related Origin Requests).
    #[serde(default)]
    pub(crate) related_origin: bool,
    /// A private window asks (decision 0071).
    #[serde(default)]
    pub(crate) private: bool,
    /// The page's options.
    pub(crate) options: Value,
}

/// How the extension knows the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OriginSource {
    /// The browser's own WebAuthn code, which has checked RP ID against origin.
    Browser,
    /// The sender of a message, established by the browser; nothing has been checked.
    Sender,
}

/// `answer`.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The prompt it answers.
    pub(crate) prompt: u32,
    /// What the person chose.
    pub(crate) choice: Choice,
}

/// What the person chose.
#[derive(Debug)]
pub(crate) enum Choice {
    /// Yes.
    Approve(Approval),
    /// This one of the accounts or cards.
    Choose(usize),
    /// No.
    Cancel,
    /// Not with this authenticator.
    Other,
    /// Not with this card.
    AnotherCard,
}

/// A yes, and what goes with it.
#[derive(Debug, Default)]
pub(crate) struct Approval {
    /// The PIN as typed.
    pub(crate) pin: Option<TypedPin>,
    /// Send the certificate to the site.
    pub(crate) disclose: bool,
    /// Register with the card's own key.
    pub(crate) card_credential: bool,
    /// Offer what was disclosed switched on to this site from now on.
    pub(crate) remember: bool,
    /// Spend the last try.
    pub(crate) last_try: bool,
}

/// A PIN as it was typed: zeroised when dropped, never shown.
pub(crate) struct TypedPin(Zeroizing<String>);

impl TypedPin {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for TypedPin {
    fn from(typed: &str) -> Self {
        Self(Zeroizing::new(typed.to_owned()))
    }
}

impl fmt::Debug for TypedPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedPin(…)")
    }
}

impl<'de> Deserialize<'de> for TypedPin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Typed;

        impl Visitor<'_> for Typed {
            type Value = TypedPin;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a PIN")
            }

            // Without escapes the text is borrowed from the message's buffer, which is zeroised too.
            fn visit_str<E: de::Error>(self, typed: &str) -> Result<TypedPin, E> {
                Ok(typed.into())
            }
        }

        deserializer.deserialize_str(Typed)
    }
}

/// Why a message ends the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// The extension speaks another version of the protocol.
    ProtocolVersion,
    /// The message is not one of the protocol's.
    BadMessage,
}

impl From<serde_json::Error> for Unreadable {
    /// Drops the error's text, which may quote the message.
    fn from(_: serde_json::Error) -> Self {
        Self::BadMessage
    }
}

impl Incoming {
    /// Parses one message.
    ///
    /// Not an internally tagged enum: serde would copy a PIN into buffers that nobody zeroises.
    ///
    /// # Errors
    /// [`Unreadable`] if the message is none of the protocol's.
    pub(crate) fn parse(message: &[u8]) -> Result<Self, Unreadable> {
        #[derive(Deserialize)]
        struct Head<'a> {
            #[serde(rename = "type", borrow)]
            kind: Cow<'a, str>,
        }

        let head: Head<'_> = object(message)?;
        match &*head.kind {
            "hello" => hello(message).map(Self::Hello),
            "watch" => object::<Bare>(message).map(|Bare { .. }| Self::Watch),
            "records" => object::<Bare>(message).map(|Bare { .. }| Self::Records),
            "forget" => object(message).map(Self::Forget),
            "create" => object(message).and_then(Request::checked).map(Self::Create),
            "get" => object(message).and_then(Request::checked).map(Self::Get),
            "answer" => object::<AnswerMembers>(message)?
                .into_answer()
                .map(Self::Answer),
            "cancel" => object::<Bare>(message).map(|Bare { .. }| Self::Cancel),
            _ => Err(Unreadable::BadMessage),
        }
    }
}

/// A message without members.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bare {
    #[serde(rename = "type")]
    _type: IgnoredAny,
}

/// The version counts before the strictness: a newer `hello` may have members unknown here.
fn hello(message: &[u8]) -> Result<Hello, Unreadable> {
    #[derive(Deserialize)]
    struct Version {
        protocol: u32,
    }

    if object::<Version>(message)?.protocol != PROTOCOL {
        return Err(Unreadable::ProtocolVersion);
    }
    object(message)
}

impl Request {
    fn checked(self) -> Result<Self, Unreadable> {
        // Only the browser can know that an origin is a related one.
        if self.related_origin && self.origin_source != OriginSource::Browser {
            return Err(Unreadable::BadMessage);
        }
        Ok(self)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AnswerMembers {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    prompt: u32,
    answer: AnswerKind,
    #[serde(default, deserialize_with = "present")]
    pin: Option<TypedPin>,
    #[serde(default, deserialize_with = "present")]
    disclose: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    card_credential: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    remember: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    last_try: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    index: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum AnswerKind {
    Approve,
    Choose,
    Cancel,
    Other,
    AnotherCard,
}

impl AnswerMembers {
    /// Each kind of answer has its own members; a member of another kind is an error.
    fn into_answer(self) -> Result<Answer, Unreadable> {
        let approves = self.pin.is_some()
            || self.disclose.is_some()
            || self.card_credential.is_some()
            || self.remember.is_some()
            || self.last_try.is_some();
        let choice = match (self.answer, self.index, approves) {
            (AnswerKind::Approve, None, _) => Choice::Approve(Approval {
                pin: self.pin,
                disclose: self.disclose.unwrap_or(false),
                card_credential: self.card_credential.unwrap_or(false),
                remember: self.remember.unwrap_or(false),
                last_try: self.last_try.unwrap_or(false),
            }),
            (AnswerKind::Choose, Some(index), false) => Choice::Choose(index),
            (AnswerKind::Cancel, None, false) => Choice::Cancel,
            (AnswerKind::Other, None, false) => Choice::Other,
            (AnswerKind::AnotherCard, None, false) => Choice::AnotherCard,
            _ => return Err(Unreadable::BadMessage),
        };
        Ok(Answer {
            prompt: self.prompt,
            choice,
        })
    }
}

/// A short text.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Text(String);

impl Text {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Text {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.len() <= 64 {
            Ok(Self(text))
        } else {
            Err("too long")
        }
    }
}

/// Parses a JSON object. (serde would take an array of the members' values for a struct, too.)
fn object<'a, T: Deserialize<'a>>(message: &'a [u8]) -> Result<T, Unreadable> {
    if message.trim_ascii_start().first() != Some(&b'{') {
        return Err(Unreadable::BadMessage);
    }
    Ok(serde_json::from_slice(message)?)
}

/// A member that may be absent, but not `null`.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
#[path = "incoming_tests.rs"]
mod tests;
