import type { company as english } from '../en/company.ts'
import type { Translation } from '../translation.ts'

export const company: Translation<typeof english> = {
  title: '会社',
  about: '会社の情報',
  slug: '会社のアドレス（英数字）',
  slugHint: '半角の英小文字・数字・ハイフンで3〜40文字。このサーバー内で重複できません。',
  language: '言語',
  languageHint: '言語を選んでいない方へのメールに使います。',
  zone: 'タイムゾーン',
  zoneHint: '画面の日時、日次の集計、定期実行の基準になります。',
  currency: '通貨',
  currencyHint: '売上や更新金額の表示に使います。登録済みの金額は換算されません。',
  'currency.JPY': '日本円（JPY）',
  'currency.USD': '米ドル（USD）',
  fiscal: '会計年度の開始月',
  fiscalHint: '四半期と年度の集計は、この月から数えます。',
  since: '登録日',
  readOnly: '設定を変更できるのは管理者のみです。',
}
