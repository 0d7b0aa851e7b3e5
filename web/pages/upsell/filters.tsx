import { useEffect, useState } from 'react'
import { upsellKinds, upsellStatuses, upsellTimings } from '../../../server/engage/upsell/contract/opportunities.ts'
import { useText } from '../../i18n/provider.tsx'
import { Segments } from '../../kit/button.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { Select, TextInput } from '../../kit/field.tsx'
import type { UpsellSearch } from './search.ts'

/** Whose opportunities, which, how they stand, why now. */
export function Filters({ search, onChange }: { search: UpsellSearch; onChange: (search: UpsellSearch) => void }) {
  const t = useText()
  const [text, setText] = useState(search.search ?? '')
  const typed = useDebounced(text).trim()
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed leads on; the address leads back itself
  useEffect(() => {
    if (typed !== (search.search ?? '')) onChange({ ...search, search: typed || undefined })
  }, [typed])
  return (
    <div className="up-tools">
      <Segments
        label={t('upsell.whose')}
        size="small"
        value={search.mine ?? 'all'}
        options={[
          { value: 'all', label: t('upsell.whose.all') },
          { value: 'own', label: t('upsell.whose.own') },
        ]}
        onChange={next => onChange({ ...search, mine: next === 'own' ? 'own' : undefined })}
      />
      <TextInput
        icon="search"
        type="search"
        aria-label={t('upsell.find')}
        placeholder={t('upsell.find')}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <span>
        <Select
          aria-label={t('upsell.plans')}
          placeholder={t('upsell.anyKind')}
          value={search.kind ?? ''}
          options={upsellKinds.map(value => ({ value, label: t(`upsell.kind.${value}`) }))}
          onChange={event =>
            onChange({ ...search, kind: upsellKinds.find(each => each === event.currentTarget.value) })
          }
        />
      </span>
      <span>
        <Select
          aria-label={t('upsell.status')}
          placeholder={t('upsell.anyStatus')}
          value={search.status ?? ''}
          options={upsellStatuses.map(value => ({ value, label: t(`upsell.status.${value}`) }))}
          onChange={event =>
            onChange({ ...search, status: upsellStatuses.find(each => each === event.currentTarget.value) })
          }
        />
      </span>
      <span>
        <Select
          aria-label={t('upsell.timing')}
          placeholder={t('upsell.anyTiming')}
          value={search.timing ?? ''}
          options={upsellTimings.map(value => ({ value, label: t(`upsell.timing.${value}`) }))}
          onChange={event =>
            onChange({ ...search, timing: upsellTimings.find(each => each === event.currentTarget.value) })
          }
        />
      </span>
    </div>
  )
}
