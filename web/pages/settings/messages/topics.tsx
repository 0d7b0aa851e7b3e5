import { useMemo, useState } from 'react'
import {
  createTopic,
  deleteTopic,
  listTopics,
  updateTopic,
} from '../../../../server/engage/messages/contract/topics.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { nameOf } from '../../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Field, RadioGroup, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'

type Topic = RouteReply<typeof listTopics>['items'][number]

/** What messages are about, and how many turned each off. */
export function Topics() {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const mayManage = useMay('messages.manage')
  const { data, error, refetch } = useRoute(listTopics)
  const [edited, setEdited] = useState<Topic | 'new'>()
  const { run: remove } = useCommand(deleteTopic, { stale: [listTopics.path] })
  const columns = useMemo<Column<Topic>[]>(
    () => [
      { id: 'name', header: t('mailing.name'), clip: true, cell: row => nameOf(row, locale) },
      { id: 'kind', header: t('mailing.kind'), width: 176, cell: row => t(`mailing.kind.${row.kind}`) },
      {
        id: 'unsubscribed',
        header: t('mailing.unsubscribed'),
        align: 'end',
        width: 96,
        cell: row => format.number(row.unsubscribed),
      },
      ...(mayManage
        ? [
            {
              id: 'edit',
              header: t('mailing.edit'),
              actions: true,
              align: 'end' as const,
              width: 80,
              cell: (row: Topic) => (
                <>
                  <IconButton
                    icon="note"
                    label={`${t('mailing.edit')}: ${nameOf(row, locale)}`}
                    onClick={() => setEdited(row)}
                  />
                  <IconButton
                    icon="close"
                    label={`${t('mailing.remove')}: ${nameOf(row, locale)}`}
                    onClick={() => void remove({ params: { id: row.id } }).catch(() => {})}
                  />
                </>
              ),
            },
          ]
        : []),
    ],
    [t, format, locale, mayManage, remove],
  )
  return (
    <>
      <DataTable
        id="message-topics"
        fixed
        label={t('mailing.topics')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => nameOf(row, locale)}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        tools={
          mayManage && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setEdited('new')}>
              {t('mailing.addTopic')}
            </Button>
          )
        }
        empty={<EmptyState title={t('mailing.none')} text={t('mailing.topicHint')} />}
      />
      {edited && <TopicDialog topic={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </>
  )
}

function TopicDialog({ topic, onClose }: { topic: Topic | undefined; onClose: () => void }) {
  const t = useText()
  const create = useCommand(createTopic, { quiet: true, stale: [listTopics.path] })
  const update = useCommand(updateTopic, { quiet: true, stale: [listTopics.path] })
  return (
    <Dialog open onClose={onClose} title={t(topic ? 'mailing.edit' : 'mailing.addTopic')}>
      <Form
        submit={t('mailing.save')}
        onCancel={onClose}
        onSubmit={async values => {
          const nameJa = values.text('nameJa')
          const names = { nameJa, nameEn: values.text('nameEn') || nameJa }
          if (topic) await update.run({ params: { id: topic.id }, body: names })
          else {
            const kind = values.text('kind') === 'transactional' ? 'transactional' : 'marketing'
            await create.run({ body: { ...names, key: values.text('key'), kind } })
          }
          onClose()
        }}
      >
        <Field label={t('mailing.nameJa')} name="nameJa" required>
          <TextInput maxLength={100} defaultValue={topic?.nameJa} />
        </Field>
        <Field label={t('mailing.nameEn')} name="nameEn">
          <TextInput maxLength={100} defaultValue={topic?.nameEn} />
        </Field>
        {!topic && (
          <>
            <Field label={t('mailing.topicKey')} name="key" required hint="a-z, 0-9, -, _">
              <TextInput maxLength={60} pattern="[a-z][a-z0-9_\-]*" />
            </Field>
            <RadioGroup
              label={t('mailing.kind')}
              name="kind"
              defaultValue="marketing"
              options={(['marketing', 'transactional'] as const).map(value => ({
                value,
                label: t(`mailing.kind.${value}`),
              }))}
            />
          </>
        )}
      </Form>
    </Dialog>
  )
}
