import { Link, useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { acceptInvitation, readInvitation } from '../../../server/platform/identity/contract/account.ts'
import { call } from '../../api/client.ts'
import { wordsOf } from '../../api/hooks.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useFragmentToken } from '../../features/identity/fragment-token.ts'
import { HiddenUserName, NewPasswordField } from '../../features/identity/new-password.tsx'
import { useEnter } from '../../frame/enter.ts'
import { OutsideScreen } from '../../frame/outside-screen.tsx'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, PasswordInput, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Pairs } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'

type Invitation = RouteReply<typeof readInvitation>
type State =
  | { at: 'asking' }
  | { at: 'expired' }
  | { at: 'open'; invitation: Invitation }
  | { at: 'failed'; fault: unknown }

function isOver(fault: unknown): boolean {
  if (!(fault instanceof ApiProblem)) return false
  return fault.code === 'expired' || fault.errors.some(({ path }) => path === 'body.token')
}

/** An invitation to a company, by the link of its mail. */
export function InvitationPage() {
  const t = useText()
  const token = useFragmentToken()
  const [state, setState] = useState<State>({ at: 'asking' })
  const look = useCallback(() => {
    setState({ at: 'asking' })
    call(readInvitation, { body: { token } }).then(
      invitation => setState({ at: 'open', invitation }),
      fault => setState(isOver(fault) ? { at: 'expired' } : { at: 'failed', fault }),
    )
  }, [token])
  useEffect(() => {
    if (token) look()
    else setState({ at: 'expired' })
  }, [token, look])

  if (state.at === 'open')
    return <Accept token={token} invitation={state.invitation} onOver={() => setState({ at: 'expired' })} />
  if (state.at === 'expired')
    return (
      <OutsideScreen
        key="expired"
        title={t('account.invitation.expired')}
        text={t('account.invitation.expiredText')}
        foot={
          <Link to="/sign-in" className="k-link">
            {t('account.toSignIn')}
          </Link>
        }
      />
    )
  return (
    <OutsideScreen key="asking" title={t('account.invitation.title')}>
      {state.at === 'asking' ? (
        <div aria-busy="true">
          <p className="k-hidden" role="status">
            {t('frame.loading')}
          </p>
          <SkeletonRows rows={3} />
        </div>
      ) : (
        <div className="grid gap-4">
          <Note tone="red" alert>
            {wordsOf(state.fault, t)}
          </Note>
          <Button kind="primary" onClick={look}>
            {t('frame.problem.retry')}
          </Button>
        </div>
      )}
    </OutsideScreen>
  )
}

interface AcceptProps {
  token: string
  invitation: Invitation
  onOver: () => void
}

function Accept({ token, invitation, onOver }: AcceptProps) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const enter = useEnter()
  const { company, email, role, account } = invitation
  const accept = async (name: string | undefined, password: string) => {
    const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone
    try {
      const { state } = await call(acceptInvitation, { body: { token, name, password, locale, timeZone } })
      if (state === 'signed_in') enter()
      else await navigate({ to: '/second-factor', replace: true })
    } catch (fault) {
      if (!isOver(fault)) throw fault
      onOver()
    }
  }
  return (
    <OutsideScreen
      key="open"
      title={t('account.invitation.join', { company })}
      text={t(account === 'new' ? 'account.invitation.newText' : 'account.invitation.knownText')}
    >
      <div className="grid gap-6">
        <Pairs
          align="start"
          pairs={[
            [t('account.role'), t(`roles.${role}`)],
            [t('account.email'), email],
          ]}
        />
        <Form
          submit={t('account.invitation.submit')}
          aside={
            account === 'existing' && (
              <Link to="/reset" className="k-link">
                {t('account.signIn.forgot')}
              </Link>
            )
          }
          onSubmit={values => accept(values.optional('name'), values.secret('password'))}
        >
          <HiddenUserName email={email} />
          {account === 'new' ? (
            <>
              <Field label={t('account.name')} name="name" required>
                <TextInput autoComplete="name" maxLength={120} />
              </Field>
              <NewPasswordField />
            </>
          ) : (
            <Field label={t('account.password')} name="password" required>
              <PasswordInput autoComplete="current-password" maxLength={256} />
            </Field>
          )}
        </Form>
      </div>
    </OutsideScreen>
  )
}
