import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { signIn } from '../../../server/platform/identity/contract/account.ts'
import { call } from '../../api/client.ts'
import { useEnter } from '../../frame/enter.ts'
import { OutsideScreen } from '../../frame/outside-screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Field, PasswordInput, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'

export function SignInPage() {
  const t = useText()
  const { to } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  const enter = useEnter()
  return (
    <OutsideScreen
      title={t('account.signIn.title')}
      foot={
        <>
          {t('account.signIn.new')}{' '}
          <Link to="/sign-up" className="k-link">
            {t('account.signIn.signUp')}
          </Link>
        </>
      }
    >
      <Form
        submit={t('account.signIn.submit')}
        aside={
          <Link to="/reset" className="k-link">
            {t('account.signIn.forgot')}
          </Link>
        }
        onSubmit={async values => {
          const { state } = await call(signIn, {
            body: { email: values.text('email'), password: values.secret('password') },
          })
          if (state === 'signed_in') enter(to)
          else await navigate({ to: '/second-factor', search: to ? { to } : {}, hash: true })
        }}
      >
        <Field label={t('account.email')} name="email" required>
          <TextInput type="email" autoComplete="username" maxLength={254} />
        </Field>
        <Field label={t('account.password')} name="password" required>
          <PasswordInput autoComplete="current-password" maxLength={256} />
        </Field>
      </Form>
    </OutsideScreen>
  )
}
