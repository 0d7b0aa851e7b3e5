import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Icon } from '../../kit/icon.tsx'
import './conditions.css'
import { useFilterFields } from './fields.ts'
import { sentenceOf } from './sentence.ts'

interface Explained {
  held: boolean
  kind: 'all' | 'any' | 'not' | 'leaf'
  parts: Explained[]
  leaf?: unknown
  actual?: unknown
}

interface WhyTreeProps {
  record: 'customer' | 'contact'
  explanation: Explained
}

/** Each part of a condition with whether a record meets it, and what the record has. */
export function WhyTree({ record, explanation }: WhyTreeProps) {
  const t = useText()
  const format = useFormat()
  const fields = useFilterFields(record)
  const { held, kind, parts, leaf, actual } = explanation
  const sign = (
    <span className={held ? 'text-green' : 'text-red'}>
      <Icon name={held ? 'check' : 'close'} size="small" /> {t(held ? 'segments.held' : 'segments.notHeld')}
    </span>
  )
  if (kind === 'leaf') {
    return (
      <div className="grid gap-1">
        <span>{sentenceOf(leaf as Condition, { t, format, fields })}</span>
        <span className="text-12">
          {sign}{' '}
          <span className="text-t3">
            {t('segments.actual', { value: shown(actual) || t('segments.unknownValue') })}
          </span>
        </span>
      </div>
    )
  }
  return (
    <div className="q-group">
      <span>
        {t(`conditions.mode.${kind === 'not' ? 'none' : kind}`)} {sign}
      </span>
      <ul className="q-why">
        {parts.map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other identity
          <li key={at}>
            <WhyTree record={record} explanation={part} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function shown(actual: unknown): string {
  if (actual === null || actual === undefined) return ''
  if (Array.isArray(actual)) return actual.join(' · ')
  if (typeof actual === 'object') {
    return Object.entries(actual)
      .filter(([, value]) => typeof value !== 'object')
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(' · ')
  }
  return typeof actual === 'number' ? String(Math.round(actual * 100) / 100) : String(actual)
}
