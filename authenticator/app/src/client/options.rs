//! The page's options, as the browser serialises them (WebAuthn L3 §5.1.9, §5.1.10): parsed strictly, sizes capped.
//!
//! `passkey-types` has such types too; why they are not used is in `docs/decisions/0030-own-webauthn-json.md`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use super::large_blob::LargeBlobInputs;
use super::prf::PrfInputs;

/// The longest challenge taken. The standard asks for at least 16 bytes; this leaves room for tokens used as challenges.
const MAX_CHALLENGE: usize = 8_192;
/// The longest user handle (WebAuthn L3 §5.4.3).
const MAX_USER_HANDLE: usize = 64;
/// The longest name of a site or account that is taken; the authenticator stores less.
const MAX_NAME: usize = 1_024;
/// The longest credential ID (WebAuthn L3 §4, *credential ID*).
const MAX_CREDENTIAL_ID: usize = 1_023;
/// The longest lists taken.
pub(super) const MAX_LIST: usize = 256;

/// `PublicKeyCredentialCreationOptionsJSON`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreationOptions {
    /// The relying party.
    pub(crate) rp: RelyingParty,
    /// The account.
    pub(crate) user: User,
    /// The challenge.
    pub(crate) challenge: Bytes<0, MAX_CHALLENGE>,
    /// What the site accepts, most preferred first.
    pub(crate) pub_key_cred_params: List<Parameter>,
    /// Milliseconds.
    #[serde(default, deserialize_with = "present")]
    pub(crate) timeout: Option<Milliseconds>,
    /// Credentials that must not be on this authenticator yet.
    #[serde(default)]
    pub(crate) exclude_credentials: List<Descriptor>,
    /// What the authenticator must be able to do.
    #[serde(default)]
    pub(crate) authenticator_selection: Selection,
    /// How attestation is to be conveyed.
    #[serde(default)]
    pub(crate) attestation: Attestation,
    /// Attestation statement formats, most preferred first.
    #[serde(default)]
    pub(crate) attestation_formats: List<Name>,
    /// Client extension inputs.
    #[serde(default)]
    pub(crate) extensions: CreationExtensions,
}

/// `PublicKeyCredentialRequestOptionsJSON`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestOptions {
    /// The challenge.
    pub(crate) challenge: Bytes<0, MAX_CHALLENGE>,
    /// Milliseconds.
    #[serde(default, deserialize_with = "present")]
    pub(crate) timeout: Option<Milliseconds>,
    /// The RP ID.
    #[serde(default, deserialize_with = "present")]
    pub(crate) rp_id: Option<Name>,
    /// The credentials that the site knows; absent or empty asks for a discoverable one.
    #[serde(default)]
    pub(crate) allow_credentials: List<Descriptor>,
    /// Client extension inputs.
    #[serde(default)]
    pub(crate) extensions: RequestExtensions,
}

/// `PublicKeyCredentialRpEntity`.
#[derive(Debug, Deserialize)]
pub(crate) struct RelyingParty {
    /// The RP ID; absent, it is the origin's host.
    #[serde(default, deserialize_with = "present")]
    pub(crate) id: Option<Name>,
    /// What the site calls itself.
    pub(crate) name: Name,
}

/// `PublicKeyCredentialUserEntityJSON`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    /// The user handle.
    pub(crate) id: Bytes<1, MAX_USER_HANDLE>,
    /// The account's name.
    pub(crate) name: Name,
    /// The person's name as the site shows it.
    pub(crate) display_name: Name,
}

/// `PublicKeyCredentialParameters`.
#[derive(Debug, Deserialize)]
pub(crate) struct Parameter {
    /// The credential type.
    #[serde(rename = "type")]
    pub(crate) kind: CredentialType,
    /// The COSE algorithm identifier.
    pub(crate) alg: i32,
}

/// `PublicKeyCredentialDescriptorJSON`. Its transports are of no use to an authenticator that is being asked already.
#[derive(Debug, Deserialize)]
pub(crate) struct Descriptor {
    /// The credential type.
    #[serde(rename = "type")]
    pub(crate) kind: CredentialType,
    /// The credential ID.
    pub(crate) id: Bytes<1, MAX_CREDENTIAL_ID>,
}

/// `PublicKeyCredentialType`: values to come must be ignored, not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum CredentialType {
    /// `public-key`.
    #[serde(rename = "public-key")]
    PublicKey,
    /// A type this program does not know.
    #[serde(other)]
    Unknown,
}

/// `AuthenticatorSelectionCriteria`. User verification always happens, so its member is not read.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Selection {
    /// `authenticatorAttachment`.
    #[serde(default)]
    pub(crate) authenticator_attachment: Attachment,
    /// `residentKey`.
    #[serde(default)]
    pub(crate) resident_key: ResidentKey,
    /// `requireResidentKey`, which counts where `residentKey` is absent or unknown.
    #[serde(default)]
    pub(crate) require_resident_key: bool,
}

impl Selection {
    /// Whether the credential is to be discoverable (WebAuthn L3 §5.4.4): whenever it is not discouraged.
    pub(crate) fn wants_discoverable(&self) -> bool {
        match self.resident_key {
            ResidentKey::Required | ResidentKey::Preferred => true,
            ResidentKey::Discouraged => false,
            ResidentKey::Unstated => self.require_resident_key,
        }
    }
}

/// `AuthenticatorAttachment`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Attachment {
    /// `platform`.
    Platform,
    /// `cross-platform`.
    CrossPlatform,
    /// Absent, or a value this program does not know.
    #[default]
    #[serde(other)]
    Unstated,
}

/// `ResidentKeyRequirement`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ResidentKey {
    /// `discouraged`.
    Discouraged,
    /// `preferred`.
    Preferred,
    /// `required`.
    Required,
    /// Absent, or a value this program does not know.
    #[default]
    #[serde(other)]
    Unstated,
}

/// `AttestationConveyancePreference`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Attestation {
    /// `indirect`.
    Indirect,
    /// `direct`.
    Direct,
    /// `enterprise`.
    Enterprise,
    /// `none`, absent, or a value this program does not know (WebAuthn L3 §5.4.7).
    #[default]
    #[serde(other)]
    None,
}

/// `AuthenticationExtensionsClientInputsJSON`, as far as it matters here; the others are ignored, as extensions may be.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreationExtensions {
    /// `credProps` (WebAuthn L3 §10.1.3).
    #[serde(default)]
    pub(crate) cred_props: bool,
    /// `prf` (WebAuthn L3 §10.1.4).
    #[serde(default, deserialize_with = "present")]
    pub(crate) prf: Option<PrfInputs>,
    /// `largeBlob` (WebAuthn L3 §10.1.5).
    #[serde(default, deserialize_with = "present")]
    pub(crate) large_blob: Option<LargeBlobInputs>,
    /// `credProtect` (CTAP 2.3 §12.1).
    #[serde(default)]
    enforce_credential_protection_policy: bool,
}

/// `AuthenticationExtensionsClientInputsJSON` of a sign-in, likewise.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestExtensions {
    /// `prf` (WebAuthn L3 §10.1.4).
    #[serde(default, deserialize_with = "present")]
    pub(crate) prf: Option<PrfInputs>,
    /// `largeBlob` (WebAuthn L3 §10.1.5).
    #[serde(default, deserialize_with = "present")]
    pub(crate) large_blob: Option<LargeBlobInputs>,
}

impl CreationExtensions {
    /// Whether the site makes the registration depend on an extension that this authenticator lacks.
    pub(crate) fn require_the_unsupported(&self) -> bool {
        self.large_blob
            .as_ref()
            .is_some_and(LargeBlobInputs::is_required)
            || self.enforce_credential_protection_policy
    }
}

/// Reads options of a request.
///
/// # Errors
/// [`Malformed`] if a member is missing, of a wrong type, too long, or not base64url.
pub(crate) fn parse<T: de::DeserializeOwned>(options: Value) -> Result<T, Malformed> {
    serde_json::from_value(options).map_err(|_| Malformed)
}

/// The options are malformed. Which member is not told: the text would be the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// A binary member: base64url without padding, between `MIN` and `MAX` bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bytes<const MIN: usize, const MAX: usize>(Vec<u8>);

impl<const MIN: usize, const MAX: usize> Bytes<MIN, MAX> {
    /// The bytes.
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

impl<'de, const MIN: usize, const MAX: usize> Deserialize<'de> for Bytes<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| de::Error::custom("not base64url"))?;
        if (MIN..=MAX).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(de::Error::custom("too short or too long"))
        }
    }
}

/// A text member, not too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name(String);

impl Name {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.len() <= MAX_NAME {
            Ok(Self(text))
        } else {
            Err(de::Error::custom("too long"))
        }
    }
}

/// A list member, not too long; absent, it is empty.
#[derive(Clone, Debug)]
pub(crate) struct List<T>(Vec<T>);

impl<T> List<T> {
    /// The elements.
    pub(crate) fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let elements = Vec::deserialize(deserializer)?;
        if elements.len() <= MAX_LIST {
            Ok(Self(elements))
        } else {
            Err(de::Error::custom("too many"))
        }
    }
}

/// A time span; browsers clamp it to 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Milliseconds(pub(crate) u32);

/// A member that may be absent, but not `null`.
pub(super) fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
#[path = "options_tests.rs"]
mod tests;
