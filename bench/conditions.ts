/**
 * How fast a condition is compiled, to SQL and to a function, and how many records a second the function judges. The peer
 * is json-logic-engine's compiled rule of the same six comparisons on the same records, in the same process.
 */
import { LogicEngine } from 'json-logic-engine'
import type { Condition } from '../server/catalog/conditions/contract.ts'
import { compileToFunction, type LoadedRecord } from '../server/catalog/conditions/evaluate.ts'
import { compileWith } from '../server/catalog/conditions/queries/sql.ts'
import type { ConditionVocabulary } from '../server/catalog/conditions/queries/vocabulary.ts'
import { customerConditionFields } from '../server/customers/accounts/queries/condition-fields.ts'
import { median, report } from './support/report.ts'

const records = 100_000
const rounds = 9

const condition: Condition = {
  all: [
    { field: 'status', op: 'in', value: ['ACTIVE', 'AT_RISK'] },
    { field: 'arr', op: 'at_least', value: 300_000 },
    { field: 'employeeCount', op: 'less_than', value: 900 },
    {
      any: [
        { field: 'healthScore', op: 'less_than', value: 60 },
        { field: 'plan', op: 'in', value: ['Enterprise', 'Pro'] },
        { not: { field: 'industry', op: 'in', value: ['製造', '小売'] } },
      ],
    },
  ],
}

const vocabulary: ConditionVocabulary = {
  fields: { customer: new Map(customerConditionFields.map(field => [field.id, field])), contact: new Map() },
  zone: 'Asia/Tokyo',
  today: '2026-01-15',
}
const kinds = new Map(customerConditionFields.map(field => [field.id, field.kind]))
const kindOf = (_: string, field: string) => kinds.get(field)!

const data = Array.from({ length: records }, (_, number) => ({
  status: ['ACTIVE', 'AT_RISK', 'CHURNED'][number % 3]!,
  arr: (number * 7_919) % 1_000_000,
  employeeCount: (number * 31) % 1_000,
  healthScore: (number * 17) % 101,
  plan: ['Enterprise', 'Pro', 'Free', 'Starter'][number % 4]!,
  industry: ['製造', '小売', 'IT', '医療', '物流'][number % 5]!,
}))
const loaded: LoadedRecord[] = data.map(fields => ({ fields, events: [], rawEvents: [], before: {}, contacts: [] }))

const rule = {
  and: [
    { in: [{ var: 'status' }, ['ACTIVE', 'AT_RISK']] },
    { '>=': [{ var: 'arr' }, 300_000] },
    { '<': [{ var: 'employeeCount' }, 900] },
    {
      or: [
        { '<': [{ var: 'healthScore' }, 60] },
        { in: [{ var: 'plan' }, ['Enterprise', 'Pro']] },
        { '!': [{ in: [{ var: 'industry' }, ['製造', '小売']] }] },
      ],
    },
  ],
}

/** Median milliseconds of a run. */
function time(work: () => void): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now()
    work()
    times.push(performance.now() - begin)
  }
  return median(times)
}

const ours = compileToFunction(condition, 'customer', kindOf, vocabulary.today)
const theirs = new LogicEngine().build(rule) as (record: object) => boolean
const [count, peerCount] = [loaded.filter(ours).length, data.filter(record => theirs(record)).length]
if (count !== peerCount || count === 0 || count === records)
  throw new Error(`They disagree: ${count} and ${peerCount}.`)

const compiles = 2_000
const toFunction = time(() => {
  for (let each = 0; each < compiles; each++) compileToFunction(condition, 'customer', kindOf, vocabulary.today)
})
const toSql = time(() => {
  for (let each = 0; each < compiles; each++) compileWith(vocabulary, { tenantId: 'x' }, 'customer', condition)
})
console.log(
  `compile to a function ${((toFunction / compiles) * 1_000).toFixed(1)} µs, to SQL ${((toSql / compiles) * 1_000).toFixed(1)} µs`,
)
const peerCompile = time(() => {
  for (let each = 0; each < compiles / 10; each++) new LogicEngine().build(rule)
})
report({
  bench: 'conditions, compile to a function',
  figure: (toFunction / compiles) * 1_000,
  unit: 'µs (six comparisons)',
  peer: 'json-logic-engine, build of the same rule',
  peerFigure: (peerCompile / (compiles / 10)) * 1_000,
  ratio: peerCompile / (compiles / 10) / (toFunction / compiles),
  aim: 1,
})

let hits = 0
const judged = time(() => {
  hits = 0
  for (const record of loaded) if (ours(record)) hits += 1
})
const peer = time(() => {
  hits = 0
  for (const record of data) if (theirs(record)) hits += 1
})
report({
  bench: 'conditions, evaluation',
  figure: (records / judged) * 1_000,
  unit: 'records/s (six comparisons)',
  peer: 'json-logic-engine, compiled rule of the same comparisons',
  peerFigure: (records / peer) * 1_000,
  ratio: peer / judged,
  aim: 1,
})
console.log(`${hits.toLocaleString('en')} of ${records.toLocaleString('en')} meet it`)
