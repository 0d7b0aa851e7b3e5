import { sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { Download } from '../../../platform/http/implement.ts'
import { certificatePdf } from './certificate-file.ts'

/** The certificate of a completed journey. @throws AppError `not_found`; `conflict` for one that is not completed */
export async function certificateOf(ctx: Context, id: string, language: 'ja' | 'en'): Promise<Download> {
  const reach = withinReach(ctx, requirePermission(ctx, 'customers.read'))
  const { rows } = await sql<{
    company: string
    customer: string
    ja: string
    en: string
    status: string
    starts_on: string
    ended_on: string | null
    done: number
    all: number
  }>`
    select company.name as company, c.name as customer, t.name_ja as ja, t.name_en as en, j.status, j.starts_on::text, j.ended_on::text,
      j.tasks_done as done, j.tasks_all as all
    from onboarding_journey j join customer c on c.tenant_id = ${ctx.tenantId} and c.id = j.customer_id
    join onboarding_template t on t.tenant_id = ${ctx.tenantId} and t.id = j.template_id
    join tenant company on company.id = ${ctx.tenantId}
    where j.tenant_id = ${ctx.tenantId} and j.id = ${id} and ${reach}`.execute(ctx.tx)
  const [row] = rows
  if (!row) throw notFound()
  if (row.status !== 'completed') {
    throw new AppError('conflict', {
      ja: '修了証は、オンボーディングの完了後に発行できます。',
      en: 'The certificate can be issued once the onboarding is completed.',
    })
  }
  const stream = certificatePdf(
    {
      company: row.company,
      customer: row.customer,
      programme: language === 'ja' ? row.ja : row.en,
      startsOn: row.starts_on,
      endedOn: row.ended_on!,
      done: row.done,
      all: row.all,
      number: id.slice(0, 8).toUpperCase(),
    },
    language,
  )
  return new Download(stream, 'application/pdf', `certificate-${id.slice(0, 8)}-${language}.pdf`)
}
