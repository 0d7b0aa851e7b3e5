import { useMemo, useState } from 'react'
import {
  addSuppression,
  listSuppressions,
  removeSuppression,
} from '../../../../server/engage/messages/contract/settings.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Field, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'

type Entry = RouteReply<typeof listSuppressions>['items'][number]

/** Addresses that get nothing, whatever the topic. */
export function Suppressions() {
  const t = useText()
  const format = useFormat()
  const list = useRoutePages(listSuppressions, { query: { limit: 50 } })
  const [chosen, setChosen] = useState<Entry | 'new'>()
  const stale = [listSuppressions.path]
  const add = useCommand(addSuppression, { quiet: true, stale })
  const remove = useCommand(removeSuppression, { quiet: true, stale })
  const columns = useMemo<Column<Entry>[]>(
    () => [
      { id: 'address', header: t('mailing.address'), clip: true, cell: row => row.address || '–' },
      { id: 'reason', header: t('mailing.why'), width: 128, cell: row => t(`mailing.suppressed.${row.reason}`) },
      { id: 'note', header: t('mailing.note'), clip: true, narrow: 'hide', cell: row => row.note ?? '' },
      {
        id: 'created',
        header: t('mailing.created'),
        align: 'end',
        width: 152,
        narrow: 'hide',
        cell: row => format.dateTime(row.createdAt),
      },
      {
        id: 'release',
        header: t('mailing.release'),
        actions: true,
        align: 'end',
        width: 152,
        cell: row => (
          <Button size="small" onClick={() => setChosen(row)}>
            {t('mailing.release')}
          </Button>
        ),
      },
    ],
    [t, format],
  )
  const close = () => setChosen(undefined)
  return (
    <>
      <DataTable
        id="message-suppressions"
        fixed
        label={t('mailing.suppressions')}
        columns={columns}
        rows={list.rows}
        rowId={row => row.id}
        rowName={row => row.address}
        more={list.more}
        problem={list.problem ? { text: wordsOf(list.problem, t), retry: list.retry } : undefined}
        tools={
          <Button size="small" kind="primary" icon="plus" onClick={() => setChosen('new')}>
            {t('mailing.addSuppression')}
          </Button>
        }
        empty={<EmptyState title={t('mailing.noSuppressions')} text="" />}
      />
      {chosen && (
        <Dialog
          open
          onClose={close}
          title={chosen === 'new' ? t('mailing.addSuppression') : `${t('mailing.release')}: ${chosen.address}`}
        >
          <Form
            submit={t(chosen === 'new' ? 'mailing.save' : 'mailing.release')}
            onCancel={close}
            onSubmit={async values => {
              const note = values.text('note')
              if (chosen === 'new') await add.run({ body: { address: values.text('address'), note } })
              else await remove.run({ params: { id: chosen.id }, body: { note } })
              close()
            }}
          >
            {chosen === 'new' && (
              <Field label={t('mailing.address')} name="address" required>
                <TextInput type="email" maxLength={254} />
              </Field>
            )}
            <Field label={t('mailing.note')} name="note" required hint={t('mailing.releaseText')}>
              <TextInput maxLength={300} />
            </Field>
          </Form>
        </Dialog>
      )}
    </>
  )
}
