//! 日本語。

use super::HidProblem;
use crate::messages::program;

pub(super) fn problem(problem: &HidProblem<'_>) -> (String, String) {
    match problem {
        HidProblem::NotLoopback(address) => (
            format!("{address} にはほかのコンピューターから接続できてしまいます。"),
            "このコンピューター専用のアドレス（127.0.0.1:8111 など）を指定してください。".into(),
        ),
        HidProblem::Udp(address, error) => (
            format!("{address} で待ち受けできません：{error}。"),
            "そのポートを使っているプログラムを終了するか、別のポートを指定してください。".into(),
        ),
        HidProblem::ScriptUnreadable(path, error) => (
            format!("{} を読み取れません：{error}。", path.display()),
            "1行に1つずつ回答を書いたテキストファイルを指定してください。".into(),
        ),
        HidProblem::ScriptWrong(path, line) => (
            format!("{} の{line}行目は回答として解釈できません。", path.display()),
            "次のいずれかを書いてください：pin 1234、pin-again 1234、approve、choose 1、decline、wait 300、repeat".into(),
        ),
        HidProblem::ScriptWithoutUdp => (
            "すべてのプログラムから見えるデバイスで、人の代わりにファイルが回答することはできません。".into(),
            "--prompt は、練習用カードでのテストのために --udp と一緒に指定してください。".into(),
        ),
        HidProblem::NoUhid => (
            "カーネルに /dev/uhid がありません。".into(),
            "モジュールを読み込んでください：sudo modprobe uhid".into(),
        ),
        HidProblem::UhidNotAllowed => (
            "デバイスを作成できるのは管理者だけです。".into(),
            format!("一度だけ次を実行して設定してください：sudo {} install --hid", program()),
        ),
        HidProblem::Uhid(error) => (
            format!("/dev/uhid を使えません：{error}。"),
            "セキュリティポリシー（SELinux、AppArmor）で禁止されていないか確認してください。".into(),
        ),
        HidProblem::NotStartedBySystemd => (
            "このコマンドはセキュリティキーのレポートを中継しますが、接続がありません。".into(),
            format!(
                "次を一度実行しておけば、必要なときにsystemdが起動します：sudo {} install --hid",
                program()
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
            format!("権限を放棄できませんでした：{error}。"),
            "rootとして、setuidやcapsetを禁止するフィルターなしで起動してください。".into(),
        ),
        HidProblem::Socket(path, error) => (
            format!("{} を作成できません：{error}。", path.display()),
            "rootとして、rootだけが書き込めるフォルダーのパスを指定して起動してください。".into(),
        ),
        HidProblem::System(error) => (
            format!("システムがエラーを報告しました：{error}。"),
            "もう一度起動してください。繰り返し起こる場合はご報告ください。".into(),
        ),
    }
}
