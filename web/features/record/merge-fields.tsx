import { churnRiskLevels } from '../../../server/customers/accounts/contract/customers.ts'
import type { previewMerge } from '../../../server/customers/duplicates/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { attributeText, useAttributes } from './attributes.ts'
import { useOwnerOptions } from './owners.ts'

type Preview = RouteReply<typeof previewMerge>
type Side = Preview['kept']

interface MergeFieldsProps {
  record: 'customer' | 'contact'
  preview: Preview
  take: ReadonlySet<string>
  onTake: (take: ReadonlySet<string>) => void
}

/** Names of fields that the API calls differently from the screens, or that have a text. */
const known = [
  'name',
  'externalId',
  'status',
  'plan',
  'segment',
  'industry',
  'region',
  'language',
  'timeZone',
  'currency',
  'churnRisk',
  'employeeCount',
  'licenceCount',
  'lifetimeValue',
  'renewalOn',
  'contractStart',
  'contractEnd',
  'churnedOn',
  'email',
  'title',
  'role',
  'company',
  'stakeholderRole',
  'sentiment',
  'lifecycleStage',
  'emailConsent',
  'emailState',
  'leadScore',
  'nps',
  'csat',
  'leftOn',
  'ownerId',
  'createdAt',
  'healthScore',
] as const

/** The two records side by side: where they differ, the person says which value stays. */
export function MergeFields({ record, preview, take, onTake }: MergeFieldsProps) {
  const t = useText()
  const format = useFormat()
  const attributes = useAttributes(record)
  const owners = useOwnerOptions()
  const { kept, merged, conflicts } = preview
  const shown = (field: string, value: unknown, { currency }: Side) => {
    if (value === null || value === undefined || value === '') return '–'
    const attribute = attributes.find(each => `attributes.${each.key}` === field)
    if (attribute) return attributeText(attribute, value, t, format)
    if (field === 'ownerId') return owners.find(each => each.value === value)?.label ?? '–'
    const risk = churnRiskLevels.find(each => field === 'churnRisk' && each === value)
    if (risk) return t(`record.risk.${risk}`)
    if (Array.isArray(value)) return value.join(t('record.comma'))
    if (typeof value === 'boolean') return t(value ? 'record.yes' : 'record.no')
    if (typeof value === 'number') {
      return field === 'lifetimeValue' && currency ? format.money(value, currency) : format.number(value)
    }
    const text = String(value)
    if (/^\d{4}-\d\d-\d\d$/.test(text)) return format.day(text)
    return /^\d{4}-\d\d-\d\dT/.test(text) ? format.dateTime(text) : text
  }
  const choose = (field: string, fromMerged: boolean) => {
    const next = new Set(take)
    if (fromMerged) next.add(field)
    else next.delete(field)
    onTake(next)
  }
  const nameOf = (field: string) => {
    const attribute = attributes.find(each => `attributes.${each.key}` === field)
    if (attribute) return attribute.label
    if (field === 'website') return t('customers.column.website')
    const found = known.find(each => each === field)
    return found ? t(`record.field.${found}`) : field
  }
  return (
    <div className="r-merge">
      <table className="k-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="k-hidden">{t('duplicates.field')}</span>
            </th>
            <th scope="col">
              {t('duplicates.keeps')} <strong>{kept.name}</strong>
              <SideFacts side={kept} />
            </th>
            <th scope="col">
              {t('duplicates.goes')} <strong>{merged.name}</strong>
              <SideFacts side={merged} />
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('duplicates.address')}</th>
            <td>{kept.address ?? '–'}</td>
            <td>{merged.address ?? '–'}</td>
          </tr>
          <tr>
            <th scope="row">{t('record.field.createdAt')}</th>
            <td>{format.day(kept.createdAt)}</td>
            <td>{format.day(merged.createdAt)}</td>
          </tr>
          {conflicts.map(({ field, kept: one, merged: two }) => (
            <tr key={field}>
              <th scope="row">{nameOf(field)}</th>
              {[false, true].map(fromMerged => (
                <td key={String(fromMerged)}>
                  <label className="k-check">
                    <input
                      type="radio"
                      className="k-radio"
                      name={`take-${field}`}
                      checked={take.has(field) === fromMerged}
                      onChange={() => choose(field, fromMerged)}
                    />
                    <span>{fromMerged ? shown(field, two, merged) : shown(field, one, kept)}</span>
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What tells two records of one name apart: the external id, and what a customer is worth. */
function SideFacts({ side: { externalId, arr, currency } }: { side: Side }) {
  const t = useText()
  const format = useFormat()
  const facts = [
    externalId && `${t('record.field.externalId')} ${externalId}`,
    arr !== null && currency !== null && `ARR ${format.money(arr, currency)}`,
  ].filter(Boolean)
  if (facts.length === 0) return null
  return <div className="text-12 text-t3">{facts.join(' · ')}</div>
}
