import { flowReasons } from '../../../server/engage/flows/contract/enrolments.ts'
import type { Text } from '../../i18n/text.ts'

/** Why an enrolment ended, or somebody did not come in. */
export function reasonWords(reason: string, t: Text): string {
  if (reason.startsWith('exit:')) return t('flows.exitBy', { exit: reason.slice('exit:'.length) })
  const known = flowReasons.find(each => each === reason)
  return known ? t(`flows.reason.${known}`) : reason
}
