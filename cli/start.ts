import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { exitCode, migrateDatabase, start } from '../server/operator.ts'
import { command, type Terminal } from './terminal.ts'

/** `kizuna start`: the same as `npm start`. */
export function startCommand(terminal: Terminal): Command {
  return command(terminal, 'start', {
    ja: 'データベース、サーバー、ワーカーを起動します（停止は Ctrl+C）。',
    en: 'Start database, server and worker; Ctrl+C stops them.',
  }).action(async () => {
    process.exitCode = buildPages() ? await start() : exitCode.fault
  })
}

/** `kizuna migrate` */
export function migrateCommand(terminal: Terminal): Command {
  return command(terminal, 'migrate', {
    ja: 'データベースを最新の構造に更新します。',
    en: 'Bring the database to the newest schema.',
  }).action(async () => {
    const applied = await migrateDatabase()
    terminal.show({ applied }, () =>
      applied.length === 0
        ? terminal.say({ ja: 'すでに最新です。', en: 'It is up to date already.' })
        : terminal.say({ ja: `適用しました: ${applied.join('、')}`, en: `Applied: ${applied.join(', ')}` }),
    )
  })
}

/** In a clone the pages are built when their sources changed; a packaged product brings them. @returns whether there are pages */
function buildPages(): boolean {
  const script = fileURLToPath(new URL('../scripts/build-web.ts', import.meta.url))
  if (!existsSync(script)) return true
  return spawnSync(process.execPath, [script, '--if-stale'], { stdio: 'inherit' }).status === 0
}
