import type { Command } from 'commander'
import { createUser } from '../server/operator.ts'
import { type Role, roles } from '../server/platform/permissions/contract.ts'
import { tellSignIn } from './sign-in.ts'
import { passwordWords } from './tenant.ts'
import { command, readPassword, type Terminal } from './terminal.ts'

interface CreateOptions {
  tenant: string
  email: string
  name: string
  role: Role
  passwordStdin?: boolean
}

/** `kizuna user create` */
export function userCommand(terminal: Terminal): Command {
  const { say } = terminal
  const create = command(terminal, 'create', {
    ja: '会社にメンバーを追加します。',
    en: 'Add a member to a company.',
  })
    .requiredOption('--tenant <slug>', say({ ja: '会社', en: 'the company' }))
    .requiredOption('--email <address>', say({ ja: 'メールアドレス', en: 'e-mail address' }))
    .requiredOption('--name <text>', say({ ja: '氏名', en: 'name' }))
    .requiredOption('--role <role>', `${say({ ja: '役割', en: 'role' })}: ${roles.join(', ')}`)
    .option('--password-stdin', passwordWords(terminal))
    .action(async ({ passwordStdin, ...wish }: CreateOptions) => {
      const password = passwordStdin ? await readPassword() : undefined
      const made = await createUser({ ...wish, password })
      terminal.show(made, () => tellSignIn(terminal, made))
    })
  return command(terminal, 'user', { ja: 'メンバー', en: 'People' }).addCommand(create)
}
