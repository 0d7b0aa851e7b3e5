import { useState } from 'react'
import { changeFlowSettings, readFlowSettings } from '../../../server/engage/flows/contract/enrolments.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Checkbox, Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** How often flows may contact somebody, over all flows. */
export function CapDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const { data } = useRoute(readFlowSettings)
  const change = useCommand(changeFlowSettings, { quiet: true, stale: ['/api/v1/flow-settings'] })
  const [limited, setLimited] = useState<boolean>()
  const isLimited = limited ?? (data ? data.cap !== null : false)
  return (
    <Dialog open onClose={onClose} title={t('flows.capTitle')} text={t('flows.capText')}>
      {data ? (
        <Form
          submit={t('flows.capSave')}
          onCancel={onClose}
          onSubmit={async values => {
            const cap = isLimited ? { most: values.number('most') ?? 3, days: values.number('days') ?? 7 } : null
            await change.run({ body: { cap, exemptPriority: values.number('exempt') ?? 0 } })
            toastDone(t('flows.capSaved'))
            onClose()
          }}
        >
          <Checkbox
            label={t('flows.capOn')}
            checked={isLimited}
            onChange={event => setLimited(event.currentTarget.checked)}
          />
          {isLimited && (
            <div className="fl-pair">
              <Field label={t('flows.capMost')} name="most" required>
                <TextInput type="number" min={1} max={100} defaultValue={data.cap?.most ?? 3} />
              </Field>
              <Field label={t('flows.capDays')} name="days" required>
                <TextInput type="number" min={1} max={365} defaultValue={data.cap?.days ?? 7} />
              </Field>
            </div>
          )}
          <Field label={t('flows.exempt')} name="exempt" required hint={t('flows.exemptHint')}>
            <TextInput type="number" min={0} max={9} defaultValue={data.exemptPriority} />
          </Field>
        </Form>
      ) : (
        <SkeletonRows rows={3} />
      )}
    </Dialog>
  )
}
