import type { NewSignIn } from '../server/operator.ts'
import type { Terminal } from './terminal.ts'

/** How somebody who was added signs in; a generated password is shown here and nowhere else. */
export function tellSignIn(terminal: Terminal, { email, newPerson, password }: NewSignIn): string {
  if (!newPerson) {
    return terminal.say({
      ja: `${email} は登録済みです。これまでのパスワードでサインインできます。`,
      en: `${email} has an account already and signs in with its password.`,
    })
  }
  if (password === null) {
    return terminal.say({
      ja: `${email} のアカウントを作成しました。指定したパスワードでサインインできます。`,
      en: `Made an account for ${email}, with the given password.`,
    })
  }
  return terminal.say({
    ja: `${email} のアカウントを作成しました。\nパスワード（一度だけ表示されます）: ${password}`,
    en: `Made an account for ${email}.\nPassword (shown only once): ${password}`,
  })
}
