import { Link } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { resendVerification, verifyEmail } from '../../../server/platform/identity/contract/account.ts'
import { call } from '../../api/client.ts'
import { wordsOf } from '../../api/hooks.ts'
import { ApiProblem } from '../../api/problem.ts'
import { CheckYourMail } from '../../features/identity/check-your-mail.tsx'
import { useFragmentToken } from '../../features/identity/fragment-token.ts'
import { OutsideScreen } from '../../frame/outside-screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonText } from '../../kit/skeleton.tsx'

type State =
  | { at: 'asking' }
  | { at: 'expired' }
  | { at: 'done'; email: string }
  | { at: 'sent'; email: string }
  | { at: 'failed'; fault: unknown }

/** Confirms an address by the link of the mail; the link may be opened twice. */
export function VerifyPage() {
  const t = useText()
  const token = useFragmentToken()
  const [state, setState] = useState<State>({ at: 'asking' })

  const confirm = useCallback(() => {
    setState({ at: 'asking' })
    call(verifyEmail, { body: { token } }).then(
      ({ email }) => setState({ at: 'done', email }),
      fault => {
        const isOver = fault instanceof ApiProblem && (fault.code === 'expired' || fault.code === 'invalid_input')
        setState(isOver ? { at: 'expired' } : { at: 'failed', fault })
      },
    )
  }, [token])
  useEffect(() => {
    if (token) confirm()
    else setState({ at: 'expired' })
  }, [token, confirm])

  if (state.at === 'done')
    return (
      <OutsideScreen
        key="done"
        title={t('account.verify.done')}
        text={t('account.verify.doneText', { email: state.email })}
      >
        <Link to="/sign-in" className="k-button" data-kind="primary" data-wide>
          {t('account.signIn.submit')}
        </Link>
      </OutsideScreen>
    )
  if (state.at === 'expired') return <Expired onSent={email => setState({ at: 'sent', email })} />
  if (state.at === 'sent')
    return (
      <OutsideScreen key="sent" title={t('account.mail.title')} text={t('account.verify.sent', { email: state.email })}>
        <CheckYourMail email={state.email} again={resendVerification} onBack={() => setState({ at: 'expired' })} />
      </OutsideScreen>
    )
  return (
    <OutsideScreen key="asking" title={t('account.verify.title')}>
      {state.at === 'asking' ? (
        <div aria-busy="true">
          <p className="k-hidden" role="status">
            {t('account.verify.asking')}
          </p>
          <SkeletonText width="72%" />
        </div>
      ) : (
        <div className="grid gap-4">
          <Note tone="red" alert>
            {wordsOf(state.fault, t)}
          </Note>
          <Button kind="primary" onClick={confirm}>
            {t('frame.problem.retry')}
          </Button>
        </div>
      )}
    </OutsideScreen>
  )
}

function Expired({ onSent }: { onSent: (email: string) => void }) {
  const t = useText()
  return (
    <OutsideScreen
      key="expired"
      title={t('account.verify.expired')}
      text={t('account.verify.expiredText')}
      foot={
        <Link to="/sign-in" className="k-link">
          {t('account.toSignIn')}
        </Link>
      }
    >
      <Form
        submit={t('account.mail.again')}
        onSubmit={async values => {
          const email = values.text('email')
          await call(resendVerification, { body: { email } })
          onSent(email)
        }}
      >
        <Field label={t('account.email')} name="email" required>
          <TextInput type="email" autoComplete="username" maxLength={254} />
        </Field>
      </Form>
    </OutsideScreen>
  )
}
