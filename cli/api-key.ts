import type { Command } from 'commander'
import { createApiKey } from '../server/operator.ts'
import { type Permission, permissions, type Role, roles } from '../server/platform/permissions/contract.ts'
import { command, type Terminal } from './terminal.ts'

interface CreateOptions {
  tenant: string
  role: Role
  name: string
  scopes?: string
  expires?: string
}

/** `kizuna api-key create` */
export function apiKeyCommand(terminal: Terminal): Command {
  const { say } = terminal
  const create = command(terminal, 'create', {
    ja: 'APIキーを作成します。キーは一度だけ表示されます。',
    en: 'Make an API key; it is shown only once.',
  })
    .requiredOption('--tenant <slug>', say({ ja: '会社', en: 'the company' }))
    .requiredOption('--role <role>', `${say({ ja: '役割', en: 'role' })}: ${roles.join(', ')}`)
    .requiredOption('--name <text>', say({ ja: '用途がわかる名前', en: 'name that tells what it is for' }))
    .option(
      '--scopes <list>',
      `${say({ ja: '権限を絞る（カンマ区切り、省略時は役割のすべて）', en: 'narrow it to these permissions, separated by commas' })}: ${permissions.join(', ')}`,
    )
    .option('--expires <time>', say({ ja: '有効期限（例: 2027-03-31）', en: 'when it expires, such as 2027-03-31' }))
    .action(async ({ scopes, ...wish }: CreateOptions) => {
      // Names are checked behind the gate, with a message that lists them.
      const narrowed = (scopes?.split(',').map(scope => scope.trim()) ?? []) as Permission[]
      const made = await createApiKey({ ...wish, scopes: narrowed })
      terminal.show(made, () => made.key)
      if (!terminal.json) {
        terminal.note({
          ja: 'このキーは再表示できません。安全に保管してください。',
          en: 'It cannot be shown again. Keep it safe.',
        })
      }
    })
  return command(terminal, 'api-key', { ja: 'APIキー', en: 'API keys' }).addCommand(create)
}
