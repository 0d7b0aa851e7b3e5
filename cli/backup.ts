import type { Command } from 'commander'
import { backup, exitCode, restore } from '../server/operator.ts'
import { command, confirmed, type Terminal } from './terminal.ts'

/** `kizuna backup FILE` */
export function backupCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'backup', {
    ja: '稼働したまま、ある時点のすべてのデータをファイル（.tar.gz）に保存します。',
    en: 'Write all data as of one moment into a file (.tar.gz), while Kizuna runs.',
  })
    .argument('<file>', say({ ja: '作成するファイル', en: 'the file to make' }))
    .option('--with-keys', say({ ja: '暗号鍵も含める', en: 'include the encryption keys' }))
    .action(async (file: string, { withKeys = false }: { withKeys?: boolean }) => {
      const report = await backup(file, withKeys)
      terminal.show(report, () =>
        say({
          ja: `${report.path} に保存しました（${report.takenAt} 時点、${report.tenants}社、${report.rows}行）。`,
          en: `Wrote ${report.path}: ${report.tenants} companies, ${report.rows} rows, as of ${report.takenAt}.`,
        }),
      )
      terminal.note(
        withKeys
          ? {
              ja: '注意: このファイルには暗号鍵が入っています。入手した人はすべての秘密情報を読めます。',
              en: 'Mind: the file holds the encryption keys. Whoever gets it can read every secret in it.',
            }
          : {
              ja: '注意: 暗号鍵は含まれていません。鍵（データフォルダーの keys またはKIZUNA_KEYS）がなければ、秘密情報を読むことも復元することもできません。鍵は別の場所に保管してください。',
              en: 'Mind: the encryption keys are not in it. Without them (the file keys of the data folder, or KIZUNA_KEYS) its secrets cannot be read and it cannot be restored. Keep them in another place.',
            },
      )
    })
}

/** `kizuna restore FILE` */
export function restoreCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'restore', {
    ja: 'バックアップの状態に戻します（停止中のみ）。すべて戻るか、何も変わらないかのどちらかです。',
    en: 'Put the state of a backup back, while Kizuna is stopped: all of it or nothing.',
  })
    .argument('<file>', say({ ja: 'バックアップのファイル', en: 'the backup' }))
    .option('--replace', say({ ja: '現在のデータを破棄して置き換える', en: 'give up the data that is there now' }))
    .option('--yes', say({ ja: '確認せずに置き換える', en: 'do so without asking' }))
    .action(async (file: string, { replace = false, yes = false }: { replace?: boolean; yes?: boolean }) => {
      const question = {
        ja: '現在のデータはすべて失われます。続けますか？',
        en: 'All data that is there now will be lost. Go on?',
      }
      if (replace && !yes && !(await confirmed(terminal, question))) {
        terminal.note({
          ja: '中止しました。確認なしで置き換えるには --yes を付けてください。',
          en: 'Nothing was done. Add --yes to replace the data without being asked.',
        })
        process.exitCode = exitCode.refused
        return
      }
      const report = await restore(file, replace)
      terminal.show(report, () =>
        say({
          ja: `${report.takenAt} 時点の状態に戻しました（${report.tenants}社、${report.rows}行）。`,
          en: `Restored the state of ${report.takenAt}: ${report.tenants} companies, ${report.rows} rows.`,
        }),
      )
      if (report.keysReplaced) {
        terminal.note({
          ja: 'データフォルダーの暗号鍵を、バックアップのものに置き換えました。',
          en: 'The encryption keys of the data folder are now those of the backup.',
        })
      }
      terminal.note({
        ja: `全員のサインインを終了しました。未送信だったメール${report.heldMails}件は、送信済みの可能性があるため保留しています。バックアップ後に失効させたAPIキー、メンバー、パスワードは元に戻っています。確認してください。`,
        en: `All sessions ended. ${report.heldMails} mails that had not left are held, since they may have been sent. API keys, members and passwords that were taken away after the backup are valid again: check them.`,
      })
    })
}
