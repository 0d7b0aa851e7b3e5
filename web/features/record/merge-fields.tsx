import type { previewMerge } from '../../../server/customers/duplicates/contract.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { useAttributes } from './attributes.ts'

type Preview = RouteReply<typeof previewMerge>

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
  const { kept, merged, conflicts } = preview
  const shown = (value: unknown) =>
    value === null || value === undefined || value === ''
      ? '–'
      : Array.isArray(value)
        ? value.join(t('record.comma'))
        : typeof value === 'number'
          ? format.number(value)
          : String(value)
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
            </th>
            <th scope="col">
              {t('duplicates.goes')} <strong>{merged.name}</strong>
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
                    <span>{shown(fromMerged ? two : one)}</span>
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
