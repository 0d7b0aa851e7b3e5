import { createImportMapping } from '../../../server/collect/imports/contract/mappings.ts'
import type { ImportKind, Mapping } from '../../../server/collect/imports/contract/shapes.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

interface SaveMappingDialogProps {
  kind: ImportKind
  mapping: Mapping
  fileName: string
  onClose: () => void
}

/** Keeps a mapping under a name, for files that come again. */
export function SaveMappingDialog({ kind, mapping, fileName, onClose }: SaveMappingDialogProps) {
  const t = useText()
  const save = useCommand(createImportMapping, { quiet: true })
  return (
    <Dialog open onClose={onClose} title={t('imports.saveTitle')} text={t('imports.saveText')}>
      <Form
        submit={t('imports.saveSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const name = values.text('name')
          await save.run({ body: { name, kind, mapping, folder: values.optional('folder') ?? null } })
          toastDone(t('imports.saved', { name }))
          onClose()
        }}
      >
        <Field label={t('imports.mappingName')} name="name" required>
          <TextInput maxLength={80} autoComplete="off" defaultValue={fileName.replace(/\.[a-z]+$/i, '').slice(0, 80)} />
        </Field>
        <Field label={t('imports.folder')} name="folder" hint={t('imports.folderHint')}>
          <TextInput maxLength={60} autoComplete="off" spellCheck={false} pattern="[a-z0-9][a-z0-9_\-]*" />
        </Field>
      </Form>
    </Dialog>
  )
}
