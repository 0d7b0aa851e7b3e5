import type { Command } from 'commander'
import type { BlueprintPlan, PlannedChange } from '../server/blueprints/programmes/contract/blueprints.ts'
import { applyOf, driftFrom, exitCode, exportTo, planOf } from '../server/operator.ts'
import { command, confirmed, type Terminal } from './terminal.ts'

interface Options {
  tenant?: string
  replaceOthers?: boolean
  yes?: boolean
  fingerprint?: string
  blueprint?: string
}

/** `kizuna blueprint plan`, `apply`, `export`, `drift` */
export function blueprintCommand(terminal: Terminal): Command {
  const { say } = terminal
  const tenant = [
    '--tenant <slug>',
    say({ ja: '会社（1社だけの場合は省略可）', en: 'the company (not needed where there is one)' }),
  ] as const
  const replace = [
    '--replace-others',
    say({
      ja: '他のブループリントが作り、これに無い項目を削除する',
      en: 'remove what other blueprints made and this one does not name',
    }),
  ] as const
  const which = [
    '<blueprint>',
    say({
      ja: '付属のブループリントのキー、またはYAMLのフォルダー',
      en: 'key of one that comes along, or a folder of YAML',
    }),
  ] as const

  const plan = command(terminal, 'plan', {
    ja: '適用した場合の差分と影響を表示します。何も変更しません。',
    en: 'Show what applying would change, and what that does to the customers. Changes nothing.',
  })
    .argument(...which)
    .option(...tenant)
    .option(...replace)
    .action(async (name: string, options: Options) => {
      const planned = await planOf(name, { tenant: options.tenant, replaceOthers: options.replaceOthers ?? false })
      terminal.show(planned, () => told(terminal, planned))
      if (isRefused(planned)) process.exitCode = exitCode.refused
    })

  const apply = command(terminal, 'apply', {
    ja: 'ブループリントを適用します。1つのトランザクションで行い、途中で止まっても中途半端な状態にはなりません。',
    en: 'Apply a blueprint, in one transaction: stopped at any point, all of it is there or nothing.',
  })
    .argument(...which)
    .option(...tenant)
    .option(...replace)
    .option('--yes', say({ ja: '確認せずに適用する', en: 'do not ask' }))
    .option(
      '--fingerprint <text>',
      say({ ja: '確認済みの差分（planの結果）だけを適用する', en: 'apply only the plan that has it' }),
    )
    .action(async (name: string, options: Options) => {
      const where = { tenant: options.tenant, replaceOthers: options.replaceOthers ?? false }
      const planned = await planOf(name, where)
      if (isRefused(planned) || planned.changes.length === 0) {
        terminal.show({ ...planned, id: null }, () => told(terminal, planned))
        if (isRefused(planned)) process.exitCode = exitCode.refused
        return
      }
      if (!options.yes && !options.fingerprint) {
        terminal.note({ ja: told(terminal, planned), en: told(terminal, planned) })
        if (!(await confirmed(terminal, { ja: '適用しますか。', en: 'Apply this?' }))) {
          terminal.note({
            ja: '何も変更していません。確認せずに適用するには --yes を付けてください。',
            en: 'Nothing was changed. Use --yes to apply without being asked.',
          })
          process.exitCode = exitCode.refused
          return
        }
      }
      const done = await applyOf(name, { ...where, fingerprint: options.fingerprint ?? planned.fingerprint })
      terminal.show(done, () =>
        say({ ja: `適用しました: ${changeCounts(terminal, done)}`, en: `Applied: ${changeCounts(terminal, done)}` }),
      )
    })

  const exporting = command(terminal, 'export', {
    ja: '会社の設定をYAMLとして書き出します。そのままplanすると差分はありません。',
    en: 'Write what the company has as YAML; planned again it makes no difference.',
  })
    .argument('<folder>', say({ ja: '書き出し先のフォルダー', en: 'the folder to write into' }))
    .option(...tenant)
    .option('--blueprint <key>', say({ ja: 'このブループリントが作ったものだけ', en: 'only what this blueprint made' }))
    .action(async (folder: string, options: Options) => {
      const files = await exportTo(folder, { tenant: options.tenant, blueprint: options.blueprint })
      terminal.show({ files }, () => files.join('\n'))
    })

  const drift = command(terminal, 'drift', {
    ja: '適用後に手で変更・削除された項目を表示します。',
    en: 'Show what was changed or deleted by hand since a blueprint made it.',
  })
    .option(...tenant)
    .action(async (options: Options) => {
      const found = await driftFrom({ tenant: options.tenant })
      terminal.show(found, () =>
        found.items.length === 0
          ? say({
              ja: `手による変更はありません（管理対象 ${found.managed}件）。`,
              en: `No drift in ${found.managed} things.`,
            })
          : found.items.map(change => changeText(terminal, change)).join('\n'),
      )
    })

  return command(terminal, 'blueprint', {
    ja: 'ブループリント（ティア、指標、スコアカード、セグメント、アラートなどの設定一式）',
    en: 'Blueprints: tiers, metrics, scorecards, segments, alerts and the rest, as YAML',
  })
    .addCommand(plan)
    .addCommand(apply)
    .addCommand(exporting)
    .addCommand(drift)
}

function isRefused({ faults, changes }: BlueprintPlan): boolean {
  return faults.length > 0 || changes.some(({ problem }) => problem !== null)
}

const marks = { create: '+', change: '~', delete: '-', adopt: '=' } as const

function changeText({ say, locale }: Terminal, change: PlannedChange): string {
  const notes = [
    change.byHand && say({ ja: '手で作成済み', en: 'made by hand' }),
    change.drifted && say({ ja: '適用後に手で変更', en: 'changed by hand' }),
  ].filter(note => note !== false)
  const head = `${marks[change.action]} ${change.section}/${change.key}  ${change.name[locale]}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`
  const fields = change.fields.map(({ path, before, after }) => `    ${path}: ${short(before)} → ${short(after)}`)
  const problem = change.problem ? [`    ! ${say(change.problem)}`] : []
  return [head, ...fields, ...problem].join('\n')
}

function short(value: unknown): string {
  const text = value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function changeCounts({ say }: Terminal, { changes, unchanged }: BlueprintPlan): string {
  const of = (action: PlannedChange['action']) => changes.filter(change => change.action === action).length
  return say({
    ja: `作成 ${of('create')}、変更 ${of('change')}、削除 ${of('delete')}、引き継ぎ ${of('adopt')}、変更なし ${unchanged}`,
    en: `${of('create')} created, ${of('change')} changed, ${of('delete')} deleted, ${of('adopt')} adopted, ${unchanged} unchanged`,
  })
}

function told(terminal: Terminal, plan: BlueprintPlan): string {
  const { say, locale } = terminal
  if (plan.faults.length > 0) {
    return plan.faults
      .map(({ file, line, column, path, message }) => `${file}:${line}:${column} ${path}: ${say(message)}`)
      .join('\n')
  }
  const lines = plan.changes.map(change => changeText(terminal, change))
  lines.push(changeCounts(terminal, plan))
  for (const warning of plan.warnings) lines.push(`! ${say(warning)}`)
  const { radius } = plan
  if (radius) {
    const said = (name: string | { ja: string; en: string } | null) =>
      name === null || typeof name === 'string' ? name : name[locale]
    const moves = (from: string | null, to: string | null, count: number) => `  ${from ?? '–'} → ${to ?? '–'}: ${count}`
    const parts: [string, string[]][] = [
      [
        say({ ja: '健全度の色', en: 'Health colour' }),
        radius.health.moves.map(({ from, to, customers }) => moves(said(from), said(to), customers)),
      ],
      [
        say({ ja: 'ティア', en: 'Tiers' }),
        radius.tiers.map(({ from, to, customers }) => moves(said(from), said(to), customers)),
      ],
      [
        say({ ja: 'セグメント', en: 'Segments' }),
        radius.segments.map(each => `  ${each.name[locale]}: +${each.entered} −${each.exited}`),
      ],
      [
        say({ ja: 'アラート', en: 'Alerts' }),
        radius.alerts.map(each => `  ${each.name[locale]}: +${each.opened} −${each.closed}`),
      ],
    ]
    for (const [title, rows] of parts) if (rows.length > 0) lines.push(`${title}:`, ...rows)
  }
  lines.push(`fingerprint ${plan.fingerprint}`)
  return lines.join('\n')
}
