import { useMemo, useState } from 'react'
import {
  attributeUses,
  deleteAttribute,
  deleteTag,
  listAttributes,
  listTags,
} from '../../../../server/customers/attributes/contract/attributes.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import type { Attribute } from '../../../features/record/attributes.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog, Dialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Section } from '../../../kit/layout.tsx'
import { Menu, MenuItem } from '../../../kit/menu.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import { AttributeDialog, staleFields } from './attribute-dialog.tsx'
import { TagDialog } from './tag-dialog.tsx'

type Tag = RouteReply<typeof listTags>['items'][number]

/** The company's own fields and tags. */
export function AttributesPage() {
  const t = useText()
  const mayManage = useMay('attributes.manage')
  const [edited, setEdited] = useState<Attribute | 'new' | null>(null)
  return (
    <SettingsScreen
      title={t('fields.title')}
      wide
      actions={
        mayManage && (
          <Button kind="primary" size="small" icon="plus" onClick={() => setEdited('new')}>
            {t('fields.add')}
          </Button>
        )
      }
    >
      <Permitted permission="customers.read">
        <Fields mayManage={mayManage} onEdit={setEdited} />
        <Tags mayManage={mayManage} />
      </Permitted>
      {edited && <AttributeDialog attribute={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} />}
    </SettingsScreen>
  )
}

interface FieldsProps {
  mayManage: boolean
  onEdit: (attribute: Attribute | 'new') => void
}

function Fields({ mayManage, onEdit }: FieldsProps) {
  const t = useText()
  const format = useFormat()
  const { data, error, refetch } = useRoute(listAttributes, { query: {} })
  const [deleting, setDeleting] = useState<Attribute | null>(null)
  const columns = useMemo<Column<Attribute>[]>(
    () => [
      {
        id: 'label',
        header: t('fields.label'),
        clip: true,
        sort: row => row.label,
        cell: row => (
          <span title={row.description ?? row.label}>
            {row.label} <code className="k-mono text-t3">{row.key}</code>
          </span>
        ),
      },
      {
        id: 'record',
        header: t('fields.record'),
        width: 96,
        sort: row => row.record,
        cell: row => t(`fields.record.${row.record}`),
      },
      {
        id: 'type',
        header: t('fields.type'),
        width: 128,
        narrow: 'hide',
        sort: row => row.type,
        cell: row => t(`fields.type.${row.type}`),
      },
      {
        id: 'options',
        header: t('fields.options'),
        clip: true,
        narrow: 'hide',
        cell: row =>
          row.options.length > 0 ? (
            <span title={row.options.join(' · ')}>{row.options.join(' · ')}</span>
          ) : (
            <span className="text-t3">–</span>
          ),
      },
      {
        id: 'used',
        header: t('fields.used'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        sort: row => row.used,
        cell: row => format.number(row.used),
      },
      ...(mayManage
        ? [
            {
              id: 'actions',
              header: t('kit.table.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Attribute) => (
                <Menu trigger={<IconButton icon="more" label={t('fields.actionsFor', { name: row.label })} />}>
                  <MenuItem icon="note" onSelect={() => onEdit(row)}>
                    {t('fields.edit')}
                  </MenuItem>
                  <MenuItem icon="trash" tone="danger" onSelect={() => setDeleting(row)}>
                    {t('fields.delete')}
                  </MenuItem>
                </Menu>
              ),
            },
          ]
        : []),
    ],
    [t, format, mayManage, onEdit],
  )
  return (
    <Section title={t('fields.fields')} flush>
      <DataTable
        id="attributes"
        fixed
        label={t('fields.fields')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => row.label}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        empty={
          <EmptyState
            title={t('fields.empty')}
            text={t('fields.emptyText')}
            actions={
              mayManage && (
                <Button kind="primary" onClick={() => onEdit('new')}>
                  {t('fields.add')}
                </Button>
              )
            }
          />
        }
      />
      {deleting && <DeleteFieldDialog attribute={deleting} onClose={() => setDeleting(null)} />}
    </Section>
  )
}

function DeleteFieldDialog({ attribute, onClose }: { attribute: Attribute; onClose: () => void }) {
  const t = useText()
  const uses = useRoute(attributeUses, { params: { id: attribute.id } })
  const remove = useCommand(deleteAttribute, {
    stale: staleFields,
    onDone: () => toastDone(t('fields.deleted', { name: attribute.label })),
  })
  const views = uses.data?.views ?? []
  const users = uses.data?.uses ?? []
  if (users.length > 0) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={t('fields.inUseTitle', { name: attribute.label })}
        foot={<Button onClick={onClose}>{t('kit.close')}</Button>}
      >
        <p>{t('fields.inUseText', { names: users.map(use => use.name).join(' · ') })}</p>
      </Dialog>
    )
  }
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('fields.deleteTitle', { name: attribute.label })}
      text={
        <>
          <p>{t('fields.deleteText', { count: uses.data?.records ?? attribute.used })}</p>
          {views.length > 0 && <p>{t('fields.deleteViews', { names: views.map(view => view.name).join(' · ') })}</p>}
        </>
      }
      confirm={t('fields.deleteConfirm')}
      onConfirm={() => remove.run({ params: { id: attribute.id } })}
    />
  )
}

function Tags({ mayManage }: { mayManage: boolean }) {
  const t = useText()
  const format = useFormat()
  const { data, error, refetch } = useRoute(listTags)
  const [edited, setEdited] = useState<Tag | 'new' | null>(null)
  const [deleting, setDeleting] = useState<Tag | null>(null)
  const columns = useMemo<Column<Tag>[]>(
    () => [
      {
        id: 'name',
        header: t('fields.tag'),
        clip: true,
        sort: row => row.name,
        cell: row => <Badge>{row.name}</Badge>,
      },
      {
        id: 'customers',
        header: t('fields.record.customer'),
        align: 'end',
        width: 104,
        sort: row => row.customers,
        cell: row => format.number(row.customers),
      },
      {
        id: 'contacts',
        header: t('fields.record.contact'),
        align: 'end',
        width: 104,
        narrow: 'hide',
        sort: row => row.contacts,
        cell: row => format.number(row.contacts),
      },
      ...(mayManage
        ? [
            {
              id: 'actions',
              header: t('kit.table.actions'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Tag) => (
                <Menu trigger={<IconButton icon="more" label={t('fields.actionsFor', { name: row.name })} />}>
                  <MenuItem icon="note" onSelect={() => setEdited(row)}>
                    {t('fields.rename')}
                  </MenuItem>
                  <MenuItem icon="trash" tone="danger" onSelect={() => setDeleting(row)}>
                    {t('fields.delete')}
                  </MenuItem>
                </Menu>
              ),
            },
          ]
        : []),
    ],
    [t, format, mayManage],
  )
  const remove = useCommand(deleteTag, { stale: staleFields })
  return (
    <Section
      title={t('fields.tags')}
      flush
      end={
        mayManage && (
          <Button size="small" icon="plus" onClick={() => setEdited('new')}>
            {t('fields.tagAdd')}
          </Button>
        )
      }
    >
      <DataTable
        id="tags"
        fixed
        label={t('fields.tags')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => row.name}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        empty={<EmptyState title={t('fields.noTags')} text={t('fields.noTagsText')} />}
      />
      {edited && <TagDialog tag={edited === 'new' ? undefined : edited} onClose={() => setEdited(null)} />}
      {deleting && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setDeleting(null)}
          title={t('fields.tagDeleteTitle', { name: deleting.name })}
          text={t('fields.tagDeleteText', { customers: deleting.customers, contacts: deleting.contacts })}
          confirm={t('fields.tagDeleteConfirm')}
          onConfirm={async () => {
            await remove.run({ params: { id: deleting.id } })
            toastDone(t('fields.deleted', { name: deleting.name }))
          }}
        />
      )}
    </Section>
  )
}
