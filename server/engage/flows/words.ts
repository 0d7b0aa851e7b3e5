import type { Words } from '../../platform/errors/words.ts'
import type { Step } from './contract/steps.ts'

/** Why somebody did not come in, a step did nothing, or an enrolment ended, in words. */
const reasons: Readonly<Record<string, Words>> = {
  finished: { ja: '最後まで完了しました。', en: 'The flow was gone through to its end.' },
  goal: { ja: '目標を達成しました。', en: 'The goal was reached.' },
  exit: { ja: '終了条件に該当しました。', en: 'An exit condition was met.' },
  cancelled: { ja: '手動で中止しました。', en: 'It was cancelled by hand.' },
  flow_archived: { ja: 'フローが保管されました。', en: 'The flow was archived.' },
  subject_gone: { ja: '対象が統合または削除されました。', en: 'The record was merged or deleted.' },
  entry_not_met: { ja: '対象の条件を満たしていません。', en: 'The entry condition is not met.' },
  goal_met: { ja: 'すでに目標を達成しています。', en: 'It is at the goal already.' },
  already_in: { ja: 'すでにこのフローを進行中です。', en: 'It is in this flow already.' },
  reentry: {
    ja: '再開始の設定により、もう一度は始まりません。',
    en: 'It was in this flow before and may not come in again.',
  },
  holdout: { ja: '効果測定のための対照群です。', en: 'It is held out, to measure the effect against.' },
  cap: { ja: '連絡頻度の上限に達しています。', en: 'It has been contacted as often as the cap allows.' },
  no_consent: { ja: 'メール配信に同意していません。', en: 'It has not agreed to receive e-mail.' },
  unsubscribed: {
    ja: 'メール配信を停止しているか、配信できない宛先です。',
    en: 'It has unsubscribed, or the address bounces.',
  },
  no_address: { ja: 'メールアドレスがありません。', en: 'There is no e-mail address.' },
  quiet_hours: { ja: '連絡を控える時間帯です。', en: 'It is in quiet hours.' },
  no_date: { ja: '基準となる日付が入力されていません。', en: 'The date is not filled in.' },
  date_passed: { ja: '基準となる日時を過ぎています。', en: 'The date has passed.' },
  no_customer: { ja: '顧客に紐づいていません。', en: 'It belongs to no customer.' },
  nobody_to_assign: { ja: '担当できる人、または宛先がいません。', en: 'There is nobody to give it to.' },
  unchanged: { ja: '変更はありませんでした。', en: 'Nothing was to be changed.' },
  skipped_by_hand: { ja: '手動でスキップしました。', en: 'It was skipped by hand.' },
  moved_by_hand: { ja: '別のステップへ手動で移動しました。', en: 'It was moved to another step by hand.' },
  channel_missing: { ja: '送信先のチャネルがありません。', en: 'The channel is missing.' },
  template_missing: {
    ja: 'メールのテンプレート、またはそのトピックがありません。',
    en: 'The template of the e-mail, or its topic, is missing.',
  },
  address_suppressed: {
    ja: '配信を停止している宛先です。',
    en: 'Nothing is sent to this address.',
  },
  nobody_there: {
    ja: '製品を使っている担当者がいません。',
    en: 'Nobody there is known to use the product.',
  },
  message_missing: {
    ja: 'アプリ内メッセージがありません。',
    en: 'There is no such in-app message.',
  },
  step_missing: { ja: 'この版にステップがありません。', en: 'The version has no such step.' },
}

/** A reason in words; one that is not known as it is. */
export function reasonWords(reason: string): Words {
  return reasons[reason] ?? { ja: reason, en: reason }
}

/** What a step does, in a line. */
export function stepWords(step: Step): Words {
  const quoted = (ja: string, en: string, text: string) => ({ ja: `${ja}「${text}」`, en: `${en} "${text}"` })
  switch (step.kind) {
    case 'wait': {
      const unit = { minutes: '分', hours: '時間', days: '日', weeks: '週間' }[step.unit]
      return { ja: `${step.amount}${unit}待つ`, en: `Wait ${step.amount} ${step.unit}` }
    }
    case 'wait_date':
      return quoted('日付の項目まで待つ', 'Wait until the date field', step.field)
    case 'wait_working_hour':
      return { ja: '次の営業時間まで待つ', en: 'Wait for the next working hour' }
    case 'wait_condition':
      return {
        ja: `条件を満たすまで最長${step.timeoutDays}日待つ`,
        en: `Wait for a condition, ${step.timeoutDays} days at most`,
      }
    case 'branch':
      return { ja: '条件で分岐する', en: 'Branch by conditions' }
    case 'split':
      return { ja: '割合で振り分ける', en: 'Split by weights' }
    case 'task':
      return quoted('タスクを作成する', 'Make the task', step.title)
    case 'call':
      return quoted('電話のタスクを作成する', 'Make a task to call', step.title)
    case 'meeting':
      return quoted('日程調整のタスクを作成する', 'Make a task to book a meeting', step.title)
    case 'approval':
      return quoted('承認を依頼する', 'Ask for approval', step.question)
    case 'webhook':
      return quoted('Webhookを送信する', 'Send a webhook to', step.channel)
    case 'provision':
      return quoted('製品に処理を依頼する', 'Ask the product for', step.action)
    case 'change':
      return { ja: `項目を${step.changes.length}件変更する`, en: `Change ${step.changes.length} fields` }
    case 'assign':
      return { ja: '担当CSMを割り当てる', en: 'Give it a CSM' }
    case 'notice':
      return { ja: `通知する「${step.title.ja}」`, en: `Tell "${step.title.en}"` }
    case 'email':
      return quoted('メールを送信する', 'Send the e-mail', step.template)
    case 'in_app':
      return quoted('アプリ内に表示する', 'Show inside the product', step.message)
    case 'certificate':
      return { ja: `修了証を発行する「${step.title.ja}」`, en: `Issue the certificate "${step.title.en}"` }
    case 'end':
      return { ja: 'フローを終了する', en: 'End the flow' }
  }
}
