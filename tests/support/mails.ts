import { jobDefinitions } from '../../server/modules.ts'
import { mailPlace } from '../../server/platform/mail/queue.ts'
import type { MailContent } from '../../server/platform/mail/templates.ts'
import { unseal } from '../../server/platform/secrets/box.ts'
import { runPendingJobs } from '../../server/platform/work/pending.ts'
import type { TestApplication } from './application.ts'

export interface KeptMail extends MailContent {
  kind: string
  to: string
  /** The token in the link, where the mail has one. */
  token: string
}

/** Runs what is due. A job that fails fails the test. @param left names of jobs that stay as they are */
export async function finishJobs({ installation }: TestApplication, left: readonly string[] = []): Promise<void> {
  const failures: string[] = []
  const definitions = jobDefinitions.filter(({ name }) => !left.includes(name))
  await runPendingJobs(installation, definitions, ({ name }, text) => failures.push(`${name}: ${text}`))
  if (failures.length > 0) throw new Error(`Jobs failed: ${failures.join('; ')}`)
}

/** The mails to an address, oldest first, after all that is due was done. */
export async function mailsTo(application: TestApplication, address: string): Promise<KeptMail[]> {
  await finishJobs(application)
  const { rows } = await application.pool.query(
    'select id, kind, recipient_box, content_box from system_mail order by created_at, id',
  )
  const { keyring } = application.installation
  return rows
    .map(row => {
      const content: MailContent = JSON.parse(unseal(keyring, mailPlace('content_box', row.id), row.content_box))
      const to = unseal(keyring, mailPlace('recipient_box', row.id), row.recipient_box)
      return { ...content, kind: row.kind, to, token: /#(\S+)/.exec(content.text)?.[1] ?? '' }
    })
    .filter(mail => mail.to === address)
}
