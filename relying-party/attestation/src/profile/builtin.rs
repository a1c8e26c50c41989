//! The profiles that come with the crate, as the files in `profiles/`.

use super::ProfileError;
use super::file::ProfileFile;

/// A profile's name, its text, and its anchor files.
pub(super) struct Builtin {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    anchors: &'static [(&'static str, &'static [u8])],
}

macro_rules! builtin {
    ($name:literal $(, $anchor:literal)*) => {
        Builtin {
            name: $name,
            text: include_str!(concat!("../../profiles/", $name, ".toml")),
            anchors: &[$(($anchor, include_bytes!(concat!("../../profiles/", $anchor)))),*],
        }
    };
}

pub(super) const ALL: [Builtin; 3] = [
    builtin!(
        "jpki",
        "anchors/jpki-authentication-1.cer",
        "anchors/jpki-authentication-2.cer",
        "anchors/jpki-authentication-3.cer"
    ),
    builtin!(
        "jpki-test",
        "anchors/jpki-test-authentication-2019.cer",
        "anchors/jpki-test-authentication-2023.cer"
    ),
    builtin!("lab"),
];

impl Builtin {
    pub(super) fn anchor(&self, file: &str) -> std::io::Result<Vec<u8>> {
        self.anchors
            .iter()
            .find(|(name, _)| *name == file)
            .map(|(_, der)| der.to_vec())
            .ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
}

/// Keeps names and issuers of the built-in profiles what they are: an operator may write `jpki` anew (another policy,
/// say), but no file can make JPKI's test or practice issuer a production one, or give its name to another.
pub(super) fn check_reserved(file: &ProfileFile, issuer: &[u8]) -> Result<(), ProfileError> {
    for builtin in &ALL {
        let reserved = ProfileFile::parse(builtin.text)?;
        let same_issuer = reserved.issuer_der()? == issuer;
        let same_name = reserved.name == file.name;
        if (same_issuer && reserved.class != file.class) || (same_name && !same_issuer) {
            return Err(ProfileError::Reserved {
                profile: file.name.clone(),
                builtin: builtin.name,
            });
        }
    }
    Ok(())
}
