import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Block, MessageLanguage, SharedContent } from '../../../server/engage/messages/contract/blocks.ts'
import {
  deleteSharedBlock,
  listSharedBlocks,
  saveSharedBlock,
} from '../../../server/engage/messages/contract/templates.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { MessagePreview } from '../../features/messages/preview.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Button, Segments } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { ConfirmDialog, Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { BlockEditor, type EditedBlock } from './block-editor.tsx'

type Shared = RouteReply<typeof listSharedBlocks>['items'][number]
const stale = [listSharedBlocks.path]

/** Blocks that templates share: a change shows in every message that is written after it. */
export function SharedBlocks({ mayManage }: { mayManage: boolean }) {
  const t = useText()
  const format = useFormat()
  const { data, error, refetch } = useRoute(listSharedBlocks)
  const [open, setOpen] = useState<Shared | 'new'>()
  const columns = useMemo<Column<Shared>[]>(
    () => [
      {
        id: 'name',
        header: t('mailing.name'),
        clip: true,
        sort: row => row.name,
        cell: row => (
          <button type="button" className="k-link" title={row.name} onClick={() => setOpen(row)}>
            {row.name}
          </button>
        ),
      },
      {
        id: 'uses',
        header: t('mailing.uses'),
        align: 'end',
        width: 152,
        sort: row => row.templates.length,
        cell: row => format.number(row.templates.length),
      },
      {
        id: 'updated',
        header: t('mailing.updated'),
        align: 'end',
        width: 152,
        narrow: 'hide',
        cell: row => format.dateTime(row.updatedAt),
      },
    ],
    [t, format],
  )
  return (
    <>
      <DataTable
        id="message-blocks"
        fixed
        label={t('mailing.tab.blocks')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => row.name}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        tools={
          mayManage && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setOpen('new')}>
              {t('mailing.newBlock')}
            </Button>
          )
        }
        empty={<EmptyState title={t('mailing.noBlocks')} text={t('mailing.noBlocksText')} />}
      />
      {open && (
        <SharedDialog
          shared={open === 'new' ? undefined : open}
          taken={data?.items.map(({ key }) => key) ?? []}
          mayManage={mayManage}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  )
}

interface SharedDialogProps {
  shared: Shared | undefined
  taken: readonly string[]
  mayManage: boolean
  onClose: () => void
}

type Drafts = Partial<Record<MessageLanguage, EditedBlock[]>>

function draftsOf(shared: Shared | undefined): Drafts {
  const edited = (blocks: readonly Block[]) => blocks.map(block => ({ id: crypto.randomUUID(), block }))
  const { ja, en } = shared?.content ?? {}
  return { ...(ja && { ja: edited(ja) }), ...(en && { en: edited(en) }) }
}

function contentOf(drafts: Drafts): SharedContent {
  const content: Partial<Record<MessageLanguage, Block[]>> = {}
  for (const language of ['ja', 'en'] as const) {
    const blocks = drafts[language]?.map(({ block }) =>
      block.kind === 'list' ? { ...block, items: block.items.filter(item => item.trim() !== '') } : block,
    )
    if (blocks && blocks.length > 0) content[language] = blocks
  }
  return content as SharedContent
}

function SharedDialog({ shared, taken, mayManage, onClose }: SharedDialogProps) {
  const t = useText()
  const { locale } = useLocale()
  const [language, setLanguage] = useState<MessageLanguage>(
    shared?.content[locale] || !shared ? locale : locale === 'ja' ? 'en' : 'ja',
  )
  const [drafts, setDrafts] = useState(() => draftsOf(shared))
  const [deleting, setDeleting] = useState(false)
  const save = useCommand(saveSharedBlock, { quiet: true, stale })
  const remove = useCommand(deleteSharedBlock, { stale })
  const blocks = drafts[language] ?? []
  const content = contentOf(drafts)
  const variant = content[language] && { subject: ' – ', preheader: '', blocks: content[language], text: null }
  const title = shared ? shared.name : t('mailing.newBlock')
  return (
    <Dialog open onClose={onClose} size="wide" title={title} text={t('mailing.blockText')}>
      <Form
        submit={t(shared ? 'mailing.save' : 'mailing.create')}
        onCancel={onClose}
        aside={
          shared &&
          mayManage && (
            <Button kind="danger" onClick={() => setDeleting(true)}>
              {t('mailing.delete')}
            </Button>
          )
        }
        onSubmit={async values => {
          const name = values.text('name')
          await save.run({ body: { key: shared?.key ?? freshKey(name, taken), name, content } })
          toastDone(t('mailing.saved'))
          onClose()
        }}
      >
        <div className="m-main">
          <Field label={t('mailing.name')} name="name" required>
            <TextInput maxLength={100} defaultValue={shared?.name} autoComplete="off" />
          </Field>
          {shared && shared.templates.length > 0 && (
            <div>
              <p className="text-t3">{t('mailing.usedBy')}</p>
              <ul>
                {shared.templates.map(({ id, name }) => (
                  <li key={id}>
                    <Link to="/messages/templates/$id" params={{ id }} className="k-link">
                      {name}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          )}
          <Segments
            label={t('mailing.languages')}
            options={(['ja', 'en'] as const).map(value => ({ value, label: t(`mailing.language.${value}`) }))}
            value={language}
            onChange={setLanguage}
          />
          <BlockEditor simple blocks={blocks} onChange={next => setDrafts({ ...drafts, [language]: next })} />
          <MessagePreview content={variant ? { [language]: variant } : null} language={language} whom={{}} />
        </div>
      </Form>
      {deleting && shared && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setDeleting(false)}
          title={t('mailing.deleteBlock', { name: shared.name })}
          text={t('mailing.deleteBlockText', { count: shared.templates.length })}
          confirm={t('mailing.delete')}
          onConfirm={async () => {
            await remove.run({ params: { id: shared.id } })
            onClose()
          }}
        />
      )}
    </Dialog>
  )
}

/** A key for a new block: of its name where that is of Latin letters; one that is taken would replace its block. */
function freshKey(name: string, taken: readonly string[]): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
  const key = words || 'block'
  return words && !taken.includes(key) ? key : `${key}-${crypto.randomUUID().slice(0, 8)}`
}
