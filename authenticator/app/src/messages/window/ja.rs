//! Japanese.

use super::{Button, Phrase};
use crate::messages::Language;

pub(super) fn phrase(phrase: &Phrase<'_>) -> String {
    match phrase {
        Phrase::Register => "マイナンバーカードで登録".into(),
        Phrase::SignIn => "マイナンバーカードでサインイン".into(),
        Phrase::RegisterOrSignIn => "マイナンバーカードで登録またはサインイン".into(),
        Phrase::ManageCredentials => "プログラムが、このカードの認証情報を\n一覧・変更・削除しようとしています。".into(),
        Phrase::StoreData => "プログラムが、認証情報とともに\nサイトのデータを保存しようとしています。".into(),
        Phrase::Configure => "プログラムが、この認証器の設定を\n変更しようとしています。".into(),
        Phrase::Select => "プログラムがセキュリティキーを求めています。\nマイナンバーカードを使いますか。".into(),
        Phrase::Reset => "このカードの認証情報を、このパソコンから\nすべて消去しますか。\n\nプログラムからの要求です。\nバックアップがなければ元に戻せません。\nカード自体は変わりません。".into(),
        Phrase::ChangePin(tries) => format!(
            "カードの暗証番号(利用者証明用、数字4桁)を\n変更しますか。\n\nプログラムからの要求です。\n番号はそこで入力されました。\n{}",
            tries_left(*tries)
        ),
        Phrase::Site(site) => format!("サイト: {site}"),
        Phrase::CallsItself(name) => format!("名乗り: {name}"),
        Phrase::Account(account) => format!("アカウント: {account}"),
        Phrase::CertificateShown => "電子証明書をサイトに提示します。".into(),
        Phrase::CertificateNotShown => "電子証明書はサイトに提示しません。".into(),
        Phrase::CardKeyUsed => "鍵: カード自体の鍵(どのサイトでも同じ)".into(),
        Phrase::CardKeyNotUsed => "鍵: このサイト専用の鍵(このパソコンに作成)".into(),
        Phrase::Reader(name) => format!("使うカードのあるリーダー: {name}"),
        Phrase::ShowCertificate(asked) => {
            let (asks, refuse) = if *asked {
                (
                    "電子証明書の提示を求められています。\n",
                    "\n提示しないと、断られることがあります。",
                )
            } else {
                ("", "")
            };
            format!(
                "{asks}電子証明書を提示しますか。\n\n証明書の番号(どのサイトでも同じ)、\n発行した市区町村、有効期限(誕生日に\n当たります)がサイトに伝わります。\n氏名・住所・マイナンバーは伝わりません。{refuse}"
            )
        }
        Phrase::UseCardKey(required) => {
            let off = if *required {
                "このサイトでは、ほかの鍵は使えません。"
            } else {
                "使わないと、サイト専用の鍵を作ります。"
            };
            format!(
                "カード自体の鍵を使いますか。\n\nどのパソコンでも使えます。\nどのサイトでも同じ鍵なので、\nサイトはあなたを見分けられます。\n{off}"
            )
        }
        Phrase::Remember => "この答えを、このサイト用に記憶しますか。\n以後、確認を省くことがあります。".into(),
        Phrase::Problem(problem) => Language::Japanese.problem_in_window(problem),
        Phrase::TriesLeft(tries) => tries_left(*tries),
        Phrase::PinOnPad => "利用者証明用の暗証番号(数字4桁)を、\nパソコンではなくカードリーダーのテンキーで\n入力してください。".into(),
        Phrase::PinLabel => "利用者証明用の暗証番号(数字4桁):".into(),
        Phrase::ChooseAccount(number, count) => {
            format!("このアカウントでサインインしますか。({number}/{count})")
        }
        Phrase::Registered(day) => format!("登録日: {day}"),
    }
}

pub(super) fn button(button: Button) -> &'static str {
    match button {
        Button::Cancel => "キャンセル",
        Button::Continue => "続ける",
        Button::Close => "閉じる",
        Button::Register => "登録する",
        Button::SignIn => "サインインする",
        Button::Show => "提示する",
        Button::DoNotShow => "提示しない",
        Button::UseCardKey | Button::Use => "使う",
        Button::DoNotUseCardKey => "使わない",
        Button::Remember => "記憶する",
        Button::OnlyThisTime => "今回だけ",
        Button::RiskIt => "最後の1回を使う",
        Button::DoNotRiskIt => "やめる",
        Button::ThisOne => "これを使う",
        Button::NextOne => "次を見る",
        Button::Erase => "すべて消去する",
        Button::DoNotErase => "消去しない",
        Button::ChangePin => "変更する",
        Button::DoNotChangePin => "変更しない",
    }
}

fn tries_left(tries: u8) -> String {
    format!("残り{tries}回")
}
