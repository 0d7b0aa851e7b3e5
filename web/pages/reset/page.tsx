import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { requestPasswordReset, resetPassword } from '../../../server/platform/identity/contract/account.ts'
import { call } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { CheckYourMail } from '../../features/identity/check-your-mail.tsx'
import { useFragmentToken } from '../../features/identity/fragment-token.ts'
import { NewPasswordField } from '../../features/identity/new-password.tsx'
import { OutsideScreen } from '../../frame/outside-screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'

/** A forgotten password: asks for a mail, or, by the link of that mail, for a new password. */
export function ResetPage() {
  const token = useFragmentToken()
  return token ? <Choose key={token} token={token} /> : <Ask expired={false} />
}

function Ask({ expired }: { expired: boolean }) {
  const t = useText()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const foot = (
    <Link to="/sign-in" className="k-link">
      {t('account.toSignIn')}
    </Link>
  )
  if (sentTo)
    return (
      <OutsideScreen
        key="sent"
        title={t('account.mail.title')}
        text={t('account.reset.sent', { email: sentTo })}
        foot={foot}
      >
        <CheckYourMail email={sentTo} again={requestPasswordReset} onBack={() => setSentTo(null)} />
      </OutsideScreen>
    )
  return (
    <OutsideScreen key="ask" title={t('account.reset.title')} text={t('account.reset.text')} foot={foot}>
      <div className="grid gap-5">
        {expired && (
          <Note tone="orange" alert>
            {t('account.reset.expired')}
          </Note>
        )}
        <Form
          submit={t('account.reset.submit')}
          onSubmit={async values => {
            const email = values.text('email')
            await call(requestPasswordReset, { body: { email } })
            setSentTo(email)
          }}
        >
          <Field label={t('account.email')} name="email" required>
            <TextInput type="email" autoComplete="username" maxLength={254} />
          </Field>
        </Form>
      </div>
    </OutsideScreen>
  )
}

function Choose({ token }: { token: string }) {
  const t = useText()
  const [state, setState] = useState<'choosing' | 'expired' | 'done'>('choosing')
  if (state === 'expired') return <Ask expired />
  if (state === 'done')
    return (
      <OutsideScreen key="done" title={t('account.reset.done')} text={t('account.reset.doneText')}>
        <Link to="/sign-in" className="k-button" data-kind="primary" data-wide>
          {t('account.signIn.submit')}
        </Link>
      </OutsideScreen>
    )
  return (
    <OutsideScreen key="choose" title={t('account.reset.choose')} text={t('account.reset.chooseText')}>
      <Form
        submit={t('account.reset.set')}
        onSubmit={async values => {
          try {
            await call(resetPassword, { body: { token, password: values.secret('password') } })
            setState('done')
          } catch (fault) {
            const wrongToken = fault instanceof ApiProblem && fault.errors.some(({ path }) => path === 'body.token')
            if (!(fault instanceof ApiProblem && (fault.code === 'expired' || wrongToken))) throw fault
            setState('expired')
          }
        }}
      >
        <NewPasswordField label={t('account.newPassword')} />
      </Form>
    </OutsideScreen>
  )
}
