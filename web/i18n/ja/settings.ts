import type { settings as english } from '../en/settings.ts'
import type { Translation } from '../translation.ts'

export const settings: Translation<typeof english> = {
  'nav.label': '設定のメニュー',
  'nav.account': '自分のアカウント',
  'nav.company': '会社',
  'nav.operation': '運用',
  'nav.profile': 'プロフィール',
  'nav.security': 'セキュリティ',
  'refused.title': 'このページは開けません',
  'refused.text': 'あなたの役割には「{permission}」の権限がありません。必要な場合は管理者に依頼してください。',
  save: '保存する',
  saved: '保存しました',
  'nav.attributes': '項目とタグ',
  'nav.tiers': 'ティア',
  'nav.audit': '監査ログ',
  'nav.jobs': 'ジョブ',
  'nav.keys': 'APIキー',
  'nav.mailbox': 'メールボックス',
  'nav.notifications': '通知',
  'nav.alertRules': 'アラートのルール',
  'nav.scoring': 'リードスコア',
  'nav.channels': '通知チャネル',
  'nav.blueprints': 'ブループリント',
  'nav.teams': 'チーム',
  'nav.deliveries': '配信ログ',
}
