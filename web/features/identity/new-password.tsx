import { useText } from '../../i18n/provider.tsx'
import { Field, PasswordInput } from '../../kit/field.tsx'

/** A field for a password that is chosen now: what it needs is said before, not after. */
export function NewPasswordField({ label }: { label?: string }) {
  const t = useText()
  return (
    <Field label={label ?? t('account.password')} name="password" required hint={t('account.passwordHint')}>
      <PasswordInput autoComplete="new-password" minLength={8} maxLength={256} />
    </Field>
  )
}

/** The address of whose password is typed, for password managers: they find it in the form though nobody sees it. */
export function HiddenUserName({ email }: { email: string }) {
  return <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
}
