import type { Command } from 'commander'
import { exitCode, verifyAudit } from '../server/operator.ts'
import type { Words } from '../server/platform/errors/words.ts'
import { command, type Terminal } from './terminal.ts'

const faults: Record<'missing' | 'changed' | 'cut', Words> = {
  missing: { ja: '行が失われています', en: 'a line is missing' },
  changed: { ja: '行が変更されています', en: 'the line was changed' },
  cut: { ja: '末尾が削除されています', en: 'the end was cut off' },
}

/** `kizuna audit verify` */
export function auditCommand(terminal: Terminal): Command {
  const { say } = terminal
  const verify = command(terminal, 'verify', {
    ja: '監査ログに改ざんがないか検証します（改ざんがあれば終了コード5）。',
    en: 'Check that nobody tampered with the audit log; exit code 5 if somebody did.',
  })
    .option('--tenant <slug>', say({ ja: '会社（省略時はすべて）', en: 'one company; all unless given' }))
    .action(async ({ tenant }: { tenant?: string }) => {
      const results = await verifyAudit(tenant)
      terminal.show(results, () =>
        results.length === 0
          ? say({ ja: '会社がありません。', en: 'There are no companies.' })
          : results
              .map(({ slug, lines, fault, firstFault }) =>
                fault === null
                  ? say({ ja: `${slug}: 正常（${lines}行）`, en: `${slug}: intact, ${lines} lines` })
                  : say({
                      ja: `${slug}: 改ざんあり（${firstFault}行目、${faults[fault].ja}）`,
                      en: `${slug}: BROKEN at line ${firstFault}: ${faults[fault].en}`,
                    }),
              )
              .join('\n'),
      )
      if (results.some(result => !result.intact)) process.exitCode = exitCode.brokenChain
    })
  return command(terminal, 'audit', { ja: '監査ログ', en: 'The audit log' }).addCommand(verify)
}
