import { useState } from 'react'
import { disableSecondFactor, renewRecoveryCodes } from '../../../../server/platform/identity/contract/account.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useSession } from '../../../api/session.tsx'
import { HiddenUserName } from '../../../features/identity/new-password.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button } from '../../../kit/button.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Field, PasswordInput, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Section } from '../../../kit/layout.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { SetUpDialog } from './set-up-dialog.tsx'
import { staleAfterFactor } from './stale-answers.ts'

/** The second factor: on or off, and what can be done about it. */
export function SecondFactor() {
  const t = useText()
  const { user } = useSession()
  const [dialog, setDialog] = useState<'none' | 'setUp' | 'renew' | 'off'>('none')
  const close = () => setDialog('none')
  return (
    <Section
      title={t('security.factor')}
      end={
        user.secondFactor ? (
          <Badge tone="green" icon="check">
            {t('security.factor.on')}
          </Badge>
        ) : (
          <Badge>{t('security.factor.off')}</Badge>
        )
      }
    >
      <div className="s-line">
        <p className="text-t2">{t(user.secondFactor ? 'security.factor.onText' : 'security.factor.offText')}</p>
        {user.secondFactor ? (
          <div className="flex flex-wrap gap-3">
            <Button onClick={() => setDialog('renew')}>{t('security.factor.renew')}</Button>
            <Button kind="danger" onClick={() => setDialog('off')}>
              {t('security.factor.turnOff')}
            </Button>
          </div>
        ) : (
          <Button kind="primary" icon="shield" onClick={() => setDialog('setUp')}>
            {t('security.factor.setUp')}
          </Button>
        )}
      </div>
      {dialog === 'setUp' && <SetUpDialog onClose={close} />}
      {dialog === 'renew' && <RenewDialog onClose={close} />}
      {dialog === 'off' && <OffDialog onClose={close} />}
    </Section>
  )
}

function RenewDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const { user } = useSession()
  const [codes, setCodes] = useState<string[] | null>(null)
  const renew = useCommand(renewRecoveryCodes, { quiet: true, stale: [] })
  if (codes)
    return (
      <Dialog
        key="codes"
        open
        onClose={onClose}
        title={t('security.factor.codes')}
        text={t('security.factor.codesText')}
      >
        <RecoveryCodes codes={codes} onKept={onClose} />
      </Dialog>
    )
  return (
    <Dialog open onClose={onClose} title={t('security.factor.renewTitle')} text={t('security.factor.renewText')}>
      <Form
        submit={t('security.factor.renewSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const { recoveryCodes } = await renew.run({ body: { password: values.secret('password') } })
          setCodes(recoveryCodes)
        }}
      >
        <HiddenUserName email={user.email} />
        <Field label={t('account.password')} name="password" required>
          <PasswordInput autoComplete="current-password" maxLength={256} />
        </Field>
      </Form>
    </Dialog>
  )
}

function OffDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const { user } = useSession()
  const turnOff = useCommand(disableSecondFactor, { quiet: true, stale: staleAfterFactor })
  return (
    <Dialog open onClose={onClose} title={t('security.factor.offTitle')} text={t('security.factor.offWarning')}>
      <Form
        submit={t('security.factor.offSubmit')}
        submitKind="destroy"
        onCancel={onClose}
        onSubmit={async values => {
          await turnOff.run({ body: { password: values.secret('password'), code: values.text('code') } })
          toastDone(t('security.factor.disabled'))
          onClose()
        }}
      >
        <HiddenUserName email={user.email} />
        <Field label={t('account.password')} name="password" required>
          <PasswordInput autoComplete="current-password" maxLength={256} />
        </Field>
        <Field label={t('security.factor.offCode')} name="code" required>
          <TextInput
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            minLength={6}
            maxLength={24}
          />
        </Field>
      </Form>
    </Dialog>
  )
}
