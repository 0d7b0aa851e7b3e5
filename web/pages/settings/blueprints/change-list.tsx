import type { ReactNode } from 'react'
import type { PlannedChange } from '../../../../server/blueprints/programmes/contract/blueprints.ts'
import { useLocale, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Section } from '../../../kit/layout.tsx'

const tones = { create: 'green', change: 'yellow', delete: 'red', adopt: 'line' } as const
const icons = { create: 'plus', change: 'note', delete: 'trash', adopt: 'check' } as const

interface ChangeListProps {
  title: string
  note: ReactNode
  changes: readonly PlannedChange[]
}

/** Changes by section; each opens to its fields. */
export function ChangeList({ title, note, changes }: ChangeListProps) {
  const t = useText()
  const sections = [...Map.groupBy(changes, ({ section }) => section)]
  return (
    <Section title={title} note={note} flush>
      {sections.map(([section, items]) => (
        <div key={section} className="b-section">
          <h3>{t(`blueprints.section.${section}`)}</h3>
          <ul>
            {items.map(change => (
              <ChangeLine key={change.key} change={change} />
            ))}
          </ul>
        </div>
      ))}
    </Section>
  )
}

function ChangeLine({ change }: { change: PlannedChange }) {
  const t = useText()
  const { locale } = useLocale()
  const { key, name, action, byHand, drifted, fields, problem } = change
  const head = (
    <span className="b-change">
      <Badge tone={tones[action]} icon={icons[action]}>
        {t(`blueprints.action.${action}`)}
      </Badge>
      <strong>{name[locale]}</strong>
      <code className="k-mono">{key}</code>
      {byHand && <Badge tone="line">{t('blueprints.byHand')}</Badge>}
      {drifted && <Badge tone="orange">{t('blueprints.drifted')}</Badge>}
    </span>
  )
  return (
    <li>
      {fields.length > 0 ? (
        <details open={fields.length <= 6}>
          <summary>
            {head}
            <span className="b-count">{t('blueprints.fields', { count: fields.length })}</span>
          </summary>
          <table className="b-fields" aria-label={t('blueprints.fieldsOf', { name: name[locale] })}>
            <thead>
              <tr>
                <th scope="col">{t('blueprints.field')}</th>
                <th scope="col">{t('blueprints.before')}</th>
                <th scope="col">{t('blueprints.after')}</th>
              </tr>
            </thead>
            <tbody>
              {fields.map(({ path, before, after }) => (
                <tr key={path}>
                  <th scope="row">
                    <code className="k-mono">{path}</code>
                  </th>
                  <td>{shown(before)}</td>
                  <td>{shown(after)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      ) : (
        head
      )}
      {problem && <p className="b-problem">{problem[locale]}</p>}
    </li>
  )
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
