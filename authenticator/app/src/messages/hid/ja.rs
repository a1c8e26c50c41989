//! 日本語。

use super::{HidProblem, HidText};
use crate::hid::socket_of;
use crate::messages::{program, set_up_security_key};

pub(super) fn problem(problem: &HidProblem<'_>) -> (String, String) {
    match problem {
        HidProblem::NotLoopback(address) => (
            format!("{address} にはほかのパソコンから接続できてしまいます。"),
            "このパソコン専用のアドレス(127.0.0.1:8111 など)を指定してください。".into(),
        ),
        HidProblem::Udp(address, error) => (
            format!("{address} で待ち受けできません: {error}。"),
            "そのポートを使っているプログラムを終了するか、別のポートを指定してください。".into(),
        ),
        HidProblem::ScriptUnreadable(path, error) => (
            format!("{} を読み取れません: {error}。", path.display()),
            "1行に1つずつ回答を書いたテキストファイルを指定してください。".into(),
        ),
        HidProblem::ScriptTooLong(path) => (
            format!("{} は64 KiBを超えています。", path.display()),
            "回答の少ないファイルを指定するか、repeat で繰り返してください。".into(),
        ),
        HidProblem::ScriptWrong(path, line) => (
            format!("{} の{line}行目は回答として解釈できません。", path.display()),
            "次のいずれかを書いてください: pin 1234、pin-again 1234、approve、choose 1、decline、wait 300、repeat".into(),
        ),
        HidProblem::ScriptWithoutUdp => (
            "すべてのプログラムから見えるデバイスで、人の代わりにファイルが回答することはできません。".into(),
            "--prompt は、練習用カードでのテストのために --udp と一緒に指定してください。".into(),
        ),
        HidProblem::NoUhid => (
            "カーネルに /dev/uhid がありません。".into(),
            "モジュールを読み込んでください: sudo modprobe uhid".into(),
        ),
        HidProblem::UhidNotAllowed => (
            "デバイスを作成できるのは管理者だけです。".into(),
            format!("一度だけ次を実行して設定してください: {}", set_up_security_key()),
        ),
        HidProblem::Uhid(error) => (
            format!("/dev/uhid を使えません: {error}。"),
            "セキュリティポリシー(SELinux、AppArmor)で禁止されていないか確認してください。".into(),
        ),
        HidProblem::NoRelay(path) => (
            format!("デバイスを作る中継プログラムが {} にありません。", path.display()),
            format!("一度だけ次を実行して設定してください: {}", set_up_security_key()),
        ),
        HidProblem::NotStartedBySystemd => (
            "このコマンドはセキュリティキーのレポートを中継しますが、接続がありません。".into(),
            format!(
                "次を一度実行しておけば、必要なときにsystemdが起動します: {}",
                set_up_security_key()
            ),
        ),
        HidProblem::OtherUser => (
            "ソケットの持ち主ではないユーザーが接続しています。".into(),
            "ソケットはユーザーごとに用意してください。接続できるのはそのユーザーだけです。".into(),
        ),
        HidProblem::Descriptors => (
            "このコマンドに必要のないファイルが開かれています。".into(),
            "標準入力・標準出力・標準エラー出力だけを開いた状態で起動してください。".into(),
        ),
        HidProblem::Privileges(error) => (
            format!("権限を放棄できませんでした: {error}。"),
            "rootとして、setuidやcapsetを禁止するフィルターなしで起動してください。".into(),
        ),
        HidProblem::Socket(path, error) => (
            format!("{} を作成できません: {error}。", path.display()),
            "rootとして、rootだけが書き込めるフォルダーのパスを指定して起動してください。".into(),
        ),
        HidProblem::System(error) => (
            format!("システムがエラーを報告しました: {error}。"),
            "もう一度起動してください。繰り返し起こる場合はご報告ください。".into(),
        ),
        HidProblem::NeedsAdministrator => (
            "この操作ができるのは管理者だけです。".into(),
            "sudoを付けて実行してください。".into(),
        ),
        HidProblem::WhoseKey => (
            "だれのセキュリティキーにするのか指定されていません。".into(),
            "使う人がsudoで実行するか、--owner に続けてユーザー番号(`id -u ユーザー名` で表示されます)を指定してください。".into(),
        ),
        HidProblem::NoSystemd(owner) => (
            "ファイルは書き込みましたが、このシステムではsystemdが動いていません。".into(),
            format!(
                "別の方法で次の2つを起動してください。rootとして: {program} hid-device --listen {socket} --owner {owner}　そのユーザーとして: {program} hid",
                program = program(),
                socket = socket_of(*owner).display(),
            ),
        ),
        HidProblem::CommandFailed(command, said) => (
            format!("`{command}` が失敗しました: {}。", said.trim_end_matches('.')),
            "ファイルの書き込みは終わっています。原因を取り除いてから、もう一度実行してください。".into(),
        ),
        HidProblem::OtherFile(path) => (
            format!("{} の内容が、このプログラムが書き込むものと違います。", path.display()),
            format!("このプログラムを使う場合は、次を実行してください: {}", set_up_security_key()),
        ),
        HidProblem::NoSocket(user) => (
            "セキュリティキーは設定されていますが、あなた用ではありません。".into(),
            format!("次を実行してください: sudo systemctl enable --now jpki-authenticator-hid@{user}.socket"),
        ),
        HidProblem::OtherSocket(path, user) => (
            format!("{} はあなたのものではありません。", path.display()),
            format!("次を実行してください: sudo systemctl restart jpki-authenticator-hid@{user}.socket"),
        ),
        HidProblem::ServiceStopped => (
            "サービスが動いていません。".into(),
            "次を実行してください: systemctl --user enable --now jpki-authenticator-hid.service".into(),
        ),
        HidProblem::NodeNotYours(node) => (
            format!("{} はありますが、あなたには開く権限がありません。", node.display()),
            "sudo udevadm control --reload を実行してから、カードをセットし直してください。".into(),
        ),
        HidProblem::NodeShared(node) => (
            format!("あなた以外の人も {} を開いて、カードの認証情報を使えてしまいます。", node.display()),
            "別のudevルールが原因です。そのルールを削除してください(/etc/udev/rules.d の中の hidraw を探してください)。".into(),
        ),
        HidProblem::SnapBrowser(browser) => (
            format!("{browser} がsnapとしてインストールされています。snapから使えるのは、snapdに登録されたキーだけです。"),
            format!("代わりに、ディストリビューションのパッケージの {browser} をインストールしてください。"),
        ),
        HidProblem::FlatpakBrowser(browser, id) => (
            format!("{browser} がFlatpakとしてインストールされており、デバイスを使えないことがあります。"),
            format!("キーが見つからない場合は、次を実行してください: flatpak override --user --device=all {id}"),
        ),
    }
}

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
