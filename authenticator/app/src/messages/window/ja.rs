//! Japanese.

use super::super::terminal::Date;
use super::{Button, Phrase};

pub(super) fn phrase(phrase: &Phrase<'_>) -> String {
    match phrase {
        Phrase::Register => "マイナンバーカードで登録".into(),
        Phrase::SignIn => "マイナンバーカードでサインイン".into(),
        Phrase::RegisterOrSignIn => "マイナンバーカードで登録またはサインイン".into(),
        Phrase::ManageCredentials => "このパソコンにあるマイナンバーカードの認証情報を、\nプログラムが一覧・変更・削除しようとしています。".into(),
        Phrase::StoreData => "マイナンバーカードの認証情報とともに、\nプログラムがサイトのデータを保存しようとしています。".into(),
        Phrase::Configure => "プログラムがこの認証器の設定を変更しようとしています。".into(),
        Phrase::Select => "プログラムがセキュリティキーを求めています。\nマイナンバーカードを使いますか。".into(),
        Phrase::Reset => "このパソコンにあるマイナンバーカードの認証情報を、\nプログラムがすべて消去しようとしています。\n\nバックアップがなければ、その認証情報では\nサインインできなくなります。カード自体は変わりません。".into(),
        Phrase::ChangePin(tries) => format!(
            "カードの暗証番号(利用者証明用、数字4桁)を、\nプログラムが変更しようとしています。\n\n今の番号と新しい番号は、そのプログラムに入力されたものです。\n{}",
            tries_left(*tries)
        ),
        Phrase::Site(site) => format!("サイト: {site}"),
        Phrase::CallsItself(name) => format!("名乗り: {name}"),
        Phrase::Account(account) => format!("アカウント: {account}"),
        Phrase::CertificateShown => "電子証明書をサイトに提示します。".into(),
        Phrase::CertificateNotShown => "電子証明書はサイトに提示しません。".into(),
        Phrase::CardKeyUsed => "鍵: カード自体の鍵(どのサイトでも同じ)".into(),
        Phrase::CardKeyNotUsed => "鍵: このサイト専用の鍵(このパソコンに作成)".into(),
        Phrase::ShowCertificate(asked) => {
            let (asks, refuse) = if *asked {
                (
                    "このサイトは電子証明書の提示を求めています。\n",
                    "\n提示しないと、サイトが登録を断ることがあります。",
                )
            } else {
                ("", "")
            };
            format!(
                "{asks}電子証明書を提示しますか。\n\n証明書の番号(どのサイトでも同じ)と、\n発行した市区町村がサイトに伝わります。\n氏名・住所・マイナンバー(個人番号)は伝わりません。{refuse}"
            )
        }
        Phrase::UseCardKey(required) => {
            let off = if *required {
                "このサイトは、ほかの種類の鍵を受け付けません。"
            } else {
                "使わないときは、このサイト専用の鍵をこのパソコンに作ります。"
            };
            format!(
                "カード自体の鍵を使いますか。\n\nこのカードがあれば、どのパソコンでも使えます。\n鍵はどのサイトでも同じで、サイトはあなたを見分けられます。\n{off}"
            )
        }
        Phrase::Remember => "次にこのサイトから求められたときも、\n同じ答えを最初に示しますか。".into(),
        Phrase::LastTry => "暗証番号を入力できるのは最後の1回です。\n\n間違えるとロックされ、市区町村の窓口で\n再設定が必要になります。自信がないときは\nここでやめて、番号を確かめてください。".into(),
        Phrase::TriesLeft(tries) => tries_left(*tries),
        Phrase::Expired => "カードの電子証明書は有効期限が切れています。\nサインインはできますが、市区町村の窓口で更新してください。".into(),
        Phrase::ExpiresSoon(day) => format!(
            "カードの電子証明書は{}に有効期限が切れます。\n早めに市区町村の窓口で更新してください。",
            date(*day)
        ),
        Phrase::WrongPin => "暗証番号が違います。利用者証明用の、数字4桁の番号です。".into(),
        Phrase::ImpossiblePin => "数字4桁を入力してください。残り回数は減っていません。".into(),
        Phrase::PinLabel => "暗証番号(数字4桁):".into(),
        Phrase::ChooseAccount(number, count) => {
            format!("このアカウントでサインインしますか。({number}/{count})")
        }
        Phrase::Registered(day) => format!("登録日: {day}"),
        Phrase::AlreadyRegistered => "このカードは、このサイトに登録済みです。\n登録ではなくサインインしてください。\n\n続けると、このカードが登録済みであることが\nサイトに伝わります。".into(),
        Phrase::NoCredential => "このパソコンには、このカードでこのサイトに登録した\n認証情報がありません。\n\n先にサイトで登録するか、バックアップを復元してください。".into(),
    }
}

pub(super) fn button(button: Button) -> &'static str {
    match button {
        Button::Cancel => "キャンセル",
        Button::Continue => "続ける",
        Button::Register => "登録する",
        Button::SignIn => "サインインする",
        Button::Show => "提示する",
        Button::DoNotShow => "提示しない",
        Button::UseCardKey | Button::Use => "使う",
        Button::DoNotUseCardKey => "使わない",
        Button::Remember => "次回も同じ",
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
