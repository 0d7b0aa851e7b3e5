import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { confirmSecondFactor, signOut } from '../../../server/platform/identity/contract/account.ts'
import { call } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { onSessionFault } from '../../api/session-fault.ts'
import { useEnter } from '../../frame/enter.ts'
import { OutsideScreen } from '../../frame/outside-screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastFailed } from '../../kit/toast.tsx'

/** The second step of the sign-in: a code of the authenticator app, or one of the recovery codes. */
export function SecondFactorPage() {
  const t = useText()
  const { to } = useSearch({ from: '/second-factor' })
  const [recovery, setRecovery] = useState(false)
  const navigate = useNavigate()
  const enter = useEnter()

  // The half session lasts ten minutes; after that the password is asked for again.
  useEffect(
    () =>
      onSessionFault(() => {
        toastFailed(t('account.secondFactor.over'))
        void navigate({ to: '/sign-in', search: to ? { to } : {}, hash: true, replace: true })
      }),
    [navigate, to, t],
  )
  const confirm = async (code: string) => {
    await call(confirmSecondFactor, { body: { code } }).catch(fault => {
      // Finished in another tab meanwhile: the way is free.
      if (!(fault instanceof ApiProblem && fault.code === 'conflict')) throw fault
    })
    enter(to)
  }
  const startAgain = async () => {
    await call(signOut).catch(() => {})
    await navigate({ to: '/sign-in', replace: true })
  }
  return (
    <OutsideScreen
      title={t('account.secondFactor.title')}
      text={t(recovery ? 'account.secondFactor.recoveryText' : 'account.secondFactor.text')}
      foot={
        <button type="button" className="k-link" onClick={startAgain}>
          {t('account.secondFactor.other')}
        </button>
      }
    >
      <Form
        key={recovery ? 'recovery' : 'app'}
        submit={t('account.signIn.submit')}
        onSubmit={values => confirm(values.text('code'))}
        aside={
          <button type="button" className="k-link" onClick={() => setRecovery(!recovery)}>
            {t(recovery ? 'account.secondFactor.useApp' : 'account.secondFactor.useRecovery')}
          </button>
        }
      >
        {recovery ? (
          <Field label={t('account.secondFactor.recoveryCode')} name="code" required>
            <TextInput autoComplete="off" autoCapitalize="none" spellCheck={false} minLength={6} maxLength={24} />
          </Field>
        ) : (
          <Field label={t('account.secondFactor.code')} name="code" required>
            <TextInput autoComplete="one-time-code" inputMode="numeric" pattern="[0-9 ]{6,7}" maxLength={7} />
          </Field>
        )}
      </Form>
    </OutsideScreen>
  )
}
