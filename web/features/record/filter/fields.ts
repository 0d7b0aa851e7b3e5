import { useMemo } from 'react'
import {
  churnRiskLevels,
  customerStatuses,
  customerTiers,
  healthTrends,
} from '../../../../server/customers/accounts/contract/customers.ts'
import {
  type Condition,
  contactFilterFields,
  customerFilterFields,
  type FilterKind,
  operators,
} from '../../../../server/customers/accounts/contract/filter.ts'
import { listTags } from '../../../../server/customers/attributes/contract/attributes.ts'
import { consents, emailStates, sentiments, stakeholderRoles } from '../../../../server/customers/contacts/contract.ts'
import { useRoute } from '../../../api/hooks.ts'
import { useText } from '../../../i18n/provider.tsx'
import type { Text } from '../../../i18n/text.ts'
import { useAttributes } from '../attributes.ts'
import { levelBands } from '../health.tsx'
import { useOwnerOptions } from '../owners.ts'
import { useTiers } from '../tiers.ts'

interface Choice {
  value: string
  label: string
}

const suggested = ['industry', 'plan', 'segment', 'region', 'language', 'currency'] as const
export type SuggestedField = (typeof suggested)[number]

/** A field by which a list can be narrowed. */
export interface FilterField {
  id: string
  label: string
  kind: FilterKind
  /** The values there are; without them values are typed, or suggested by the server. */
  choices?: readonly Choice[]
  suggest?: SuggestedField
}

const namedChoices = {
  status: (t: Text) => customerStatuses.map(value => ({ value, label: t(`record.status.${value}`) })),
  tier: (t: Text) => customerTiers.map(value => ({ value, label: t(`record.category.${value}`) })),
  churnRisk: (t: Text) => churnRiskLevels.map(value => ({ value, label: t(`record.risk.${value}`) })),
  healthLevel: (t: Text) =>
    (['EXCELLENT', 'GOOD', 'FAIR', 'POOR'] as const).map(value => ({
      value,
      label: t(`kit.health.${levelBands[value]}`),
    })),
  healthTrend: (t: Text) => healthTrends.map(value => ({ value, label: t(`record.trend.${value}`) })),
  stakeholderRole: (t: Text) => stakeholderRoles.map(value => ({ value, label: t(`record.stakeholder.${value}`) })),
  sentiment: (t: Text) => sentiments.map(value => ({ value, label: t(`record.sentiment.${value}`) })),
  emailConsent: (t: Text) => consents.map(value => ({ value, label: t(`record.consent.${value}`) })),
  emailState: (t: Text) => emailStates.map(value => ({ value, label: t(`record.emailState.${value}`) })),
}

/** All fields of a record's list: the product's own, then the company's. */
export function useFilterFields(record: 'customer' | 'contact'): readonly FilterField[] {
  const t = useText()
  const owners = useOwnerOptions()
  const tiers = useTiers()
  const tags = useRoute(listTags).data?.items
  const attributes = useAttributes(record)
  return useMemo(() => {
    const given: Record<string, FilterKind> = record === 'customer' ? customerFilterFields : contactFilterFields
    const dynamic: Record<string, readonly Choice[]> = {
      ownerId: owners.filter(option => option.value !== ''),
      tierKey: tiers.map(tier => ({ value: tier.key, label: tier.name })),
      tags: (tags ?? []).map(tag => ({ value: tag.name, label: tag.name })),
    }
    const own = Object.entries(given).map(([id, kind]): FilterField => {
      const named = id in namedChoices ? namedChoices[id as keyof typeof namedChoices](t) : undefined
      return {
        id,
        kind,
        label: t(`record.field.${id as 'name'}`),
        choices: named ?? dynamic[id],
        suggest: record === 'customer' ? suggested.find(field => field === id) : undefined,
      }
    })
    const theirs = attributes.map(
      (attribute): FilterField => ({
        id: `attributes.${attribute.key}`,
        kind: attribute.type,
        label: attribute.label,
        choices:
          attribute.type === 'one_of' || attribute.type === 'many_of'
            ? attribute.options.map(option => ({ value: option, label: option }))
            : undefined,
      }),
    )
    return [...own, ...theirs]
  }, [record, t, owners, tiers, tags, attributes])
}

/** A condition to begin with: the commonest comparison of the kind, with no value yet. */
export function newCondition(field: FilterField): Condition {
  const [op] = operators[field.kind]
  if (field.kind === 'one_of' || field.kind === 'many_of') return { field: field.id, op, value: [] }
  if (field.kind === 'boolean') return { field: field.id, op, value: true }
  if (field.kind === 'date') return { field: field.id, op: 'within_next_days', value: 90 }
  return { field: field.id, op }
}

/** Whether a condition says enough to be asked for. */
export function isWhole({ op, value }: Condition): boolean {
  if (op === 'is_set' || op === 'is_empty') return true
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== ''
}
