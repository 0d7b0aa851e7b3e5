import type { docs as english } from '../en/docs.ts'
import type { Translation } from '../translation.ts'

export const docs: Translation<typeof english> = {
  title: 'APIリファレンス',
  intro:
    'Kizunaの画面でできることは、すべてAPIからも実行できます。この一覧は、サーバーが公開しているOpenAPI文書から作成しています。',
  address: 'アドレス',
  authorization: '認証',
  authorizationText: 'APIキーを Authorization: Bearer kzk_… として送ります。キーは管理者が設定画面で作成します。',
  writes: '書き込み',
  writesText:
    'Idempotency-Key に任意の値を付けると、応答を受け取れずに再送した場合も処理は1回だけ行われ、同じ応答が返ります。',
  lists: '一覧',
  listsText: 'limit で件数を指定し、cursor に前のページの next を渡します。最後のページでは next が null になります。',
  failures: 'エラー',
  failuresText:
    'Problem Details（RFC 9457）で返します。code はプログラム向け、detail は利用者向け、errors は項目ごとの内容です。',
  groups: '操作の分類',
  search: '操作を検索',
  count: '{count, number}件の操作',
  none: '該当する操作がありません',
  noneText: 'members のようなパスの一部や、audit.read のような権限名でお試しください。',
  failed: 'リファレンスを読み込めませんでした。',
  access: '必要な権限',
  accessPublic: '不要（サインインせずに利用できます）',
  accessSession: 'サインインした利用者（セッションのクッキー。APIキーは使えません）',
  accessHalfSession: 'サインインした利用者（二段階認証の完了前を含む）',
  accessPermission: 'APIキー、またはサインインした利用者。必要な権限:',
  parameters: 'パラメーター',
  request: 'リクエスト本文',
  response: 'レスポンス',
  noBody: '本文はありません。',
  text: 'テキストです。',
  required: '必須',
  example: '例',
}
