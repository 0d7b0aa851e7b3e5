import { createView, type SavedView, updateView } from '../../../server/customers/views/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Checkbox, Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { type Definition, savedForm } from './definition.ts'

interface ViewDialogProps {
  /** A view to rename; without it what is shown becomes a new one. */
  view?: SavedView
  definition: Definition
  onClose: () => void
  onSaved?: (id: string) => void
}

/** Saves what the table shows under a name, for oneself or for everybody. */
export function ViewDialog({ view, definition, onClose, onSaved }: ViewDialogProps) {
  const t = useText()
  const create = useCommand(createView, { quiet: true, stale: ['/api/v1/views'] })
  const update = useCommand(updateView, { quiet: true, stale: ['/api/v1/views'] })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(view ? 'customers.view.renameTitle' : 'customers.view.saveTitle')}
      text={view ? undefined : t('customers.view.saveText')}
    >
      <Form
        submit={t(view ? 'customers.save' : 'customers.view.saveSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const name = values.text('name')
          const shared = values.flag('shared')
          if (view) await update.run({ params: { id: view.id }, body: { name, shared } })
          else {
            const made = await create.run({
              body: { screen: 'customers', name, shared, definition: savedForm(definition) },
            })
            onSaved?.(made.id)
          }
          toastDone(t('customers.view.saved', { name }))
          onClose()
        }}
      >
        <Field label={t('customers.view.name')} name="name" required>
          <TextInput maxLength={80} defaultValue={view?.name} autoComplete="off" />
        </Field>
        <Checkbox
          name="shared"
          label={t('customers.view.sharing')}
          hint={t('customers.view.sharingHint')}
          defaultChecked={view?.shared}
        />
      </Form>
    </Dialog>
  )
}
