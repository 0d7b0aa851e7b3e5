import { type RawBuilder, sql } from 'kysely'

/** A common table `words` of the rules, which a statement joins to points by place. */
export function ruleWords(
  rules: readonly { id: string; nameJa: string; nameEn: string; place: number }[],
): RawBuilder<unknown> {
  const lines = rules.map(({ id, nameJa, nameEn, place }) => ({ rule: id, ja: nameJa, en: nameEn, place }))
  return sql`words as materialized (
    select * from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as w (rule uuid, ja text, en text, place int))`
}

/** Millionths to points of one decimal, halves away from zero, in whole numbers: many leads have many reasons. */
export function pointsOf(millionths: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(case when ${millionths} < 0 then -((50000 - ${millionths}) / 100000) else (${millionths} + 50000) / 100000 end / 10::float8)`
}

/** What moved from some points to others, as JSON, in a statement that has `words`; the greatest difference first. */
export function reasonsOf(before: RawBuilder<unknown>, after: RawBuilder<unknown>): RawBuilder<unknown> {
  const [from, to] = [sql`coalesce((${before})[w.place], 0)`, sql`coalesce((${after})[w.place], 0)`]
  return sql`(select coalesce(jsonb_agg(jsonb_build_object('rule', w.rule, 'nameJa', w.ja, 'nameEn', w.en,
      'from', ${pointsOf(from)}, 'to', ${pointsOf(to)}) order by abs(${to} - ${from}) desc, w.place), '[]'::jsonb)
    from words w where ${from} <> ${to} and ${pointsOf(from)} <> ${pointsOf(to)})`
}
