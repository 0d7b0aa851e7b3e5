import type { Words } from '../../platform/errors/words.ts'
import type { Problem, ProblemCode } from './row.ts'

/** What is wrong and what to do, by code; `accepted` stands for what would have been accepted. */
const words: Record<ProblemCode, (accepted: string) => Words> = {
  unreadable_characters: () => ({
    ja: '読み取れない文字が含まれています。文字コードの指定を確認するか、文字を直してください。',
    en: 'There are characters that cannot be read. Check the encoding, or correct the text.',
  }),
  too_long: most => ({
    ja: `長すぎます（上限: ${most}文字）。短くしてください。`,
    en: `This is too long (at most ${most} characters). Shorten it.`,
  }),
  too_many_cells: width => ({
    ja: `見出し（${width}列）より多くのセルがあります。区切り文字を含む値は引用符（"）で囲んでください。`,
    en: `There are more cells than the header has columns (${width}). Put values that hold the delimiter in quotation marks (").`,
  }),
  not_number: () => ({ ja: '数値として読み取れません。', en: 'This is not a number.' }),
  not_whole: () => ({ ja: '整数ではありません。', en: 'This is not a whole number.' }),
  out_of_range: range => ({ ja: `範囲外の値です（${range}）。`, en: `This is out of range (${range}).` }),
  not_date: () => ({
    ja: '日付として読み取れません。2026-01-05 または 2026/1/5、令和8年1月5日 の形にするか、日付の順序の指定を確認してください。',
    en: 'This is not a date. Write it like 2026-01-05 or 1/5/2026, and check the order of day and month.',
  }),
  not_choice: choices => ({
    ja: `選択肢にない値です。次のいずれかにするか、値の対応を指定してください: ${choices}`,
    en: `This is none of the choices. Use one of these, or say what the value means: ${choices}`,
  }),
  not_boolean: () => ({ ja: '「はい」「いいえ」として読み取れません。', en: 'This is neither yes nor no.' }),
  not_email: () => ({ ja: 'メールアドレスではありません。', en: 'This is not an e-mail address.' }),
  not_domain: () => ({
    ja: 'ドメインではありません（例: example.co.jp）。',
    en: 'This is not a domain (such as example.com).',
  }),
  required: field => ({ ja: `必須の項目が空です: ${field}`, en: `A required field is empty: ${field}` }),
  no_customer: () => ({
    ja: '該当する顧客が見つかりません。先に顧客をインポートするか、IDを確認してください。',
    en: 'There is no such customer. Import the customers first, or check the id.',
  }),
  no_contact: () => ({
    ja: '該当する顧客も関係者も見つかりません。先に登録するか、IDやメールアドレスを確認してください。',
    en: 'There is neither such a customer nor such a contact. Import them first, or check id and address.',
  }),
  no_member: () => ({
    ja: '該当するメンバーがいません。メンバーのメールアドレスまたは氏名を指定してください。',
    en: 'No member has this e-mail address or name.',
  }),
  no_invoice: () => ({
    ja: '該当する請求書が見つかりません。先に請求書をインポートしてください。',
    en: 'There is no such invoice. Import the invoices first.',
  }),
  no_key: () => ({
    ja: '行を特定できる値（ID、メールアドレス、名前など）がすべて空です。',
    en: 'Everything by which the row could be told apart (id, address, name) is empty.',
  }),
  exists: () => ({
    ja: '同じIDまたはメールアドレスの記録がすでにあります。',
    en: 'There is a record with this id or e-mail address already.',
  }),
  duplicate_in_file: () => ({
    ja: '同じ記録を指す行がファイルの前の方にあります。',
    en: 'An earlier row of the file is about the same record.',
  }),
  end_before_start: () => ({ ja: '終了日が開始日より前です。', en: 'The end is before the start.' }),
  not_json: () => ({ ja: 'JSONとして読み取れません。', en: 'This is not valid JSON.' }),
  not_object: () => ({ ja: 'JSONのオブジェクト（{ … }）ではありません。', en: 'This is not a JSON object ({ … }).' }),
  too_deep: most => ({
    ja: `入れ子が深すぎます（上限${most}段）。`,
    en: `This is nested too deeply (at most ${most} levels).`,
  }),
  too_many_keys: most => ({
    ja: `キーが多すぎます（上限${most}個）。`,
    en: `There are too many keys (at most ${most}).`,
  }),
  refused: () => ({
    ja: '保存できない値の組み合わせです。値の範囲と、関連する項目を確認してください。',
    en: 'These values cannot be stored together. Check their ranges and the fields that depend on each other.',
  }),
}

/** A problem in the words of both languages. */
export function problemWords({ code, accepted }: Pick<Problem, 'code' | 'accepted'>): Words {
  return words[code](accepted ?? '')
}
