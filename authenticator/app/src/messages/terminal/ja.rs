//! Japanese.

use eid_card::{TokenKind, Tries};

use super::Text;
use crate::messages::{Language, program};

pub(super) fn text(text: &Text<'_>) -> String {
    match text {
        Text::Reader => "リーダー".into(),
        Text::Card => "カード".into(),
        Text::Pin => "暗証番号".into(),
        Text::Certificate => "電子証明書".into(),
        Text::Kind(TokenKind::Card) => "マイナンバーカード".into(),
        Text::Kind(TokenKind::AndroidPhone) => "Androidスマートフォン".into(),
        Text::Kind(TokenKind::IPhone) => "iPhone".into(),
        Text::Kind(TokenKind::Unknown) => "公的個人認証に対応したカード".into(),
        Text::TriesLeft(Tries::Left(left)) => format!("残り{left}回"),
        Text::TriesLeft(Tries::Locked) => "ロック中".into(),
        Text::ValidUntil(on) => format!("{}まで有効", on.written(Language::Japanese)),
        Text::ToDo => "→".into(),
        Text::Code(pair) => format!("コード: {}", pair.shown_code()),
        Text::Installed(browser, path) => {
            format!(
                "{browser}からこのプログラムを起動できるようになりました。\n  {}",
                path.display()
            )
        }
        Text::InstalledAlready(browser, path) => {
            format!(
                "{browser}からこのプログラムを起動できます。登録済みでした。\n  {}",
                path.display()
            )
        }
        Text::InstalledForOthers(browsers) => {
            format!(
                "次のブラウザーを後から入れたときも、そのまま使えます: {}",
                browsers.join("、")
            )
        }
        Text::ExtensionNeeded => {
            "ブラウザーには拡張機能も必要です。読み込み方はREADME.ja.mdにあります。".into()
        }
        Text::Uninstalled(browser, path) => {
            format!("{browser}から登録を消しました。\n  {}", path.display())
        }
        Text::NotInstalled(browser, path) => {
            format!(
                "{browser}には登録されていませんでした。次のファイルはありません。\n  {}",
                path.display()
            )
        }
        Text::Passed => "良好".into(),
        Text::Caution => "注意".into(),
        Text::Failed => "問題".into(),
        Text::PcscService => "カードサービス".into(),
        Text::PcscAnswers(None) => "動いています".into(),
        Text::PcscAnswers(Some(library)) => format!("動いています({})", library.display()),
        Text::Readers => "カードリーダー".into(),
        Text::PinPad => "リーダーのテンキー".into(),
        Text::HasPinPad(true) => {
            "あり(案内のウィンドウが出せるときは、暗証番号をここで入力します)".into()
        }
        Text::HasPinPad(false) => "なし(暗証番号はこのパソコンで入力します)".into(),
        Text::Connection(browser) => format!("{browser}から"),
        Text::NotConnected => format!(
            "設定されていません。使う場合は次を実行してください: {} install",
            program()
        ),
        Text::ConnectionGood(program) => format!("{} を起動します", program.display()),
        Text::Browser(browser) => (*browser).into(),
        Text::Storage => "認証情報".into(),
        Text::StoragePrivate(path) => format!("本人だけが読めます: {}", path.display()),
        Text::StorageNew(path) => format!("まだありません。{} に作られます", path.display()),
        Text::PinEntry => "暗証番号の入力".into(),
        Text::PinInWindow(program) => format!(
            "ブラウザーを通らない、システムのウィンドウ ({})",
            program.display()
        ),
        Text::PinInBrowser => {
            "ブラウザーの画面(ウィンドウを開ける pinentry がここにはありません)".into()
        }
        Text::Backup => "バックアップ".into(),
        Text::AllBackedUp => "必要な認証情報はすべてバックアップ済みです".into(),
        Text::AllGood => "準備はできています。".into(),
        Text::Summary(0, cautions) => format!("準備はできています。注意が{cautions}件あります。"),
        Text::Summary(failed, _) => format!("対処が必要な問題が{failed}件あります。"),
    }
}
