import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { today } from '../../../customers/accounts/queries/today.ts'
import { announce, type Context } from '../../../platform/context/context.ts'
import type { Words } from '../../../platform/errors/words.ts'
import { onboardingEvents } from '../events.ts'

/** What is certified, to a customer or to one of its people. The same key is issued once. */
export interface CertificateDraft {
  key: string
  customerId: string
  contactId: string | null
  title: Words
}

/** Issues certificates of today, in one statement. */
export async function issueCertificates(ctx: Context, drafts: readonly CertificateDraft[]): Promise<void> {
  if (drafts.length === 0) return
  const lines = drafts.map(({ key, customerId, contactId, title }) => ({
    id: uuidv7(),
    key,
    customer: customerId,
    contact: contactId,
    ja: title.ja,
    en: title.en,
  }))
  const { rows } = await sql<{ id: string; customer: string; ja: string; en: string }>`
    insert into certificate (tenant_id, id, customer_id, contact_id, title_ja, title_en, issued_on, key, created_at)
    select ${ctx.tenantId}, line.id, line.customer, line.contact, line.ja, line.en, ${today(ctx)}, line.key, ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (id uuid, customer uuid, contact uuid, ja text, en text, key text)
    on conflict (tenant_id, key) do nothing
    returning id, customer_id as customer, title_ja as ja, title_en as en`.execute(ctx.tx)
  for (const { id, customer, ja, en } of rows) {
    announce(ctx, {
      type: onboardingEvents.certified,
      subject: { kind: 'customer', id: customer },
      payload: { certificateId: id, words: { ja, en } },
    })
  }
}
