//! Japanese.

use super::super::terminal::Date;
use super::{Button, Phrase};

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
                "{asks}電子証明書を提示しますか。\n\n証明書の番号(どのサイトでも同じ)と、\n発行した市区町村がサイトに伝わります。\n氏名・住所・マイナンバーは伝わりません。{refuse}"
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
        Phrase::LastTry => "暗証番号を入力できるのは最後の1回です。\n\n間違えるとロックされ、市区町村の窓口で\n再設定が必要になります。自信がないときは\nここでやめて、番号を確かめてください。".into(),
        Phrase::TriesLeft(tries) => tries_left(*tries),
        Phrase::Expired => "電子証明書の有効期限が切れています。\nサインインはできます。\nバックアップを作ってから、\n市区町村の窓口で更新してください。".into(),
        Phrase::ExpiresSoon(day) => format!(
            "電子証明書の期限は{}です。\nバックアップを作ってから、早めに\n市区町村の窓口で更新してください。",
            date(*day)
        ),
        Phrase::WrongPin => "暗証番号が違います。\n利用者証明用の、数字4桁の番号です。".into(),
        Phrase::ImpossiblePin => "数字4桁を入力してください。\n残り回数は減っていません。".into(),
        Phrase::PinOnPad => "利用者証明用の暗証番号(数字4桁)を、\nパソコンではなくカードリーダーのテンキーで\n入力してください。".into(),
        Phrase::PadUnusable => "カードリーダーのテンキーでは入力できません。\n残り回数は減っていません。\nここに入力してください。".into(),
        Phrase::PinLabel => "利用者証明用の暗証番号(数字4桁):".into(),
        Phrase::ChooseAccount(number, count) => {
            format!("このアカウントでサインインしますか。({number}/{count})")
        }
        Phrase::Registered(day) => format!("登録日: {day}"),
        Phrase::AlreadyRegistered => "このカードは、このサイトに登録済みです。\n登録ではなくサインインしてください。\n\n続けると、登録済みであることが\nサイトに伝わります。".into(),
        Phrase::NoCredential => "このパソコンには、このサイト用の\nこのカードの認証情報がありません。\n\n先にサイトで登録するか、\nバックアップを復元してください。".into(),
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

fn date(Date { year, month, day }: Date) -> String {
    format!("{year}年{month}月{day}日")
}
