//! Japanese.

use authenticator_core::{CredentialKind, Failure};

use super::Line;
use crate::backup::{BackupProblem, SHORTEST_PASSPHRASE, Trouble};
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
        Line::PadUnusable => "カードリーダーのテンキーでは入力できません。残り回数は減っていません。".into(),
        Line::PinWrong => "暗証番号が違います。".into(),
        Line::PinImpossible => "数字4桁ではありません。カードには送っておらず、残り回数は減っていません。".into(),
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
        Line::PassphraseWeak => format!(
            "推測されやすいパスフレーズです。同じ文字ばかりでない{SHORTEST_PASSPHRASE}文字以上にしてください。"
        ),
        Line::PassphrasesDiffer => "2回の入力が一致しません。はじめから入力してください。".into(),
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

pub(super) fn trouble(trouble: &Trouble) -> (String, String) {
    match trouble {
        Trouble::GivenUp => pair(
            "中止しました。何も変更していません。",
            "必要になったら、もう一度実行してください。",
        ),
        Trouble::NoTerminal => pair(
            "パスフレーズと暗証番号を入力する端末がありません。",
            "ターミナルの画面で実行してください。ほかの方法では入力できません。",
        ),
        Trouble::Core(Failure::SealBroken) => pair(
            "保存した認証情報を開けません。書き換えられたか、別の秘密情報で保護されたものです。",
            "ファイルのバックアップからフォルダーごと元に戻すか、その認証情報を削除してください。",
        ),
        Trouble::NoFile(path) => (
            format!("{} というファイルはありません。", path.display()),
            "ファイル名と、USBメモリーが挿さっているかを確かめてください。".into(),
        ),
        Trouble::NoFolder(path) => (
            format!("{} というフォルダーはありません。", path.display()),
            "フォルダー名と、USBメモリーが挿さっているかを確かめてください。".into(),
        ),
        Trouble::FileExists(path) => (
            format!("{} はすでにあります。上書きはしません。", path.display()),
            "別の名前にするか、先に移動してください。".into(),
        ),
        Trouble::Backup(path, problem) => backup(&path.display().to_string(), *problem),
        Trouble::NothingToBackUp => pair(
            "このパソコンには、サイト別の鍵を持つ認証情報がありません。",
            "何もする必要はありません。バックアップは、カードの外にある鍵のためのものです。",
        ),
        Trouble::NothingOfThisCard => pair(
            "このパソコンには、このカードで作ったサイト別の鍵の認証情報がありません。",
            "認証情報を作ったときのカードを使ってください。",
        ),
        Trouble::MadeWithAnotherCard(path) => (
            "別のカードで作ったバックアップです。".into(),
            format!(
                "そのカードを使ってください。このカードに替わった場合は、実行してください: {} rebind --from {}",
                program(),
                path.display()
            ),
        ),
        Trouble::MadeWithThisCard(path) => (
            "このカードで作ったバックアップです。".into(),
            format!("実行してください: {} restore {}", program(), path.display()),
        ),
        Trouble::AllUnderThisCard(path) => (
            format!(
                "{} の認証情報は、すべてこのパソコンにあり、このカードに移してあります。",
                path.display()
            ),
            "何もする必要はありません。".into(),
        ),
        Trouble::NoSuchCredential(id) => (
            format!("IDが {id} の認証情報はありません。"),
            format!("一覧を見るには実行してください: {} credentials", program()),
        ),
        Trouble::SeveralSuchCredentials(id) => (
            format!("{id} で始まる認証情報が複数あります。"),
            "IDをもっと長く入力してください。".into(),
        ),
        Trouble::UnusableLabel => pair(
            "名前は64文字までで、制御文字は使えません。",
            "別の名前にしてください。",
        ),
        Trouble::Core(failure) => (
            format!("このプログラムの不具合です({failure})。"),
            "プロジェクトにご報告ください。".into(),
        ),
        Trouble::Store(_) | Trouble::File(..) => (String::new(), String::new()),
    }
}

fn backup(path: &str, problem: BackupProblem) -> (String, String) {
    match problem {
        BackupProblem::WrongPassphrase => (
            format!("パスフレーズが違うため、{path} を開けません。"),
            "もう一度お試しください。確かに正しい場合は、ファイルの先頭が書き換えられています。別のコピーを使ってください。".into(),
        ),
        BackupProblem::Damaged => (
            format!("{path} は途中で切れているか、書き換えられています。"),
            "別のコピーを使ってください。このファイルからは何も復元していません。".into(),
        ),
        BackupProblem::NotABackup => (
            format!("{path} は、このプログラムのバックアップではありません。"),
            "backupコマンドで作ったファイルを選んでください。".into(),
        ),
        BackupProblem::Newer => (
            format!("{path} は、このプログラムのより新しい版で作られています。"),
            "このプログラムを更新してください。".into(),
        ),
        BackupProblem::TooLarge => (
            format!("{path} は、バックアップとしては大きすぎます。"),
            "backupコマンドで作ったファイルを選んでください。".into(),
        ),
        BackupProblem::TooMuchWork => (
            format!("{path} を開くには、このプログラムの上限(256 MiB)を超えるメモリが必要です。"),
            "別のツールで暗号化し直されています。そのツールで復号し、負荷を下げて(age: 18)暗号化し直してください。".into(),
        ),
    }
}

fn pair(what: &str, action: &str) -> (String, String) {
    (what.into(), action.into())
}
