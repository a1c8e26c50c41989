//! The commands and their arguments, with what `--help` says of each in both languages.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::help::both;
use crate::hid::PromptChoice;
use crate::let_go;

/// The command line.
#[derive(Debug, Parser)]
#[command(version, about = both!("Puts the My Number Card behind WebAuthn", "マイナンバーカードをWebAuthnで使えるようにします"))]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(about = both!(
        "Serve the browser extension on standard input and output\n(browsers start this themselves)",
        "標準入出力でブラウザー拡張機能に応答します(ブラウザーが起動します)"
    ))]
    NativeHost {
        #[arg(help = both!(
            "The origin of the extension that calls, or its ID in Firefox",
            "呼び出し元の拡張機能のオリジン(Firefoxの場合はID)"
        ))]
        extension: String,
    },
    #[command(about = both!(
        "Show the cards in the readers: kind, PIN tries left, validity of the certificate.\nNever asks for the PIN",
        "リーダーにあるカードの種類、暗証番号の残り回数、電子証明書の有効期間を表示します。\n暗証番号は尋ねません"
    ))]
    Card,
    #[command(about = both!(
        "Check everything that must be so for the program to work, and say what to do",
        "動作に必要なものがそろっているかを確認し、対処方法を表示します"
    ))]
    Doctor,
    #[command(name = let_go::COMMAND, hide = true, about = both!(
        "Wait for PIN pads that still wait for a process that has ended, and unpower their cards\n(started by the program itself)",
        "終了したプロセスのために待っているテンキーを待ち、カードの電源を切ります\n(プログラム自身が起動します)"
    ))]
    LetGo {
        #[arg(help = both!("The readers", "リーダー"))]
        readers: Vec<OsString>,
    },
    #[command(about = both!(
        "Be a security key for every program on this computer, while a card is in a reader",
        "カードがリーダーにある間、どのプログラムからも使えるセキュリティキーになります"
    ))]
    Hid {
        #[arg(long, value_name = "ADDRESS", help = both!(
            "Speak CTAPHID over UDP at this address of this computer\ninstead, for test suites. 127.0.0.1:8111 is customary",
            "テスト用: デバイスの代わりに、このパソコンの\nこのアドレスで、UDP上のCTAPHIDに応答します\n(通常は127.0.0.1:8111)"
        ))]
        udp: Option<SocketAddr>,
        #[arg(long, value_name = "pinentry|none|script:FILE", help = both!(
            "Who answers prompts there: the person in windows\n(pinentry), nobody, or the lines of a file. For practice\ncards: the file has PINs in it",
            "--udp とともに: 確認に答えるもの。ウィンドウの操作\n(pinentry)、なし(none)、ファイルの各行(script)。\nファイルに暗証番号を書くので、練習用カード専用です"
        ))]
        prompt: Option<PromptChoice>,
        #[arg(long, value_name = "SOCKET", conflicts_with = "udp", help = both!(
            "The socket of the relay that makes the device",
            "デバイスを作る中継プログラムのソケット"
        ))]
        relay: Option<PathBuf>,
    },
    #[command(about = both!(
        "Make the device for `hid` and carry its reports (systemd starts this itself, as root)",
        "`hid` のデバイスを作り、レポートを中継します(systemdがrootとして起動します)"
    ))]
    HidDevice {
        #[arg(long, value_name = "SOCKET", requires = "owner", help = both!(
            "Where there is no systemd: listen here, as root",
            "systemdがない場合: rootとして、ここで接続を待ちます"
        ))]
        listen: Option<PathBuf>,
        #[arg(long, value_name = "UID", requires = "listen", help = both!(
            "The number of the user who may connect there, and whose the device is",
            "そこに接続でき、デバイスを使えるユーザーの番号"
        ))]
        owner: Option<u32>,
    },
    #[command(about = both!(
        "Make the program known to the browser, for you alone",
        "プログラムをブラウザーに登録します(自分専用)"
    ))]
    Install {
        #[arg(long, help = both!(
            "For all users of this computer instead (as an administrator)",
            "代わりに、このパソコンの全ユーザー用にします(管理者として実行)"
        ))]
        system: bool,
        #[command(flatten)]
        hid: ForHid,
        #[arg(long, value_name = "UID", requires = "hid", conflicts_with = "system", help = both!(
            "With --hid: the number of the user whose security key it is.\nUnder sudo: who called it",
            "--hid とともに: セキュリティキーを使うユーザーの番号\n(省略時は、sudoを実行したユーザー)"
        ))]
        owner: Option<u32>,
        #[arg(long, value_name = "PATH", requires = "root", conflicts_with = "system", value_parser = absolute, help = both!(
            "With --root: where the package puts the program\n(an absolute path)",
            "--root とともに: パッケージがプログラムを置く場所\n(絶対パス)"
        ))]
        program: Option<PathBuf>,
    },
    #[command(about = both!(
        "Take back what `install` did. Credentials are kept",
        "`install` で設定したものを取り除きます。認証情報は残ります"
    ))]
    Uninstall {
        #[arg(long, help = both!(
            "For all users of this computer instead (as an administrator)",
            "代わりに、このパソコンの全ユーザー用にします(管理者として実行)"
        ))]
        system: bool,
        #[command(flatten)]
        hid: ForHid,
    },
    #[command(about = both!(
        "List what was disclosed of the card, to which sites, and when",
        "カードの何を、いつ、どのサイトに開示したかを一覧表示します"
    ))]
    History,
    #[command(about = both!(
        "List, rename or remove the credentials on this computer",
        "このパソコンの認証情報の一覧表示、命名、削除をします"
    ))]
    Credentials {
        #[command(subcommand)]
        command: Option<Credentials>,
    },
    #[command(
        about = both!(
            "Write the keys of the card's credentials into a new file that a passphrase opens",
            "カードの認証情報の鍵を、パスフレーズで開く新しいファイルに書き出します"
        ),
        long_about = both!(
            "Write the keys of the card's credentials into a new file that a passphrase opens.\n\nPassphrase and PIN are typed at the terminal, never given as arguments. Credentials whose key is\nthe card's own are not in the file: they need no backup.",
            "カードの認証情報の鍵を、パスフレーズで開く新しいファイルに書き出します。\n\nパスフレーズと暗証番号は端末で入力します(引数では指定できません)。\nカード自身の鍵を使う認証情報は、バックアップが不要なため含まれません。"
        )
    )]
    Backup {
        #[arg(help = both!("The file to make", "作成するファイル"))]
        file: PathBuf,
    },
    #[command(about = both!(
        "Bring the credentials of a backup to this computer,\nfor the card that they were made with",
        "バックアップの認証情報を、それを作ったカード用に、このパソコンに復元します"
    ))]
    Restore {
        #[arg(help = both!("The file that `backup` made", "`backup` で作ったファイル"))]
        file: PathBuf,
    },
    #[command(
        about = both!(
            "Move credentials to the card that has taken the old one's place",
            "前のカードに替わる新しいカードに、認証情報を移します"
        ),
        long_about = both!(
            "Move credentials to the card that has taken the old one's place.\n\nFrom a backup, or from the old card while both are at hand.",
            "前のカードに替わる新しいカードに、認証情報を移します。\n\nバックアップから移すか、両方のカードが手元にあれば、前のカードから移します。"
        )
    )]
    Rebind {
        #[arg(long, value_name = "FILE", help = both!(
            "The file that `backup` made with the old card",
            "前のカードのときに `backup` で作ったファイル"
        ))]
        from: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct ForHid {
    #[arg(long, conflicts_with = "system", help = both!(
        "The security key instead: the device's udev rule\nand systemd units (as an administrator)",
        "代わりにセキュリティキーを設定します: デバイスのudevルールと\nsystemdユニット(管理者として実行)"
    ))]
    pub(super) hid: bool,
    // `requires` does not count where what is required is in conflict with something that is there (clap 4).
    #[arg(
        long,
        value_name = "FOLDER",
        requires = "hid",
        conflicts_with = "system",
        help = both!(
            "With --hid: the files alone, below this folder (for packages)",
            "--hid とともに: このフォルダーの下のファイルだけを対象にします\n(パッケージ用)"
        )
    )]
    pub(super) root: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Credentials {
    #[command(about = both!(
        "List them: site, kind, card, dates, whether a backup holds them.\nThis is what `credentials` alone does",
        "サイト、種類、カード、日付、バックアップの有無を一覧表示します\n(`credentials` だけでも同じです)"
    ))]
    List {
        #[arg(long, help = both!(
            "Show the names of the accounts too: asks for the PIN of the card",
            "アカウント名も表示します(カードの暗証番号を尋ねます)"
        ))]
        names: bool,
    },
    #[command(about = both!(
        "Give a credential a name of your own, which is kept unencrypted;\nwith an empty one, take it away",
        "認証情報に名前を付けます(暗号化せずに保存)。空の名前を指定すると、名前を消します"
    ))]
    Rename {
        #[arg(help = both!("The beginning of its ID, as listed", "一覧に表示されるIDの先頭部分"))]
        id: String,
        #[arg(help = both!("The name", "名前"))]
        name: String,
    },
    #[command(about = both!(
        "Remove a credential from this computer. The site still lists it",
        "認証情報をこのパソコンから削除します。サイトの登録は残ります"
    ))]
    Remove {
        #[arg(help = both!("The beginning of its ID, as listed", "一覧に表示されるIDの先頭部分"))]
        id: String,
        #[arg(long, help = both!("Do not ask", "確認しません"))]
        yes: bool,
    },
}

fn absolute(path: &str) -> Result<PathBuf, &'static str> {
    Some(PathBuf::from(path))
        .filter(|path| path.is_absolute())
        .ok_or("not absolute")
}
