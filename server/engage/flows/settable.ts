import { customerFields, type Field } from '../../customers/accounts/catalog.ts'
import { contactFields } from '../../customers/contacts/catalog.ts'
import type { JsonValue } from '../../platform/context/context.ts'
import type { RecordKind } from '../../platform/context/vocabulary.ts'

/** What a source or another step decides: ids, addresses, consent, who looks after it, what the product counts. */
const notByFlows = new Set([
  'externalId',
  'name',
  'customerId',
  'parentId',
  'ownerId',
  'currency',
  'email',
  'emailConsent',
  'emailState',
  'lifecycleStage',
  'lastSeenAt',
  'lastLoginAt',
  'lastEmailAt',
  'lastCsmContactAt',
  'signedUpAt',
  'upgradedAt',
  'dauMau',
  'featuresUsed',
])

/** The words that a field of a few choices takes. */
const choices: Readonly<Record<string, readonly string[]>> = {
  status: ['ACTIVE', 'ONBOARDING', 'AT_RISK', 'CHURNED', 'PAUSED'],
  churnRisk: ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
  stakeholderRole: ['SPONSOR', 'CHAMPION', 'DECISION_MAKER', 'TECHNICAL', 'DAY_TO_DAY', 'USER'],
  sentiment: ['POSITIVE', 'NEUTRAL', 'NEGATIVE'],
}
const required = new Set(['status', 'webinarsAttended', 'communityPosts', 'loyaltyPoints'])

const ranges: Readonly<Record<string, [number, number]>> = {
  nps: [0, 10],
  csat: [1, 5],
  leadScore: [-100_000, 100_000],
}

function fieldOf(subject: RecordKind, name: string): Field | undefined {
  const fields: Readonly<Record<string, Field>> = subject === 'customer' ? customerFields : contactFields
  return Object.hasOwn(fields, name) && !notByFlows.has(name) ? fields[name] : undefined
}

/** The fields that a change step may set. */
export function settableFields(subject: RecordKind): string[] {
  return Object.keys(subject === 'customer' ? customerFields : contactFields).filter(name => fieldOf(subject, name))
}

/** A value as the field holds it; undefined where the field is none that flows set, or the value does not fit. */
export function settableValue(subject: RecordKind, name: string, value: JsonValue): JsonValue | undefined {
  const field = fieldOf(subject, name)
  if (!field) return undefined
  if (value === null) return required.has(name) ? undefined : null
  switch (field.type) {
    case 'number':
    case 'integer': {
      const [least, most] = ranges[name] ?? [0, 2_000_000_000]
      const fits = typeof value === 'number' && value >= least && value <= most
      return fits && (field.type === 'number' || Number.isInteger(value)) ? value : undefined
    }
    case 'date':
      return typeof value === 'string' && isDay(value) ? value : undefined
    case 'one_of':
      return typeof value === 'string' && choices[name]?.includes(value) ? value : undefined
    case 'text':
      // A character of code 0 cannot be stored.
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\u0000') ? value : undefined
    default:
      return undefined
  }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text
}
