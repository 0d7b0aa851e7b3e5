import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { handOver, undoHandOver } from '../../../server/customers/accounts/contract/customers.ts'
import { call } from '../../api/client.ts'
import { useCommand } from '../../api/hooks.ts'
import { refreshCustomers } from '../../features/record/cache.ts'
import { useOwnerOptions } from '../../features/record/owners.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Textarea } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SearchSelect } from '../../kit/search-select.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { Chosen } from './chosen.ts'
import { Reach } from './reach.tsx'

interface HandOverDialogProps {
  chosen: Chosen
  onClose: () => void
  onDone: () => void
}

/** Gives customers to another CSM, with the reason; the toast takes it back. */
export function HandOverDialog({ chosen, onClose, onDone }: HandOverDialogProps) {
  const t = useText()
  const options = useOwnerOptions()
  const [to, setTo] = useState<string | null>(null)
  const hand = useCommand(handOver, { quiet: true, stale: [] })
  const undo = useCommand(undoHandOver, { stale: [] })
  const preview = useQuery({
    queryKey: ['preview', 'handover', chosen.body, to],
    queryFn: () => call(handOver, { body: { ...chosen.body, toId: to || null, dryRun: true } }),
    enabled: to !== null,
  })
  const name = options.find(option => option.value === to)?.label ?? ''
  return (
    <Dialog open onClose={onClose} title={t('customers.handOver.title', { count: chosen.count })}>
      <Form
        submit={t('customers.handOver.submit', { count: preview.data?.changed ?? chosen.count })}
        onCancel={onClose}
        onSubmit={async values => {
          if (to === null) throw new Error(t('customers.handOver.choose'))
          const { batchId, changed } = await hand.run({
            body: { ...chosen.body, toId: to || null, note: values.optional('note') },
          })
          await refreshCustomers()
          toastDone(
            t('customers.handOver.done', { count: changed, name }),
            batchId ? { undo: () => void undo.run({ params: { id: batchId } }).then(refreshCustomers, () => {}) } : {},
          )
          onDone()
        }}
      >
        <Field label={t('customers.handOver.to')} name="toId" required>
          <SearchSelect
            label={t('customers.handOver.to')}
            options={to === null ? [{ value: '\u0000', label: t('kit.select.none') }, ...options] : options}
            value={to ?? '\u0000'}
            onChange={next => setTo(next === '\u0000' ? null : next)}
            placeholder={t('customers.findOwner')}
            none={t('customers.noOwner')}
          />
        </Field>
        <Field label={t('customers.handOver.note')} name="note" hint={t('customers.handOver.noteHint')}>
          <Textarea maxLength={1_000} rows={2} />
        </Field>
        {to !== null && (
          <Reach preview={preview.data && { matched: preview.data.changed, samples: preview.data.samples }} />
        )}
      </Form>
    </Dialog>
  )
}
