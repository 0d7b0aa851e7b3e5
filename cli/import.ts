import { Argument, type Command, Option } from 'commander'
import {
  type ImportKind,
  type ImportLine,
  importKinds,
  type Mapping,
} from '../server/collect/imports/contract/shapes.ts'
import { exitCode, type ImportReport, importFile } from '../server/operator.ts'
import { command, type Terminal, table } from './terminal.ts'

interface ImportOptions {
  tenant?: string
  mapping?: string
  suggest?: boolean
  dryRun?: boolean
  duplicates?: 'skip' | 'update' | 'create'
}

/** `kizuna import KIND FILE` */
export function importCommand(terminal: Terminal): Command {
  const { say } = terminal
  return command(terminal, 'import', {
    ja: 'CSV、Excel（.xlsx）、JSON Lines のファイルを取り込みます。列の対応は自動で判定します。',
    en: 'Import a file: CSV, Excel (.xlsx) or JSON lines. Where its columns go is found by itself.',
  })
    .addArgument(new Argument('<kind>', say({ ja: 'データの種類', en: 'what is in it' })).choices([...importKinds]))
    .argument('<file>', say({ ja: 'ファイル', en: 'the file' }))
    .option(
      '--tenant <slug>',
      say({ ja: '会社（1社だけの場合は省略可）', en: 'the company (not needed where there is one)' }),
    )
    .addOption(
      new Option('--mapping <name>', say({ ja: '保存した設定を使う', en: 'use a saved mapping' })).conflicts('suggest'),
    )
    .option(
      '--suggest',
      say({ ja: '列の対応を自動で判定する（既定）', en: 'find the mapping by itself (as it does unless told)' }),
    )
    .option('--dry-run', say({ ja: '確認のみ。何も変更しない', en: 'only check; nothing is changed' }))
    .addOption(
      new Option(
        '--duplicates <policy>',
        say({ ja: '既存の記録の扱い', en: 'what to do with records that exist' }),
      ).choices(['skip', 'update', 'create']),
    )
    .action(async (kind: ImportKind, file: string, options: ImportOptions) => {
      let last = ''
      const report = await importFile(
        {
          kind,
          file,
          tenant: options.tenant,
          mapping: options.mapping,
          dryRun: options.dryRun ?? false,
          duplicates: options.duplicates,
        },
        {
          mapped: mapping => {
            if (!terminal.json) terminal.note(same(mappingTable(terminal, mapping)))
          },
          progress: line => {
            const text = progressText(terminal, line)
            if (!terminal.json && text !== last) terminal.note(same(text))
            last = text
          },
        },
      )
      terminal.show(report, () => told(terminal, report))
      if (report.import.state === 'failed') process.exitCode = exitCode.refused
    })
}

const same = (text: string) => ({ ja: text, en: text })

function mappingTable({ say }: Terminal, { assignments, constants }: Mapping): string {
  const rows = assignments.map(({ column, target, reading, attribute }) => [
    column,
    target.replace('attribute:', say({ ja: '属性 ', en: 'attribute ' })),
    attribute?.type ?? (reading === 'months_ago' ? say({ ja: '月数を日付に', en: 'months before today' }) : ''),
  ])
  const fixed = Object.entries(constants).map(([target, value]) => [
    `"${value}"`,
    target,
    say({ ja: '固定値', en: 'for all rows' }),
  ])
  return table([say({ ja: '列', en: 'column' }), say({ ja: '項目', en: 'field' }), ''], [...rows, ...fixed])
}

function progressText({ say }: Terminal, { progress, state }: ImportLine): string {
  const percent = Math.floor(progress * 10) * 10
  return state === 'queued' ? say({ ja: '待機中', en: 'waiting' }) : `${percent} %`
}

function told({ say }: Terminal, { import: line, failed }: ImportReport): string {
  const counts = line.mode === 'dry' ? line.dryCounts : line.counts
  const parts = counts
    ? say({
        ja: `作成 ${counts.created}、更新 ${counts.updated}、変更なし ${counts.unchanged}、スキップ ${counts.skipped}、エラー ${counts.failed}`,
        en: `${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged, ${counts.skipped} skipped, ${counts.failed} failed`,
      })
    : ''
  const head = line.fault
    ? say(line.fault)
    : line.mode === 'dry'
      ? say({ ja: `確認のみ: ${parts}`, en: `Dry run: ${parts}` })
      : parts
  const reasons = failed.flatMap(({ row, problems }) =>
    problems.map(problem => {
      const column = problem.column === null ? '' : ` ${problem.column}`
      const value = problem.value === null ? '' : ` "${problem.value}"`
      return say({
        ja: `${row}行目${column}${value}: ${problem.message.ja}`,
        en: `row ${row}${column}${value}: ${problem.message.en}`,
      })
    }),
  )
  return [head, ...reasons].join('\n')
}
