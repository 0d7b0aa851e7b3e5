import { startJourneys } from '../../../server/engage/onboarding/contract/journeys.ts'
import type { OnboardingTemplate } from '../../../server/engage/onboarding/contract/templates.ts'
import { listSegments } from '../../../server/signals/segments/contract.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

interface StartDialogProps {
  templates: readonly OnboardingTemplate[]
  /** One customer; without it those of a segment. */
  customerId?: string
  onClose: () => void
}

/** Starts a template for one customer, or for all of a segment. */
export function StartDialog({ templates, customerId, onClose }: StartDialogProps) {
  const t = useText()
  const { locale } = useLocale()
  const format = useFormat()
  const segments = useRoute(listSegments, { query: { record: 'customer' } }).data?.items ?? []
  const start = useCommand(startJourneys, { stale: ['/api/v1/onboarding', '/api/v1/tasks'], quiet: true })
  return (
    <Dialog
      open
      onClose={onClose}
      title={customerId ? t('onboarding.startFor') : t('onboarding.start')}
      {...(!customerId && { text: t('onboarding.startText') })}
    >
      <Form
        submit={t('onboarding.startNow')}
        onCancel={onClose}
        onSubmit={async values => {
          const { started } = await start.run({
            body: {
              templateId: values.text('templateId'),
              startsOn: values.text('startsOn'),
              ...(customerId ? { ids: [customerId] } : { segmentId: values.text('segmentId') }),
            },
          })
          toastDone(t('onboarding.started', { count: started }))
          onClose()
        }}
      >
        <Field label={t('onboarding.template')} name="templateId" required>
          <Select
            options={templates.map(({ id, nameJa, nameEn }) => ({
              value: id,
              label: locale === 'ja' ? nameJa : nameEn,
            }))}
          />
        </Field>
        {!customerId && (
          <Field label={t('onboarding.segment')} name="segmentId" required>
            <Select
              placeholder={t('onboarding.segment')}
              options={segments.map(({ id, nameJa, nameEn }) => ({
                value: id,
                label: locale === 'ja' ? nameJa : nameEn,
              }))}
            />
          </Field>
        )}
        <Field label={t('onboarding.startsOn')} name="startsOn" required>
          <TextInput type="date" defaultValue={format.today()} />
        </Field>
      </Form>
    </Dialog>
  )
}
