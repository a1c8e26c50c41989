//! Japanese.

use authenticator_core::CredentialKind;

use super::Line;
use crate::backup::SHORTEST_PASSPHRASE;
use crate::local_time;
use crate::messages::program;

pub(super) fn line(line: &Line<'_>) -> String {
    match line {
        Line::Nothing => String::new(),
        Line::CardWorks => "終わるまでカードを動かさないでください。".into(),
        Line::Pin(reader, left) => format!("{reader} のカードの利用者証明用の暗証番号(数字4桁、残り{left}回):"),
        Line::PinOnPad(reader, left) => format!(
            "利用者証明用の暗証番号(数字4桁、残り{left}回)は、ここではなく {reader} のテンキーで入力してください。"
        ),
        Line::RiskTheLastTry => "最後の1回を使う場合は「はい」または yes と入力してください(それ以外は中止):".into(),
        Line::ChoosePassphrase => format!(
            "バックアップファイルとパスフレーズがあれば、カードがなくてもあなたとしてサインインできてしまいます。\n\
             {SHORTEST_PASSPHRASE}文字以上のパスフレーズを決めてください(無作為な英単語5語など)。何も入力せずにEnterを押すと、自動で作ります。"
        ),
        Line::NewPassphrase => "パスフレーズ:".into(),
        Line::PassphraseAgain => "もう一度:".into(),
        Line::MadePassphrase(made) => format!(
            "パスフレーズを作りました。表示は今回だけです。書き留めて、ファイルとは別の場所に保管してください。\n\n    {made}\n"
        ),
        Line::Passphrase => "バックアップのパスフレーズ:".into(),
        Line::Encrypting => "暗号化しています…".into(),
        Line::Decrypting => "開いています…".into(),
        Line::BackedUp(count, path) => format!(
            "認証情報{count}件を {} に保存しました。\n鍵のかかる場所に保管してください。カード自体の鍵を使う認証情報は、バックアップの必要がないため含まれません。\nこれから登録する分には、新しいバックアップが必要です。",
            path.display()
        ),
        Line::BackupHolds(count, at, sites) => format!(
            "{}のバックアップです。認証情報は{count}件: {}",
            local_time::day(*at),
            sites.join("、")
        ),
        Line::Restored(0, present) => format!("認証情報{present}件はすべて登録済みでした。変更はありません。"),
        Line::Restored(restored, 0) => format!("認証情報{restored}件を復元しました。"),
        Line::Restored(restored, present) => {
            format!("認証情報{restored}件を復元しました。{present}件は登録済みでした。")
        }
        Line::Rebound(0) => "新しいカードに移した認証情報はありません。".into(),
        Line::ChangedMeanwhile(count) => format!(
            "認証情報{count}件は、その間に別のプログラムが変更または削除したため、そのままにしました。"
        ),
        Line::StillUnderTheOldCard(count) => format!(
            "認証情報{count}件は古いカードのままです。\n→ 古いカードが手元にあるうちに実行してください: {} rebind",
            program()
        ),
        Line::Rebound(count) => format!(
            "認証情報{count}件を新しいカードに移しました。古いカードでは、このパソコンにあるこれらの認証情報を使えなくなりました。\n古いカード自体の鍵を使う認証情報は移せません。そのサイトには登録し直してください。"
        ),
        Line::FirstTheOldCard => "まず古いカードを使います。".into(),
        Line::NowTheNewCard => "次に新しいカードを使います。まだ何も変更していません。".into(),
        Line::PutAKnownCard => "このパソコンで認証情報を作ったカードを、リーダーに置いてください。".into(),
        Line::PutTheNewCard => "新しいカードをリーダーに置いてください(古いカードと入れ替えても、別のリーダーでもかまいません)。".into(),
        Line::NoCredentials => "このパソコンに認証情報はありません。".into(),
        Line::ConfirmRemoval(id, site, CredentialKind::Card) => format!(
            "{id} は {site} の認証情報で、カード自体の鍵を使います。削除するとこのパソコンの一覧からは消えますが、サイトが指定すれば、カードで引き続きサインインできます。\n削除する場合は「はい」または yes と入力してください:"
        ),
        Line::ConfirmRemoval(id, site, _) => format!(
            "{id} は {site} の認証情報です。削除すると、この登録ではこのパソコンからサインインできなくなり、バックアップがなければ元に戻せません。\n削除する場合は「はい」または yes と入力してください:"
        ),
        Line::Removed(site) => format!(
            "削除しました。{site} の一覧には残っています。サイトのアカウント設定でも削除してください。"
        ),
        Line::Renamed(label) => format!("名前を「{label}」にしました。名前は暗号化せずにこのパソコンに保存します。サイトには送りません。"),
        Line::LabelRemoved => "名前を消しました。".into(),
        Line::Id => "ID".into(),
        Line::Site => "サイト".into(),
        Line::Kind => "種類".into(),
        Line::KindOf(CredentialKind::Card) => "カード自体の鍵".into(),
        Line::KindOf(_) => "サイト別の鍵".into(),
        Line::Card => "カード".into(),
        Line::CardName(letter, true) => format!("{letter}(リーダー上)"),
        Line::CardName(letter, false) => letter.to_string(),
        Line::Made => "登録日".into(),
        Line::Used => "最終使用日".into(),
        Line::Never => "なし".into(),
        Line::Backup => "バックアップ".into(),
        Line::InBackup => "あり".into(),
        Line::NotInBackup => "なし".into(),
        Line::NoBackupNeeded => "不要".into(),
        Line::Label => "名前".into(),
        Line::Account => "アカウント".into(),
        Line::Sealed => "(このカードでは開けません)".into(),
        Line::MakeABackup(program) => format!("バックアップのない認証情報があります。カードの電子証明書が更新されると使えなくなります。\n→ 実行してください: {program} backup ファイル名"),
    }
}
