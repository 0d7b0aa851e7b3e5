import { type RawBuilder, sql } from 'kysely'
import type { FieldDefinition, Reader, RecordKind } from '../../../platform/context/vocabulary.ts'
import { cardsOf } from './cards.ts'

const colours = [
  { value: 'green', words: { ja: '緑（良好）', en: 'Green' } },
  { value: 'yellow', words: { ja: '黄（注意）', en: 'Yellow' } },
  { value: 'orange', words: { ja: '橙（警戒）', en: 'Orange' } },
  { value: 'red', words: { ja: '赤（危険）', en: 'Red' } },
]

/** Where no scorecard judged, the score came over the API of record: its level has a colour as well. */
const ofLevel = sql`(case c.health_level when 'EXCELLENT' then 'green' when 'GOOD' then 'yellow' when 'FAIR' then 'orange'
  when 'POOR' then 'red' end)`

/** What scorecards say of a customer, as fields that conditions may name: band, its colour, which scorecard it was. */
export async function healthFields(reader: Reader, record: RecordKind): Promise<FieldDefinition[]> {
  if (record !== 'customer') return []
  const cards = await cardsOf(reader)
  const bands = cards.flatMap(({ id, definition }) => (definition?.bands ?? []).map(band => ({ ...band, card: id })))
  const of = (value: RawBuilder<unknown>) => sql`(select ${value} from customer_health h
    where h.tenant_id = ${reader.tenantId} and h.customer_id = c.id)`
  const cases = bands.map(
    ({ card, key, colour }) => sql`when h.scorecard_id = ${card}::uuid and h.band = ${key} then ${colour}`,
  )
  const common = { record, kind: 'one_of', group: 'health', facts: 'health' } as const
  const names = [...new Map(bands.map(({ key, nameJa: ja, nameEn: en }) => [key, { ja, en }]))]
  return [
    {
      ...common,
      id: 'healthChange30',
      kind: 'number',
      words: { ja: '健全度の変化（30日）', en: 'Change of health (30 d)' },
      unit: 'points',
      changesByItself: true,
      value: sql`(select c.health_score - past.score from health_daily past
        where past.tenant_id = ${reader.tenantId} and past.customer_id = c.id and past.score is not null
          and past.day between ${reader.now}::timestamptz - interval '45 days' and ${reader.now}::timestamptz - interval '30 days'
        order by past.day desc limit 1)`,
    },
    {
      ...common,
      id: 'healthColour',
      words: { ja: '健全度の色', en: 'Health colour' },
      value: cases.length === 0 ? ofLevel : sql`coalesce(${of(sql`case ${sql.join(cases, sql` `)} end`)}, ${ofLevel})`,
      choices: colours,
    },
    {
      ...common,
      id: 'healthBand',
      words: { ja: '健全度の区分', en: 'Health band' },
      value: of(sql`h.band`),
      choices: names.map(([value, words]) => ({ value, words })),
    },
    {
      ...common,
      id: 'scorecard',
      words: { ja: 'スコアカード', en: 'Scorecard' },
      value: of(sql`h.scorecard_id::text`),
      choices: cards.map(({ id: value, name_ja: ja, name_en: en }) => ({ value, words: { ja, en } })),
    },
  ]
}
