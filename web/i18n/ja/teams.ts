import type { teams as english } from '../en/teams.ts'
import type { Translation } from '../translation.ts'

export const teams: Translation<typeof english> = {
  title: 'チーム',
  name: 'チーム名',
  count: '人数',
  members: 'メンバー',
  membersOf: '{name}のメンバー',
  nobody: 'メンバーなし',
  chosen: '{count, number}人を選択中',
  create: 'チームを作成',
  createTitle: 'チームを作成',
  createSubmit: '作成する',
  created: 'チーム「{name}」を作成しました',
  actionsFor: '{name}への操作',
  edit: '編集…',
  editTitle: '{name}を編集',
  changed: 'チーム「{name}」を保存しました',
  dissolve: '解散…',
  dissolveTitle: 'チーム「{name}」を解散しますか',
  dissolveText:
    '{count, plural, =0 {メンバーはいません。} other {メンバー#人は会社に残ります。}}このチームを通じて見えていた記録は見えなくなります。元に戻せません。',
  dissolveConfirm: 'チームを解散',
  dissolved: 'チーム「{name}」を解散しました',
  ownOnly: '変更できるのは、ご自身が所属するチームだけです。',
  empty: 'チームはまだありません',
  emptyText: '権限の範囲が「チーム」の役割では、同じチームのメンバーの顧客やタスクも見られます。',
}
