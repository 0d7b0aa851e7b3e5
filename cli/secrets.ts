import type { Command } from 'commander'
import { exitCode, rotateSecrets } from '../server/operator.ts'
import { command, type Terminal } from './terminal.ts'

/** `kizuna secrets rotate` */
export function secretsCommand(terminal: Terminal): Command {
  const { say } = terminal
  const rotate = command(terminal, 'rotate', {
    ja: '新しい暗号鍵を追加し、保存済みの秘密情報を暗号化し直します。中断しても再実行で続きから進みます。',
    en: 'Add an encryption key and encrypt all secrets with it; run it again after an interruption.',
  }).action(async () => {
    const report = await rotateSecrets()
    terminal.show(report, () => {
      if (report.state === 'set_keys') {
        return say({
          ja: `KIZUNA_KEYSを次の値に変更し、すべてのサーバーとワーカーを再起動してから、もう一度実行してください:\n${report.keys}`,
          en: `Set KIZUNA_KEYS to this value, start every server and worker again, then run this again:\n${report.keys}`,
        })
      }
      const lines = [
        say({
          ja: `現在の鍵: ${report.current}。${report.resealed}件を暗号化し直しました。`,
          en: `Current key: ${report.current}. Encrypted ${report.resealed} values with it.`,
        }),
      ]
      if (report.dropped.length > 0) {
        const keys = report.dropped.join(', ')
        lines.push(say({ ja: `不要になった鍵を削除しました: ${keys}`, en: `Dropped keys that nothing needs: ${keys}` }))
      }
      if (report.keys) {
        lines.push(
          say({
            ja: `KIZUNA_KEYSは次の値に短縮できます:\n${report.keys}`,
            en: `KIZUNA_KEYS can be shortened to:\n${report.keys}`,
          }),
        )
      }
      return lines.join('\n')
    })
    if (report.state === 'unfinished') {
      terminal.note({
        ja: `${report.left}件が古い鍵のまま残っています。古い鍵は削除していません。もう一度実行してください。`,
        en: `${report.left} values still have an older key; no key was dropped. Run this again.`,
      })
      process.exitCode = exitCode.fault
    }
  })
  return command(terminal, 'secrets', { ja: '暗号鍵', en: 'Encryption keys' }).addCommand(rotate)
}
