import type { Words } from '../../platform/errors/words.ts'

/** Why a message was refused, or what is to be told about one that was not: a closed list, in the words of the debugger. */
export const findingWords = {
  not_an_object: { ja: 'イベントがJSONオブジェクトではありません。', en: 'The event is no JSON object.' },
  unknown_type: {
    ja: 'type は track, identify, group, page, screen, alias のいずれかにしてください。',
    en: 'The type must be track, identify, group, page, screen or alias.',
  },
  no_person: { ja: 'userId か anonymousId が必要です。', en: 'It needs a userId or an anonymousId.' },
  bad_id: {
    ja: 'IDは1〜255文字の文字列か数値にしてください。',
    en: 'An id is a text of 1 to 255 characters, or a number.',
  },
  no_event_name: {
    ja: 'track には event（1〜200文字の名前）が必要です。',
    en: 'A track call needs an event, a name of 1 to 200 characters.',
  },
  bad_name: { ja: 'name は200文字以内の文字列にしてください。', en: 'The name is a text of at most 200 characters.' },
  no_group: { ja: 'group には groupId が必要です。', en: 'A group call needs a groupId.' },
  no_user: { ja: 'alias には userId が必要です。', en: 'An alias call needs a userId.' },
  no_previous: { ja: 'alias には previousId が必要です。', en: 'An alias call needs a previousId.' },
  bad_properties: {
    ja: 'properties と traits はJSONオブジェクトにしてください。',
    en: 'Properties and traits are JSON objects.',
  },
  bad_timestamp: { ja: 'timestamp はISO 8601形式の日時にしてください。', en: 'The timestamp is a moment in ISO 8601.' },
  too_old: {
    ja: '保存期間より前の日時のイベントです。保存期間は取り込みの設定で変更できます。',
    en: 'It occurred before the time for which events are kept. The settings of ingest say how long that is.',
  },
  too_large: { ja: 'イベントが32 KBを超えています。', en: 'The event is over 32 KB.' },
  too_deep: { ja: '入れ子が32段を超えています。', en: 'It is nested more than 32 deep.' },
  bad_text: {
    ja: 'NUL文字、または正しくない文字コードが含まれています。',
    en: 'A text holds NUL, half a surrogate pair or broken UTF-8.',
  },
  bad_number: { ja: '範囲外の数値が含まれています。', en: 'A number is out of range.' },
  bad_key: { ja: '「__proto__」という名前の項目は使えません。', en: 'No field may be named "__proto__".' },
  too_many: {
    ja: '1回の送信は2,500件までです。超えた分は保存していません。',
    en: 'A batch takes 2,500 events; those beyond were not stored.',
  },
  no_batch: { ja: 'batch（イベントの配列）がありません。', en: 'There is no batch, a list of events.' },
  not_json: { ja: '本文がJSONとして読み取れません。', en: 'The body is no JSON.' },
  batch_too_large: { ja: '本文が上限を超えています。', en: 'The body is over the limit.' },
  unstorable: {
    ja: 'データベースに保存できない値が含まれています。',
    en: 'It holds a value that the database cannot store.',
  },
  reused_id: {
    ja: '同じ messageId で別の内容が届きました。最初に届いたものを保存しています。',
    en: 'Another message came under the same messageId. The first one is kept.',
  },
  email_taken: {
    ja: 'メールアドレスは別のユーザーが先に使っているため、この連絡先には登録していません。',
    en: 'Another user had this e-mail address first, so it was not written to this contact.',
  },
  unfit_attribute: {
    ja: '属性の型に合わない値です。トレイトとして保存しています。',
    en: 'The value does not fit the type of the attribute; it is kept as a trait.',
  },
} as const satisfies Record<string, Words>

export type FindingCode = keyof typeof findingWords

/** A message that is not stored, for the debugger. */
export interface Refusal {
  code: FindingCode
  /** Where in the message. */
  path: string | null
  messageId: string | null
  person: string | null
  /** The message as it came, cut. */
  body: string
}

/** Characters of a refused message that are kept. */
const keptCharacters = 4_000

/** A message as text for the debugger, however hostile it is. */
export function shownBody(message: unknown): string {
  try {
    return (JSON.stringify(message) ?? '').slice(0, keptCharacters).toWellFormed()
  } catch {
    // Nested too deep to be written.
    return ''
  }
}
