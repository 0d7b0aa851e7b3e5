import { createTag, updateTag } from '../../../../server/customers/attributes/contract/attributes.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useText } from '../../../i18n/provider.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Field, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { staleFields } from './attribute-dialog.tsx'

interface TagDialogProps {
  tag: { id: string; name: string } | undefined
  onClose: () => void
}

/** A new tag, or another name for one; the name of another one joins the two. */
export function TagDialog({ tag, onClose }: TagDialogProps) {
  const t = useText()
  const create = useCommand(createTag, { quiet: true, stale: staleFields })
  const update = useCommand(updateTag, { quiet: true, stale: staleFields })
  return (
    <Dialog open onClose={onClose} title={t(tag ? 'fields.tagRenameTitle' : 'fields.tagAdd')}>
      <Form
        submit={t(tag ? 'settings.save' : 'fields.tagAdd')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = { name: values.text('name') }
          if (tag) await update.run({ params: { id: tag.id }, body })
          else await create.run({ body })
          onClose()
        }}
      >
        <Field label={t('fields.tag')} name="name" required hint={tag && t('fields.tagJoinHint')}>
          <TextInput maxLength={60} defaultValue={tag?.name} autoComplete="off" />
        </Field>
      </Form>
    </Dialog>
  )
}
