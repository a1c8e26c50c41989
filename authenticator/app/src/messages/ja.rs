//! 日本語。

use super::{History, Message};
use crate::failure::Failure;
use crate::native_messaging::outgoing::FatalCode;

pub(super) fn failure(failure: Failure) -> Message {
    let (happened, remedy) = match failure {
        Failure::Cancelled => ("操作が取り消されました。", ""),
        Failure::OtherAuthenticator => ("この操作には別の認証器を使います。", ""),
        Failure::TimedOut => (
            "時間内に応答がありませんでした。",
            "サイトからもう一度やり直してください。",
        ),
        Failure::NoReader => (
            "カードリーダーが接続されていません。",
            "接続してから、もう一度お試しください。",
        ),
        Failure::NoCard => (
            "マイナンバーカードが検出されませんでした。",
            "カードをケースから出し、向きを確かめてリーダーにセットしてください。",
        ),
        Failure::SeveralCards => (
            "マイナンバーカードが複数セットされています。",
            "使うカードを1枚だけ残してください。",
        ),
        Failure::CardRemoved => (
            "途中でカードが取り外されました。",
            "サイトからやり直し、終わるまでカードを動かさないでください。",
        ),
        Failure::CardChanged => (
            "カードが、画面に表示したものと違います。",
            "サイトからやり直し、終わるまでカードを動かさないでください。",
        ),
        Failure::CardBusy => (
            "ほかのプログラムがカードを使用中です。",
            "そのプログラムを閉じて、もう一度お試しください。",
        ),
        Failure::CardUnsupported => (
            "このカードでは必要な処理ができません。",
            "利用者証明用電子証明書が入ったマイナンバーカードか確かめてください。`jpki-authenticator card` でカードの内容を表示できます。",
        ),
        Failure::CardFailed => (
            "カードまたはリーダーとの通信に失敗しました。",
            "カードをセットし直してください。直らない場合は、リーダーを接続し直してください。",
        ),
        Failure::CertificateExpired => (
            "カードの電子証明書は有効期限が切れています。",
            "市区町村の窓口で更新してください。",
        ),
        Failure::PcscNotRunning => (
            "PC/SCサービスが応答しません。",
            "サービスを起動してください（`sudo systemctl enable --now pcscd.socket`）。インストールされていない場合は、先にインストールしてください（Debian、Ubuntuの場合は `sudo apt install pcscd`）。どちらかは `jpki-authenticator doctor` で確認できます。",
        ),
        Failure::PinLocked => (
            "暗証番号がロックされています。",
            "市区町村の窓口で再設定してください。署名用パスワードが使える場合は、J-LISのスマートフォンアプリとコンビニのキオスク端末でも再設定できます。",
        ),
        Failure::NoCredential => (
            "このパソコンには、このカードでこのサイトに登録した認証情報がありません。",
            "先にサイトで登録するか、別のカードをお使いください。",
        ),
        Failure::Excluded => (
            "このカードはすでにサイトに登録されています。",
            "登録ではなく、サインインしてください。",
        ),
        Failure::UnsupportedAlgorithm => (
            "サイトが受け付ける署名方式に、この認証器は対応していません。",
            "このサイトでは別の認証器をお使いください。",
        ),
        Failure::RpId => (
            "サイトが、別のサイトの認証情報を要求しました。",
            "サイトの運営者が、オリジンに合ったRP IDを使う必要があります。",
        ),
        Failure::Origin => (
            "認証情報を使えない場所からの要求です。",
            "サイトの運営者が、ドメイン名を使ったHTTPSでページを提供する必要があります。",
        ),
        Failure::CrossOrigin => (
            "別のオリジンのフレームからの要求です。",
            "サイトの運営者が、ページ自体から要求するようにする必要があります。",
        ),
        Failure::BadRequest => (
            "サイトの要求の形式が正しくありません。",
            "サイトの運営者による修正が必要です。",
        ),
        Failure::PrfInputs => (
            "サイトの要求にある鍵の指定(prf)が、許可する認証情報と合っていません。",
            "サイトの運営者による修正が必要です。",
        ),
        Failure::NotSupported => (
            "サイトが要求する機能に、この認証器は対応していません。",
            "このサイトでは別の認証器をお使いください。",
        ),
        Failure::Storage => (
            "認証情報の保存場所を使えません。",
            "理由は上の行にあります。詳しくは `jpki-authenticator doctor` で確認できます。",
        ),
        Failure::Internal => (
            "このプログラムの不具合です。",
            "上の行を添えてご報告ください。秘密の情報は含まれていません。",
        ),
    };
    Message { happened, remedy }
}

pub(super) fn fatal(code: FatalCode) -> Message {
    let (happened, remedy) = match code {
        FatalCode::ProtocolVersion => (
            "ブラウザー拡張機能の通信方式のバージョンが違います。",
            "拡張機能とこのプログラムを更新してください。",
        ),
        FatalCode::BadMessage => (
            "ブラウザー拡張機能が通信の決まりに反しました。",
            "拡張機能とこのプログラムを更新してください。",
        ),
        FatalCode::NotOurExtension => (
            "呼び出し元が、本プロジェクトのブラウザー拡張機能ではありません。",
            "このコマンドはブラウザーが起動します。手で実行する必要はありません。",
        ),
    };
    Message { happened, remedy }
}

/// The history's headings, and what stands there when it is empty.
pub(super) const HISTORY: History = History {
    when: "日時",
    what: "提供したもの",
    certificate: "電子証明書",
    card_key: "カード自体の鍵",
    site: "サイト",
    empty: "このパソコンから、カードの電子証明書やカード自体の鍵を提供したサイトはありません。",
};
