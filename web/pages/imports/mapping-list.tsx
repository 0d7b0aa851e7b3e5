import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { deleteImportMapping, listImportMappings } from '../../../server/collect/imports/contract/mappings.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { IconButton } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { FolderDialog, RenameDialog, UploadCallDialog } from './mapping-dialogs.tsx'
import type { SavedMapping } from './saved-mapping.ts'
import { looks } from './state.ts'

type Doing = 'rename' | 'folder' | 'call' | 'delete'

/** Mappings that were kept: to be used on a new file, by a watched folder, or by a program. */
export function MappingList() {
  const t = useText()
  const format = useFormat()
  const mappings = useRoute(listImportMappings)
  const [doing, setDoing] = useState<{ what: Doing; mapping: SavedMapping } | null>(null)
  const columns = useMemo<Column<SavedMapping>[]>(
    () => [
      {
        id: 'name',
        header: t('imports.mappingName'),
        clip: true,
        cell: row => <span title={row.name}>{row.name}</span>,
      },
      { id: 'kind', header: t('imports.kind'), width: 144, narrow: 'hide', cell: row => t(`imports.kind.${row.kind}`) },
      {
        id: 'columns',
        header: t('imports.columnCount'),
        align: 'end',
        width: 72,
        narrow: 'hide',
        cell: row => format.number(row.mapping.assignments.length),
      },
      {
        id: 'folder',
        header: t('imports.folder'),
        width: 200,
        narrow: 'hide',
        cell: row =>
          row.folder === null ? (
            <span className="text-t3">{t('imports.notWatched')}</span>
          ) : (
            <>
              <code>{row.folder}/</code>{' '}
              <small className="text-t3">{t('imports.nextCheck', { time: nextCheck(format.time) })}</small>
            </>
          ),
      },
      {
        id: 'last',
        header: t('imports.lastRun'),
        width: 232,
        cell: row =>
          row.lastImport ? (
            <Link
              to="/imports/$id"
              params={{ id: row.lastImport.id }}
              className="k-link"
              title={row.lastImport.fileName}
            >
              <Badge tone={looks[row.lastImport.state].tone} icon={looks[row.lastImport.state].icon}>
                {t(`imports.state.${row.lastImport.state}`)}
              </Badge>{' '}
              {format.relative(row.lastImport.createdAt)}
            </Link>
          ) : (
            <span className="text-t3">{t('imports.neverRun')}</span>
          ),
      },
      {
        id: 'actions',
        header: t('kit.table.actions'),
        actions: true,
        align: 'end',
        width: 40,
        cell: row => <MappingMenu mapping={row} onDo={what => setDoing({ what, mapping: row })} />,
      },
    ],
    [t, format],
  )
  const close = () => setDoing(null)
  return (
    <>
      <DataTable
        id="import-mappings"
        label={t('imports.mappings')}
        fixed
        columns={columns}
        rows={mappings.data?.items}
        rowId={row => row.id}
        rowName={row => row.name}
        problem={
          mappings.error ? { text: wordsOf(mappings.error, t), retry: () => void mappings.refetch() } : undefined
        }
        empty={<EmptyState title={t('imports.noMappings')} text={t('imports.noMappingsText')} />}
      />
      {doing?.what === 'rename' && <RenameDialog mapping={doing.mapping} onClose={close} />}
      {doing?.what === 'folder' && <FolderDialog mapping={doing.mapping} onClose={close} />}
      {doing?.what === 'call' && <UploadCallDialog mapping={doing.mapping} onClose={close} />}
      {doing?.what === 'delete' && <DeleteDialog mapping={doing.mapping} onClose={close} />}
    </>
  )
}

/** Folders are looked at when a minute begins. */
function nextCheck(time: (moment: Date) => string): string {
  return time(new Date(Math.ceil(Date.now() / 60_000) * 60_000))
}

function MappingMenu({ mapping, onDo }: { mapping: SavedMapping; onDo: (what: Doing) => void }) {
  const t = useText()
  const navigate = useNavigate()
  return (
    <Menu trigger={<IconButton icon="more" label={t('imports.actionsFor', { name: mapping.name })} />}>
      <MenuItem
        icon="upload"
        onSelect={() => void navigate({ to: '/imports/new', search: { kind: mapping.kind, mapping: mapping.id } })}
      >
        {t('imports.useOnFile')}
      </MenuItem>
      <MenuItem icon="note" onSelect={() => onDo('rename')}>
        {t('imports.rename')}
      </MenuItem>
      <MenuItem icon="inbox" onSelect={() => onDo('folder')}>
        {t('imports.watch')}
      </MenuItem>
      <MenuItem icon="key" onSelect={() => onDo('call')}>
        {t('imports.byApi')}
      </MenuItem>
      <MenuItem icon="trash" tone="danger" onSelect={() => onDo('delete')}>
        {t('imports.deleteMapping')}
      </MenuItem>
    </Menu>
  )
}

function DeleteDialog({ mapping, onClose }: { mapping: SavedMapping; onClose: () => void }) {
  const t = useText()
  const remove = useCommand(deleteImportMapping, {
    onDone: () => toastDone(t('imports.mappingDeleted', { name: mapping.name })),
  })
  return (
    <ConfirmDialog
      open
      destroys
      onClose={onClose}
      title={t('imports.deleteMappingTitle', { name: mapping.name })}
      text={t('imports.deleteMappingText', { watched: mapping.folder === null ? 'no' : 'yes' })}
      confirm={t('imports.deleteMappingConfirm')}
      onConfirm={() => remove.run({ params: { id: mapping.id } })}
    />
  )
}
