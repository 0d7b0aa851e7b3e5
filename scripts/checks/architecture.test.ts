import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from './source-files.ts'

/** Each edge of a toy tree: importing file, imported file, and the rule that refuses it (undefined: fine). */
const edges: [string, string, string | undefined][] = [
  ['server/customers/accounts/commands.ts', 'server/signals/health/events.ts', 'customers-looks-upstream'],
  ['server/signals/churn/commands.ts', 'server/customers/profiles/queries.ts', undefined],
  ['server/platform/db/upward.ts', 'server/platform/mail/outbox.ts', 'platform-db-looks-up'],
  ['server/platform/mail/letters.ts', 'server/platform/db/rows.ts', undefined],
  ['server/platform/work/runner.ts', 'server/platform/extras/thing.ts', 'platform-folders-are-listed'],
  ['server/platform/work/guest.ts', 'server/platform/jobs/jobs.ts', 'platform-privates'],
  ['server/signals/usage/commands.ts', 'server/platform/mail/client.ts', 'platform-privates-from-outside'],
  ['server/signals/trend/commands.ts', 'server/customers/contacts/normalise.ts', 'enter-modules-by-their-doors'],
  ['server/signals/lifecycle/commands.ts', 'server/signals/segments/commands/rename.ts', undefined],
  ['server/signals/scoring/score.ts', 'server/signals/scoring/queries.ts', 'rules-are-pure'],
  ['server/signals/scoring/weight.ts', 'server/platform/db/pool.ts', 'rules-are-pure'],
  ['server/signals/scoring/sum.ts', 'node:fs', 'rules-are-pure'],
  ['server/signals/scoring/mean.ts', 'server/signals/scoring/contract.ts', undefined],
  ['server/engage/tasks/contract.ts', 'server/engage/tasks/queries.ts', 'contracts-are-browser-safe'],
  ['server/engage/surveys/commands.ts', 'node:https', 'only-clients-and-platform-call-out'],
  ['server/engage/reviews/client.ts', 'node:https', undefined],
  ['server/engage/plans/commands.ts', 'server/modules.ts', 'entry-points-on-top'],
  ['server/main.ts', 'server/engage/flows/module.ts', 'manifests-only-in-modules'],
  ['server/modules.ts', 'server/engage/alerts/module.ts', undefined],
  ['server/insights/kpis/queries.ts', 'web/kit/chart.ts', 'server-knows-no-client'],
  ['server/insights/reports/queries.ts', 'scripts/tool.ts', 'product-without-workshop'],
  ['server/insights/reports/queries.test.ts', 'tests/support/rows.ts', undefined],
  ['web/features/health/card.tsx', 'server/signals/health/queries.ts', 'web-sees-contracts'],
  ['web/features/health/list.tsx', 'server/signals/health/contract.ts', undefined],
  ['web/features/health/side.tsx', 'web/features/usage/chart.tsx', 'features-stand-alone'],
  ['web/pages/customer/page.tsx', 'web/features/usage/bars.tsx', undefined],
  ['web/kit/table.tsx', 'web/features/usage/lines.tsx', 'kit-knows-no-domain'],
  ['web/kit/field.tsx', 'server/signals/health/contract/rows.ts', 'kit-knows-no-server'],
  ['cli/audit.ts', 'server/platform/audit/verify.ts', 'cli-sees-contracts-and-operator'],
  ['cli/backup.ts', 'server/operator.ts', undefined],
  ['cli/page.ts', 'web/kit/rows.ts', 'clients-know-not-each-other'],
  ['server/blueprints/apply/order.ts', 'server/blueprints/apply/plan.ts', 'no-cycles'],
  ['server/blueprints/apply/plan.ts', 'server/blueprints/apply/steps.ts', undefined],
  ['server/blueprints/apply/steps.ts', 'server/blueprints/apply/order.ts', undefined],
]

describe('import rules', () => {
  let folder: string
  const found = new Map<string, string[]>()

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kizuna-architecture-'))
    const imports = new Map<string, string[]>()
    for (const [from, to] of edges) {
      imports.set(from, [...(imports.get(from) ?? []), to])
      if (!to.startsWith('node:')) imports.set(to, imports.get(to) ?? [])
    }
    for (const [path, targets] of imports) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      const up = '../'.repeat(path.split('/').length - 1)
      const lines = targets.map(
        (to, index) => `import * as i${index} from '${to.startsWith('node:') ? to : `${up || './'}${to}`}'`,
      )
      writeFileSync(
        join(folder, path),
        `${lines.join('\n')}\nexport const all = [${targets.map((_, index) => `i${index}`)}]\n`,
      )
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      '{ "compilerOptions": { "module": "NodeNext", "allowImportingTsExtensions": true, "noEmit": true, "jsx": "react-jsx" } }',
    )
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        '--config',
        join(root, 'architecture.cjs'),
        '--output-type',
        'json',
        'server',
        'web',
        'cli',
        'scripts',
        'tests',
      ],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    )
    if (stdout === '') throw new Error(stderr)
    const result = JSON.parse(stdout) as {
      summary: { violations: { from: string; to: string; rule: { name: string } }[] }
    }
    for (const { from, to, rule } of result.summary.violations) {
      const edge = `${from} ${to.replace('node:', '')}`
      found.set(edge, [...(found.get(edge) ?? []), rule.name])
    }
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each(edges)('%s -> %s: %s', (from, to, rule) => {
    const names = found.get(`${from} ${to.replace('node:', '')}`) ?? []
    if (rule === undefined) expect(names).toEqual([])
    else expect(names).toContain(rule)
  })

  test('the platform folders stand in the order of ARCHITECTURE.md', () => {
    const { forbidden } = createRequire(import.meta.url)('../../architecture.cjs') as { forbidden: { name: string }[] }
    const inRules = forbidden.flatMap(({ name }) => /^platform-(.+)-looks-up$/.exec(name)?.[1] ?? [])
    const tree = /^ {2}platform\/.*\n((?: {4}\S+\/ .*\n)+)/m.exec(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))
    const inDocument = [...(tree?.[1] ?? '').matchAll(/^ {4}(\S+)\//gm)].map(match => match[1])
    // The last folder may import all others: it has no rule.
    expect(inRules).toEqual(inDocument.slice(0, -1))
  })
})
