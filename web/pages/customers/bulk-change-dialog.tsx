import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { suggestValues } from '../../../server/customers/accounts/contract/around.ts'
import {
  bulkUpdateCustomers,
  type Customer,
  customerStatuses,
} from '../../../server/customers/accounts/contract/customers.ts'
import { listTags } from '../../../server/customers/attributes/contract/attributes.ts'
import { call, type RouteCall } from '../../api/client.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { refreshCustomers } from '../../features/record/cache.ts'
import { useText } from '../../i18n/provider.tsx'
import { useDebounced } from '../../kit/debounced.ts'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, RadioGroup, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { Chosen } from './chosen.ts'
import { Reach } from './reach.tsx'

export type BulkField = 'tags' | 'status' | 'segment'
type Body = NonNullable<RouteCall<typeof bulkUpdateCustomers>['body']>
type Change = Pick<Body, 'addTags' | 'removeTags' | 'status' | 'segment'>

interface BulkChangeDialogProps {
  field: BulkField
  chosen: Chosen
  onClose: () => void
  onDone: () => void
}

/** The calls that bring back what was before; none where that cannot be known. */
function reverseOf(change: Change, chosen: Chosen, isNewTag: boolean): Body[] {
  const { rows } = chosen
  if (change.addTags || change.removeTags) {
    const reverse: Change = { addTags: change.removeTags, removeTags: change.addTags }
    const [tag = ''] = change.addTags ?? change.removeTags ?? []
    // Those who had the tag already (or had it not) stay as they are.
    if (rows)
      return [
        { ids: rows.filter(row => row.tags.includes(tag) !== Boolean(change.addTags)).map(row => row.id), ...reverse },
      ]
    // Of all that match it is not known who had it before, unless nobody can have had it.
    return isNewTag ? [{ ...chosen.body, ...reverse }] : []
  }
  if (!rows) return []
  const before = (row: Customer) => (change.status ? row.status : row.segment)
  return [...Map.groupBy(rows, before)].map(([value, group]) => ({
    ids: group.map(row => row.id),
    ...(change.status ? { status: value as Customer['status'] } : { segment: value }),
  }))
}

/** One change of many customers: what, then whom it reaches, then the change with its undo. */
export function BulkChangeDialog({ field, chosen, onClose, onDone }: BulkChangeDialogProps) {
  const t = useText()
  const [change, setChange] = useState<Change | null>(null)
  const settled = useDebounced(JSON.stringify(change))
  const tags = useRoute(listTags).data?.items ?? []
  const run = useCommand(bulkUpdateCustomers, { quiet: true, stale: [] })
  const preview = useQuery({
    queryKey: ['preview', 'bulk', chosen.body, settled],
    queryFn: () =>
      call(bulkUpdateCustomers, { body: { ...chosen.body, ...(JSON.parse(settled) as Change), dryRun: true } }),
    enabled: settled !== 'null',
  })
  const save = async () => {
    if (!change) throw new Error(t('customers.bulk.choose'))
    const isNewTag = change.addTags?.every(name => !tags.some(tag => tag.name === name)) ?? false
    const result = await run.run({ body: { ...chosen.body, ...change } })
    const reverse = reverseOf(change, chosen, isNewTag).filter(body => !('ids' in body) || (body.ids?.length ?? 0) > 0)
    await refreshCustomers()
    const undo = async () => {
      for (const body of reverse) await call(bulkUpdateCustomers, { body })
      await refreshCustomers()
    }
    toastDone(
      t('customers.bulk.done', { count: result.changed }),
      reverse.length > 0 ? { undo: () => void undo().catch(refreshCustomers) } : {},
    )
    onDone()
  }
  const Fields = { tags: TagFields, status: StatusFields, segment: SegmentFields }[field]
  return (
    <Dialog open onClose={onClose} title={t(`customers.bulk.${field}Title`, { count: chosen.count })}>
      <Form
        submit={t('customers.bulk.submit', { count: preview.data?.matched ?? chosen.count })}
        onCancel={onClose}
        onSubmit={save}
      >
        <Fields onChange={setChange} />
        {change && <Reach preview={preview.data} />}
      </Form>
    </Dialog>
  )
}

interface FieldsProps {
  onChange: (change: Change | null) => void
}

function TagFields({ onChange }: FieldsProps) {
  const t = useText()
  const known = useRoute(listTags).data?.items ?? []
  const [way, setWay] = useState('add')
  const [tag, setTag] = useState('')
  const tell = (nextWay: string, nextTag: string) => {
    setWay(nextWay)
    setTag(nextTag)
    const name = nextTag.trim()
    onChange(name === '' ? null : nextWay === 'add' ? { addTags: [name] } : { removeTags: [name] })
  }
  return (
    <>
      <RadioGroup
        label={t('customers.bulk.way')}
        name="way"
        value={way}
        onChange={next => tell(next, tag)}
        options={[
          { value: 'add', label: t('customers.bulk.add') },
          { value: 'remove', label: t('customers.bulk.remove') },
        ]}
      />
      <Field label={t('record.field.tags')} name="tag" required>
        <TextInput
          list="bulk-tags"
          maxLength={60}
          autoComplete="off"
          value={tag}
          onChange={event => tell(way, event.currentTarget.value)}
        />
      </Field>
      <datalist id="bulk-tags">
        {known.map(each => (
          <option key={each.id} value={each.name} />
        ))}
      </datalist>
    </>
  )
}

function StatusFields({ onChange }: FieldsProps) {
  const t = useText()
  return (
    <Field label={t('record.field.status')} name="status" required>
      <Select
        placeholder={t('kit.select.none')}
        options={customerStatuses.map(value => ({ value, label: t(`record.status.${value}`) }))}
        onChange={event => {
          const status = customerStatuses.find(each => each === event.currentTarget.value)
          onChange(status ? { status } : null)
        }}
      />
    </Field>
  )
}

function SegmentFields({ onChange }: FieldsProps) {
  const t = useText()
  const known = useRoute(suggestValues, { query: { field: 'segment' } }).data?.items ?? []
  return (
    <>
      <Field label={t('record.field.segment')} name="segment" hint={t('customers.bulk.segmentHint')}>
        <TextInput
          list="bulk-segments"
          maxLength={100}
          autoComplete="off"
          onChange={event => onChange({ segment: event.currentTarget.value.trim() || null })}
        />
      </Field>
      <datalist id="bulk-segments">
        {known.map(each => (
          <option key={each.value} value={each.value} />
        ))}
      </datalist>
    </>
  )
}
