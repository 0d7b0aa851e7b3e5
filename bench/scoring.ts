/**
 * How long 20 scoring rules take for 1,000 leads: conditions, counted behaviour with caps, and behaviour that wears off.
 * The peer is json-logic-engine with the same rules on the same leads in the same process; it is given the ages of events
 * as numbers and the wear as a function of its own. Both have to give the same totals. Before it, the statement that scores
 * all leads of a company in the database, for 100,000 leads with 600,000 roll-ups of use, under row-level security.
 */
import { LogicEngine } from 'json-logic-engine'
import type pg from 'pg'
import type { LoadedRecord } from '../server/catalog/conditions/evaluate.ts'
import { shiftDay } from '../server/catalog/conditions/evaluate.ts'
import { contactConditionFields } from '../server/customers/contacts/queries/condition-fields.ts'
import { scoreLeadsNow } from '../server/signals/scoring/commands/score.ts'
import { compileScoring, type PointsRule, weightsOf } from '../server/signals/scoring/score.ts'
import { startBenchCompany } from './support/company.ts'
import { median, report } from './support/report.ts'

const leads = 1_000
const stored = 100_000
const rounds = 201
const today = '2026-01-15'
const titles = ['営業部長', '課長', '情報システム部 主任', '代表取締役', null]
const events = [
  'email.opened',
  'email.clicked',
  'page:Pricing',
  'Trial Started',
  'Document Downloaded',
  'Webinar Joined',
]

const is = (field: string, op: string, value: unknown, points: number) => ({ field, op, value, points })
const attributes = [
  is('title', 'contains', '部長', 20),
  is('title', 'contains', '取締役', 25),
  is('title', 'contains', '課長', 10),
  is('stakeholderRole', 'in', ['DECISION_MAKER', 'SPONSOR'], 10),
  is('email', 'contains', '@gmail.', -15),
  is('emailState', 'in', ['UNSUBSCRIBED', 'BOUNCED'], -25),
  is('webinarsAttended', 'at_least', 1, 8),
  is('webinarsAttended', 'at_least', 3, 5),
  is('communityPosts', 'more_than', 2, 5),
  is('nps', 'at_least', 9, 5),
  is('plan', 'in', ['Trial'], 10),
  is('language', 'in', ['ja', 'en'], 2),
]
const behaviours = events.map((event, place) => ({
  event,
  points: [5, 10, 10, 20, 8, 6][place]!,
  most: [15, 30, 20, 20, 16, 12][place]!,
  days: 90,
  halfLifeDays: place % 2 === 0 ? 14 : null,
}))
const more = [
  { event: 'email.opened', points: 1, most: 3, days: 7, halfLifeDays: null },
  { event: 'page:Pricing', points: 2, most: 6, days: 14, halfLifeDays: 7 },
]
const rules: PointsRule[] = [
  ...attributes.map(({ field, op, value, points }, place) => ({
    part: place < 6 ? ('fit' as const) : ('engagement' as const),
    points,
    when: { kind: 'attribute' as const, condition: { field, op, value } as never },
  })),
  ...[...behaviours, ...more].map(({ points, ...when }) => ({
    part: 'engagement' as const,
    points,
    when: { kind: 'behaviour' as const, where: [], count: 'events' as const, ...when },
  })),
]
const caps = { fitCap: 50, engagementCap: 50 }

const data = Array.from({ length: leads }, (_, number) => ({
  title: titles[number % titles.length]!,
  email: number % 6 === 0 ? `p${number}@gmail.com` : `p${number}@example.test`,
  stakeholderRole: ['DECISION_MAKER', null, 'USER', 'SPONSOR'][number % 4]!,
  emailState: ['SUBSCRIBED', 'SUBSCRIBED', 'SUBSCRIBED', 'UNSUBSCRIBED'][(number * 7) % 4]!,
  webinarsAttended: number % 5,
  communityPosts: (number * 3) % 7,
  nps: number % 3 === 0 ? null : (number * 17) % 11,
  plan: number % 3 === 0 ? 'Trial' : null,
  language: ['ja', 'en', 'de'][number % 3]!,
  events: Array.from({ length: number % 9 }, (_, each) => ({
    name: events[(number + each * 5) % events.length]!,
    age: (number * 11 + each * 13) % 100,
    count: 1 + ((number + each) % 3),
  })),
}))
const loaded: LoadedRecord[] = data.map(({ events: done, ...fields }) => ({
  fields,
  events: done.map(({ name, age, count }) => ({ name, day: shiftDay(today, -age), person: 'u', count })),
  rawEvents: [],
  before: {},
  contacts: [],
}))

/** The same rules in the peer's language; points in millionths, as ours. */
function peerRules(engine: LogicEngine): object {
  const held = attributes.map(({ field, op, value, points }) => ({
    if: [peerTest(field, op, value), points * 1_000_000, 0],
  }))
  const done = [...behaviours, ...more].map((behaviour, place) => {
    const weights = weightsOf(behaviour)
    engine.addMethod(`weight_${place}`, ([age]: number[]) => weights[age!] ?? 0, { deterministic: true })
    const times = {
      reduce: [
        { filter: [{ var: 'events' }, { '===': [{ var: 'name' }, behaviour.event] }] },
        {
          '+': [
            { var: 'accumulator' },
            { '*': [{ var: 'current.count' }, { [`weight_${place}`]: [{ var: 'current.age' }] }] },
          ],
        },
        0,
      ],
    }
    return { min: [behaviour.most * 1_000_000, { '*': [times, behaviour.points] }] }
  })
  const part = (list: object[], cap: number) => ({
    max: [-cap * 1_000_000, { min: [cap * 1_000_000, { '+': list }] }],
  })
  const all = [...held, ...done]
  return {
    max: [
      0,
      { min: [100_000_000, { '+': [part(all.slice(0, 6), caps.fitCap), part(all.slice(6), caps.engagementCap)] }] },
    ],
  }
}

function peerTest(field: string, op: string, value: unknown): object {
  if (op === 'contains') return { and: [{ var: field }, { in: [value, { var: field }] }] }
  if (op === 'in') return { in: [{ var: field }, value] }
  // Without a value it is not more than anything; 0 would be.
  return { and: [{ '!==': [{ var: field }, null] }, { [op === 'at_least' ? '>=' : '>']: [{ var: field }, value] }] }
}

const kinds = new Map(contactConditionFields.map(field => [field.id, field.kind]))
const ours = compileScoring(rules, caps, (_, field) => kinds.get(field)!, today)
const engine = new LogicEngine()
const theirs = engine.build(peerRules(engine)) as (lead: object) => number
for (const [place, lead] of loaded.entries()) {
  const [own, peer] = [ours(lead).total, Math.round(theirs(data[place]!) / 100_000) / 10]
  if (own !== peer) throw new Error(`They disagree on lead ${place}: ${own} and ${peer}.`)
}

/** Median milliseconds of a run over all leads. */
function time(work: () => void): number {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now()
    work()
    times.push(performance.now() - begin)
  }
  return median(times.slice(10))
}

let sum = 0
const own = time(() => {
  for (const lead of loaded) sum += ours(lead).total
})
const peer = time(() => {
  for (const lead of data) sum += theirs(lead)
})
if (!(sum > 0)) throw new Error('Nobody has points.')
await statement()
report({
  bench: 'scoring, 20 rules x 1,000 leads',
  figure: own,
  unit: 'ms',
  peer: 'json-logic-engine, compiled, the same 20 rules',
  peerFigure: peer,
  ratio: peer / own,
  aim: 2,
})

async function statement(): Promise<void> {
  const { admin, tenantId, run, end } = await startBenchCompany()
  try {
    await fill(admin, tenantId)
    const score = () => run(ctx => scoreLeadsNow(ctx))
    const first = await score()
    const again: number[] = []
    for (let round = 0; round < 3; round++) again.push((await score()).milliseconds)
    await admin.query(`update contact set title = '営業部長' where tenant_id = $1 and email like '%7@example.test'`, [
      tenantId,
    ])
    const changed = await score()
    console.log(
      `${first.leads.toLocaleString('en')} leads, 20 rules, in the database: first ${first.milliseconds} ms, without change ${median(again)} ms, ` +
        `with ${changed.changed.toLocaleString('en')} changed ${changed.milliseconds} ms`,
    )
  } finally {
    await end()
  }
}

async function fill(admin: pg.Client, tenantId: string): Promise<void> {
  await admin.query(
    `insert into contact (tenant_id, id, name, title, email, stakeholder_role, email_state, webinars_attended, community_posts, plan, language, origin)
    select $1, gen_random_uuid(), 'n' || n, (array['営業部長','課長','主任','代表取締役',null])[1 + n % 5], 'p' || n || '@example.test',
      (array['DECISION_MAKER',null,'USER','SPONSOR'])[1 + n % 4], case when n % 9 = 0 then 'UNSUBSCRIBED' else 'SUBSCRIBED' end,
      n % 5, n % 7, case when n % 3 = 0 then 'Trial' end, (array['ja','en','de'])[1 + n % 3], 'demo'
    from generate_series(1, ${stored}) n`,
    [tenantId],
  )
  await admin.query(
    `insert into usage_daily (tenant_id, person, day, attributed_id, feature, contact_id, events, first_at, last_at)
    select $1, 'u:' || c.id, current_date - ((e * 13 + length(c.name)) % 100), '00000000-0000-0000-0000-000000000000',
      ($2::text[])[1 + e % 6], c.id, 1 + e % 3, now(), now()
    from contact c, generate_series(1, 6) e where c.tenant_id = $1 on conflict do nothing`,
    [tenantId, events],
  )
  await admin.query(
    `insert into scoring_rule (tenant_id, id, key, name_ja, name_en, state, position, part, points, "when", place)
    select $1, gen_random_uuid(), 'r' || place, 'r', 'r', 'enabled', place, rule ->> 'part', (rule ->> 'points')::int, rule -> 'when', place
    from jsonb_array_elements($2::jsonb) with ordinality as line (rule, place)`,
    [tenantId, JSON.stringify(rules)],
  )
  await admin.query(`insert into scoring_settings (tenant_id, last_place) values ($1, 20)`, [tenantId])
  await admin.query('analyze contact, usage_daily')
}
