import { argv, exit } from 'node:process'
import { terminalLocale } from '../server/operator.ts'
import type { Locale } from '../server/platform/errors/words.ts'
import { apiKeyCommand } from './api-key.ts'
import { auditCommand } from './audit.ts'
import { backupCommand, restoreCommand } from './backup.ts'
import { blueprintCommand } from './blueprint.ts'
import { churnCommand } from './churn.ts'
import { demoCommand } from './demo.ts'
import { doctorCommand } from './doctor.ts'
import { tellFailure } from './failure.ts'
import { importCommand } from './import.ts'
import { jobsCommand } from './jobs.ts'
import { mailboxCommand } from './mailbox.ts'
import { secretsCommand } from './secrets.ts'
import { migrateCommand, startCommand } from './start.ts'
import { tenantCommand } from './tenant.ts'
import { command, openTerminal } from './terminal.ts'
import { userCommand } from './user.ts'

// Help and faults are told before commander has read the options, so these two are looked for first.
const given = argv.slice(2)
const terminal = openTerminal(languageOf(given) ?? terminalLocale(), given.includes('--json'))

const program = command(terminal, 'kizuna', {
  ja: 'Kizunaを管理するコマンドです。起動中でも停止中でも使えます。設定は環境変数で指定します（docs/guide/settings.md）。',
  en: 'Manages Kizuna, whether it runs or not. Settings are environment variables (docs/guide/settings.md).',
}).addHelpText(
  'after',
  terminal.say({
    ja: `
終了コード:
  0  正常終了
  1  予期しないエラー
  2  引数または設定の誤り
  3  指定したポートが使用中（start）
  4  実行を拒否（理由を表示）
  5  監査ログに改ざんがある（audit verify）
  6  正常に動作しない項目がある（doctor）`,
    en: `
Exit codes:
  0  ended well
  1  unexpected fault
  2  wrong argument or setting
  3  the port that was asked for is taken (start)
  4  refused; the reason is printed
  5  the audit log was tampered with (audit verify)
  6  something does not work (doctor)`,
  }),
)

for (const part of [
  startCommand,
  migrateCommand,
  tenantCommand,
  userCommand,
  apiKeyCommand,
  auditCommand,
  secretsCommand,
  importCommand,
  blueprintCommand,
  demoCommand,
  churnCommand,
  jobsCommand,
  mailboxCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
]) {
  program.addCommand(part(terminal))
}

/** The value of `--lang`, wherever it stands. */
function languageOf(words: string[]): Locale | undefined {
  const place = words.findIndex(word => word === '--lang' || word.startsWith('--lang='))
  if (place < 0) return undefined
  const value = words[place]?.split('=')[1] ?? words[place + 1]
  return value === 'ja' || value === 'en' ? value : undefined
}

await program.parseAsync().catch(error => {
  process.exitCode = tellFailure(terminal, error)
})
exit()
