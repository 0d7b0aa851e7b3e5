import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { makeWebhookEndpoint } from '../../../server/collect/webhooks/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { CopyOnce } from '../../kit/copy-once.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { Snippet } from './snippet.tsx'

/** Makes an address for webhooks, then shows its secret this one time. */
export function CreateWebhookDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  const create = useCommand(makeWebhookEndpoint, { quiet: true })
  const [made, setMade] = useState<{ id: string; path: string; secret: string } | null>(null)
  if (made)
    return (
      <SecretDialog
        title={t('sources.webhook.madeTitle')}
        secret={made.secret}
        address={location.origin + made.path}
        onClose={() => {
          onClose()
          void navigate({ to: '/sources/webhooks/$id', params: { id: made.id } })
        }}
      />
    )
  return (
    <Dialog
      key="form"
      open
      onClose={onClose}
      title={t('sources.webhook.create')}
      text={t('sources.webhook.createText')}
    >
      <Form
        submit={t('sources.webhook.create')}
        onCancel={onClose}
        onSubmit={async values => {
          const name = values.text('name')
          const reply = await create.run({ body: { name } })
          toastDone(t('sources.webhook.made', { name }))
          setMade(reply)
        }}
      >
        <Field label={t('sources.name')} name="name" required hint={t('sources.webhook.nameHint')}>
          <TextInput maxLength={100} autoComplete="off" />
        </Field>
      </Form>
    </Dialog>
  )
}

interface SecretDialogProps {
  title: string
  secret: string
  /** Where the product sends to, where that is new, too. */
  address?: string
  onClose: () => void
}

/** A secret with which the product signs, shown this one time. */
export function SecretDialog({ title, secret, address, onClose }: SecretDialogProps) {
  const t = useText()
  return (
    <Dialog
      key="made"
      open
      onClose={onClose}
      title={title}
      foot={
        <Button kind="primary" onClick={onClose}>
          {t('sources.webhook.kept')}
        </Button>
      }
    >
      <div className="grid grid-cols-1 gap-5">
        <CopyOnce label={t('sources.webhook.secret')} value={secret} />
        {address && <Snippet label={t('sources.webhook.address')} text={address} />}
      </div>
    </Dialog>
  )
}
