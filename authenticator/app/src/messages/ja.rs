//! 日本語。

use super::History;

/// The history's headings, and what stands there when it is empty.
pub(super) const HISTORY: History = History {
    when: "日時",
    what: "提供したもの",
    certificate: "電子証明書",
    card_key: "カード自体の鍵",
    site: "サイト",
    empty: "このパソコンから、カードの電子証明書やカード自体の鍵を提供したサイトはありません。",
};
