import { listSegments } from '../../../server/signals/segments/contract.ts'
import { useRoute } from '../../api/hooks.ts'
import { useOwnerOptions } from '../../features/record/owners.ts'
import { useTiers } from '../../features/record/tiers.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Segments } from '../../kit/button.tsx'
import { Select } from '../../kit/field.tsx'
import type { KpiSearch } from './search.ts'

/** The part of the address that says whose customers are looked at. */
export function whoseOf({ mine, tierKey, ownerId, segmentId }: KpiSearch) {
  return { mine, tierKey, ownerId, segmentId }
}

interface WhoseProps {
  search: KpiSearch
  onChange: (search: KpiSearch) => void
}

/** Whose customers are looked at: everybody’s, one’s own, those of a tier, a CSM or a segment. */
export function WhoseFilter({ search, onChange }: WhoseProps) {
  const t = useText()
  const tiers = useTiers()
  const owners = useOwnerOptions()
  const segments = useSegmentNames()
  const set = (change: Partial<KpiSearch>) => {
    const next = { ...search, ...change }
    onChange(Object.fromEntries(Object.entries(next).filter(([, value]) => value)))
  }
  return (
    <div className="p-filters">
      <Segments
        label={t('kpis.whose')}
        size="small"
        value={search.mine ?? 'all'}
        onChange={next => set({ mine: next === 'all' ? undefined : next })}
        options={[
          { value: 'all', label: t('kpis.whose.all') },
          { value: 'team', label: t('kpis.whose.team') },
          { value: 'own', label: t('kpis.whose.own') },
        ]}
      />
      <span>
        <Select
          aria-label={t('kpis.tier')}
          placeholder={t('kpis.tier.all')}
          value={search.tierKey ?? ''}
          options={tiers.map(({ key, name }) => ({ value: key, label: name }))}
          onChange={event => set({ tierKey: event.currentTarget.value })}
        />
      </span>
      <span>
        <Select
          aria-label={t('kpis.owner')}
          placeholder={t('kpis.owner.all')}
          value={search.ownerId ?? ''}
          options={owners.filter(({ value }) => value !== '')}
          onChange={event => set({ ownerId: event.currentTarget.value })}
        />
      </span>
      <span>
        <Select
          aria-label={t('kpis.segment')}
          placeholder={t('kpis.segment.all')}
          value={search.segmentId ?? ''}
          options={segments}
          onChange={event => set({ segmentId: event.currentTarget.value })}
        />
      </span>
    </div>
  )
}

function useSegmentNames() {
  const { locale } = useLocale()
  const { data } = useRoute(listSegments, { query: {} })
  return (data?.items ?? [])
    .filter(({ record }) => record === 'customer')
    .map(each => ({ value: each.id, label: nameOf(each, locale) }))
}

/** The filters as a sentence: whose customers a number is about. */
export function useWhoseWords(search: KpiSearch): string {
  const t = useText()
  const tiers = useTiers()
  const owners = useOwnerOptions()
  const segments = useSegmentNames()
  const parts = [
    t(`kpis.about.${search.mine ?? 'all'}`),
    search.tierKey &&
      t('kpis.about.tier', { name: tiers.find(({ key }) => key === search.tierKey)?.name ?? search.tierKey }),
    search.ownerId &&
      t('kpis.about.owner', { name: owners.find(({ value }) => value === search.ownerId)?.label ?? '–' }),
    search.segmentId &&
      t('kpis.about.segment', { name: segments.find(({ value }) => value === search.segmentId)?.label ?? '–' }),
  ]
  return parts.filter(Boolean).join(' · ')
}
