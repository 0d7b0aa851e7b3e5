import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Randomness } from '../server/platform/learning/randomness.ts'

const kizuna = fileURLToPath(new URL('../bin/kizuna', import.meta.url))
let folder: string

async function run(...words: string[]) {
  const child = spawn(kizuna, ['churn', 'evaluate', ...words], {
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', KIZUNA_DATA_DIR: join(folder, 'unused') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, output, errors }
}

/** A file of customers as companies keep them: names, blanks, decimal commas, a reason only for those who left. */
async function written(name: string, delimiter: string, outcomes: [string, string]): Promise<string> {
  const random = new Randomness(4)
  const head = ['customer', 'outcome', 'months', 'fee', 'plan', 'reason', 'country', 'since']
  const rows = Array.from({ length: 900 }, (_, row) => {
    const [months, plan] = [random.below(40), random.below(3)]
    const left = random.share() < 1 / (1 + Math.exp(0.15 * months - 1.5 - plan))
    return [
      `c-${row}`,
      row % 90 === 0 ? '' : outcomes[left ? 1 : 0],
      random.share() < 0.1 ? 'N/A' : `${months}`,
      (20 + random.share() * 50).toFixed(2).replace('.', delimiter === ';' ? ',' : '.'),
      ['Basic', 'Pro', 'Free'][plan]!,
      left ? 'too expensive' : '',
      'Japan',
      `2025-0${1 + random.below(9)}-1${random.below(9)}`,
    ]
  })
  const file = join(folder, name)
  await writeFile(file, [head, ...rows].map(cells => cells.join(delimiter)).join('\n'))
  return file
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kizuna-churn-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

describe('kizuna churn evaluate', () => {
  it('CHN-3: evaluates any flat file, says which columns it refused, and gives the same result again', async () => {
    const file = await written('semicolons.csv', ';', ['Stayed', 'Churned'])
    const words = ['--csv', file, '--target', 'Outcome', '--trees', '30', '--json']
    const ended = await run(...words)
    expect(ended).toMatchObject({ code: 0, errors: '' })
    const said = JSON.parse(ended.output)
    expect(said).toMatchObject({
      target: 'outcome',
      positive: 'Churned',
      positiveReason: 'meaning',
      rows: 890,
      leftOut: 10,
      columns: [
        { name: 'months', kind: 'number' },
        { name: 'fee', kind: 'number' },
        { name: 'plan', kind: 'category' },
        { name: 'since', kind: 'number' },
      ],
    })
    expect(said.refused.map(({ name, reason }: { name: string; reason: string }) => `${name} ${reason}`)).toEqual([
      'customer identifier',
      'country constant',
      'reason leak',
    ])
    expect(said.methods.map(({ name }: { name: string }) => name)).toEqual(['forest', 'boosting', 'logistic', 'never'])
    expect(said.methods[1].auc).toBeGreaterThan(0.8)
    const again = JSON.parse((await run(...words)).output)
    const plain = (evaluation: typeof said) =>
      evaluation.methods.map((method: Record<string, number>) => ({ ...method, seconds: 0 }))
    expect(plain(again)).toEqual(plain(said))
  })

  it('tells people in their language, and takes the value that is asked for', async () => {
    const file = await written('commas.csv', ',', ['継続', '解約'])
    const words = ['--csv', file, '--target', 'outcome', '--trees', '10']
    const ended = await run(...words, '--lang', 'ja')
    expect(ended.output).toContain('解約を表す値: 解約（値の意味から判定）')
    expect(ended.output).toContain('除外した列: reason（結果を含む疑い（リーク）, AUC 1.0000）')
    expect(ended.output).toContain('ロジスティック回帰')
    const asked = await run(...words, '--positive', '継続', '--lang', 'en')
    expect(asked.output).toContain('Means leaving: 継続 (as asked)')
  })

  it('says what is wrong with file, column or value', async () => {
    const file = await written('wrong.csv', ',', ['0', '1'])
    expect(await run('--csv', join(folder, 'none.csv'), '--target', 'x', '--lang', 'en')).toMatchObject({
      errors: expect.stringContaining('cannot be opened'),
    })
    expect(await run('--csv', file, '--target', 'churn', '--lang', 'en')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('There is no column "churn". The file has: customer, outcome'),
    })
    expect(await run('--csv', file, '--target', 'plan', '--lang', 'en')).toMatchObject({
      errors: expect.stringContaining('--positive'),
    })
  })
})
