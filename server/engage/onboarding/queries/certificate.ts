import { type RawBuilder, sql } from 'kysely'
import { withinReach } from '../../../customers/accounts/queries/reach.ts'
import { type Context, requirePermission } from '../../../platform/context/context.ts'
import { AppError, notFound } from '../../../platform/errors/app-error.ts'
import { Download } from '../../../platform/http/implement.ts'
import { needsCode, type OpenLink } from '../commands/links.ts'
import type { IssuedCertificate } from '../contract/certificates.ts'
import { type Certificate, certificatePdf } from './certificate-file.ts'

type Language = 'ja' | 'en'

/** The certificate of a completed journey. @throws AppError `not_found`; `conflict` for one that is not completed */
export async function certificateOf(ctx: Context, id: string, language: Language): Promise<Download> {
  const found = await ofJourney(ctx, id, language, withinReach(ctx, requirePermission(ctx, 'customers.read')))
  if (found) return found
  throw new AppError('conflict', {
    ja: '修了証は、オンボーディングの完了後に発行できます。',
    en: 'The certificate can be issued once the onboarding is completed.',
  })
}

/** The certificates that flows issued to a customer within reach, the latest first. */
export async function certificatesOf(ctx: Context, customerId: string): Promise<{ items: IssuedCertificate[] }> {
  const reach = withinReach(ctx, requirePermission(ctx, 'customers.read'))
  return { items: await issuedTo(ctx, customerId, reach) }
}

/** A certificate that a flow issued. @throws AppError `not_found` */
export async function certificateFileOf(ctx: Context, id: string, language: Language): Promise<Download> {
  const file = await ofFlow(ctx, id, language, withinReach(ctx, requirePermission(ctx, 'customers.read')))
  if (!file) throw notFound()
  return file
}

/** What the shared page of a journey offers: the journey's own once it is completed, and those that flows issued. */
export async function certificatesOfPage({ ctx, journey }: OpenLink): Promise<IssuedCertificate[]> {
  const { rows } = await sql<IssuedCertificate & { customer: string; completed: boolean }>`
    select j.customer_id as customer, j.status = 'completed' as completed, j.id, null as "contactName", j.ended_on::text as "issuedOn",
      json_build_object('ja', t.name_ja, 'en', t.name_en) as title
    from onboarding_journey j join onboarding_template t on t.tenant_id = ${ctx.tenantId} and t.id = j.template_id
    where j.tenant_id = ${ctx.tenantId} and j.id = ${journey}`.execute(ctx.tx)
  const { customer, completed, ...own } = rows[0]!
  return [...(completed ? [own] : []), ...(await issuedTo(ctx, customer, sql`true`))]
}

/** A certificate as the shared page gives it. @throws AppError `not_found`, also while the code is missing */
export async function certificateFromPage(
  link: OpenLink,
  { session, id, language }: { session?: string | undefined; id: string; language: Language },
): Promise<Download> {
  if (needsCode(link, session)) throw notFound()
  const { ctx, journey } = link
  const own = sql<boolean>`c.id = (select j.customer_id from onboarding_journey j where j.tenant_id = ${ctx.tenantId} and j.id = ${journey})`
  const file =
    id === journey ? await ofJourney(ctx, journey, language, sql`true`) : await ofFlow(ctx, id, language, own)
  if (!file) throw notFound()
  return file
}

async function issuedTo(ctx: Context, customerId: string, reach: RawBuilder<boolean>): Promise<IssuedCertificate[]> {
  const { rows } = await sql<IssuedCertificate>`
    select i.id, json_build_object('ja', i.title_ja, 'en', i.title_en) as title, k.name as "contactName", i.issued_on::text as "issuedOn"
    from certificate i join customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id
    left join contact k on k.tenant_id = ${ctx.tenantId} and k.id = i.contact_id
    where i.tenant_id = ${ctx.tenantId} and i.customer_id = ${customerId} and ${reach}
    order by i.issued_on desc, i.id limit 100`.execute(ctx.tx)
  return rows
}

/** @returns undefined while the journey is not completed @throws AppError `not_found` */
async function ofJourney(
  ctx: Context,
  id: string,
  language: Language,
  reach: RawBuilder<boolean>,
): Promise<Download | undefined> {
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
  if (row.status !== 'completed') return undefined
  return fileOf(id, language, {
    company: row.company,
    customer: row.customer,
    person: null,
    programme: language === 'ja' ? row.ja : row.en,
    endedOn: row.ended_on!,
    course: { startsOn: row.starts_on, done: row.done, all: row.all },
  })
}

async function ofFlow(
  ctx: Context,
  id: string,
  language: Language,
  reach: RawBuilder<boolean>,
): Promise<Download | undefined> {
  const { rows } = await sql<Omit<Certificate, 'number' | 'course' | 'programme'> & { ja: string; en: string }>`
    select company.name as company, c.name as customer, k.name as person, i.title_ja as ja, i.title_en as en, i.issued_on::text as "endedOn"
    from certificate i join customer c on c.tenant_id = ${ctx.tenantId} and c.id = i.customer_id
    left join contact k on k.tenant_id = ${ctx.tenantId} and k.id = i.contact_id
    join tenant company on company.id = ${ctx.tenantId}
    where i.tenant_id = ${ctx.tenantId} and i.id = ${id} and ${reach}`.execute(ctx.tx)
  const [row] = rows
  if (!row) return undefined
  const { ja, en, ...known } = row
  return fileOf(id, language, { ...known, programme: language === 'ja' ? ja : en, course: undefined })
}

function fileOf(id: string, language: Language, certificate: Omit<Certificate, 'number'>): Download {
  // The last digits of an id by time are the ones that differ.
  const number = id.slice(-8).toUpperCase()
  const stream = certificatePdf({ ...certificate, number }, language)
  return new Download(stream, 'application/pdf', `certificate-${number.toLowerCase()}-${language}.pdf`)
}
