//! 日本語。

use super::{ScriptTexts, Texts};
use crate::web::problem::{AttestationProblem, Problem, Words};

const fn words(what: &'static str, action: &'static str) -> Words {
    Words { what, action }
}

pub(in crate::web) const JA: Texts = Texts {
    other_language: "English",
    other_language_tag: "en",
    skip_to_content: "本文へ移動",
    practice_band: "練習用のサービスです。練習用・テスト用のカードを受け付けますが、それらはだれの身元も証明しません。",
    nav_register: "登録",
    nav_sign_in: "サインイン",
    nav_account: "アカウント",
    nav_sign_out: "サインアウト",
    footer: "暗証番号をこのページに入力することはありません。暗証番号がこのサービスに届くこともありません。",
    no_script: "このページには JavaScript が必要です。ブラウザーにカードの利用を求めるためです。このサイトで許可してから、再読み込みしてください。",

    help: "ヘルプ",

    home_lead: "マイナンバーカードで登録とサインインができます。パスワードはいりません。必要なのは、カードとその暗証番号だけです。",
    home_signed_in_as: "サインイン中のアカウント",
    home_steps_title: "ご利用の流れ",
    home_steps: [
        "カードをカードリーダーに置きます。",
        "確認画面が開きます。どのサービスが、何を求めているかを確かめてください。",
        "その画面に、利用者証明用の暗証番号（数字4桁）を入力します。暗証番号はカードにだけ送られます。",
    ],
    home_keep_title: "このサービスが保存するもの",
    home_keep: [
        "ご自分で決めたアカウント名。",
        "カードの電子証明書の発行者と有効期限。",
        "失効を確認するための、証明書の番号と発行市区町村（暗号化して保存します）。氏名・住所・生年月日は証明書に含まれず、お尋ねもしません。",
    ],

    register_title: "登録",
    register_lead: "カードでアカウントを作ります。",
    register_name: "アカウント名",
    register_name_hint: "64文字まで。本名でなくてもかまいません。",
    register_certificate_required: "このサービスへの登録には電子証明書が必要です。確認画面で「電子証明書を提示する」をオンにしてください。",
    register_certificate_optional: "確認画面で、電子証明書を提示するかどうかを選べます。提示すると、何が身元を証明したかがアカウントに表示されます。",
    register_card_key: "カード自体の鍵を使う",
    register_card_key_hint: "このカードがあればどのパソコンでも使え、毎回カード自体が署名します。ただし、この鍵を使うすべてのサービスで同じ鍵になり、電子証明書の期限とともに使えなくなります。使わない場合は、このサービスだけの鍵をこのパソコンに作ります。",
    register_card_key_first: "確認画面で、カード自体の鍵を使うかどうかを選べます。どのパソコンでも使えますが、この鍵を使うすべてのサービスで同じ鍵になります。",
    register_card_key_only: "このサービスにはカード自体の鍵が必要です。確認画面で「カード自体の鍵を使う」をオンにしてください。この鍵を使うすべてのサービスで同じ鍵になります。",
    register_button: "カードで登録する",
    register_once: "別のパソコンや以前のカードで登録したことがありますか。二つ目のアカウントは作らないでください。登録したパソコンでサインインして「別のパソコンを追加」を押し、表示されたコードをこちらで入力します。",
    register_have_code: "コードを持っている",
    register_have_account: "登録がお済みの方は",
    add_title: "認証情報の追加",
    add_lead: "次のアカウントに、新しい認証情報を追加します。",
    add_button: "カードで追加する",
    enrolment_closed: "現在、登録を受け付けていません。",

    computer_title: "別のパソコンを追加",
    computer_steps: [
        "もう一台のパソコンに、カード用ソフトウェアを入れ、カードをカードリーダーに置きます。",
        "そのパソコンでこのサービスを開き、「登録」、「コードを持っている」の順に進みます。",
        "ここでコードを作り、そのパソコンに入力します。",
    ],
    computer_button: "コードを作る",
    computer_code: "コード",
    computer_code_good: "10分以内に、一度だけ使えます。新しく作ると、前のコードは使えなくなります。",
    computer_code_secret: "このコードを知った人は、自分のカードをあなたのアカウントに追加できます。だれにも教えず、このサービス以外には入力しないでください。",
    link_title: "このパソコンを追加",
    link_lead: "サインインしているパソコンのアカウント画面で「別のパソコンを追加」を押すと、このパソコン用のコードが表示されます。",
    link_only_yours: "ご自分で作ったコードか、サービスの運営者から受け取ったコードだけを入力してください。ほかの人のコードを入力すると、あなたのカードがその人のアカウントに追加され、ご自分のアカウントは作れなくなります。",
    link_code: "コード",
    link_code_hint: "英数字10文字。登録したパソコンも以前のカードもない場合は、サービスの運営者が、本人であることを確認したうえでコードを発行できます。",

    sign_in_title: "サインイン",
    sign_in_lead: "カードをカードリーダーに置いてから、ボタンを押してください。",
    sign_in_button: "カードでサインインする",
    sign_in_name: "アカウント名（任意）",
    sign_in_name_hint: "登録したパソコンでは、入力する必要はありません。セキュリティキーやカード自体の鍵など、持ち運べる鍵で登録した場合に使います。",
    sign_in_other_computer: "別のパソコンや以前のカードで登録した場合、このパソコンにはまだ認証情報がありません。登録したパソコンでサインインして「別のパソコンを追加」を押し、表示されたコードをこちらで入力してください。",
    sign_in_no_account: "アカウントをお持ちでない方は",

    account_title: "アカウント",
    account_name: "アカウント名",
    account_since: "登録日",
    vouched_title: "身元を証明したもの",
    vouched_issuer: "カード",
    vouched_generation: "認証局の世代",
    vouched_confirmed: "確認日時",
    vouched_until: "証明書の有効期限",
    vouched_expired: "有効期限が切れています。このサービスだけの鍵なら、更新するまでこのカードでサインインできます。カード自体の鍵では、もうできません。",
    vouched_renewal: "カードを更新・再発行すると鍵が変わり、以前のカードの認証情報は使えなくなります。更新の前に、カード用ソフトウェアでバックアップを作ってください。バックアップは新しいカードに引き継げます。その後サインインし、新しいカードをここに追加してください。バックアップがない場合は、サービスの運営者にコードの発行を依頼してください。",
    vouched_revocation: "失効の確認",
    revocation_not_checked: "未確認。この証明書が失効していないかどうかを、発行者に確認していません。",
    revocation_good: "最後の確認時には、失効していませんでした。",
    vouched_nobody: "ありません。毎回同じパスキーが使われていることは分かりますが、あなたがだれであるかは証明されていません。",
    badge_practice: "練習用",
    badge_test: "テスト用",
    note_practice: "練習用の証明書です。だれの身元も証明しません。",
    note_test: "テスト用の証明書です。だれの身元も証明しません。",
    credentials_title: "認証情報",
    credentials_kind: "種類",
    credentials_created: "登録",
    credentials_used: "最終利用",
    credentials_proven: "証明されたこと",
    credentials_never: "まだありません",
    credentials_current: "今回使用",
    credentials_recent: "最近追加",
    credentials_by_registering: "登録時から",
    kind_passkey: "パスキー",
    key_card: "カード自体の鍵",
    key_sealed: "このサービスだけの鍵",
    proven_at_registration: "登録時：",
    proven_at_sign_in: "サインイン時：",
    proven_registration_eid: "カードが、暗証番号の照合後に署名しました。",
    proven_registration_passkey: "端末が本人確認をしました。だれであるかは証明されていません。",
    proven_sign_in_eid: "この認証情報の鍵を持っていること。鍵を使うにはカードと暗証番号が必要だと、パソコンのソフトウェアが申告しています。カード自体は署名しません。",
    proven_sign_in_card: "カード自体が、暗証番号の照合後に、電子証明書の鍵で毎回新しく署名したこと。どのパソコンでも使えますが、この鍵を使うすべてのサービスで同じ鍵です。",
    proven_sign_in_passkey: "この認証情報の鍵を持っていること。端末が本人確認をしました。",
    account_unknown_credential: "追加した覚えのない認証情報があるときは、すぐにサービスの運営者へ連絡してください。",
    account_add: "認証情報を追加",
    account_add_computer: "別のパソコンを追加",

    not_found_title: "ページがありません",
    to_home: "最初のページへ",

    script: ScriptTexts {
        starting: "お待ちください…",
        waiting: "開いた確認画面で続けてください。サービスを確かめてから、暗証番号を入力します。",
        finishing: "カードの応答を確認しています…",
        done: "完了しました。",
        cancelled: words(
            "完了しませんでした。取り消されたか、時間切れになりました。",
            "カードをカードリーダーに置いて、もう一度お試しください。",
        ),
        no_sign_in: words(
            "完了しませんでした。取り消されたか、時間切れか、このパソコンにあなたの認証情報がありません。",
            "カードをカードリーダーに置いて、もう一度お試しください。別のパソコンや以前のカードで登録した場合は、コードでこのパソコンを追加してください。",
        ),
        already_here: words(
            "このカードは、このパソコンでこのアカウントに登録済みです。",
            "追加の必要はありません。そのままサインインしてください。",
        ),
        unsupported: words(
            "このブラウザーでは、カードもパスキーも使えません。",
            "カードリーダーとカード用の拡張機能があるパソコンの、Chromium または Chrome で開いてください。",
        ),
        no_authenticator: words(
            "カードを使えるものが見つかりませんでした。",
            "Chromium または Chrome でカード用の拡張機能が有効になっているか、カードがカードリーダーにあるかを確かめてください。",
        ),
        refused_by_browser: words(
            "ブラウザーが拒否しました。このページのアドレスは、このサービスのものではありません。",
            "アドレスを確かめてください。正しい場合は、サービスの運営者へ連絡してください。",
        ),
        offline: words(
            "サービスが応答しませんでした。",
            "接続を確かめて、もう一度お試しください。",
        ),
        save_registration: words(
            "受け付けられなかった登録を保存",
            "サービスの運営者は、このファイルから理由を調べられます。電子証明書の番号が含まれています。運営者以外には渡さないでください。",
        ),
    },
    problem,
};

const fn problem(problem: Problem) -> Words {
    match problem {
        Problem::NameEmpty => words(
            "アカウント名が入力されていません。",
            "入力してから、もう一度お試しください。",
        ),
        Problem::NameTooLong => words("アカウント名が長すぎます。", "64文字以内にしてください。"),
        Problem::NameInvisible => words(
            "アカウント名に、目に見えない文字が含まれています。",
            "貼り付けずに、入力し直してください。",
        ),
        Problem::NameTaken => words(
            "このアカウント名は、すでに使われています。",
            "ご自分のアカウントの場合は、サインインしてください。新しいパソコンは、コードで追加できます。そうでない場合は、別の名前にしてください。",
        ),
        Problem::SignedInAsOther => words(
            "別のアカウントにサインインしています。",
            "新しいアカウントを作るには、先にサインアウトしてください。",
        ),
        Problem::LinkCode => words(
            "このコードは使えません。入力の誤りか、使用済みか、期限切れです。",
            "もう一度確かめるか、サインインしているパソコンの「別のパソコンを追加」で新しいコードを作ってください。",
        ),
        Problem::ChallengeUnknown => words(
            "この操作は、期限が切れたか、すでに使われました。",
            "最初からやり直してください。",
        ),
        Problem::Malformed => words(
            "ブラウザーまたはカードの応答を読み取れません。",
            "もう一度お試しください。繰り返す場合は、ブラウザーとカード用ソフトウェアを更新してください。",
        ),
        Problem::AttestationRequired => words(
            "電子証明書が提示されませんでした。このサービスへの登録には必要です。",
            "もう一度登録し、確認画面で「電子証明書を提示する」をオンにしてください。",
        ),
        Problem::Attestation { kind, .. } => attestation(kind),
        Problem::NoCurrentIssuer => words(
            "このサービスが認める認証局は、どれも有効期間外です。",
            "サービスの運営者へ連絡してください。",
        ),
        Problem::RevocationNotChecked => words(
            "電子証明書が失効していないかどうかを現在確認できないため、受け付けられません。",
            "時間をおいてお試しになるか、サービスの運営者にお問い合わせください。",
        ),
        Problem::OtherOrigin => words(
            "カードの応答は、別のサイトに対するものです。",
            "このページのアドレスを確かめて、最初からやり直してください。",
        ),
        Problem::OtherRpId => words(
            "カードの応答は、別のサービスに対するものです。",
            "このページのアドレスを確かめて、最初からやり直してください。",
        ),
        Problem::NotVerified => words(
            "暗証番号の照合が行われませんでした。",
            "もう一度お試しになり、暗証番号を入力してください。",
        ),
        Problem::RegistrationRefused => words(
            "この登録は、パスキーに必要な検査を通りませんでした。",
            "もう一度お試しください。繰り返す場合は、ブラウザーとカード用ソフトウェアを更新してください。",
        ),
        Problem::CertificateTaken => words(
            "このカードのアカウントが、すでにあります。",
            "そのアカウントにサインインしてください。このパソコンでできない場合は、登録したパソコンでサインインして「別のパソコンを追加」を押し、そのコードを「コードを持っている」から入力します。そのパソコンがない場合や、登録した覚えがない場合は、サービスの運営者へ連絡してください。",
        ),
        Problem::CredentialTaken => words(
            "この認証情報は、すでに登録されています。",
            "そのままサインインしてください。",
        ),
        Problem::CardKeyRequired => words(
            "このサービスにはカード自体の鍵が必要ですが、別の鍵が作られました。",
            "もう一度登録し、確認画面で「カード自体の鍵を使う」をオンにしてください。",
        ),
        Problem::CardExpired => words(
            "電子証明書の有効期限が切れたため、この認証情報は使えません。",
            "ほかの認証情報でサインインするか、市区町村の窓口でカードを更新し、サービスの運営者にコードの発行を依頼してください。",
        ),
        Problem::TooMany => words(
            "1分間の試行回数が多すぎます。",
            "1分ほど待ってから、もう一度お試しください。アカウント名は、なくてもよければ空のままにしてください。",
        ),
        Problem::SignInFailed => words(
            "サインインできませんでした。",
            "登録したパソコンとカードで、もう一度お試しください。別のパソコンや更新したカードは、先にコードで追加してください。アカウントがない場合は、登録してください。",
        ),
        Problem::NotSignedIn => words("サインインしていません。", "先にサインインしてください。"),
        Problem::CrossSite => words(
            "この要求は、このサービスのページから送られたものではありません。",
            "このサービスを新しいタブで開いて、やり直してください。",
        ),
        Problem::NotJson => words(
            "要求が JSON ではありません。",
            "Content-Type: application/json で送ってください。",
        ),
        Problem::TooLarge => words("要求が大きすぎます。", "小さくして送ってください。"),
        Problem::NotFound => words(
            "このアドレスには何もありません。",
            "アドレスを確かめるか、最初のページからお進みください。",
        ),
        Problem::MethodNotAllowed => words(
            "このアドレスでは、その種類の要求を受け付けません。",
            "メソッドを確かめてください。",
        ),
        Problem::Internal => words(
            "サービス側で問題が起きました。",
            "時間をおいて、もう一度お試しください。",
        ),
    }
}

const fn attestation(kind: AttestationProblem) -> Words {
    match kind {
        AttestationProblem::Expired => words(
            "カードの電子証明書が有効期間外です。",
            "市区町村の窓口で更新してから、更新したカードで登録してください。すでにアカウントがある場合は、コードで追加してください。",
        ),
        AttestationProblem::IssuerExpired => words(
            "電子証明書を発行した認証局が有効期間外です。",
            "市区町村の窓口で電子証明書を更新してから、更新したカードで登録してください。すでにアカウントがある場合は、コードで追加してください。",
        ),
        AttestationProblem::UnknownIssuer => words(
            "この電子証明書の発行者は、このサービスでは認められていません。",
            "正しいカードをお使いか確かめてください。テスト用や練習用のカードは、運営者が認めた場合しか使えません。",
        ),
        AttestationProblem::WrongCertificate => words(
            "カードの利用者証明用電子証明書ではありません。",
            "利用者証明用（暗証番号が数字4桁）の電子証明書をお使いください。",
        ),
        AttestationProblem::Altered => words(
            "カードが署名したものと、届いたものが一致しません。",
            "もう一度お試しください。繰り返す場合は、先に進まず、サービスの運営者へ連絡してください。",
        ),
        AttestationProblem::Malformed => words(
            "カードの電子証明書または署名を読み取れません。",
            "もう一度お試しください。繰り返す場合は、カード用ソフトウェアを更新してください。",
        ),
        AttestationProblem::Revoked => words(
            "カードの電子証明書は失効しています。",
            "市区町村の窓口で、新しい電子証明書を発行してもらってください。",
        ),
        AttestationProblem::RevocationUnknown => words(
            "電子証明書が失効していないかどうかを、現在確認できません。",
            "時間をおいてお試しください。",
        ),
    }
}
