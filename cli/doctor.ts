import type { Command } from 'commander'
import { diagnose, exitCode } from '../server/operator.ts'
import type { Words } from '../server/platform/errors/words.ts'
import { command, type Terminal, table } from './terminal.ts'

type Finding = Awaited<ReturnType<typeof diagnose>>[number]

const names: Record<Finding['name'], Words> = {
  node: { ja: 'Node.js', en: 'Node.js' },
  settings: { ja: '設定', en: 'settings' },
  data_folder: { ja: 'データフォルダー', en: 'data folder' },
  disk_space: { ja: 'ディスク容量', en: 'disk space' },
  key_file: { ja: '鍵ファイル', en: 'key file' },
  database: { ja: 'データベース', en: 'database' },
  keys: { ja: '暗号鍵', en: 'encryption keys' },
  migrations: { ja: 'マイグレーション', en: 'migrations' },
  role: { ja: 'データベースのロール', en: 'database role' },
  row_security: { ja: '行レベルセキュリティ', en: 'row-level security' },
  smtp: { ja: 'メール送信', en: 'mail' },
  jobs: { ja: 'ジョブ', en: 'jobs' },
  audit: { ja: '監査ログ', en: 'audit log' },
}

const states: Record<Finding['state'], Words> = {
  well: { ja: '正常', en: 'ok' },
  warning: { ja: '注意', en: 'WARN' },
  failed: { ja: '異常', en: 'FAIL' },
}

/** `kizuna doctor` */
export function doctorCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'doctor', {
    ja: '環境とデータベースを診断します（異常があれば終了コード6）。',
    en: 'Examine the machine and the database; exit code 6 if something does not work.',
  }).action(async () => {
    const findings = await diagnose()
    const told = findings.map(({ name, state, words }) => ({ name, state, message: say(words) }))
    terminal.show(told, () =>
      table(
        [say({ ja: '結果', en: 'state' }), say({ ja: '項目', en: 'what' }), say({ ja: '内容', en: 'found' })],
        findings.map(({ name, state, words }) => [say(states[state]), say(names[name]), say(words)]),
      ),
    )
    if (findings.some(finding => finding.state === 'failed')) process.exitCode = exitCode.unwell
  })
}
