//! Japanese.

use eid_card::{Operation, TokenKind, Tries};

use super::{Date, Problem, Sandbox, Text};
use crate::messages::{program, set_up_security_key};
use crate::native_messaging::extension::HOST_NAME;

pub(super) fn problem(problem: &Problem<'_>) -> (String, String) {
    match problem {
        Problem::NoPinentry => pair(
            "暗証番号はブラウザーの画面に入力します。ウィンドウを開ける pinentry がインストールされていません。",
            "ブラウザーを通さずに入力するには、インストールしてください。例: sudo apt install pinentry-gnome3",
        ),
        Problem::PcscNotInstalled => pair(
            "スマートカードサービス(pcscd)がインストールされていません。",
            "インストールして起動してください(Debian、Ubuntuの場合): sudo apt install pcscd && sudo systemctl enable --now pcscd.socket",
        ),
        Problem::PcscNotRunning => pair(
            "スマートカードサービス(pcscd)が動いていません。",
            "起動してください: sudo systemctl enable --now pcscd.socket",
        ),
        Problem::PcscNotAllowed => pair(
            "スマートカードサービス(pcscd)から、カードリーダーの使用を許可されていません。",
            "ネットワーク越しではなくこのパソコンに直接ログインするか、管理者にpolkit(org.debian.pcsc-lite.access_pcsc)での許可を依頼してください。",
        ),
        Problem::PcscFault(detail) => (
            format!("スマートカードサービスでエラーが起きました{}。", in_brackets(detail)),
            "リーダーをつなぎ直して、サービスを再起動してください: sudo systemctl restart pcscd".into(),
        ),
        Problem::NoReader => pair(
            "カードリーダーが接続されていません。",
            "カードリーダーを接続してください。",
        ),
        Problem::ReaderGone => pair(
            "カードリーダーの接続が切れました。",
            "リーダーをつなぎ直してから、カードを置き直してください。",
        ),
        Problem::NoCard => pair(
            "どのリーダーにもカードがありません。",
            "カードをケースから出して、リーダーに置いてください。",
        ),
        Problem::SeveralCards => pair(
            "マイナンバーカードが2枚以上あります。",
            "使うカード1枚だけにしてください。",
        ),
        Problem::CardRemoved => pair(
            "カードが離れました。",
            "カードを置き直して、終わるまで離さないでください。",
        ),
        Problem::CardChanged => pair(
            "最初とは別のカードか、途中で離れたカードです。",
            "使うカードを置き直して、はじめからやり直してください。",
        ),
        Problem::CardBusy => pair(
            "別のプログラムがカードを使用中です。",
            "そのプログラム(e-Tax、JPKI利用者ソフトなど)を閉じてから、もう一度お試しください。",
        ),
        Problem::CardMute => pair(
            "カードの応答がありません。",
            "裏返すか、リーダーの中央に置き直してください。ケースから出し、ほかのカードと重ねないでください。",
        ),
        Problem::NotAMyNumberCard => pair(
            "マイナンバーカードではありません。",
            "マイナンバーカードをリーダーに置いてください。",
        ),
        Problem::NoCertificate => pair(
            "カードに利用者証明用電子証明書が入っていません。",
            "市区町村の窓口で発行を受けられます。",
        ),
        Problem::Phone => pair(
            "スマートフォンです。証明書を読むには先に暗証番号が必要です。",
            "スマートフォンにはまだ対応していません。マイナンバーカードを使ってください。",
        ),
        Problem::CertificateUnusable => pair(
            "カードの電子証明書を使えません。",
            "別のカードを使ってください。新しい種類のカードかもしれません。プロジェクトにお知らせいただけると助かります。",
        ),
        Problem::CertificateExpired(on) => (
            format!("カードの電子証明書の有効期限が{}で切れました。", date(*on)),
            "市区町村の窓口で更新できます。カード本体の有効期限とは別です。".into(),
        ),
        Problem::CertificateExpiresSoon(on) => (
            format!("カードの電子証明書の有効期限は{}です。", date(*on)),
            format!("3か月前から、市区町村の窓口で更新できます。その前に、このカードの認証情報のバックアップを作ってください(証明書とともに使えなくなります)。実行してください: {} backup ファイル名", program()),
        ),
        Problem::CertificateNotYetValid(from) => (
            format!("カードの電子証明書は{}から有効です。", date(*from)),
            "パソコンの時計を合わせてください。".into(),
        ),
        Problem::TriesUnknown => pair(
            "暗証番号の残り回数をカードが答えないため、暗証番号を送りません。",
            "カードを一度離して置き直し、もう一度お試しください。",
        ),
        Problem::FewTries(1) => pair(
            "暗証番号を入力できるのは、残り1回です。間違えるとロックされます。",
            "確かでないときは、市区町村の窓口で再設定してください。",
        ),
        Problem::FewTries(left) => (
            format!("暗証番号を入力できるのは、残り{left}回です。"),
            "正しい暗証番号を入力すると3回に戻ります。".into(),
        ),
        Problem::PinLocked => pair(
            "暗証番号がロックされています。",
            "市区町村の窓口で再設定してください。署名用パスワードが使える場合は、J-LISのスマートフォンアプリとコンビニのキオスク端末でも再設定できます。",
        ),
        Problem::CardUnsupported(operation, status) => (
            format!("カードが処理を断りました({}、ステータス{status:04X})。", self::operation(*operation)),
            "別のカードを使ってください。新しい種類のカードかもしれません。プロジェクトにお知らせいただけると助かります。".into(),
        ),
        Problem::CardFailed(detail) => (
            format!("カードまたはリーダーの応答が正しくありません{}。", in_brackets(detail)),
            "カードを離して置き直してください。直らないときは、リーダーをつなぎ直してください。".into(),
        ),
        Problem::NoHome => pair(
            "ホームフォルダーがわかりません(HOMEもXDGの変数も設定されていません)。",
            "ブラウザーを使う本人として実行してください。",
        ),
        Problem::NeedsAdministrator(path) => (
            format!("{} に書き込めるのは管理者だけです。", path.display()),
            "sudoを付けて実行するか、--systemを外して自分だけにインストールしてください。".into(),
        ),
        Problem::FileFailed(path, error) => (
            format!("{} を使えません({error})。", path.display()),
            "ディスクの空きと、ファイルとフォルダーの所有者を確かめてください。".into(),
        ),
        Problem::OwnPathUnknown => pair(
            "このプログラム自身の場所がわかりません。",
            "フルパスで起動してください。",
        ),
        Problem::NeitherWay(browser) => (
            format!("{browser}にこのプログラムが登録されておらず、セキュリティキーも設定されていません。"),
            format!(
                "ブラウザーの拡張機能で使う場合は、次を実行してください: {} install\nセキュリティキーとして使う場合: {}",
                program(),
                set_up_security_key()
            ),
        ),
        Problem::ManifestBroken(path) => (
            format!("{} が壊れています。", path.display()),
            format!("実行してください: {} install", program()),
        ),
        Problem::ManifestOtherExtension(path) => (
            format!("{} では、このプログラムの拡張機能が許可されていません。", path.display()),
            format!("実行してください: {} install", program()),
        ),
        Problem::ManifestProgramMissing(path) => (
            format!("ブラウザーが起動しようとする {} は、プログラムではありません。", path.display()),
            format!("実行してください: {} install", program()),
        ),
        Problem::ManifestOtherProgram(path) => (
            format!("ブラウザーは別の場所のプログラム {} を起動します。", path.display()),
            format!("こちらを使うときは、実行してください: {} install", program()),
        ),
        Problem::SandboxedBrowser(browser, sandbox) => (
            format!("{browser}は{}版で、このプログラムを起動できません。", sandboxed(*sandbox)),
            format!("代わりに、ディストリビューションのパッケージの{browser}をインストールしてください。"),
        ),
        Problem::BrowserMissing(browser) => (
            format!("{browser}が見つかりません。"),
            "インストールしてください。別の場所のものを使っているときは、このままで構いません。".into(),
        ),
        Problem::BlockedByPolicy(browser, path) => (
            format!("このパソコンのポリシーにより、{browser}からこのプログラムを起動できません: {}", path.display()),
            format!("パソコンの管理者に、NativeMessagingAllowlistへの{HOST_NAME}の追加を依頼してください。"),
        ),
        Problem::NotOfUsersByPolicy(browser, path) => (
            format!("このパソコンのポリシーにより、{browser}が起動できるのは全ユーザー向けに登録したプログラムだけです: {}", path.display()),
            format!("実行してください: sudo {} install --system", program()),
        ),
        Problem::StorageNotPrivate(path) => (
            format!("{} をほかの利用者が読めます。", path.display()),
            format!("実行してください: chmod go= {}", path.display()),
        ),
        Problem::StorageForeign(path) => (
            format!("{} はほかの利用者のものか、通常のファイルやフォルダーではありません。", path.display()),
            "別の場所へ移すか、所有者を自分に戻してください。".into(),
        ),
        Problem::SecretsDamaged(path) => (
            format!("{} が壊れています。これがないと、このパソコンの認証情報はどれも使えません。", path.display()),
            "ファイルのバックアップから元に戻してください。バックアップがない場合は、フォルダーごと別の場所へ移し、各サイトで登録し直してください。".into(),
        ),
        Problem::SecretsMissing(path) => (
            format!("{} がありません。これがないと、このパソコンの認証情報はどれも使えません。", path.display()),
            "ファイルのバックアップから元に戻してください。バックアップがない場合は、フォルダーごと別の場所へ移し、各サイトで登録し直してください。".into(),
        ),
        Problem::StorageNewer => pair(
            "認証情報は、このプログラムのより新しい版で保存されています。",
            "このプログラムを更新してください。",
        ),
        Problem::StorageFault(detail) => (
            format!("認証情報を読み書きできません{}。", in_brackets(detail)),
            "ディスクの空き容量と状態を確かめてください。問題がなければ、プロジェクトにご報告ください。".into(),
        ),
        Problem::NotBackedUp(count) => (
            format!("バックアップのない認証情報が{count}件あります。"),
            format!("カードの電子証明書が更新されるか、このパソコンが壊れると使えなくなります。実行してください: {} backup ファイル名", program()),
        ),
        Problem::ProgramNotSafe(path) => (
            format!("{} は管理者以外も変更できます。全員のブラウザーがこれを起動することになります。", path.display()),
            "管理者だけが書き込めるフォルダー(/usr/local/binなど)にプログラムをコピーし、そこから実行してください。".into(),
        ),
    }
}

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
        Text::ValidUntil(on) => format!("{}まで有効", date(*on)),
        Text::ToDo => "→".into(),
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

fn pair(what: &str, action: &str) -> (String, String) {
    (what.into(), action.into())
}

fn date(date: Date) -> String {
    format!("{}年{}月{}日", date.year, date.month, date.day)
}

fn in_brackets(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!("({})", detail.trim_end_matches('.'))
    }
}

fn operation(operation: Operation) -> &'static str {
    match operation {
        Operation::Select => "公的個人認証の選択",
        Operation::ReadCertificate => "電子証明書の読み出し",
        Operation::ReadTokenInfo => "カードの種類の読み出し",
        Operation::ReadTries => "残り回数の読み出し",
        Operation::VerifyPin => "暗証番号の照合",
        Operation::ChangePin => "暗証番号の変更",
        Operation::SignSha256 => "署名(SHA-256)",
        Operation::SignSha512 => "署名(SHA-512)",
    }
}

fn sandboxed(sandbox: Sandbox) -> &'static str {
    match sandbox {
        Sandbox::Snap => "snap",
        Sandbox::Flatpak => "Flatpak",
    }
}
