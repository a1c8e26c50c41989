//! What kind of thing carries the key.

/// What carries the key, as EF `0006` of the JPKI application says in its first 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The plastic card (`JPKIAPICCTOKEN2`).
    Card,
    /// The certificate in an Android phone (`JPKIAPGPSETOKEN`).
    AndroidPhone,
    /// The certificate in an iPhone (`JPKIAPIOSTOKEN`).
    IPhone,
    /// Something that names itself otherwise, or not at all.
    Unknown,
}

impl TokenKind {
    /// Reads the name that a token gives itself; padding and what follows do not matter.
    pub fn from_label(label: &[u8]) -> TokenKind {
        const NAMES: [(&[u8], TokenKind); 3] = [
            (b"JPKIAPICCTOKEN2", TokenKind::Card),
            (b"JPKIAPGPSETOKEN", TokenKind::AndroidPhone),
            (b"JPKIAPIOSTOKEN", TokenKind::IPhone),
        ];
        NAMES
            .iter()
            .find(|(name, _)| label.starts_with(name))
            .map_or(TokenKind::Unknown, |(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_by_their_names() {
        let padded = |name: &str| format!("{name:<32}").into_bytes();
        assert_eq!(
            TokenKind::from_label(&padded("JPKIAPICCTOKEN2")),
            TokenKind::Card
        );
        assert_eq!(
            TokenKind::from_label(&padded("JPKIAPGPSETOKEN")),
            TokenKind::AndroidPhone
        );
        assert_eq!(
            TokenKind::from_label(&padded("JPKIAPIOSTOKEN")),
            TokenKind::IPhone
        );
        assert_eq!(
            TokenKind::from_label(&padded("SOMETHING ELSE")),
            TokenKind::Unknown
        );
        assert_eq!(TokenKind::from_label(b"JPKI"), TokenKind::Unknown);
        assert_eq!(TokenKind::from_label(b""), TokenKind::Unknown);
    }
}
