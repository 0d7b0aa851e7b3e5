import { type RawBuilder, sql } from 'kysely'
import type { Condition } from '../../../catalog/conditions/contract.ts'
import { compileWith } from '../../../catalog/conditions/queries/sql.ts'
import type { ConditionVocabulary } from '../../../catalog/conditions/queries/vocabulary.ts'
import type { Reader } from '../../../platform/context/vocabulary.ts'
import { notFound } from '../../../platform/errors/app-error.ts'
import type { ScorecardDefinition } from '../contract/definition.ts'

export interface StoredCard {
  id: string
  key: string
  name_ja: string
  name_en: string
  state: 'draft' | 'enabled' | 'archived'
  position: number
  condition: Condition | null
  draft: ScorecardDefinition | null
  version: number
  /** The published definition; null before the first. */
  definition: ScorecardDefinition | null
}

/** The scorecards of a company, in the order in which they are tried. */
export async function cardsOf(reader: Pick<Reader, 'tenantId' | 'tx'>): Promise<StoredCard[]> {
  const { rows } = await sql<StoredCard>`
    select s.id, s.key, s.name_ja, s.name_en, s.state, s.position, s.condition, s.draft, s.version, v.definition
    from scorecard s
    left join scorecard_version v on v.tenant_id = ${reader.tenantId} and v.scorecard_id = s.id and v.version = s.version
    where s.tenant_id = ${reader.tenantId} order by s.position, s.id`.execute(reader.tx)
  return rows
}

/** @throws AppError `not_found` */
export async function cardOf(reader: Pick<Reader, 'tenantId' | 'tx'>, id: string): Promise<StoredCard> {
  const card = (await cardsOf(reader)).find(each => each.id === id)
  if (!card) throw notFound()
  return card
}

/** Those that count, in their order. */
export function countingCards(cards: readonly StoredCard[]): (StoredCard & { definition: ScorecardDefinition })[] {
  return cards.flatMap(card =>
    card.state === 'enabled' && card.definition ? [{ ...card, definition: card.definition }] : [],
  )
}

/**
 * A condition on the customer `c`: this scorecard counts for it, since it meets its condition and none of an earlier one.
 * @param cards those that count; the one asked about may be among them
 */
export function whomOf(
  reader: Pick<Reader, 'tenantId'>,
  vocabulary: ConditionVocabulary,
  cards: readonly Pick<StoredCard, 'id' | 'position' | 'condition'>[],
  card: Pick<StoredCard, 'id' | 'position' | 'condition'>,
): RawBuilder<unknown> {
  const meets = (condition: Condition | null) => {
    if (!condition) return sql`true`
    const { joins, where } = compileWith(vocabulary, reader, 'customer', condition)
    return sql`c.id in (select c.id from customer c ${joins} where c.tenant_id = ${reader.tenantId} and ${where})`
  }
  const earlier = cards.filter(each => each.id !== card.id && each.position < card.position)
  return sql.join([meets(card.condition), ...earlier.map(each => sql`not (${meets(each.condition)})`)], sql` and `)
}
