import { type RawBuilder, sql } from 'kysely'
import type { Context } from '../../../platform/context/context.ts'

/** More pieces than this do not narrow a search further. */
const mostPieces = 6

/**
 * The records of a kind that hold a text, as a condition on an id (decision 0002): they have all its three-letter
 * pieces, and the text as a whole, which the caller's `words` are compared with.
 */
export function searchCondition(
  ctx: Context,
  kind: 'customer' | 'contact',
  id: RawBuilder<unknown>,
  words: RawBuilder<unknown>,
  text: string,
): RawBuilder<boolean> {
  const wanted = text.normalize('NFKC').toLowerCase().trim()
  const letters = [...wanted]
  if (letters.length < 3) {
    return sql`${id} in (
      select p.record_id from search_piece p where p.tenant_id = ${ctx.tenantId} and p.kind = ${kind}
        and p.piece >= ${wanted} and p.piece < ${`${wanted}\u{10ffff}`})`
  }
  // Endings tell names apart better than beginnings such as 株式会社.
  const pieces = [...new Set(letters.slice(2).map((_, place) => letters.slice(place, place + 3).join('')))]
    .reverse()
    .slice(0, mostPieces)
  const having = pieces.map(
    piece => sql`${id} in (
      select p.record_id from search_piece p
      where p.tenant_id = ${ctx.tenantId} and p.kind = ${kind} and p.piece = ${piece})`,
  )
  return sql`(${sql.join(having, sql` and `)} and strpos(normalize(lower(${words}), nfkc), ${wanted}) > 0)`
}
