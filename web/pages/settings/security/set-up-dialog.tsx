import { lazy, Suspense, useState } from 'react'
import { enableSecondFactor, startSecondFactor } from '../../../../server/platform/identity/contract/account.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useSession } from '../../../api/session.tsx'
import { HiddenUserName } from '../../../features/identity/new-password.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Dialog } from '../../../kit/dialog.tsx'
import { Field, PasswordInput, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'
import { staleAfterFactor } from './stale-answers.ts'

const QrCode = lazy(async () => ({ default: (await import('./qr-code.tsx')).QrCode }))

type Step = { at: 'password' } | { at: 'app'; secret: string; uri: string } | { at: 'codes'; codes: string[] }

/** Password, then the app and its first code, then the recovery codes. */
export function SetUpDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const { user } = useSession()
  const [step, setStep] = useState<Step>({ at: 'password' })
  const start = useCommand(startSecondFactor, { quiet: true, stale: [] })
  const enable = useCommand(enableSecondFactor, { quiet: true, stale: staleAfterFactor })

  if (step.at === 'codes')
    return (
      <Dialog
        key="codes"
        open
        onClose={onClose}
        title={t('security.factor.codes')}
        text={t('security.factor.codesText')}
      >
        <RecoveryCodes codes={step.codes} onKept={onClose} />
      </Dialog>
    )
  if (step.at === 'app')
    return (
      <Dialog key="app" open onClose={onClose} title={t('security.factor')} text={t('security.factor.scan')}>
        <div className="grid gap-5">
          <div className="s-qr-line">
            <Suspense fallback={<span className="s-qr" />}>
              <QrCode text={step.uri} label={t('security.factor.qr')} />
            </Suspense>
            <div className="grid gap-3 content-start">
              <p className="text-t2">{t('security.factor.manual')}</p>
              <code className="s-secret">{step.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
            </div>
          </div>
          <Form
            submit={t('security.factor.enable')}
            onCancel={onClose}
            onSubmit={async values => {
              const code = values.text('code').replace(/\s/g, '')
              const { recoveryCodes } = await enable.run({ body: { code } })
              setStep({ at: 'codes', codes: recoveryCodes })
              toastDone(t('security.factor.enabled'))
            }}
          >
            <Field label={t('security.factor.code')} name="code" required hint={t('security.factor.codeHint')}>
              <TextInput autoComplete="one-time-code" inputMode="numeric" pattern="[0-9 ]{6,7}" maxLength={7} />
            </Field>
          </Form>
        </div>
      </Dialog>
    )
  return (
    <Dialog key="password" open onClose={onClose} title={t('security.factor')} text={t('security.factor.confirm')}>
      <Form
        submit={t('security.factor.next')}
        onCancel={onClose}
        onSubmit={async values => {
          const { secret, uri } = await start.run({ body: { password: values.secret('password') } })
          setStep({ at: 'app', secret, uri })
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
