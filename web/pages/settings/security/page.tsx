import { useState } from 'react'
import { changePassword } from '../../../../server/platform/identity/contract/account.ts'
import { useCommand } from '../../../api/hooks.ts'
import { useSession } from '../../../api/session.tsx'
import { HiddenUserName, NewPasswordField } from '../../../features/identity/new-password.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Field, PasswordInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Section } from '../../../kit/layout.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { SecondFactor } from './second-factor.tsx'
import { Sessions } from './sessions.tsx'

export function SecurityPage() {
  const t = useText()
  return (
    <SettingsScreen title={t('security.title')}>
      <SecondFactor />
      <Section title={t('security.password')}>
        <ChangePassword />
      </Section>
      <Sessions />
    </SettingsScreen>
  )
}

function ChangePassword() {
  const t = useText()
  const { user } = useSession()
  // A new form after each change: what was typed is a password.
  const [round, setRound] = useState(0)
  const change = useCommand(changePassword, { quiet: true, stale: ['/api/v1/me/sessions'] })
  return (
    <div className="s-form">
      <p className="text-t2 mb-5">{t('security.password.text')}</p>
      <Form
        key={round}
        submit={t('security.password.submit')}
        submitKind="normal"
        onSubmit={async values => {
          await change.run({ body: { current: values.secret('current'), password: values.secret('password') } })
          setRound(round + 1)
          toastDone(t('security.password.done'))
        }}
      >
        <HiddenUserName email={user.email} />
        <Field label={t('security.password.current')} name="current" required>
          <PasswordInput autoComplete="current-password" maxLength={256} />
        </Field>
        <NewPasswordField label={t('security.password.new')} />
      </Form>
    </div>
  )
}
