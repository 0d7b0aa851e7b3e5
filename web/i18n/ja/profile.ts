import type { profile as english } from '../en/profile.ts'
import type { Translation } from '../translation.ts'

export const profile: Translation<typeof english> = {
  title: 'プロフィール',
  about: '基本情報',
  name: '氏名',
  email: 'メールアドレス',
  emailHint: 'サインインに使うアドレスです。この画面では変更できません。',
  language: '言語',
  languageHint: '画面と、あなた宛てのメールに使います。',
  zone: 'タイムゾーン',
  zoneHint: 'あなた個人に関わる時刻に使います。画面の日付は、会社のタイムゾーン（{zone}）で表示します。',
  'zone.search': '都市名やタイムゾーン名で検索',
  'zone.none': '見つかりません。大きな都市の名前でお試しください。',
  view: '表示',
  viewNote: 'このブラウザーに保存されます',
}
