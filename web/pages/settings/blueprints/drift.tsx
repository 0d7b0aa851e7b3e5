import { blueprintDrift } from '../../../../server/blueprints/programmes/contract/blueprints.ts'
import { useRoute } from '../../../api/hooks.ts'
import { useText } from '../../../i18n/provider.tsx'
import { ChangeList } from './change-list.tsx'

/** What was changed or deleted by hand since a blueprint made it; nothing where there is none. */
export function Drift() {
  const t = useText()
  const { data } = useRoute(blueprintDrift)
  if (!data || data.items.length === 0) return null
  return <ChangeList title={t('blueprints.drift')} note={t('blueprints.driftNote')} changes={data.items} />
}
