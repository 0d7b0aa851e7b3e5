import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { resendVerification, signUp } from '../../../server/platform/identity/contract/account.ts'
import { call } from '../../api/client.ts'
import { CheckYourMail } from '../../features/identity/check-your-mail.tsx'
import { proposeSlug, slugPattern } from '../../features/identity/company-slug.ts'
import { NewPasswordField } from '../../features/identity/new-password.tsx'
import { OutsideScreen } from '../../frame/outside-screen.tsx'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'

/** A new company with its administrator. */
export function SignUpPage() {
  const t = useText()
  const { locale } = useLocale()
  const [slug, setSlug] = useState({ text: '', byHand: false })
  const [typed, setTyped] = useState({ company: '', name: '', email: '' })
  const [sent, setSent] = useState(false)
  const signInLink = (
    <Link to="/sign-in" className="k-link">
      {t('account.toSignIn')}
    </Link>
  )
  if (sent)
    return (
      <OutsideScreen
        key="sent"
        title={t('account.mail.title')}
        text={t('account.signUp.sent', { email: typed.email })}
        foot={signInLink}
      >
        <CheckYourMail email={typed.email} again={resendVerification} onBack={() => setSent(false)} />
      </OutsideScreen>
    )
  return (
    <OutsideScreen
      key="form"
      title={t('account.signUp.title')}
      text={t('account.signUp.text')}
      foot={
        <>
          {t('account.signUp.known')} {signInLink}
        </>
      }
    >
      <Form
        submit={t('account.signUp.submit')}
        onSubmit={async values => {
          const person = { company: values.text('company'), name: values.text('name'), email: values.text('email') }
          await call(signUp, {
            body: {
              ...person,
              slug: values.text('slug'),
              password: values.secret('password'),
              locale,
              timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
            },
          })
          setTyped(person)
          setSent(true)
        }}
      >
        <Field label={t('account.company')} name="company" required>
          <TextInput
            autoComplete="organization"
            maxLength={120}
            defaultValue={typed.company}
            onChange={event => {
              if (!slug.byHand) setSlug({ text: proposeSlug(event.target.value), byHand: false })
            }}
          />
        </Field>
        <Field label={t('account.slug')} name="slug" required hint={t('account.slugHint')}>
          <TextInput
            autoComplete="off"
            placeholder="minato-cloud"
            autoCapitalize="none"
            spellCheck={false}
            inputMode="url"
            minLength={3}
            maxLength={40}
            pattern={slugPattern}
            value={slug.text}
            onChange={event => setSlug({ text: event.target.value.toLowerCase(), byHand: event.target.value !== '' })}
          />
        </Field>
        <Field label={t('account.name')} name="name" required>
          <TextInput autoComplete="name" maxLength={120} defaultValue={typed.name} />
        </Field>
        <Field label={t('account.workEmail')} name="email" required>
          <TextInput type="email" autoComplete="username" maxLength={254} defaultValue={typed.email} />
        </Field>
        <NewPasswordField />
      </Form>
    </OutsideScreen>
  )
}
