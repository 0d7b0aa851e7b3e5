import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { merge, previewMerge, undoMerge } from '../../../server/customers/duplicates/contract.ts'
import { call } from '../../api/client.ts'
import { invalidate, useCommand, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field } from '../../kit/field.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { refreshCustomers } from './cache.ts'
import { MergeFields } from './merge-fields.tsx'
import { ContactSelect, CustomerSelect } from './record-select.tsx'
import './record.css'
import { Uses } from './uses.tsx'

interface Named {
  id: string
  name: string
}

interface MergeDialogProps {
  record: 'customer' | 'contact'
  kept: Named
  /** The one that goes into the kept one; asked for where it is not known. */
  other?: Named
  onClose: () => void
  /** Called with the record that stays. */
  onDone: (id: string) => void
}

async function refreshAll() {
  await Promise.all([
    refreshCustomers(),
    ...['/api/v1/duplicates', '/api/v1/merges', '/api/v1/contacts'].map(invalidate),
  ])
}

/** Merges two records: which stays, which values it takes over, what moves to it. Can be undone. */
export function MergeDialog({ record, kept, other, onClose, onDone }: MergeDialogProps) {
  const t = useText()
  const format = useFormat()
  const [sides, setSides] = useState({ kept, other: other ?? { id: '', name: '' } })
  const [take, setTake] = useState<ReadonlySet<string>>(new Set())
  const run = useCommand(merge, { stale: [] })
  const undo = useCommand(undoMerge, { stale: [] })
  const body = { record, keptId: sides.kept.id, mergedId: sides.other.id }
  const preview = useQuery({
    queryKey: ['preview', 'merge', body],
    queryFn: () => call(previewMerge, { body }),
    enabled: sides.other.id !== '',
  })
  const Choice = record === 'customer' ? CustomerSelect : ContactSelect
  const swap = () => {
    setSides({ kept: sides.other, other: sides.kept })
    setTake(new Set())
  }
  const save = async () => {
    const { id } = await run.run({ body: { ...body, take: [...take] } })
    await refreshAll()
    toastDone(t('duplicates.merged', { merged: sides.other.name, kept: sides.kept.name }), {
      undo: () => void undo.run({ params: { id } }).then(refreshAll, () => {}),
    })
    onClose()
    onDone(sides.kept.id)
  }
  const { data } = preview
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={t('duplicates.mergeTitle', { name: sides.kept.name })}
      text={t('duplicates.mergeText')}
      foot={
        <>
          {sides.other.id && (
            <Button kind="quiet" onClick={swap}>
              {t('duplicates.swap')}
            </Button>
          )}
          <Button kind="quiet" onClick={onClose}>
            {t('kit.cancel')}
          </Button>
          <Button kind="primary" pending={run.pending} disabled={!data} onClick={() => void save().catch(() => {})}>
            {t('duplicates.mergeConfirm')}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-1 gap-4">
        {!other && (
          <Field label={t('duplicates.other')}>
            <Choice
              value={sides.other}
              without={sides.kept.id}
              onChange={next => {
                setSides({ ...sides, other: next })
                setTake(new Set())
              }}
            />
          </Field>
        )}
        {preview.error && (
          <Note tone="red" alert>
            {wordsOf(preview.error, t)}
          </Note>
        )}
        {sides.other.id && !data && !preview.error && <SkeletonRows rows={3} />}
        {data && (
          <>
            <MergeFields record={record} preview={data} take={take} onTake={setTake} />
            <div>
              <h3 className="k-label">{t('duplicates.moves', { name: sides.other.name })}</h3>
              <Uses uses={data.moves} />
            </div>
            {data.filled.length > 0 && (
              <p className="text-t3">
                {t('duplicates.filled', { fields: format.list(data.filled.map(each => each.field)) })}
              </p>
            )}
          </>
        )}
      </div>
    </Dialog>
  )
}
