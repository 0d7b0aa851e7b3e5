import type { ImportKind } from '../../../server/collect/imports/contract/shapes.ts'
import type { Text, TextKey } from '../../i18n/text.ts'

/** Texts of the choices that the screens of the records have words for, by kind and field. */
const ofRecord: Readonly<Record<string, (code: string) => string>> = {
  'customers status': code => `record.status.${code}`,
  'customers churnRisk': code => `record.risk.${code}`,
  'contacts stakeholderRole': code => `record.stakeholder.${code}`,
  'contacts sentiment': code => `record.sentiment.${code}`,
  'contacts emailConsent': code => `record.consent.${code}`,
  'contacts emailState': code => `record.emailState.${code}`,
  'tickets priority': code => `record.ticketPriority.${code}`,
  'tickets status': code => `record.ticketStatus.${code}`,
}

/** What a value of a choice is called. The codes come from the server's list, for each of which there is a text. */
export function choiceText(kind: ImportKind, target: string, code: string, t: Text): string {
  if (kind === 'survey_answers') return code
  const key = ofRecord[`${kind} ${target}`] ?? (each => `imports.choice.${each}`)
  return t(key(code) as TextKey)
}
