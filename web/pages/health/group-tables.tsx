import type { Comparison } from '../../../server/catalog/conditions/contract.ts'
import { useTiers } from '../../features/record/tiers.ts'
import { ColourBar } from '../../features/scorecards/colours.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { Behind } from './behind.tsx'
import type { Overview } from './overview.ts'

interface GroupProps {
  overview: Overview
  mine: 'own' | 'team' | undefined
}

/** Health by tier, by segment and by CSM; each figure opens its customers. */
export function GroupTables({ overview, mine }: GroupProps) {
  const t = useText()
  const tiers = useTiers()
  const parts = [
    {
      title: t('health.byTier'),
      field: 'tierKey',
      rows: overview.byTier.map(row => ({ ...row, name: tiers.find(tier => tier.key === row.key)?.name ?? row.key })),
      none: t('health.noTier'),
    },
    { title: t('health.bySegment'), field: 'segment', rows: overview.bySegment, none: t('health.noSegment') },
    { title: t('health.byOwner'), field: 'ownerId', rows: overview.byOwner, none: t('health.noOwner') },
  ].filter(part => part.rows.some(row => row.key !== null))
  return parts.map(part => <GroupTable key={part.field} {...part} mine={mine} />)
}

interface GroupTableProps {
  title: string
  field: string
  rows: Overview['byTier']
  none: string
  mine: 'own' | 'team' | undefined
}

function GroupTable({ title, field, rows, none, mine }: GroupTableProps) {
  const t = useText()
  const format = useFormat()
  return (
    <Section title={title} flush>
      <div className="s-scroll">
        <table className="k-table" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('health.group')}</th>
              <th scope="col" data-align="end">
                {t('health.customersHead')}
              </th>
              <th scope="col" data-align="end">
                {t('health.mean')}
              </th>
              <th scope="col" data-align="end">
                {t('kit.health.red')}
              </th>
              <th scope="col" data-narrow="hide">
                {t('health.spread')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => {
              const own: Comparison =
                row.key === null ? { field, op: 'is_empty' } : { field, op: 'in', value: [row.key] }
              const name = row.key === null ? none : (row.name ?? row.key)
              const red = row.colours.red ?? 0
              return (
                <tr key={row.key ?? ''} data-row>
                  <td className="s-name">{name}</td>
                  <td data-align="end">
                    <Behind mine={mine} filter={[own]} label={t('health.openBand', { name, count: row.customers })}>
                      {format.number(row.customers)}
                    </Behind>
                  </td>
                  <td data-align="end">{row.mean === null ? '–' : format.number(row.mean, 1)}</td>
                  <td data-align="end">
                    {red === 0 ? (
                      '0'
                    ) : (
                      <Behind
                        mine={mine}
                        filter={[own, { field: 'healthColour', op: 'in', value: ['red'] }]}
                        label={t('health.openRed', { name, count: red })}
                      >
                        {format.number(red)}
                      </Behind>
                    )}
                  </td>
                  <td data-narrow="hide">
                    <ColourBar counts={row.colours} label={name} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
