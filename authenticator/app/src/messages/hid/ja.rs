//! 日本語。

use super::HidText;
use crate::messages::set_up_security_key;

pub(super) fn text(text: &HidText<'_>) -> String {
    match text {
        HidText::Written(path) => format!("書き込みました: {}", path.display()),
        HidText::WrittenAlready(path) => format!("変更なし: {}", path.display()),
        HidText::Removed(path) => format!("削除しました: {}", path.display()),
        HidText::NotThere(path) => format!("ありませんでした: {}", path.display()),
        HidText::Ready {
            owner,
            started: true,
        } => format!(
            "カードをユーザー{owner}専用のセキュリティキーとして使えるようになりました。カードをリーダーにセットしてください。"
        ),
        HidText::Ready {
            owner,
            started: false,
        } => format!(
            "次回のログインから、カードをユーザー{owner}専用のセキュリティキーとして使えます。すぐに使うには、そのユーザーが次を実行してください。\n  systemctl --user start jpki-authenticator-hid.service"
        ),
        HidText::SecurityKey => "セキュリティキー".into(),
        HidText::NotSetUp => format!(
            "設定されていません。使う場合は次を実行してください: {}",
            set_up_security_key()
        ),
        HidText::SetUp => "設定済み".into(),
        HidText::Kernel => "カーネル".into(),
        HidText::KernelReady => "デバイスを作成できます(/dev/uhid)".into(),
        HidText::Relay => "中継プログラム".into(),
        HidText::RelayReady(path) => format!("あなただけが接続できます: {}", path.display()),
        HidText::Service => "サービス".into(),
        HidText::ServiceRuns => "動いています".into(),
        HidText::Device => "デバイス".into(),
        HidText::DeviceReady(node) => format!("あなただけが開けます: {}", node.display()),
        HidText::DeviceWaits => "カードをリーダーにセットすると現れます".into(),
        HidText::Browser(browser) => (*browser).into(),
    }
}
