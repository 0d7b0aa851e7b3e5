import type { mailbox as english } from '../en/mailbox.ts'
import type { Translation } from '../translation.ts'

export const mailbox: Translation<typeof english> = {
  title: 'メールボックス',
  intro:
    'SMTPサーバーが未設定のため、このサーバーからのメールは送信せず、ここに保管しています。見られるのはデモ会社の管理者だけです。',
  subject: '件名',
  recipient: '宛先',
  state: '状態',
  'state.pending': '待機中',
  'state.sending': '送信中',
  'state.accepted': '送信済み',
  'state.failed': '失敗',
  'state.suppressed': '送信停止',
  'state.uncertain': '送信結果不明',
  'state.kept': '保管',
  at: '作成',
  loading: 'メール',
  empty: 'メールはまだありません',
  emptyText: '同僚を招待したり、パスワードの再設定を申し込んだりすると、メールがここに届きます。',
  closed: 'メールボックスは使えません',
  closedText: 'SMTPサーバーが設定されているため、メールは宛先に送信され、ここには保管されません。',
}
