import { useState } from 'react'
import { rotateWebhookSecret } from '../../../server/collect/webhooks/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SecretDialog } from './create-webhook.tsx'
import type { WebhookEndpoint } from './webhook-table.tsx'

/** Hours for which the secrets before go on to hold. */
const terms = [24, 72, 168, 0] as const

/** Adds a secret; those before it hold for a while, so that the product can change over. */
export function RotateSecretDialog({ endpoint, onClose }: { endpoint: WebhookEndpoint; onClose: () => void }) {
  const t = useText()
  const rotate = useCommand(rotateWebhookSecret, { quiet: true })
  const [secret, setSecret] = useState<string | null>(null)
  if (secret) return <SecretDialog title={t('sources.webhook.rotatedTitle')} secret={secret} onClose={onClose} />
  return (
    <Dialog
      key="form"
      open
      onClose={onClose}
      title={t('sources.webhook.rotate')}
      text={t('sources.webhook.rotateText')}
    >
      <Form
        submit={t('sources.webhook.rotateSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const keepHours = values.number('keepHours') ?? 24
          const reply = await rotate.run({ params: { id: endpoint.id }, body: { keepHours } })
          setSecret(reply.secret)
        }}
      >
        <Field label={t('sources.webhook.keep')} name="keepHours" required>
          <Select
            defaultValue={24}
            options={terms.map(hours => ({
              value: String(hours),
              label: hours === 0 ? t('sources.webhook.keepNone') : t('sources.webhook.keepHours', { hours }),
            }))}
          />
        </Field>
      </Form>
    </Dialog>
  )
}
