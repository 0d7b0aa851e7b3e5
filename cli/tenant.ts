import type { Command } from 'commander'
import { createCompany, listCompanies } from '../server/operator.ts'
import { tellSignIn } from './sign-in.ts'
import { command, readPassword, type Terminal, table } from './terminal.ts'

interface CreateOptions {
  name: string
  slug: string
  locale?: 'ja' | 'en'
  timeZone?: string
  adminEmail: string
  adminName: string
  passwordStdin?: boolean
}

/** `kizuna tenant create`, `kizuna tenant list` */
export function tenantCommand(terminal: Terminal): Command {
  const { say } = terminal
  const create = command(terminal, 'create', {
    ja: '会社と管理者を作成します。',
    en: 'Make a company with its administrator.',
  })
    .requiredOption('--name <text>', say({ ja: '会社名', en: 'name of the company' }))
    .requiredOption('--slug <text>', say({ ja: 'アドレスに使う名前（英小文字）', en: 'its name in addresses' }))
    .option('--locale <ja|en>', say({ ja: '言語（既定: ja）', en: 'language (ja unless given)' }))
    .option(
      '--time-zone <name>',
      say({ ja: 'タイムゾーン（既定: Asia/Tokyo）', en: 'time zone (Asia/Tokyo unless given)' }),
    )
    .requiredOption(
      '--admin-email <address>',
      say({ ja: '管理者のメールアドレス', en: 'address of the administrator' }),
    )
    .requiredOption('--admin-name <text>', say({ ja: '管理者の氏名', en: 'name of the administrator' }))
    .option('--password-stdin', passwordWords(terminal))
    .action(async (options: CreateOptions) => {
      const { passwordStdin, locale = 'ja', timeZone = 'Asia/Tokyo', ...wish } = options
      const password = passwordStdin ? await readPassword() : undefined
      const made = await createCompany({ ...wish, locale, timeZone, password })
      terminal.show(made, () =>
        [
          say({
            ja: `会社を作成しました: ${made.slug}（${made.tenantId}）`,
            en: `Made ${made.slug} (${made.tenantId}).`,
          }),
          tellSignIn(terminal, made),
        ].join('\n'),
      )
    })
  const list = command(terminal, 'list', { ja: '会社の一覧を表示します。', en: 'List the companies.' }).action(
    async () => {
      const companies = await listCompanies()
      terminal.show(companies, () =>
        table(
          ['slug', say({ ja: '会社名', en: 'name' }), say({ ja: 'メンバー', en: 'members' }), 'id'],
          companies.map(({ slug, name, members, id }) => [slug, name, `${members}`, id]),
        ),
      )
    },
  )
  return command(terminal, 'tenant', { ja: '会社（テナント）', en: 'Companies (tenants)' })
    .addCommand(create)
    .addCommand(list)
}

/** Help of `--password-stdin`, for everyone who makes people. */
export function passwordWords(terminal: Terminal): string {
  return terminal.say({
    ja: 'パスワードを標準入力の1行目から読む（省略時は自動生成）',
    en: 'read the password from the first line of standard input (generated unless given)',
  })
}
