import { changeTaskSettings, readTaskSettings } from '../../../server/engage/tasks/contract/settings.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Checkbox, Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** Which rules make tasks, and when a lead is told of late ones. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const { data } = useRoute(readTaskSettings)
  const change = useCommand(changeTaskSettings, { quiet: true })
  return (
    <Dialog open onClose={onClose} title={t('tasks.settings.title')} text={t('tasks.settings.text')}>
      {data ? (
        <Form
          submit={t('tasks.save')}
          onCancel={onClose}
          onSubmit={async values => {
            await change.run({
              body: {
                leadHot: values.flag('leadHot'),
                customerChurned: values.flag('customerChurned'),
                escalateDays: values.number('escalateDays') ?? null,
              },
            })
            toastDone(t('tasks.settings.saved'))
            onClose()
          }}
        >
          <Checkbox
            name="leadHot"
            defaultChecked={data.leadHot}
            label={t('tasks.settings.leadHot')}
            hint={t('tasks.settings.leadHotHint')}
          />
          <Checkbox
            name="customerChurned"
            defaultChecked={data.customerChurned}
            label={t('tasks.settings.churned')}
            hint={t('tasks.settings.churnedHint')}
          />
          <Field label={t('tasks.settings.escalate')} name="escalateDays" hint={t('tasks.settings.escalateHint')}>
            <TextInput type="number" min={0} max={90} defaultValue={data.escalateDays ?? ''} />
          </Field>
        </Form>
      ) : (
        <SkeletonRows rows={4} />
      )}
    </Dialog>
  )
}
