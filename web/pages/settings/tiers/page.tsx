import { useState } from 'react'
import { getTierModel } from '../../../../server/customers/accounts/contract/tiers.ts'
import { useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Section } from '../../../kit/layout.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import './tiers.css'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { TierEditor } from './tier-editor.tsx'

/** The tiers of the company: what they promise, by what rule customers come into them. */
export function TiersPage() {
  const t = useText()
  return (
    <SettingsScreen title={t('tiers.title')} wide>
      <Permitted permission="customers.read">
        <Tiers />
      </Permitted>
    </SettingsScreen>
  )
}

function Tiers() {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const mayManage = useMay('tiers.manage')
  const [editing, setEditing] = useState(false)
  const { data, error } = useRoute(getTierModel)
  if (error) return <EmptyState title={t('tiers.failed')} text={wordsOf(error, t)} />
  if (!data) return <SkeletonRows rows={6} />
  const { model, counts } = data
  if (editing)
    return <TierEditor key={model.preset} model={model} presets={data.presets} onClose={() => setEditing(false)} />
  const amount = (value: number | undefined) =>
    value === undefined
      ? '–'
      : model.measure === 'licences'
        ? t('tiers.seatsFrom', { count: value })
        : t('tiers.amountFrom', { amount: format.money(value, model.currency) })
  return (
    <Section
      title={t('tiers.rule', { measure: t(`tiers.measure.${model.measure}`) })}
      note={t('tiers.ruleNote')}
      flush
      end={
        mayManage && (
          <Button size="small" onClick={() => setEditing(true)}>
            {t('tiers.edit')}
          </Button>
        )
      }
    >
      <div className="t-scroll">
        <table className="k-table" aria-label={t('tiers.title')}>
          <thead>
            <tr>
              <th scope="col">{t('tiers.name')}</th>
              <th scope="col" data-align="end">
                {t('tiers.threshold')}
              </th>
              <th scope="col" data-align="end">
                {t('tiers.customers')}
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                {t('tiers.ratio')}
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                {t('tiers.response')}
              </th>
              <th scope="col" data-narrow="hide">
                {t('tiers.touch')}
              </th>
            </tr>
          </thead>
          <tbody>
            {model.tiers.toReversed().map(tier => {
              const count = counts.find(each => each.key === tier.key)
              return (
                <tr key={tier.key} data-row>
                  <td>
                    <strong>{tier[locale]}</strong>{' '}
                    <span className="text-12 text-t3">{t(`record.category.${tier.category}`)}</span>
                  </td>
                  <td data-align="end">
                    {model.measure === 'plan' ? (tier.plans ?? []).join(t('record.comma')) : amount(tier.minimum)}
                  </td>
                  <td data-align="end">
                    {format.number(count?.customers ?? 0)}
                    {count && count.pinned > 0 && (
                      <small className="text-t3"> {t('tiers.pinned', { count: count.pinned })}</small>
                    )}
                  </td>
                  <td data-align="end" data-narrow="hide">
                    {tier.csmRatio === null ? t('tiers.pooled') : t('tiers.ratioOf', { count: tier.csmRatio })}
                  </td>
                  <td data-align="end" data-narrow="hide">
                    {tier.responseHours === null ? '–' : t('tiers.hours', { count: tier.responseHours })}
                  </td>
                  <td data-narrow="hide">{locale === 'ja' ? tier.touchJa : tier.touchEn}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
