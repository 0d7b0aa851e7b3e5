import { useMemo, useState } from 'react'
import { createProvider, deleteProvider, listProviders } from '../../../../server/engage/messages/contract/settings.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Field, RadioGroup, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'

type Provider = RouteReply<typeof listProviders>['items'][number]

/** Who tells of bounces and complaints, and where to. */
export function Providers() {
  const t = useText()
  const format = useFormat()
  const { data, error, refetch } = useRoute(listProviders)
  const [adding, setAdding] = useState(false)
  const { run: remove } = useCommand(deleteProvider, { stale: [listProviders.path] })
  const columns = useMemo<Column<Provider>[]>(
    () => [
      { id: 'name', header: t('mailing.name'), width: 176, cell: row => row.name },
      {
        id: 'kind',
        header: t('mailing.kind'),
        width: 152,
        narrow: 'hide',
        cell: row => t(`mailing.provider.${row.kind}`),
      },
      {
        id: 'path',
        header: t('mailing.sendTo'),
        clip: true,
        cell: row => <code title={location.origin + row.path}>{location.origin + row.path}</code>,
      },
      {
        id: 'seen',
        header: t('mailing.lastSeen'),
        align: 'end',
        width: 152,
        narrow: 'hide',
        cell: row => (row.lastSeenAt ? format.dateTime(row.lastSeenAt) : t('mailing.never')),
      },
      {
        id: 'remove',
        header: t('mailing.remove'),
        actions: true,
        align: 'end',
        width: 48,
        cell: row => (
          <IconButton
            icon="close"
            label={`${t('mailing.remove')}: ${row.name}`}
            onClick={() => void remove({ params: { id: row.id } }).catch(() => {})}
          />
        ),
      },
    ],
    [t, format, remove],
  )
  return (
    <>
      <DataTable
        id="mail-providers"
        fixed
        label={t('mailing.providers')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => row.name}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        tools={
          <Button size="small" kind="primary" icon="plus" onClick={() => setAdding(true)}>
            {t('mailing.addProvider')}
          </Button>
        }
        empty={<EmptyState title={t('mailing.none')} text={t('mailing.providersText')} />}
      />
      {adding && <ProviderDialog onClose={() => setAdding(false)} />}
    </>
  )
}

function ProviderDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const [kind, setKind] = useState<'ses' | 'sendgrid'>('ses')
  const create = useCommand(createProvider, { quiet: true, stale: [listProviders.path] })
  return (
    <Dialog open onClose={onClose} title={t('mailing.addProvider')}>
      <Form
        submit={t('mailing.create')}
        onCancel={onClose}
        onSubmit={async values => {
          await create.run({ body: { kind, name: values.text('name'), credential: values.text('credential') } })
          onClose()
        }}
      >
        <RadioGroup
          label={t('mailing.kind')}
          name="kind"
          value={kind}
          onChange={next => setKind(next === 'sendgrid' ? 'sendgrid' : 'ses')}
          options={(['ses', 'sendgrid'] as const).map(value => ({ value, label: t(`mailing.provider.${value}`) }))}
        />
        <Field label={t('mailing.name')} name="name" required>
          <TextInput maxLength={100} />
        </Field>
        <Field label={t(`mailing.credential.${kind}`)} name="credential" required>
          <TextInput maxLength={400} />
        </Field>
      </Form>
    </Dialog>
  )
}
