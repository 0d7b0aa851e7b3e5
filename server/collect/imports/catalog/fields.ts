import type { Words } from '../../../platform/errors/words.ts'
import type { ChoiceWords } from '../choice-text.ts'

/** What a text of a file becomes. `money` is a number with two decimals at most; `tags` a list of words. */
export type TargetType =
  | 'text'
  | 'number'
  | 'integer'
  | 'money'
  | 'boolean'
  | 'date'
  | 'moment'
  | 'choice'
  | 'email'
  | 'domain'
  | 'currency'
  | 'time_zone'
  | 'tags'
  | 'score'

/** A field that a column can be brought into. */
export interface Target {
  name: string
  type: TargetType
  label: Words
  /** Headers that mean it, in both languages; compared without case, spaces and width. */
  headers: readonly string[]
  choices?: ChoiceWords
  /** Least and most of a number. */
  range?: readonly [number, number]
  /** Most characters. */
  longest?: number
  /** A row without it is refused when it would make a record. */
  required?: boolean
}

interface More {
  choices?: ChoiceWords
  range?: readonly [number, number]
  longest?: number
  required?: boolean
}

/** A field in one line: name, type, what it is called, and further headers that mean it. */
export function target(
  name: string,
  type: TargetType,
  ja: string,
  en: string,
  headers: string,
  more: More = {},
): Target {
  return {
    name,
    type,
    label: { ja, en },
    headers: [ja, en, name, ...headers.split('|').filter(word => word !== '')],
    ...more,
  }
}

export const whole = [0, 2_147_483_647] as const
export const money = [0, 99_999_999_999_999] as const

/** The customer that a record hangs on, found by any of these. */
export const customerReference: readonly Target[] = [
  target(
    'customerExternalId',
    'text',
    '顧客ID',
    'Customer ID',
    '顧客コード|取引先コード|会社ID|企業ID|customer_id|account id|company id|account|client id|group id|org id|organization id|tenant id',
    { longest: 255 },
  ),
  target(
    'customerDomain',
    'domain',
    '顧客ドメイン',
    'Customer domain',
    '会社ドメイン|企業ドメイン|company domain|account domain|website|domain|ドメイン|url',
    { longest: 2_000 },
  ),
  target(
    'customerName',
    'text',
    '顧客名',
    'Customer',
    '会社名|企業名|取引先|取引先名|法人名|company|company name|customer name|account name|organization|client|client name',
    { longest: 300 },
  ),
]

/** The contact that a record comes from. */
export const contactReference: readonly Target[] = [
  target(
    'contactExternalId',
    'text',
    '関係者ID',
    'Contact ID',
    '担当者ID|ユーザーID|利用者ID|user id|userid|person id|contact id|member id',
    { longest: 255 },
  ),
  target(
    'contactEmail',
    'email',
    '関係者メールアドレス',
    'Contact e-mail',
    '担当者メールアドレス|メールアドレス|メール|email|e-mail|email address|mail|requester email|user email|respondent email|requester',
    { longest: 254 },
  ),
]
