import { useState } from 'react'
import { updateImportMapping } from '../../../server/collect/imports/contract/mappings.ts'
import { useCommand } from '../../api/hooks.ts'
import { useSession } from '../../api/session.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { SavedMapping } from './saved-mapping.ts'

interface MappingDialogProps {
  mapping: SavedMapping
  onClose: () => void
}

export function RenameDialog({ mapping, onClose }: MappingDialogProps) {
  const t = useText()
  const update = useCommand(updateImportMapping, { quiet: true })
  return (
    <Dialog open onClose={onClose} title={t('imports.renameTitle')}>
      <Form
        submit={t('imports.renameSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const name = values.text('name')
          await update.run({ params: { id: mapping.id }, body: { name } })
          toastDone(t('imports.saved', { name }))
          onClose()
        }}
      >
        <Field label={t('imports.mappingName')} name="name" required>
          <TextInput maxLength={80} autoComplete="off" defaultValue={mapping.name} />
        </Field>
      </Form>
    </Dialog>
  )
}

/** The folder whose files are imported with the mapping. */
export function FolderDialog({ mapping, onClose }: MappingDialogProps) {
  const t = useText()
  const { tenant } = useSession()
  const [folder, setFolder] = useState(mapping.folder ?? '')
  const update = useCommand(updateImportMapping, { quiet: true })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('imports.watchTitle', { name: mapping.name })}
      text={t('imports.watchText')}
    >
      <Form
        submit={t('imports.watchSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const next = values.optional('folder') ?? null
          await update.run({ params: { id: mapping.id }, body: { folder: next } })
          toastDone(t(next === null ? 'imports.unwatched' : 'imports.watched', { name: mapping.name }))
          onClose()
        }}
      >
        <Field label={t('imports.folder')} name="folder" hint={t('imports.folderHint')}>
          <TextInput
            maxLength={60}
            autoComplete="off"
            spellCheck={false}
            pattern="[a-z0-9][a-z0-9_\-]*"
            value={folder}
            onChange={event => setFolder(event.currentTarget.value)}
          />
        </Field>
        {folder !== '' && (
          <div>
            <p className="k-label">{t('imports.folderPlace')}</p>
            <pre className="im-code">
              <code>{`$KIZUNA_IMPORT_DIR/${tenant.slug}/${folder}/`}</code>
            </pre>
            <p className="k-hint">{t('imports.folderFate')}</p>
          </div>
        )}
      </Form>
    </Dialog>
  )
}

/** How a program sends a file to be imported with the mapping. */
export function UploadCallDialog({ mapping, onClose }: MappingDialogProps) {
  const t = useText()
  const [copied, setCopied] = useState(false)
  const call = [
    `curl -X POST -H "Authorization: Bearer $KIZUNA_API_KEY"`,
    `-H "Content-Type: application/octet-stream" --data-binary @list.csv`,
    `"${location.origin}/api/v1/import-mappings/${mapping.id}/uploads?fileName=list.csv"`,
  ].join(' \\\n  ')
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={t('imports.byApiTitle', { name: mapping.name })}
      text={t('imports.byApiText')}
      foot={
        <Button
          kind="primary"
          icon={copied ? 'check' : 'copy'}
          onClick={() => void navigator.clipboard.writeText(call).then(() => setCopied(true))}
        >
          {t(copied ? 'kit.copy.copied' : 'kit.copy.copy')}
        </Button>
      }
    >
      <div className="grid gap-4">
        <pre className="im-code">
          <code>{call}</code>
        </pre>
        <Note>{t('imports.byApiKey')}</Note>
      </div>
    </Dialog>
  )
}
